#include "base/case_fold.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace vellum {

std::string fold_case(std::string_view utf8) {
  if (std::all_of(utf8.begin(), utf8.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    return to_lower_ascii(utf8);
  }
  VELLUM_ASSERT(utf8.size() <= INT32_MAX, "ICU counts in 32 bits; texts are limited far below");
  UErrorCode status = U_ZERO_ERROR;
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(utf8.size()));
  const icu::StringPiece text(utf8.data(), static_cast<std::int32_t>(utf8.size()));
  icu::CaseMap::utf8Fold(0, text, sink, nullptr, status);
  return U_SUCCESS(status) ? out : to_lower_ascii(utf8);
}

std::string fold_to_ascii(std::string_view utf8) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(utf8.begin(), utf8.end(), is_ascii)) return to_lower_ascii(utf8);
  VELLUM_ASSERT(utf8.size() <= INT32_MAX, "ICU counts in 32 bits; texts are limited far below");
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(status);
  VELLUM_ASSERT(U_SUCCESS(status), "ICU carries its normalisation data");
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(utf8.size()));
  const icu::StringPiece text(utf8.data(), static_cast<std::int32_t>(utf8.size()));
  nfkd->normalizeUTF8(0, text, sink, nullptr, status);
  std::erase_if(out, [&](char c) { return !is_ascii(c); });
  return to_lower_ascii(out);
}

}  // namespace vellum
