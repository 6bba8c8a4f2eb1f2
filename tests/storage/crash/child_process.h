// A child program whose output is read line by line and that can be killed.

#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace vellum::storage::test {

class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& words) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    out_ = ends[0];
  }
  ~ChildProcess() {
    stop(SIGKILL);
    ::close(out_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Reads until `time` is over or the child closes its output.
  void read_for(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      if (left.count() <= 0) return;
      struct pollfd ready {
        out_, POLLIN, 0
      };
      if (::poll(&ready, 1, static_cast<int>(left.count())) <= 0) continue;
      if (!read_some()) return;
    }
  }
  void read_to_end() {
    while (read_some()) {
    }
  }
  // Sends the signal, if any, reads on to the end and waits. Returns the exit code, or minus the signal that ended it.
  int stop(int signal) {
    if (pid_ <= 0) return status_;
    if (signal != 0) ::kill(pid_, signal);
    read_to_end();
    int raw = 0;
    ::waitpid(pid_, &raw, 0);
    pid_ = 0;
    return status_ = WIFSIGNALED(raw) ? -WTERMSIG(raw) : WEXITSTATUS(raw);
  }

  // Whole lines so far, each once.
  std::vector<std::string> take_lines() {
    std::vector<std::string> lines;
    for (std::size_t end; (end = text_.find('\n')) != std::string::npos; text_.erase(0, end + 1)) {
      lines.push_back(text_.substr(0, end));
    }
    return lines;
  }

 private:
  bool read_some() {
    char bytes[4096];
    const ssize_t n = ::read(out_, bytes, sizeof bytes);
    if (n > 0) text_.append(bytes, static_cast<std::size_t>(n));
    return n > 0;
  }

  pid_t pid_ = 0;
  int out_ = -1, status_ = 0;
  std::string text_;
};

}  // namespace vellum::storage::test
