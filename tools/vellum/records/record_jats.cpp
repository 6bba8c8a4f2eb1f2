// Article records as JATS 1.3 (ANSI/NISO Z39.96): front matter and reference list, no body.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/text.h"
#include "tools/vellum/records/export_formats.h"
#include "tools/vellum/records/record_fields.h"

namespace vellum::cli {
namespace {

// What XML 1.0 cannot hold, not even escaped, is left out.
std::string escape_xml(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Step step = next_utf8(text.substr(i));
    const char32_t c = step.code_point;
    const bool is_allowed = (c >= 0x20 && c != 0xFFFE && c != 0xFFFF) || c == '\t' || c == '\n' || c == '\r';
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (is_allowed) {
      append_utf8(out, c);
    }
    i += step.bytes;
  }
  return out;
}

// The record's markup (bare sub, sup, i, em, b, strong) in JATS' names. Anything else, or tags that do not pair, and
// the plain text is taken.
std::string jats_markup(const std::string& html, const std::string& plain) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"i", "italic"}, {"em", "italic"}, {"b", "bold"}, {"strong", "bold"}, {"sub", "sub"}, {"sup", "sup"}};
  std::string out;
  std::vector<std::string_view> open;
  for (std::size_t at = 0; at < html.size();) {
    const std::size_t tag = html.find('<', at);
    out += escape_xml(unescape_html(std::string_view(html).substr(at, tag - at)));
    if (tag == std::string::npos) break;
    const std::size_t end = html.find('>', tag);
    if (end == std::string::npos) return escape_xml(plain);
    const bool closes = html[tag + 1] == '/';
    const std::size_t from = tag + (closes ? 2 : 1);
    const std::string_view word = std::string_view(html).substr(from, end - from);
    std::string_view name;
    for (const auto& [ours, theirs] : kNames) name = word == ours ? theirs : name;
    if (name.empty() || (closes && (open.empty() || open.back() != name))) return escape_xml(plain);
    closes ? open.pop_back() : open.push_back(name);
    (out += closes ? "</" : "<").append(name) += '>';
    at = end + 1;
  }
  return open.empty() && !html.empty() ? out : escape_xml(plain);
}

