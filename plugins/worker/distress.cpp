#include "plugins/worker/distress.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>

#include "plugins/worker/messages.h"

namespace vellum::worker {
namespace {

constexpr int kOutOfMemory = 86;  // exit status, for who looks at the process from elsewhere

// Handlers have no argument of ours: what they need is here. Set once, before any plugin runs, then read alone.
struct Distress {
  int socket = -1;
  std::string out_of_memory, overflow;  // whole frames, made while there is memory
  std::uintptr_t stack_end = 0;         // where the stack may grow to
};
Distress& distress() {
  static Distress the_one;
  return the_one;
}

std::string fault_frame(Cause cause, std::string_view detail) {
  const std::string payload = fault_payload(cause, detail);
  return frame_head(FrameKind::kFault, payload.size()) + payload;
}

void say(const std::string& frame) {
  [[maybe_unused]] const ssize_t sent = ::send(distress().socket, frame.data(), frame.size(), MSG_NOSIGNAL);
}

[[noreturn]] void out_of_memory() {
  say(distress().out_of_memory);
  ::_exit(kOutOfMemory);
}

[[noreturn]] void terminated() {
  std::string detail = "an exception that nothing catches";
  if (const auto current = std::current_exception()) {
    try {
      std::rethrow_exception(current);
    } catch (const std::exception& error) {
      detail += std::string(": ") + error.what();
    } catch (...) {
      detail += ", of unknown type";
    }
  }
  say(fault_frame(Cause::kThrew, detail));
  std::abort();
}

// Tells a stack overflow from a bad pointer by its address; the signal's default action follows.
void segment_fault(int signal, siginfo_t* info, void*) {
  constexpr std::uintptr_t kNear = std::uintptr_t{1} << 20;
  const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  if (at + kNear > distress().stack_end && at < distress().stack_end + kNear) say(distress().overflow);
  ::signal(signal, SIG_DFL);  // returning repeats the fault
}

}  // namespace

void install_distress(int socket) {
  Distress& state = distress();
  state.socket = socket;
  state.out_of_memory = fault_frame(Cause::kMemory, "over the memory limit");
  state.overflow = fault_frame(Cause::kCrashed, "stack overflow");
  rlimit stack{};
  ::getrlimit(RLIMIT_STACK, &stack);
  state.stack_end = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - stack.rlim_cur;
  std::set_new_handler(out_of_memory);
  std::set_terminate(terminated);
  static std::array<char, 64 * 1024> alternate;
  const stack_t other{alternate.data(), 0, alternate.size()};
  ::sigaltstack(&other, nullptr);
  struct sigaction action {};
  action.sa_sigaction = segment_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigaction(SIGSEGV, &action, nullptr);
}

}  // namespace vellum::worker
