#include "plugins/html/charset.h"

#include "base/charset_convert.h"
#include "base/text.h"
#include "plugins/html/charset_prescan.h"

namespace vellum::html {
namespace {

constexpr std::size_t kPrescanBytes = 1024;
constexpr std::size_t kLatePrescanBytes = 64 << 10;

struct Mark {
  std::string_view bytes;
  std::string_view charset;
};
constexpr Mark kByteOrderMarks[] = {{"\xEF\xBB\xBF", "utf-8"}, {"\xFE\xFF", "utf-16be"}, {"\xFF\xFE", "utf-16le"}};

DecodedText decode(std::string_view bytes, std::string_view charset, std::string_view source) {
  DecodedText text{.utf8 = {}, .charset = std::string(charset), .source = std::string(source)};
  if (charset == "utf-8" && is_valid_utf8(bytes)) {
    text.utf8 = bytes;
  } else if (Result<std::string> converted = charset_to_utf8(bytes, charset)) {
    text.utf8 = std::move(*converted);
  } else {
    text.utf8 = repair_utf8(bytes);
    text.charset = "utf-8";
  }
  return text;
}

DecodedText decode_undeclared(std::string_view bytes) {
  if (is_valid_utf8(bytes)) return {.utf8 = std::string(bytes), .charset = "utf-8", .source = "default"};
  // A parser that meets the <meta> later changes the encoding then (#changing-the-encoding-while-parsing).
  const std::string late = prescan_charset(bytes.substr(0, kLatePrescanBytes));
  if (!late.empty()) return decode(bytes, late, "meta");
  return decode(bytes, "windows-1252", "default");
}

}  // namespace

DecodedText decode_html(std::string_view bytes, std::string_view header_charset) {
  for (const Mark& mark : kByteOrderMarks) {
    if (bytes.starts_with(mark.bytes)) return decode(bytes.substr(mark.bytes.size()), mark.charset, "bom");
  }
  if (const std::string charset = charset_for_label(header_charset); !charset.empty()) {
    return decode(bytes, charset, "http");
  }
  if (const std::string charset = prescan_charset(bytes.substr(0, kPrescanBytes)); !charset.empty()) {
    return decode(bytes, charset, "meta");
  }
  return decode_undeclared(bytes);
}

}  // namespace vellum::html
