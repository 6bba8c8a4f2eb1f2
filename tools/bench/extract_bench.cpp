// What a record costs: the whole way from a page's bytes to its record, beside what Gumbo alone takes on the same
// bytes.
//
//   extract_bench [--pages N] PAGES.ndjson       PAGES as `vellum plugin score` reads them; one line a site, a last for
//   all extract_bench --records PAGES.ndjson         no figures: the records, one a line, to compare two builds with
//
// "extract" is Registry::extract() with the plugins of this installation: decoding, guard, our tree, layout, rules,
// generic reader, ledger of links, verdict. Gumbo runs with its own malloc, its destroy function left out. Pages are
// read again from the beginning until there are N (default: once each); each figure is the best of several runs.

#include <gumbo.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "plugins/host/registry.h"

namespace {

using namespace vellum;

constexpr int kRuns = 5;

struct Figures {
  std::size_t pages = 0;
  double bytes = 0, gumbo = 0, extract = 0;

  void add(const Figures& other) {
    pages += other.pages;
    bytes += other.bytes;
    gumbo += other.gumbo;
    extract += other.extract;
  }

  void print(const std::string& name) const {
    std::printf("%-16s %4zu pages %9.0f KiB  gumbo %8.2f ms  extract %8.2f ms  extra %+.1f %%\n", name.c_str(), pages,
                bytes / 1024, gumbo * 1e3, extract * 1e3, (extract / gumbo - 1) * 100);
  }
};

// Of processor time, so that a busy machine does not show.
double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double seconds_of_gumbo(const std::string& text) {
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  const double start = now();
  GumboOutput* output = gumbo_parse_with_options(&options, text.data(), text.size());
  const double took = now() - start;
  gumbo_destroy_output(&options, output);
  return took;
}

Figures measure(const plugins::Registry& registry, const plugins::PageInput& input) {
  Figures figures{.pages = 1, .bytes = static_cast<double>(input.page.body.size()), .gumbo = 1e9, .extract = 1e9};
  for (int run = 0; run < kRuns; ++run) figures.gumbo = std::min(figures.gumbo, seconds_of_gumbo(input.page.body));
  // Not turn by turn: what Gumbo frees would be sorted into malloc's lists at our expense.
  for (int run = 0; run < kRuns; ++run) {
    const double start = now();
    { const plugins::Extraction out = registry.extract(input); }
    figures.extract = std::min(figures.extract, now() - start);
  }
  return figures;
}

Result<plugins::PageInput> page_of(const Json& line, const std::filesystem::path& root) {
  VELLUM_TRY(Url url, Url::parse(text_of(line, "url")));
  std::ifstream file(root / text_of(line, "file"), std::ios::binary);
  if (!file) return fail(ErrorKind::kNotFound, "cannot open " + (root / text_of(line, "file")).string());
  const bool xml = text_of(line, "file").ends_with("xml");
  HeaderBlock headers(std::string("HTTP/1.1 200 OK\r\nContent-Type: text/") + (xml ? "xml" : "html") + "\r\n\r\n");
  std::string body(std::istreambuf_iterator<char>(file), {});
  return plugins::PageInput{{std::move(url), {}, {}, 200, std::move(headers), std::move(body), "page"}, {}};
}

Result<void> run(const std::string& list, std::size_t wanted, bool records) {
  VELLUM_TRY(const plugins::Registry registry, plugins::Registry::load(plugins::default_site_folders()));
  std::map<std::string, Figures> sites;
  Figures total;
  for (bool again = true; again;) {
    std::ifstream in(list);
    if (!in) return fail(ErrorKind::kNotFound, "cannot open " + list);
    for (std::string text; std::getline(in, text) && (wanted == 0 || total.pages < wanted);) {
      VELLUM_TRY(const Json line, parse_json(text));
      VELLUM_TRY(const auto input, page_of(line, std::filesystem::absolute(list).parent_path().parent_path()));
      if (records) {
        std::printf("%s\n", to_line(registry.extract(input).record).c_str());
        continue;
      }
      const Figures figures = measure(registry, input);
      sites[text_of(line, "site")].add(figures);
      total.add(figures);
    }
    again = !records && total.pages > 0 && total.pages < wanted;
  }
  for (const auto& [site, figures] : sites) figures.print(site);
  if (!records) total.print("all");
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t wanted = 0;
  bool records = false;
  int at = 1;
  for (; at + 1 < count; ++at) {
    if (std::strcmp(arguments[at], "--records") == 0) records = true;
    if (std::strcmp(arguments[at], "--pages") == 0) wanted = std::strtoul(arguments[++at], nullptr, 10);
  }
  const Result<void> done =
      at < count ? run(arguments[at], wanted, records) : fail(ErrorKind::kInvalid, "no PAGES.ndjson");
  if (done) return 0;
  std::fprintf(stderr, "extract_bench: %s\n", done.error().message.c_str());
  return 2;
}
