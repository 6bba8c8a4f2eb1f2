// Text without regard to case, for comparing: Unicode's full case folding ("ß" is "ss", "É" is "é"), through ICU.
//
// Threads: any. Spec: The Unicode Standard, 3.13, default caseless matching; not normalised.

#pragma once

#include <string>
#include <string_view>

namespace vellum {

// Invalid UTF-8 becomes U+FFFD.
std::string fold_case(std::string_view utf8);

}  // namespace vellum
