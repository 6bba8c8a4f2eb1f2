// Text without regard to case, for comparing: Unicode's full case folding ("ß" is "ss", "É" is "é"), through ICU.
//
// Threads: any. Spec: The Unicode Standard, 3.13, default caseless matching; not normalised.

#pragma once

#include <string>
#include <string_view>

namespace vellum {

// Invalid UTF-8 becomes U+FFFD.
std::string fold_case(std::string_view utf8);

// In lower case, compatibility forms undone and marks left out, and with them all that has no ASCII letter of its own:
// "É" is "e", "ﬁ" is "fi", "β" is nothing. For comparing texts of different printings, not for showing.
std::string fold_to_ascii(std::string_view utf8);

}  // namespace vellum
