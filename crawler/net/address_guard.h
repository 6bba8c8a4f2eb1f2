// Which addresses a crawler may connect to: public ones, and what its owner allows.
//
// A page can name any host, and any host name can resolve to the machine that crawls, to its neighbours or to a cloud's
// metadata service. So the address is judged, not the name, at every socket that is opened. Refused are loopback,
// private, link-local, CGNAT, documentation, benchmark, multicast and reserved ranges; an IPv6 address that carries an
// IPv4 one (mapped, NAT64, 6to4) is judged by what it carries; other IPv6 must be global unicast (2000::/3).
//
// Threads: any; immutable. Spec: the IANA special-purpose address registries (RFC 6890), RFC 4291, RFC 6052, RFC 3056.

#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace vellum::net {

// An IPv6 address; an IPv4 one is written as IPv4-mapped (::ffff:a.b.c.d), so both spellings are one value.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const Address&) const = default;
};

// Dotted quad or IPv6 text, with or without brackets; nullopt for anything else, host names above all.
std::optional<Address> parse_address(std::string_view text);
// Of an AF_INET or AF_INET6 socket address; nullopt for other families.
std::optional<Address> address_of(const sockaddr& address);

// Why a crawler has no business there ("loopback", "private network"), "" for a public address.
std::string_view refusal_of(const Address& address);

class AddressGuard {
 public:
  // `allow`: addresses, CIDR blocks, host names (the whole name, no globs). kInvalid names the entry that is none.
  static Result<AddressGuard> parse(const std::vector<std::string>& allow);

  // "" if `address` may be connected to for a URL of this host (hostname() of a Url), else why not.
  std::string_view refuses(const Address& address, std::string_view host) const;
  // True if the owner named this host.
  bool allows_host(std::string_view host) const;

 private:
  struct Block {
    Address address;
    int bits = 128;
  };
  std::vector<Block> blocks_;
  std::vector<std::string> hosts_;
};

}  // namespace vellum::net
