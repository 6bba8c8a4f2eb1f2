#include "base/url_host.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/text.h"
#include "base/url.h"
#include "base/url_percent.h"

namespace vellum::url_detail {
namespace {

// ICU's Punycode takes time quadratic in a label; no name of this length resolves.
constexpr std::size_t kMaxUnicodeHostBytes = 4096;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
  return -1;
}

// https://url.spec.whatwg.org/#forbidden-host-code-point
bool is_forbidden_in_host(char c) {
  return std::string_view("\0\t\n\r #/:<>?@[\\]^|", 17).find(c) != std::string_view::npos;
}

// https://url.spec.whatwg.org/#forbidden-domain-code-point
bool is_forbidden_in_domain(char c) {
  return is_forbidden_in_host(c) || static_cast<unsigned char>(c) < 0x20 || c == '%' || c == 0x7F;
}

// ---------------------------------------------------------------------------------------------- IPv4

// https://url.spec.whatwg.org/#ipv4-number-parser; values over 2^32 are as good as 2^32, which fits no part.
std::optional<std::uint64_t> parse_ipv4_number(std::string_view input) {
  constexpr std::uint64_t kTooLarge = std::uint64_t{1} << 32;
  if (input.empty()) return std::nullopt;
  unsigned radix = 10;
  if (input.size() >= 2 && (input.starts_with("0x") || input.starts_with("0X"))) {
    input.remove_prefix(2);
    radix = 16;
  } else if (input.size() >= 2 && input.front() == '0') {
    input.remove_prefix(1);
    radix = 8;
  }
  std::uint64_t value = 0;
  for (char c : input) {
    const int digit = hex_value(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= radix) return std::nullopt;
    value = std::min(value * radix + static_cast<unsigned>(digit), kTooLarge);
  }
  return value;
}

// https://url.spec.whatwg.org/#ends-in-a-number-checker
bool ends_in_a_number(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  const std::size_t dot = domain.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? domain : domain.substr(dot + 1);
  if (!last.empty() && std::all_of(last.begin(), last.end(), is_digit)) return true;
  return parse_ipv4_number(last).has_value();
}

// https://url.spec.whatwg.org/#concept-ipv4-parser
Result<std::string> parse_ipv4(std::string_view input) {
  const auto failure = fail(ErrorKind::kInvalid, "the host ends in a number but is no IPv4 address");
  std::vector<std::string_view> parts = split(input, '.');
  if (parts.back().empty() && parts.size() > 1) parts.pop_back();  // 2
  if (parts.size() > 4) return failure;                            // 3
  std::uint32_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_ipv4_number(parts[i]);
    if (!number) return failure;
    const bool is_last = i + 1 == parts.size();
    const std::uint64_t limit = is_last ? std::uint64_t{1} << 8 * (5 - parts.size()) : 256;
    if (*number >= limit) return failure;
    address += static_cast<std::uint32_t>(is_last ? *number : *number << 8 * (3 - i));
  }
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string(address >> shift & 255);
    if (shift != 0) out += '.';
  }
  return out;
}

// ---------------------------------------------------------------------------------------------- IPv6

using Pieces = std::array<std::uint16_t, 8>;

// https://url.spec.whatwg.org/#concept-ipv6-parser
class Ipv6Parser {
 public:
  explicit Ipv6Parser(std::string_view input) : input_(input) {}

  std::optional<Pieces> parse() {
    if (peek() == ':') {  // 5
      if (peek(1) != ':') return std::nullopt;
      at_ += 2;
      compress_ = ++piece_;
    }
    while (at_ < input_.size()) {  // 6
      if (piece_ == 8 || !take_piece()) return std::nullopt;
    }
    if (compress_) {  // 7
      for (std::size_t swaps = piece_ - *compress_, to = 7; to != 0 && swaps > 0; --swaps, --to) {
        std::swap(pieces_[*compress_ + swaps - 1], pieces_[to]);
      }
    } else if (piece_ != 8) {  // 8
      return std::nullopt;
    }
    return pieces_;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < input_.size() ? input_[at_ + ahead] : '\0'; }

  bool take_piece() {
    if (peek() == ':') {  // 6.2
      if (compress_) return false;
      ++at_;
      compress_ = ++piece_;
      return true;
    }
    unsigned value = 0;
    std::size_t length = 0;
    for (; length < 4 && hex_value(peek()) >= 0; ++length, ++at_) {  // 6.4
      value = value * 16 + static_cast<unsigned>(hex_value(peek()));
    }
    if (peek() == '.') {  // 6.5
      at_ -= length;
      return length != 0 && take_ipv4();
    }
    if (peek() == ':') {  // 6.6
      if (++at_ == input_.size()) return false;
    } else if (at_ < input_.size()) {  // 6.7
      return false;
    }
    pieces_[piece_++] = static_cast<std::uint16_t>(value);
    return true;
  }

  // 6.5: the last two pieces as a dotted address.
  bool take_ipv4() {
    if (piece_ > 6) return false;
    int seen = 0;
    while (at_ < input_.size()) {
      if (seen > 0) {
        if (peek() != '.' || seen >= 4) return false;
        ++at_;
      }
      const auto number = take_ipv4_number();
      if (!number) return false;
      pieces_[piece_] = static_cast<std::uint16_t>(pieces_[piece_] * 256 + *number);
      ++seen;
      if (seen == 2 || seen == 4) ++piece_;
    }
    return seen == 4;
  }

