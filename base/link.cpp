#include "base/link.h"

#include <algorithm>

namespace vellum {

Json to_json(const OutboundLink& link) {
  Json json = Json::object();
  const auto put = [&](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  put("place", link.place);
  if (link.n != 0) json["n"] = link.n;
  put("rel", link.rel);
  put("url", link.url);
  put("doi", link.doi);
  put("raw_text", link.raw_text);
  put("raw_href", link.raw_href);
  if (link.offset >= 0) json["offset"] = link.offset;
  put("rule", link.rule);
  return json;
}

OutboundLink link_from_json(const Json& json) {
  OutboundLink link;
  link.place = text_of(json, "place");
  const std::int64_t n = integer_of(json, "n");
  link.n = n > 0 && n <= INT32_MAX ? static_cast<int>(n) : 0;
  link.rel = text_of(json, "rel");
  link.url = text_of(json, "url");
  link.doi = text_of(json, "doi");
  link.raw_text = text_of(json, "raw_text");
  link.raw_href = text_of(json, "raw_href");
  link.offset = std::max<std::int64_t>(integer_of(json, "offset", -1), -1);
  link.rule = text_of(json, "rule");
  return link;
}

}  // namespace vellum
