// HTTP header blocks as bytes, and a reading of them.
//
// A capture keeps the block as received ("HTTP/1.1 200 OK\r\nDate: ...\r\n\r\n"); HeaderBlock is a view of such bytes
// that never changes them. Repeated fields, odd case, obsolete folding, bare LF and garbage lines are all kept and read
// leniently.
//
// Threads: immutable. Memory: owns the bytes. Spec: RFC 9110, RFC 9112.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vellum {

class HeaderBlock {
 public:
  HeaderBlock() = default;
  explicit HeaderBlock(std::string bytes);

  const std::string& bytes() const { return bytes_; }
  const std::string& start_line() const { return start_line_; }  // without CRLF
  int status() const { return status_; }                         // 0 if the start line is not a status line
  std::string protocol() const;                                  // "HTTP/1.1", "HTTP/2"; "" if unknown

  // Values trimmed, folded lines joined by one space, in order of appearance. Names compare without case.
  std::optional<std::string> first(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::string bytes_, start_line_;
  int status_ = 0;
  std::vector<std::pair<std::string, std::string>> fields_;
};

// The request bytes with the values of Authorization, Proxy-Authorization and Cookie replaced by "[redacted]".
std::string redact_request(std::string_view request_head);

}  // namespace vellum
