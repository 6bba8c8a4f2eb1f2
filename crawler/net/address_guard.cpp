#include "crawler/net/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace vellum::net {
namespace {

constexpr int kMappedBits = 96;  // an IPv4 prefix of n bits is one of 96 + n here

struct Range {
  std::string_view text;
  std::string_view reason;
};

// A table. What the IANA registries do not mark as globally reachable, and one public address that is not public:
// 168.63.129.16 answers Azure's virtual machines with their own configuration.
constexpr Range kRefused[] = {
    {"0.0.0.0/8", "this network"},
    {"10.0.0.0/8", "private network"},
    {"100.64.0.0/10", "carrier-grade NAT"},
    {"127.0.0.0/8", "loopback"},
    {"168.63.129.16/32", "cloud metadata"},
    {"169.254.0.0/16", "link-local"},
    {"172.16.0.0/12", "private network"},
    {"192.0.0.0/24", "IETF protocol assignment"},
    {"192.0.2.0/24", "documentation"},
    {"192.88.99.0/24", "6to4 relay"},
    {"192.168.0.0/16", "private network"},
    {"198.18.0.0/15", "benchmark network"},
    {"198.51.100.0/24", "documentation"},
    {"203.0.113.0/24", "documentation"},
    {"224.0.0.0/4", "multicast"},
    {"240.0.0.0/4", "reserved"},
    {"::/128", "unspecified"},
    {"::1/128", "loopback"},
    {"fc00::/7", "private network"},
    {"fe80::/10", "link-local"},
    {"fec0::/10", "site-local"},
    {"ff00::/8", "multicast"},
    {"2001::/23", "IETF protocol assignment"},  // Teredo, ORCHID, benchmarks, AS112
    {"2001:db8::/32", "documentation"},
    {"3fff::/20", "documentation"},
};

bool contains(const Address& prefix, int bits, const Address& address) {
  const auto whole = static_cast<std::size_t>(bits) / 8;
  if (!std::equal(prefix.bytes.begin(), prefix.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin())) {
    return false;
  }
  if (bits % 8 == 0) return true;
  const int shift = 8 - bits % 8;
  return (prefix.bytes[whole] >> shift) == (address.bytes[whole] >> shift);
}

bool is_mapped(const Address& address) {
  static const Address kMapped = *parse_address("0.0.0.0");
  return contains(kMapped, kMappedBits, address);
}

struct Prefix {
  Address address;
  int bits;
};

// "10.0.0.0/8", "fc00::/7", or a bare address.
std::optional<Prefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return Prefix{*address, 128};
  const std::string_view digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const bool is_v4 = text.find(':') == std::string_view::npos;
  if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > (is_v4 ? 32 : 128)) {
    return std::nullopt;
  }
  return Prefix{*address, is_v4 ? kMappedBits + bits : bits};
}

// The IPv4 address that an IPv6 one is a way to: NAT64 (RFC 6052) and 6to4 (RFC 3056).
std::optional<Address> carried_by(const Address& address) {
  static const Prefix kNat64 = *parse_prefix("64:ff9b::/96"), k6to4 = *parse_prefix("2002::/16");
  static const Address kMapped = *parse_address("0.0.0.0");
  std::ptrdiff_t at = 0;
  if (contains(kNat64.address, kNat64.bits, address))
    at = 12;
  else if (contains(k6to4.address, k6to4.bits, address))
    at = 2;
  else
    return std::nullopt;
  Address carried = kMapped;
  std::copy_n(address.bytes.begin() + at, 4, carried.bytes.begin() + 12);
  return carried;
}

std::string_view reason_in_table(const Address& address) {
  struct Parsed {
    Prefix prefix;
    std::string_view reason;
  };
  static const std::vector<Parsed> kParsed = [] {
    std::vector<Parsed> table;
    for (const Range& range : kRefused) table.push_back({*parse_prefix(range.text), range.reason});
    return table;
  }();
  for (const Parsed& range : kParsed) {
    if (contains(range.prefix.address, range.prefix.bits, address)) return range.reason;
  }
  return {};
}

// RFC 1123 names, and underscores, which are in use.
bool is_host_name(std::string_view text) {
  const auto is_fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  };
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), is_fine) &&
         std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string normal_host(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return to_lower_ascii(host);
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const std::string terminated(text);
  Address address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + 12) != 1) return std::nullopt;
  address.bytes[10] = address.bytes[11] = 0xFF;
  return address;
}

std::optional<Address> address_of(const sockaddr& address) {
  Address result;
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, &address, sizeof in6);
    std::memcpy(result.bytes.data(), &in6.sin6_addr, 16);
    return result;
  }
  if (address.sa_family != AF_INET) return std::nullopt;
  sockaddr_in in4;
  std::memcpy(&in4, &address, sizeof in4);
  result.bytes[10] = result.bytes[11] = 0xFF;
  std::memcpy(result.bytes.data() + 12, &in4.sin_addr, 4);
  return result;
}

std::string_view refusal_of(const Address& address) {
  if (const auto carried = carried_by(address)) return reason_in_table(*carried);
  if (const auto reason = reason_in_table(address); !reason.empty()) return reason;
  const bool is_global_unicast = (address.bytes[0] & 0xE0) == 0x20;
  return is_global_unicast || is_mapped(address) ? "" : "not global unicast";
}

Result<AddressGuard> AddressGuard::parse(const std::vector<std::string>& allow) {
  AddressGuard guard;
  for (const std::string& entry : allow) {
    const std::string text = normal_host(trim(entry));
    if (const auto prefix = parse_prefix(text)) {
      guard.blocks_.push_back({prefix->address, prefix->bits});
    } else if (is_host_name(text)) {
      guard.hosts_.push_back(text);
    } else {
      return fail(ErrorKind::kInvalid, "allow: '" + entry + "' is no address, CIDR block or host name (127.0.0.1, " +
                                           "10.0.0.0/8, intranet.example.org; ports and globs do not belong here)");
    }
  }
  return guard;
}

std::string_view AddressGuard::refuses(const Address& address, std::string_view host) const {
  const std::string_view reason = refusal_of(address);
  if (reason.empty() || allows_host(host)) return {};
  const auto carried = carried_by(address);
  for (const Block& block : blocks_) {
    if (contains(block.address, block.bits, address)) return {};
    if (carried && contains(block.address, block.bits, *carried)) return {};
  }
  return reason;
}

bool AddressGuard::allows_host(std::string_view host) const {
  return std::find(hosts_.begin(), hosts_.end(), normal_host(host)) != hosts_.end();
}

}  // namespace vellum::net
