#include "plugins/host/link_address.h"

#include <algorithm>
#include <array>

#include "base/scholarly_id.h"
#include "base/text.h"

namespace vellum::plugins {
namespace {

bool is_of_doi_scheme(std::string_view href) {
  static constexpr std::array<std::string_view, 3> kSchemes = {"doi:", "info:doi/", "urn:doi:"};
  return std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
    return equals_ignore_case(href.substr(0, scheme.size()), scheme);
  });
}

}  // namespace

Result<Url> link_address(std::string_view href, const Url& base) {
  const std::string_view trimmed = trim(href);
  if (is_of_doi_scheme(trimmed)) {
    if (const auto doi = normalise_doi(trimmed)) return Url::parse("https://doi.org/" + *doi);
  }
  return Url::parse(href, &base);
}

}  // namespace vellum::plugins
