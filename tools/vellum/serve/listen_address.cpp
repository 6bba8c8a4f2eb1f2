#include "tools/vellum/serve/listen_address.h"

namespace vellum::cli {

namespace {

Failure bad_listen(const std::string& verb, const std::string& text) {
  return fail(ErrorKind::kInvalid,
              verb + ": cannot read --listen `" + text + "`; it is HOST:PORT, as in 127.0.0.1:8080 or [::1]:8080");
}

}  // namespace

Result<replay::ServerOptions> parse_listen(const std::string& verb, const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string host = colon == std::string::npos ? "127.0.0.1" : text.substr(0, colon);
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const bool is_number = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos;
  if (host.empty() || !is_number || std::stoi(port) > 65535) return bad_listen(verb, text);
  return replay::ServerOptions{host, static_cast<std::uint16_t>(std::stoi(port))};
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string address_of(const replay::ServerOptions& options, std::uint16_t port) {
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  return "http://" + (is_ipv6 ? "[" + options.host + "]" : options.host) + ":" + std::to_string(port) + "/";
}

}  // namespace vellum::cli