  std::optional<int> take_ipv4_number() {
    if (!is_digit(peek())) return std::nullopt;
    int value = -1;
    for (; is_digit(peek()); ++at_) {
      if (value == 0) return std::nullopt;  // a leading zero
      value = (value < 0 ? 0 : value * 10) + (peek() - '0');
      if (value > 255) return std::nullopt;
    }
    return value;
  }

  std::string_view input_;
  std::size_t at_ = 0;
  Pieces pieces_{};
  std::size_t piece_ = 0;
  std::optional<std::size_t> compress_;
};

// The first longest run of at least two zero pieces: {begin, length}.
std::pair<std::size_t, std::size_t> longest_zeros(const Pieces& pieces) {
  std::size_t best = 0, best_length = 1;
  for (std::size_t i = 0; i < pieces.size();) {
    std::size_t end = i;
    while (end < pieces.size() && pieces[end] == 0) ++end;
    if (end - i > best_length) {
      best = i;
      best_length = end - i;
    }
    i = end + 1;
  }
  return {best, best_length > 1 ? best_length : 0};
}

// https://url.spec.whatwg.org/#concept-ipv6-serializer
std::string serialise_ipv6(const Pieces& pieces) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto [zeros, length] = longest_zeros(pieces);
  std::string out = "[";
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (length > 0 && i == zeros) {
      out += i == 0 ? "::" : ":";
      i += length - 1;
      continue;
    }
    bool leading = true;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const unsigned digit = pieces[i] >> shift & 15u;
      leading = leading && digit == 0 && shift != 0;
      if (!leading) out += kHex[digit];
    }
    if (i != 7) out += ':';
  }
  return out + "]";
}

// ---------------------------------------------------------------------------------------------- names

// https://url.spec.whatwg.org/#concept-domain-to-ascii with beStrict false: CheckHyphens, UseSTD3ASCIIRules and
// VerifyDnsLength off, CheckBidi and CheckJoiners on, non-transitional. ASCII domains are lowercased whatever their
// "xn--" labels hold, as browsers have it.
Result<std::string> domain_to_ascii(std::string_view domain) {
  const bool is_ascii =
      std::all_of(domain.begin(), domain.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii) return to_lower_ascii(domain);
  if (domain.size() > kMaxUnicodeHostBytes) return fail(ErrorKind::kInvalid, "the host is too long");
  constexpr std::uint32_t kIgnored = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |
                                     UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN |
                                     UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna(icu::IDNA::createUTS46Instance(
      UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
      status));
  VELLUM_ASSERT(U_SUCCESS(status), "ICU carries its IDNA data");
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  icu::IDNAInfo info;
  idna->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<std::int32_t>(domain.size())), sink, info, status);
  if (U_FAILURE(status) || (info.getErrors() & ~kIgnored) != 0) {
    return fail(ErrorKind::kInvalid, "the host is no domain name (IDNA)");
  }
  return out;
}

// Letters, digits, dots and hyphens only, as nearly all hosts are.
bool is_plain_domain(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || (c >= 'A' && c <= 'Z');
  });
}

// https://url.spec.whatwg.org/#concept-opaque-host-parser
Result<std::string> parse_opaque_host(std::string_view input) {
  if (std::any_of(input.begin(), input.end(), is_forbidden_in_host)) {
    return fail(ErrorKind::kInvalid, "the host holds a character that no host may hold");
  }
  return percent_encode(PercentSet::kC0Control, input);
}

}  // namespace

// https://url.spec.whatwg.org/#concept-host-parser
Result<std::string> parse_host(std::string_view input, bool is_opaque) {
  if (input.starts_with('[')) {  // 1
    if (!input.ends_with(']')) return fail(ErrorKind::kInvalid, "the IPv6 address has no ']'");
    const auto pieces = Ipv6Parser(input.substr(1, input.size() - 2)).parse();
    if (!pieces) return fail(ErrorKind::kInvalid, "the host is no IPv6 address");
    return serialise_ipv6(*pieces);
  }
  if (is_opaque) return parse_opaque_host(input);  // 2
  if (is_plain_domain(input)) {                    // 4 to 7 would change nothing but the case
    std::string lower = to_lower_ascii(input);
    return ends_in_a_number(lower) ? parse_ipv4(lower) : Result<std::string>(std::move(lower));
  }
  const std::string domain = repair_utf8(percent_decode(input));  // 4
  VELLUM_TRY(std::string ascii, domain_to_ascii(domain));         // 5, 6
  if (ascii.empty()) return fail(ErrorKind::kInvalid, "the host is empty");
  if (std::any_of(ascii.begin(), ascii.end(), is_forbidden_in_domain)) {  // 7
    return fail(ErrorKind::kInvalid, "the host holds a character that no domain may hold");
  }
  if (ends_in_a_number(ascii)) return parse_ipv4(ascii);  // 8
  return ascii;
}

}  // namespace vellum::url_detail
