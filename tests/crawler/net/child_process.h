// A program run beside a test, ended with it.

#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace vellum::net {

// Where a program is: PATH, then the folders of servers. nullopt if it is not installed.
std::optional<std::string> find_program(const std::string& name);

class ChildProcess {
 public:
  // `arguments` without the program's name. Its standard output and errors are read by wait_for_line().
  ChildProcess(const std::string& program, const std::vector<std::string>& arguments, const std::string& folder);
  ~ChildProcess();  // SIGKILL to this one process
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // The first line of output that contains `text`; "" if the output ends without one.
  std::string wait_for_line(const std::string& text);
  int wait_for_exit();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string unread_;
};

}  // namespace vellum::net
