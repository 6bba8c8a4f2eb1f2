// A plugin that does what its file name says: <deed>-<step>.vellum. It reads a page's title where it does no harm.
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include "vellum/plugin.h"

namespace {

std::string own_name() {
  Dl_info info{};
  dladdr(reinterpret_cast<const void*>(&vellum_plugin_entry), &info);
  std::string path = info.dli_fname;
  path = path.substr(path.rfind('/') + 1);
  return path.substr(0, path.rfind('.'));
}

int recurse(int depth) {
  volatile char room[1024];
  room[0] = static_cast<char>(depth);
  return recurse(depth + 1) + room[0];
}

void leak() {
  for (;;) {
    volatile char* some = new char[1 << 20];
    some[0] = 1;
  }
}

void say_to_socket(const std::string& bytes) {
  if (write(3, bytes.data(), bytes.size()) < 0) std::abort();
}

void chatter() {
  for (int i = 0; i < 10000; ++i) std::puts("R\x01\x02 this is no place for words");
  std::fflush(stdout);
  std::fputs("nor is this\n", stderr);
}

void escape() {
  struct stat found {};
  for (int fd = 4; fd < 300; ++fd) {
    if (fstat(fd, &found) == 0) std::abort();  // inherited
  }
  std::FILE* file = std::fopen("/etc/hostname", "r");
  if (file) std::abort();
  if (std::fopen("/tmp/vellum-escape", "w")) std::abort();
  if (::kill(getppid(), 0) == 0 || fork() >= 0) std::abort();
  std::thread([] {}).join();  // throws
}

void do_deed(const std::string& deed) {
  if (deed == "loop") {
    for (volatile int i = 0;; i = i + 1) {
    }
  }
  if (deed == "paint") throw std::runtime_error("\x1b[2Jred\xc2\x9b\nnext \xff");
  if (deed == "throw") throw std::runtime_error("a deliberate exception");
  if (deed == "abort") std::abort();
  if (deed == "leak") leak();
  if (deed == "recurse") recurse(0);
  if (deed == "garbage") say_to_socket("this is no message at all");
  if (deed == "oversized") say_to_socket(std::string("\xff\xff\xff\x7fR", 5));
  if (deed == "exit") std::exit(0);
  if (deed == "stdout") chatter();
  if (deed == "escape") escape();
  if (deed == "deep") say_to_socket(std::string("\x40\x0d\x03\0R", 5) + std::string(200000, '['));
  if (deed == "record") say_to_socket(std::string("\x17\0\0\0R", 5) + "{\"wanted\":1,\"record\":7}");
}

// The deed is done in the step that the name says.
void reach(const std::string& step) {
  const std::string name = own_name();
  const auto dash = name.find('-');
  if (name.substr(dash + 1) == step) do_deed(name.substr(0, dash));
}

__attribute__((constructor)) void on_load() {
  reach("load");
}

vellum_status create(const vellum_host*, void**) {
  reach("create");
  return VELLUM_OK;
}

std::int32_t match(void*, const vellum_page*) {
  reach("match");
  return own_name() != "decline-match";
}

std::int32_t keep_first(void* user, const vellum_node* node) {
  *static_cast<const vellum_node**>(user) = node;
  return 1;
}

vellum_text text(const char* words) {
  return {words, std::char_traits<char>::length(words)};
}

vellum_status extract(void*, const vellum_page* page) {
  reach("extract");
  if (own_name() == "fail-extract") return VELLUM_E_INTERNAL;
  if (own_name() == "flood-extract") {
    const std::string big(1 << 20, 'x');
    int kept = 0;
    while (page->emit_text(page->self, text("/keywords/-"), {big.data(), big.size()}) == VELLUM_OK) ++kept;
    return page->emit_integer(page->self, text("/title"), kept) == VELLUM_OK ? VELLUM_OK : VELLUM_E_INTERNAL;
  }
  if (own_name() == "links-extract") {
    page->emit_text(page->self, text("/references/0/url"), text("/refs/1"));
    page->emit_text(page->self, text("/references/0/doi"), text("10.5555/12345678"));
    page->emit_text(page->self, text("/references/1/url"), text("javascript:alert(1)"));
    page->emit_text(page->self, text("/references/1/text"), text("Two."));
    page->want_fragment(page->self, text("/more"), text("references"));
    return page->want_fragment(page->self, text("file:///etc/passwd"), text("mischief"));
  }
  if (own_name() == "unknown-extract") return page->emit_text(page->self, text("/titel"), text("x"));
  const vellum_node* title = nullptr;
  page->select(page->self, page->answer->root, text("h1"), &title, keep_first);
  return page->emit_text(page->self, text("/title"), page->text(page->self, title));
}

const vellum_reader reader = {sizeof(vellum_reader), match, extract};

}  // namespace

const vellum_plugin vellum_plugin_entry = {
    sizeof(vellum_plugin), VELLUM_ABI_MAJOR, VELLUM_ABI_MINOR, "org.example.misbehave", &reader, create, nullptr};
