// vellum-worker: loads one native plugin and reads pages with it, for a program that started it with a socket on
// descriptor 3. Not to be run by hand; `vellum plugin try` and `vellum plugin test` run it.
//
//   vellum-worker LIBRARY ID MEMORY_BYTES CPU_SECONDS

#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "plugins/worker/containment.h"
#include "plugins/worker/distress.h"
#include "plugins/worker/frame.h"
#include "plugins/worker/native_library.h"
#include "plugins/worker/page_face.h"

namespace vellum::worker {
namespace {

constexpr int kSocket = 3;
constexpr rlim_t kStack = rlim_t{8} << 20;

class Worker {
 public:
  int run(const std::string& library, const std::string& id, std::size_t memory, std::chrono::seconds cpu) {
    const std::string limits = contain(memory, cpu);
    if (!say(FrameKind::kStep, name_of(Step::kLoad))) return 1;
    if (auto misdeed = library_.load(library, id)) return give_up(*misdeed);
    seal_files();
    say(FrameKind::kStep, name_of(Step::kCreate));
    if (auto misdeed = library_.create(&host_)) return give_up(*misdeed);
    say(FrameKind::kReady, limits);
    return serve();
  }

 private:
  // Pages until the program closes the socket.
  int serve() {
    while (true) {
      auto frame = receive_frame(kSocket, kMaxPageBytes, kNever);
      if (!frame) break;
      if (!read(frame->payload)) return 1;
    }
    library_.destroy();
    return 0;
  }

  bool read(std::string_view payload) {
    say(FrameKind::kStep, name_of(Step::kMatch));
    last_error_.clear();
    const auto answers = read_page(payload);
    if (!answers) return say(FrameKind::kFault, fault_payload(Cause::kGarbled, answers.error().message));
    PageFace face(*answers, [this](std::int32_t severity, std::string_view line) { log(severity, line); });
    bool wanted = false;
    auto misdeed = library_.match(face.page(), wanted);
    if (!misdeed && wanted) {
      say(FrameKind::kStep, name_of(Step::kExtract));
      face.allow_writing();
      misdeed = library_.extract(face.page(), wanted);
    }
    if (misdeed) return say(FrameKind::kFault, payload_of(*misdeed));
    Reply reply = face.take();
    reply.wanted = wanted;
    return say(FrameKind::kReply, to_payload(reply));
  }

  int give_up(const Misdeed& misdeed) {
    say(FrameKind::kFault, payload_of(misdeed));
    return 1;
  }

  // A status alone says little: the last error that the plugin logged goes with it.
  std::string payload_of(const Misdeed& misdeed) const {
    return fault_payload(misdeed.cause, misdeed.detail + (last_error_.empty() ? "" : ": " + last_error_));
  }

  static bool say(FrameKind kind, std::string_view payload) {
    return send_frame(kSocket, kind, {payload}, kNever).has_value();
  }

  void log(std::int32_t severity, std::string_view line) {
    static constexpr std::string_view kNames[] = {"debug: ", "info: ", "warning: ", "error: "};
    line = line.substr(0, kMaxLogBytes / 16);
    if (severity >= VELLUM_LOG_ERROR) last_error_ = line;
    const std::size_t name = severity < 0 ? 0 : severity > 3 ? 3 : static_cast<std::size_t>(severity);
    say(FrameKind::kLog, std::string(kNames[name]) + std::string(line));
  }

  static void host_log(void* self, std::int32_t severity, vellum_text message) {
    static_cast<Worker*>(self)->log(severity, {message.data, message.data ? message.size : 0});
  }
  static const void* host_extension(void*, const char*) { return nullptr; }

  NativeLibrary library_;
  std::string last_error_;
  vellum_host host_{sizeof(vellum_host), VELLUM_ABI_MINOR, this, host_log, host_extension};
};

// The main thread's stack has no other bound than this limit where the machine's is "unlimited".
void limit_stack() {
  rlimit stack{};
  if (::getrlimit(RLIMIT_STACK, &stack) != 0 || stack.rlim_cur <= kStack) return;
  stack.rlim_cur = kStack;
  ::setrlimit(RLIMIT_STACK, &stack);
}

std::size_t number(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace
}  // namespace vellum::worker

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("vellum-worker is started by vellum, to run a native plugin; it is no command of its own\n", stderr);
    return 2;
  }
  using namespace vellum::worker;
  limit_stack();
  install_distress(kSocket);
  const auto cpu = std::chrono::seconds(number(argv[4]));
  const int code = Worker().run(argv[1], argv[2], number(argv[3]), cpu);
  ::_exit(code);  // the library's exit handlers have no say
}
