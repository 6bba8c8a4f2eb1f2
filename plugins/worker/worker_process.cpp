#include "plugins/worker/worker_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "base/text.h"

namespace vellum::worker {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::size_t kPagesOfALife = 500;  // what a plugin leaks is given back
constexpr auto kGrace = std::chrono::milliseconds(200);
constexpr std::size_t kMaxFrames = 10'000;  // for a page: a flood of small ones is no conversation

// The child's end is descriptor 3, standard streams lead nowhere, nothing else is open.
class SpawnActions {
 public:
  explicit SpawnActions(int socket) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    for (int fd = 0; fd < 3; ++fd) posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions_, socket, 3);
    posix_spawn_file_actions_addclosefrom_np(&actions_, 4);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);  // an interrupt at the terminal is the program's to handle
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnActions() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  int run(pid_t& pid, const std::vector<std::string>& words) const {
    std::vector<char*> argv;
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));  // spawn's signature
    argv.push_back(nullptr);
    std::string locale = "LC_ALL=C.UTF-8";
    char* environment[] = {locale.data(), nullptr};
    return ::posix_spawn(&pid, argv[0], &actions_, &attributes_, argv.data(), environment);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::string signal_text(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return "killed by " + (name ? "SIG" + std::string(name) : "signal " + std::to_string(signal));
}

// Waits for the end of a child at most until `deadline`. False: it goes on.
bool reaped(pid_t pid, int& status, SteadyTime deadline) {
  while (true) {
    const pid_t got = ::waitpid(pid, &status, WNOHANG);
    if (got == pid || (got < 0 && errno != EINTR)) return true;
    if (steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

std::chrono::seconds cpu_allowance(Duration deadline) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(deadline * 20);
  return std::max(seconds, std::chrono::seconds(60));
}

WorkerProcess::~WorkerProcess() {
  if (pid_ <= 0) return;
  ::shutdown(socket_, SHUT_RDWR);  // at the end of its input it destroys the instance and ends
  int status = 0;
  if (reaped(pid_, status, steady_clock::now() + kGrace)) pid_ = -1;
  kill();
}

void WorkerProcess::kill() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (socket_ >= 0) ::close(socket_);
  pid_ = socket_ = -1;
}

Result<void> WorkerProcess::spawn() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail(ErrorKind::kBug, std::string("no socket pair: ") + std::strerror(errno), errno);
  }
  socket_ = ends[0];
  const std::vector<std::string> words = {spec_.program.string(), spec_.library.string(), spec_.id,
                                          std::to_string(spec_.memory_bytes),
                                          std::to_string(cpu_allowance(spec_.deadline).count())};
  const int error = SpawnActions(ends[1]).run(pid_, words);
  ::close(ends[1]);
  if (error == 0) return {};
  pid_ = -1;
  return fail(ErrorKind::kNotFound, "cannot start " + spec_.program.string() + ": " + std::strerror(error), error);
}

std::optional<Fault> WorkerProcess::start() {
  step_ = Step::kStart;
  if (auto spawned = spawn(); !spawned) {
    kill();
    return Fault{Step::kStart, Cause::kUnavailable, spawned.error().message};
  }
  return listen(FrameKind::kReady, steady_clock::now() + spec_.deadline).fault;
}

Reading WorkerProcess::read(std::span<const PageAnswer> answers) {
  const auto begun = steady_clock::now();
  const auto deadline = begun + spec_.deadline;
  step_ = Step::kStart;
  ++pages_;
  log_bytes_ = frames_ = 0;
  Reading reading;
  if (auto sent = send_page(socket_, answers, deadline); !sent) {
    reading.fault = fault_of(sent.error());
    kill();
  } else {
    reading = listen(FrameKind::kReply, deadline);
  }
  busy_ += std::chrono::duration_cast<Duration>(steady_clock::now() - begun);
  return reading;
}

bool WorkerProcess::is_worn() const {
  return pages_ >= kPagesOfALife || busy_ + spec_.deadline > cpu_allowance(spec_.deadline) / 2;
}

