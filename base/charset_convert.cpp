#include "base/charset_convert.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucnv_err.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>

#include "base/text.h"

namespace vellum {
namespace {

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

struct IcuName {
  std::string_view charset;
  const char* icu;
};

// Where ICU's own reading of the name is another table than the standard's.
constexpr std::array kIcuNames = {
    IcuName{"big5", "ibm-1375_P100-2008"},  // Big5 with the HKSCS extensions
    IcuName{"euc-kr", "windows-949"},      IcuName{"gbk", "gb18030"},
    IcuName{"iso-8859-8-i", "iso-8859-8"}, IcuName{"shift_jis", "ibm-943_P15A-2003"},
};

std::string icu_name(std::string_view charset) {
  for (const IcuName& name : kIcuNames) {
    if (name.charset == charset) return name.icu;
  }
  return std::string(charset);
}

// ICU's own substitution writes U+001A for some single bytes.
void write_replacement(const void*, UConverterToUnicodeArgs* args, const char*, std::int32_t,
                       UConverterCallbackReason reason, UErrorCode* status) {
  if (reason > UCNV_IRREGULAR) return;  // reset, close, clone
  *status = U_ZERO_ERROR;
  const UChar replacement = 0xFFFD;
  ucnv_cbToUWriteUChars(args, &replacement, 1, 0, status);
}

Converter open_converter(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &status));
  if (U_FAILURE(status)) return nullptr;
  ucnv_setToUCallBack(converter.get(), write_replacement, nullptr, nullptr, nullptr, &status);
  return U_FAILURE(status) ? nullptr : std::move(converter);
}

// x-user-defined: 0x80-0xFF are U+F780-U+F7FF (Encoding Standard, 14.5).
std::string user_defined_to_utf8(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(out, byte < 0x80 ? byte : 0xF780u + (byte - 0x80u));
  }
  return out;
}

// The one charset of the standard that ICU does not bring: Latin-1 but for these.
constexpr std::pair<unsigned char, char16_t> kLatin10[] = {
    {0xA1, 0x0104}, {0xA2, 0x0105}, {0xA3, 0x0141}, {0xA4, 0x20AC}, {0xA5, 0x201E}, {0xA6, 0x0160}, {0xA8, 0x0161},
    {0xAA, 0x0218}, {0xAC, 0x0179}, {0xAE, 0x017A}, {0xAF, 0x017B}, {0xB2, 0x010C}, {0xB3, 0x0142}, {0xB4, 0x017D},
    {0xB5, 0x201D}, {0xB8, 0x017E}, {0xB9, 0x010D}, {0xBA, 0x0219}, {0xBC, 0x0152}, {0xBD, 0x0153}, {0xBE, 0x0178},
    {0xBF, 0x017C}, {0xC3, 0x0102}, {0xC5, 0x0106}, {0xD0, 0x0110}, {0xD1, 0x0143}, {0xD5, 0x0150}, {0xD7, 0x015A},
    {0xD8, 0x0170}, {0xDD, 0x0118}, {0xDE, 0x021A}, {0xE3, 0x0103}, {0xE5, 0x0107}, {0xF0, 0x0111}, {0xF1, 0x0144},
    {0xF5, 0x0151}, {0xF7, 0x015B}, {0xF8, 0x0171}, {0xFD, 0x0119}, {0xFE, 0x021B}};

std::string latin10_to_utf8(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const auto* other = std::find_if(std::begin(kLatin10), std::end(kLatin10),
                                     [byte](const auto& entry) { return entry.first == byte; });
    append_utf8(out, other == std::end(kLatin10) ? char32_t{byte} : char32_t{other->second});
  }
  return out;
}

Result<std::string> convert(UConverter& from, UConverter& to, std::string_view bytes) {
  std::string out;
  std::array<char, 16384> chunk;
  std::array<UChar, 8192> pivot;
  UChar* pivot_from = pivot.data();
  UChar* pivot_to = pivot.data();
  const char* source = bytes.data();
  const char* source_end = source + bytes.size();
  UErrorCode status = U_BUFFER_OVERFLOW_ERROR;
  for (bool reset = true; status == U_BUFFER_OVERFLOW_ERROR; reset = false) {
    char* target = chunk.data();
    status = U_ZERO_ERROR;
    ucnv_convertEx(&to, &from, &target, chunk.data() + chunk.size(), &source, source_end, pivot.data(), &pivot_from,
                   &pivot_to, pivot.data() + pivot.size(), reset, true, &status);
    out.append(chunk.data(), target);
  }
  if (U_FAILURE(status))
    return fail(ErrorKind::kInvalid, std::string("cannot convert to utf-8: ") + u_errorName(status));
  return out;
}

}  // namespace

Result<std::string> charset_to_utf8(std::string_view bytes, std::string_view charset) {
  if (charset == "utf-8") return repair_utf8(bytes);
  if (charset == "replacement") return std::string(bytes.empty() ? "" : "\xEF\xBF\xBD");
  if (charset == "x-user-defined") return user_defined_to_utf8(bytes);
  if (charset == "iso-8859-16") return latin10_to_utf8(bytes);
  const Converter from = open_converter(icu_name(charset).c_str());
  const Converter to = open_converter("UTF-8");
  if (!from || !to) return fail(ErrorKind::kInvalid, "unknown charset: " + std::string(charset));
  return convert(*from, *to, bytes);
}

}  // namespace vellum
