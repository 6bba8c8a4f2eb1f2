#include "crawler/policy/conditional.h"

#include <algorithm>

#include "base/clock.h"

namespace vellum::policy {
namespace {

constexpr std::size_t kLongestTag = 1024;

std::string_view opaque_part(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

// entity-tag = [ "W/" ] DQUOTE *( %x21 / %x23-7E / obs-text ) DQUOTE
bool is_entity_tag(std::string_view text) {
  if (text.size() > kLongestTag) return false;
  const std::string_view opaque = opaque_part(text);
  if (opaque.size() < 2 || opaque.front() != '"' || opaque.back() != '"') return false;
  const std::string_view inside = opaque.substr(1, opaque.size() - 2);
  return std::all_of(inside.begin(), inside.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x21 || (byte >= 0x23 && byte <= 0x7E) || byte >= 0x80;
  });
}

}  // namespace

Validators validators_of(const HeaderBlock& answer) {
  Validators validators;
  if (auto etag = answer.first("ETag"); etag && is_entity_tag(*etag)) validators.etag = *std::move(etag);
  auto modified = answer.first("Last-Modified");
  if (modified && parse_http_date(*modified)) validators.last_modified = *std::move(modified);
  return validators;
}

std::vector<std::pair<std::string, std::string>> condition_fields(const Validators& validators) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (!validators.etag.empty()) fields.emplace_back("If-None-Match", validators.etag);
  if (!validators.last_modified.empty()) fields.emplace_back("If-Modified-Since", validators.last_modified);
  return fields;
}

bool is_same_version(std::string_view one, std::string_view other) {
  return opaque_part(one) == opaque_part(other);
}

std::string fault_of_not_modified(const Validators& asked, const HeaderBlock& answer) {
  if (asked.empty()) return "status 304 to a request without a condition";
  const auto etag = answer.first("ETag");
  if (!etag || asked.etag.empty() || is_same_version(asked.etag, *etag)) return {};
  return "status 304 with ETag " + etag->substr(0, kLongestTag) + ", asked was " + asked.etag;
}

}  // namespace vellum::policy
