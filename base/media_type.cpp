#include "base/media_type.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace vellum {
namespace {

constexpr std::string_view kHttpSpace = "\t\n\r ";

bool is_token_char(char c) {
  if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string_view strip(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kHttpSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kHttpSpace) - first + 1);
}

// https://fetch.spec.whatwg.org/#collect-an-http-quoted-string, with the extract-value flag; `rest` begins with '"'.
std::string take_quoted(std::string_view& rest) {
  std::string value;
  std::size_t at = 1;
  while (at < rest.size() && rest[at] != '"') {
    if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
    value += rest[at++];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return value;
}

std::string_view take_until(std::string_view& rest, std::string_view stops) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(stops));
  rest.remove_prefix(taken.size());
  return taken;
}

// https://mimesniff.spec.whatwg.org/#parsing-a-mime-type step 11: one parameter. Only charset is kept, the first one.
void read_parameter(std::string_view& rest, std::string& charset) {
  rest.remove_prefix(1);  // 11.1: the ';'
  while (!rest.empty() && kHttpSpace.find(rest.front()) != std::string_view::npos) rest.remove_prefix(1);
  const std::string name = to_lower_ascii(take_until(rest, ";="));
  if (rest.empty() || rest.front() == ';') return;
  rest.remove_prefix(1);  // the '='
  std::string value;
  if (!rest.empty() && rest.front() == '"') {
    value = take_quoted(rest);
    take_until(rest, ";");
  } else {
    value = strip(take_until(rest, ";"));
  }
  if (name == "charset" && charset.empty()) charset = to_lower_ascii(strip(value));
}

struct Signature {
  std::string_view bytes;
  std::string_view essence;
};

// https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern and following, where an archive meets them.
constexpr std::array kSignatures = {
    Signature{"%PDF-", "application/pdf"},
    Signature{"%!PS-Adobe-", "application/postscript"},
    Signature{"\x89PNG\r\n\x1A\n", "image/png"},
    Signature{"\xFF\xD8\xFF", "image/jpeg"},
    Signature{"GIF87a", "image/gif"},
    Signature{"GIF89a", "image/gif"},
    Signature{"BM", "image/bmp"},
    Signature{"wOFF", "font/woff"},
    Signature{"wOF2", "font/woff2"},
    Signature{"OTTO", "font/otf"},
    Signature{"\x1F\x8B\x08", "application/x-gzip"},
    Signature{"PK\x03\x04", "application/zip"},
};

// https://mimesniff.spec.whatwg.org/#rules-for-identifying-an-unknown-mime-type, the tag table; a tag ends in ' ' or
// '>'.
constexpr std::string_view kHtmlTags[] = {
    "<!DOCTYPE HTML", "<HTML",  "<HEAD", "<SCRIPT", "<IFRAME", "<H1", "<DIV", "<FONT", "<TABLE", "<A",
    "<STYLE",         "<TITLE", "<B",    "<BODY",   "<BR",     "<P",  "<META"};

bool looks_like_html(std::string_view bytes) {
  for (std::string_view tag : kHtmlTags) {
    if (!starts_with_ignore_case(bytes, tag) || bytes.size() <= tag.size()) continue;
    if (bytes[tag.size()] == ' ' || bytes[tag.size()] == '>' ||
        kHttpSpace.find(bytes[tag.size()]) != std::string_view::npos) {
      return true;
    }
  }
  return bytes.starts_with("<!--");
}

// A "binary data byte" of the standard.
bool is_binary(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) {
    const auto b = static_cast<unsigned char>(c);
    return b <= 0x08 || b == 0x0B || (b >= 0x0E && b <= 0x1A) || (b >= 0x1C && b <= 0x1F);
  });
}

bool has_byte_order_mark(std::string_view bytes) {
  return bytes.starts_with("\xEF\xBB\xBF") || bytes.starts_with("\xFE\xFF") || bytes.starts_with("\xFF\xFE");
}

std::string_view signature_of(std::string_view bytes) {
  for (const Signature& signature : kSignatures) {
    if (bytes.starts_with(signature.bytes)) return signature.essence;
  }
  if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8).starts_with("WEBP")) return "image/webp";
  return {};
}

std::string sniff(std::string_view bytes) {
  if (const auto essence = signature_of(bytes); !essence.empty()) return std::string(essence);
  std::string_view text = bytes;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = trim(text);
  if (looks_like_html(text)) return "text/html";
  if (text.starts_with("<?xml"))
    return text.find("<html") == std::string_view::npos ? "text/xml" : "application/xhtml+xml";
  if (has_byte_order_mark(bytes) || !is_binary(bytes)) return "text/plain";
  return "application/octet-stream";
}

}  // namespace

bool MediaType::is_html() const {
  return essence == "text/html" || essence == "application/xhtml+xml";
}

bool MediaType::is_xml() const {
  return essence == "text/xml" || essence == "application/xml" || essence.ends_with("+xml");
}

bool MediaType::is_text() const {
  if (essence.starts_with("text/") || is_xml() || essence.ends_with("+json")) return true;
  constexpr std::string_view kOthers[] = {"application/json", "application/javascript", "application/ecmascript",
                                          "application/x-javascript", "application/x-ndjson"};
  return std::find(std::begin(kOthers), std::end(kOthers), essence) != std::end(kOthers);
}

MediaType parse_media_type(std::string_view text) {
  std::string_view rest = strip(text);
  const std::string_view type = take_until(rest, "/");
  if (rest.empty()) return {};
  rest.remove_prefix(1);
  const std::string_view subtype = strip(take_until(rest, ";"));
  if (!is_token(type) || !is_token(subtype)) return {};
  MediaType media{to_lower_ascii(type) + "/" + to_lower_ascii(subtype), {}};
  while (!rest.empty()) read_parameter(rest, media.charset);
  return media;
}

std::string sniffed_essence(const MediaType& declared, std::string_view first_bytes) {
  const std::string_view bytes = first_bytes.substr(0, 1445);  // the standard's resource header
  const std::string& essence = declared.essence;
  if (bytes.empty()) return essence.empty() ? "application/octet-stream" : essence;
  if (essence.empty() || essence == "unknown/unknown" || essence == "application/unknown" || essence == "*/*") {
    return sniff(bytes);
  }
  const bool is_plain = essence == "text/plain" && is_binary(bytes) && !has_byte_order_mark(bytes);
  const bool is_vague = essence == "application/octet-stream" || essence == "binary/octet-stream";
  if (!is_plain && !is_vague) return essence;
  const std::string found = sniff(bytes);
  if (is_plain) return found;
  return found == "text/html" || found == "application/pdf" ? found : essence;
}

}  // namespace vellum