class Xml {
 public:
  // Nothing where there is no text.
  void add(std::string_view element, const std::string& text, std::string_view attributes = "") {
    if (!text.empty()) add_raw(element, escape_xml(text), attributes);
  }
  void add_raw(std::string_view element, const std::string& content, std::string_view attributes = "") {
    if (content.empty()) return;
    text_ += fmt::format("<{0}{1}{2}>{3}</{0}>\n", element, attributes.empty() ? "" : " ", attributes, content);
  }
  std::string take() { return "\n" + std::move(text_); }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

std::string content_of(Xml& xml) {
  return xml.empty() ? std::string() : xml.take();
}

std::string journal_meta(const Json& record) {
  const Json& journal = member(record, "journal");
  Xml titles, meta, publisher;
  titles.add("journal-title", text_of(journal, "title"));
  titles.add("abbrev-journal-title", text_of(journal, "abbreviation"));
  meta.add_raw("journal-title-group", content_of(titles));
  for (const std::string& issn : texts(journal, "issn")) meta.add("issn", issn);
  publisher.add("publisher-name", text_of(record, "publisher"));
  meta.add_raw("publisher", content_of(publisher));
  return content_of(meta);
}

std::string contributor(const CitedPerson& person, const Json& source) {
  Xml contrib, name;
  contrib.add("contrib-id", text_of(source, "orcid"), "contrib-id-type=\"orcid\"");
  if (person.family.empty() && flag_of(source, "collective")) {
    contrib.add("collab", person.name);
  } else if (person.family.empty()) {
    contrib.add("string-name", person.name);
  } else {
    name.add("surname", person.family);
    name.add("given-names", person.given);
    contrib.add_raw("name", content_of(name));
  }
  for (const std::string& place : texts(source, "affiliations")) contrib.add("aff", place);
  return content_of(contrib);
}

void add_contributors(Xml& meta, const Json& record, const char* key, std::string_view attributes) {
  Xml group;
  for (const Json& source : member(record, key)) {
    const Json one = {{key, Json::array({source})}};
    for (const CitedPerson& person : people(one, key))
      group.add_raw("contrib", contributor(person, source), attributes);
  }
  meta.add_raw("contrib-group", content_of(group));
}

std::string date_parts(const CitedDate& date) {
  Xml parts;
  if (date.parts.size() > 2) parts.add("day", std::to_string(date.parts[2]));
  if (date.parts.size() > 1) parts.add("month", std::to_string(date.parts[1]));
  if (!date.parts.empty()) parts.add("year", std::to_string(date.parts[0]));
  return content_of(parts);
}

void add_pages(Xml& meta, const Json& record) {
  const std::string pages = text_of(record, "pages");
  const std::size_t dash = pages.find('-');
  meta.add("fpage", pages.substr(0, dash));
  if (dash != std::string::npos) meta.add("lpage", pages.substr(dash + 1));
  if (pages.empty()) meta.add("elocation-id", text_of(record, "elocator"));
}

void add_history(Xml& meta, const Json& record) {
  Xml history;
  for (const Json& event : member(record, "history")) {
    const Json dated = {{"published", text_of(event, "date")}};
    history.add_raw("date", date_parts(published(dated)), "date-type=\"" + escape_xml(text_of(event, "event")) + '"');
  }
  meta.add_raw("history", content_of(history));
}

void add_license(Xml& meta, const Json& record) {
  Xml permissions, license;
  license.add("license-p", text_of(record, "license"));
  permissions.add_raw("license", content_of(license));
  meta.add_raw("permissions", content_of(permissions));
}

void add_abstract(Xml& meta, const Json& record) {
  Xml abstract;
  for (const Json& part : member(record, "abstract")) {
    Xml paragraph;
    paragraph.add("title", text_of(part, "label"));
    paragraph.add_raw("p", jats_markup(text_of(part, "text_html"), text_of(part, "text")));
    const bool is_labelled = !text_of(part, "label").empty();
    if (is_labelled) abstract.add_raw("sec", content_of(paragraph));
    if (!is_labelled) abstract.add_raw("p", jats_markup(text_of(part, "text_html"), text_of(part, "text")));
  }
  meta.add_raw("abstract", content_of(abstract));
}

std::string article_meta(const Json& record) {
  Xml meta, title, words;
  for (const char* key : {"doi", "pmid", "pmcid", "arxiv"}) {
    meta.add("article-id", identifier(record, key), fmt::format("pub-id-type=\"{}\"", key));
  }
  title.add_raw("article-title", jats_markup(text_of(record, "title_html"), text_of(record, "title")));
  meta.add_raw("title-group", content_of(title));
  add_contributors(meta, record, "authors", "contrib-type=\"author\"");
  add_contributors(meta, record, "editors", "contrib-type=\"editor\"");
  meta.add_raw("pub-date", date_parts(published(record)), "date-type=\"pub\"");
  meta.add("volume", text_of(record, "volume"));
  meta.add("issue", text_of(record, "issue"));
  for (const std::string& isbn : texts(record, "isbn")) meta.add("isbn", isbn);
  add_pages(meta, record);
  add_history(meta, record);
  add_license(meta, record);
  meta.add_raw("self-uri", escape_xml(text_of(record, "url")),
               "xlink:href=\"" + escape_xml(text_of(record, "url")) + '"');
  add_abstract(meta, record);
  for (const std::string& word : texts(record, "keywords")) words.add("kwd", word);
  meta.add_raw("kwd-group", content_of(words));
  return content_of(meta);
}

std::string reference_list(const Json& record) {
  Xml list;
  std::size_t n = 0;
  for (const Json& work : member(record, "references")) {
    Xml reference;
    reference.add("label", std::to_string(integer_of(work, "position", static_cast<std::int64_t>(n + 1))));
    std::string citation = escape_xml(text_of(work, "text"));
    for (const char* key : {"doi", "pmid", "pmcid"}) {
      const std::string id = text_of(work, key);
      if (!id.empty()) citation += fmt::format(" <pub-id pub-id-type=\"{}\">{}</pub-id>", key, escape_xml(id));
    }
    reference.add_raw("mixed-citation", citation);
    list.add_raw("ref", content_of(reference), fmt::format("id=\"ref{}\"", ++n));
  }
  Xml back, out;
  back.add_raw("ref-list", content_of(list));
  out.add_raw("back", content_of(back));
  return content_of(out);
}

}  // namespace

std::string to_jats(const Json& record, bool stands_alone) {
  Xml front;
  front.add_raw("journal-meta", journal_meta(record));
  front.add_raw("article-meta", article_meta(record));
  const std::string spaces = stands_alone ? " xmlns:xlink=\"http://www.w3.org/1999/xlink\"" : "";
  const std::string language = text_of(record, "language");
  const std::string tongue = language.empty() ? "" : " xml:lang=\"" + escape_xml(language) + '"';
  const std::string type = text_of(record, "kind") == "book" ? "other" : "research-article";
  return fmt::format("<article{} article-type=\"{}\" dtd-version=\"1.3\"{}><front>{}</front>{}</article>\n", spaces,
                     type, tongue, front.take(), reference_list(record));
}

}  // namespace vellum::cli
