#include "tools/replay/record_view.h"

#include "tools/replay/target.h"

namespace vellum::replay {
namespace {

const Json& member(const Json& object, const char* key, Json::value_t type) {
  static const Json kEmptyList = Json::array();
  static const Json kEmptyObject = Json::object();
  if (object.is_object()) {
    const auto found = object.find(key);
    if (found != object.end() && found->type() == type) return *found;
  }
  return type == Json::value_t::array ? kEmptyList : kEmptyObject;
}

bool has_record(const storage::Archive& archive, const std::string& id) {
  const auto captures = archive.captures_by_id(id);
  return captures && !captures->empty();
}

}  // namespace

const Json& list_of(const Json& object, const char* key) {
  return member(object, key, Json::value_t::array);
}
const Json& part_of(const Json& object, const char* key) {
  return member(object, key, Json::value_t::object);
}

std::string joined(const Json& list, std::string_view separator) {
  std::string text;
  for (const Json& item : list) {
    if (!item.is_string()) continue;
    if (!text.empty()) text += separator;
    text += item.get_ref<const std::string&>();
  }
  return text;
}

void add_heading(Markup& body, std::string_view title) {
  body.raw("<h2>").text(title).raw("</h2>");
}

void add_rich_text(Markup& body, const Json& object, const std::string& key) {
  const std::string html = text_of(object, key + "_html");
  if (html.empty()) {
    body.text(text_of(object, key));
  } else {
    body.inline_html(html);
  }
}

std::optional<std::string> archived_path(const storage::Archive& archive, const Json& entry) {
  for (const char* kind : {"doi", "pmid", "pmcid"}) {
    const std::string id = text_of(entry, kind);
    const std::string key = std::string(kind) + ":" + id;
    if (!id.empty() && has_record(archive, key)) return work_path(key);
  }
  const auto url = Url::parse(text_of(entry, "url"));
  if (!url || !url->is_http()) return std::nullopt;
  const auto capture = archive.find(*url, {.at = std::nullopt, .even_quarantined = false, .only_success = true});
  return capture ? std::optional(web_path(capture->captured, capture->url)) : std::nullopt;
}

void add_archived_tag(Markup& body, const std::optional<std::string>& path) {
  if (!path) {
    body.raw(" <span class=\"tag\">not archived</span>");
    return;
  }
  body.raw(" <a class=\"tag good\" href=\"").text(*path).raw("\">archived</a>");
}

}  // namespace vellum::replay
