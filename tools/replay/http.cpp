#include "tools/replay/http.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "base/text.h"
#include "base/url.h"

namespace vellum::replay {
namespace {

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

// "[::1]:80" -> "::1"; "localhost:80" -> "localhost".
std::string_view without_port(std::string_view host) {
  if (!host.empty() && host.front() == '[') {
    const std::size_t end = host.find(']');
    return end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

}  // namespace

void Reply::set(std::string_view name, std::string value) {
  if (has_control_characters(value)) return;
  for (auto& [known, old] : headers) {
    if (equals_ignore_case(known, name)) {
      old = std::move(value);
      return;
    }
  }
  headers.emplace_back(std::string(name), std::move(value));
}

std::string Reply::field(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (equals_ignore_case(known, name)) return value;
  }
  return "";
}

Reply redirect_to(std::string path) {
  Reply reply;
  reply.status = 302;
  reply.set("Location", std::move(path));
  return reply;
}

std::string query_value(std::string_view query, std::string_view name) {
  for (std::string_view part : split(query, '&')) {
    const std::size_t equals = part.find('=');
    if (part.substr(0, equals) != name || equals == std::string_view::npos) continue;
    std::string value(part.substr(equals + 1));
    std::replace(value.begin(), value.end(), '+', ' ');
    return repair_utf8(percent_decode(value));
  }
  return "";
}

std::string encode_query_value(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') {
      out += c;
    } else if ((byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_') {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

bool is_own_host(std::string_view host_field, std::string_view listen_host) {
  const std::string_view host = without_port(host_field);
  if (host.empty()) return false;
  if (equals_ignore_case(host, "localhost") || equals_ignore_case(host, listen_host)) return true;
  boost::system::error_code bad;
  const auto address = boost::asio::ip::make_address(host, bad);
  if (bad) return false;
  if (address.is_loopback()) return true;
  const auto listening = boost::asio::ip::make_address(listen_host, bad);
  return !bad && (listening == address || listening.is_unspecified());
}

}  // namespace vellum::replay
