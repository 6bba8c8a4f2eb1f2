// What a link leads to. An href of a DOI's own scheme, which no browser follows ("doi:10.1601/nm.5839", "info:doi/...",
// "urn:doi:..."), leads to that DOI's address at doi.org; any other is resolved against the base.
// Threads: pure.

#pragma once

#include <string_view>

#include "base/url.h"

namespace vellum::plugins {

// kInvalid: it is no address.
Result<Url> link_address(std::string_view href, const Url& base);

}  // namespace vellum::plugins
