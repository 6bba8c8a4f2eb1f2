#include "base/charset_convert.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

#include <array>
#include <memory>

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

Converter open_converter(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &status));
  if (U_FAILURE(status)) return nullptr;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_SUBSTITUTE, nullptr, nullptr, nullptr, &status);
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
  const Converter from = open_converter(icu_name(charset).c_str());
  const Converter to = open_converter("UTF-8");
  if (!from || !to) return fail(ErrorKind::kInvalid, "unknown charset: " + std::string(charset));
  return convert(*from, *to, bytes);
}

}  // namespace vellum