Reading WorkerProcess::listen(FrameKind wanted, SteadyTime deadline) {
  Reading reading;
  while (true) {
    auto frame = receive_frame(socket_, kMaxReplyBytes, deadline);
    if (!frame) {
      reading.fault = fault_of(frame.error());
    } else if (++frames_ > kMaxFrames) {
      reading.fault = Fault{step_, Cause::kTooLarge, "a flood of messages"};
    } else if (!take(*std::move(frame), wanted, reading)) {
      continue;
    }
    const bool own_word = reading.fault && reading.fault->cause == Cause::kFailed && wanted == FrameKind::kReply;
    if (reading.fault && !own_word) kill();
    return reading;
  }
}

// True if the conversation is over.
bool WorkerProcess::take(Frame frame, FrameKind wanted, Reading& reading) {
  if (frame.kind == FrameKind::kLog) {
    keep_line(frame.payload, reading);
    return false;
  }
  if (frame.kind == FrameKind::kStep) {
    step_ = std::max(step_, step_of(frame.payload));  // steps go forward; a plugin that writes here gains nothing
    return false;
  }
  if (frame.kind == FrameKind::kFault) {
    reading.fault = read_fault(frame.payload, step_);
  } else if (frame.kind != wanted) {
    reading.fault = Fault{step_, Cause::kGarbled, "a message out of turn"};
  } else if (wanted == FrameKind::kReady) {
    const std::string words = frame.payload.substr(0, 200);
    for (const std::string_view limit : split(words, ' ')) limits_.push_back(repair_utf8(limit));
  } else if (auto reply = read_reply(frame.payload)) {
    reading.reply = *std::move(reply);
  } else {
    reading.fault = Fault{step_, Cause::kGarbled, reply.error().message};
  }
  return true;
}

void WorkerProcess::keep_line(std::string_view line, Reading& reading) {
  if (log_bytes_ + line.size() > kMaxLogBytes) return;
  log_bytes_ += line.size();
  reading.log.push_back(repair_utf8(line));
}

Fault WorkerProcess::fault_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kTimeout:
      return {step_, Cause::kDeadline, "no answer within " + to_text(spec_.deadline)};
    case ErrorKind::kTooLarge:
      return {step_, Cause::kTooLarge, error.message};
    case ErrorKind::kProtocol:
      return {step_, Cause::kGarbled, error.message};
    default:
      return death(error.message);
  }
}

// The socket is closed: the process has ended, or is about to.
Fault WorkerProcess::death(const std::string& otherwise) {
  int status = 0;
  if (!reaped(pid_, status, steady_clock::now() + kGrace)) return {step_, Cause::kGarbled, otherwise};
  pid_ = -1;
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    const Cause cause = signal == SIGXCPU ? Cause::kDeadline : Cause::kCrashed;
    return {step_, cause, signal_text(signal) + (signal == SIGXCPU ? ": processor time used up" : "")};
  }
  return {step_, Cause::kExited, "ended the process with status " + std::to_string(WEXITSTATUS(status))};
}

Result<fs::path> find_worker_program() {
  std::error_code failed;
  std::vector<fs::path> places;
  if (const char* named = std::getenv("VELLUM_WORKER"); named && *named) {
    places = {fs::path(named)};
  } else {
    const fs::path folder = fs::read_symlink("/proc/self/exe", failed).parent_path();
    places = {folder / "vellum-worker", folder.parent_path() / "libexec" / "vellum" / "vellum-worker",
              fs::path(VELLUM_WORKER_PROGRAM)};
  }
  std::vector<std::string> names;
  for (const fs::path& place : places) {
    if (::access(place.c_str(), X_OK) == 0) return place;
    names.push_back(place.string());
  }
  return fail(ErrorKind::kNotFound, "no vellum-worker, which runs native plugins: looked for " + join(names, ", "));
}

}  // namespace vellum::worker
