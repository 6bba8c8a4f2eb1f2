#include "crawler/policy/robots_pattern.h"

#include <cstring>

namespace vellum::policy {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The octet that "%XX" at `at` stands for, or -1.
int escaped_octet(std::string_view text, std::size_t at) {
  if (text[at] != '%' || at + 2 >= text.size()) return -1;
  const int high = hex_value(text[at + 1]), low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::strchr("-._~", c) != nullptr;
}

void append_escaped(std::string& out, char octet) {
  constexpr const char* kHex = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(octet);
  out += {'%', kHex[value >> 4], kHex[value & 15]};
}

// Where in a URL an octet stands decides what its escape may mean.
enum class Part { kPath, kQuery, kQueryWithSlashes };

// Octets whose raw and escaped forms say different things to a server, and so stay apart. All others are the same to
// RFC 9309, 2.2.2: "octets outside the ASCII set, and those in the reserved range, MUST be percent-encoded prior to
// comparison. If a percent-encoded ASCII octet is encountered, it MUST be unencoded prior to comparison, unless it is
// a reserved character". Encoding the rest or decoding it gives the same comparison; decoding is shorter.
bool keeps_its_escape(char octet, Part part) {
  if (octet == '%' || octet == '#') return true;
  if (part == Part::kPath) return octet == '/' || octet == '?';
  if (octet == '&' || octet == '=' || octet == '+') return true;
  return octet == '/' && part == Part::kQueryWithSlashes;
}

// Takes the next octet of `text`, raw or escaped, at `at` over to `out` in normal form. Returns how many octets RFC
// 9309 writes for it: one for what is unreserved or raw ASCII, three for an escape.
std::size_t take_octet(std::string_view text, std::size_t& at, Part part, std::string& out) {
  const int escaped = escaped_octet(text, at);
  const char octet = escaped < 0 ? text[at] : static_cast<char>(escaped);
  at += escaped < 0 ? 1 : 3;
  const bool stray_percent = escaped < 0 && octet == '%';
  if (stray_percent || (escaped >= 0 && keeps_its_escape(octet, part))) {
    append_escaped(out, octet);
  } else {
    out += octet;
  }
  const bool is_ascii = static_cast<unsigned char>(octet) < 0x80;
  return is_unreserved(octet) || (escaped < 0 && is_ascii) ? 1 : 3;
}

std::string normal_form(std::string_view text, Part query) {
  std::string out;
  out.reserve(text.size());
  Part part = Part::kPath;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins_query = text[at] == '?';
    take_octet(text, at, part, out);
    if (begins_query) part = query;
  }
  return out;
}

// memmem is linear (two-way) where std::string::find is not.
std::size_t find(std::string_view text, std::string_view piece, std::size_t from) {
  if (piece.empty()) return from;
  const void* found = memmem(text.data() + from, text.size() - from, piece.data(), piece.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

RobotsPath::RobotsPath(std::string_view path_and_query)
    : path_form_(normal_form(path_and_query, Part::kQueryWithSlashes)),
      query_form_(normal_form(path_and_query, Part::kQuery)) {}

RobotsPattern::RobotsPattern(std::string_view value) {
  // 2.2.3: "$" designates the end of the match pattern, "*" 0 or more instances of any character; to match them
  // literally they are percent-encoded.
  anchored_ = !value.empty() && value.back() == '$';
  octets_ = anchored_ ? 1 : 0;
  if (anchored_) value.remove_suffix(1);
  absolute_ = !value.empty() && (value.front() == '/' || value.front() == '*');
  has_query_ = value.find('?') != std::string_view::npos;
  pieces_.emplace_back();
  Part part = Part::kPath;
  for (std::size_t at = 0; at < value.size();) {
    const char raw = value[at];
    if (raw == '*') {
      ++at, ++octets_;
      if (pieces_.size() == 1 || !pieces_.back().empty()) pieces_.emplace_back();
    } else {
      octets_ += take_octet(value, at, part, pieces_.back());
      if (raw == '?') part = Part::kQuery;
    }
  }
}

bool RobotsPattern::matches(const RobotsPath& path) const {
  const std::string_view text = path.text(has_query_);
  if (!absolute_ || text.substr(0, pieces_.front().size()) != pieces_.front()) return false;
  std::size_t at = pieces_.front().size();
  if (pieces_.size() == 1) return !anchored_ || at == text.size();
  // The leftmost place is as good as any for all pieces but the last, which "$" ties to the end.
  const std::size_t free_pieces = pieces_.size() - (anchored_ ? 1 : 0);
  for (std::size_t i = 1; i < free_pieces; ++i) {
    at = find(text, pieces_[i], at);
    if (at == std::string_view::npos) return false;
    at += pieces_[i].size();
  }
  if (!anchored_) return true;
  const std::string& last = pieces_.back();
  return text.size() >= at + last.size() && text.substr(text.size() - last.size()) == last;
}

}  // namespace vellum::policy
