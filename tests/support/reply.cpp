#include <utility>

#include "tests/support/http_server.h"

namespace vellum::test {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 410:
      return "Gone";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

std::string head_of(int status, const std::vector<std::string>& header_lines) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_of(status)) + "\r\n";
  for (const std::string& line : header_lines) head += line + "\r\n";
  return head;
}

std::string chunk_of(const std::string& bytes) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

}  // namespace

Reply Reply::page(std::string body, const std::vector<std::string>& header_lines, int status) {
  std::string bytes = head_of(status, header_lines);
  if (status != 204 && status != 304) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return raw(bytes + "\r\n" + body);
}

Reply Reply::chunked(const std::vector<std::string>& chunks, const std::vector<std::string>& header_lines) {
  std::string bytes = head_of(200, header_lines) + "Transfer-Encoding: chunked\r\n\r\n";
  for (const std::string& chunk : chunks) bytes += chunk_of(chunk);
  return raw(bytes + "0\r\n\r\n");
}

Reply Reply::raw(std::string bytes) {
  return Reply().send(std::move(bytes));
}
Reply Reply::hang() {
  return Reply().then_hang();
}
Reply Reply::reset() {
  return Reply().then_reset();
}
Reply Reply::tunnel_to(std::uint16_t port) {
  Reply reply = raw("HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n");
  reply.steps_.push_back({Step::Kind::kTunnel, {}, port});
  return reply;
}

Reply& Reply::send(std::string bytes) & {
  steps_.push_back({Step::Kind::kSend, std::move(bytes)});
  return *this;
}
Reply& Reply::wait_for(std::string gate) & {
  steps_.push_back({Step::Kind::kWait, std::move(gate)});
  return *this;
}
Reply& Reply::send_for_ever(std::string bytes) & {
  steps_.push_back({Step::Kind::kRepeat, std::move(bytes)});
  return *this;
}
Reply& Reply::then_close() & {
  steps_.push_back({Step::Kind::kClose, {}});
  return *this;
}
Reply& Reply::then_hang() & {
  steps_.push_back({Step::Kind::kHang, {}});
  return *this;
}
Reply& Reply::then_reset() & {
  steps_.push_back({Step::Kind::kReset, {}});
  return *this;
}

}  // namespace vellum::test
