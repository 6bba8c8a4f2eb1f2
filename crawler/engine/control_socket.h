// The socket of a running crawl: <archive>/control.sock, mode 0600, on which other programs of the same user give
// commands (control.h).
//
// A client sends one command a line and gets, for each, lines of {"row":{...}} and then one of {"done":true} or
// {"error":"...","kind":"invalid"} (kinds as in base/error.h). A line has at most 64 KiB; what is no command gets one
// error, and the connection stays; too long a line or silence ends it. At most 16 clients at once. Nothing that a
// client does reaches the crawl but through Control.
//
// Whoever opens it holds the archive's lock, so a socket that lies there already is a dead program's: it is replaced.
// Where the path is longer than a socket's may be (107 bytes), it is bound through /proc/self/fd (Linux).
//
// Threads: one of its own, from open() to the destructor, which waits for commands under way (they are short).

#pragma once

#include <filesystem>
#include <memory>

#include "crawler/engine/control.h"

namespace vellum::engine {

inline constexpr const char* kSocketName = "control.sock";

class ControlSocket {
 public:
  // `control` outlives it. kInvalid: something else lies at the path; kStorage: the socket cannot be made.
  static Result<std::unique_ptr<ControlSocket>> open(const std::filesystem::path& archive, Control& control);
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

 private:
  struct Impl;
  explicit ControlSocket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Sends one command to the program that holds `archive` and returns its rows. kNotFound: no program listens there;
// kTimeout: no answer within five minutes; else the error that the program answered.
Result<std::vector<Json>> send_command(const std::filesystem::path& archive, const Json& command);

}  // namespace vellum::engine
