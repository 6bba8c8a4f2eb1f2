#include "base/article_parts.h"

#include <set>

#include "base/digest.h"

namespace vellum::article {
namespace {

constexpr const char* kReferencesPart = "references";
constexpr std::size_t kDigits = 16;

struct Part {
  const char* name;
  std::vector<const char*> fields;
};

const std::vector<Part>& parts() {
  static const std::vector<Part> kParts = {
      {"heading",
       {"title", "title_html", "journal", "publisher", "isbn", "published", "history", "volume", "issue", "pages",
        "elocator", "version", "language", "license", "ids"}},
      {"authors", {"authors", "editors", "conflict_of_interest"}},
      {"abstract", {"abstract"}},
      {"subjects", {"keywords", "publication_types", "mesh", "substances", "grants"}},
      {"sections", {"sections"}},
      {"figures", {"figures"}},
      {"tables", {"tables", "supplements"}},
      {kReferencesPart, {"references"}},
      {kNoticesPart, {"notices"}},
  };
  return kParts;
}

// Without addresses: they carry tokens and names of servers, and move while the work stays.
Json without_addresses(const Json& value) {
  if (!value.is_array()) return value;
  Json out = Json::array();
  for (const Json& item : value) {
    Json kept = item;
    if (kept.is_object()) {
      for (const char* name : {"url", "image", "href"}) kept.erase(name);
    }
    out.push_back(std::move(kept));
  }
  return out;
}

bool is_left_out(const Part& part, const Json& record) {
  const auto complete = record.find("references_complete");
  return part.name == std::string_view(kReferencesPart) && complete != record.end() && complete->is_boolean() &&
         !complete->get<bool>();
}

}  // namespace

std::map<std::string, std::string> part_digests(const Json& record) {
  std::map<std::string, std::string> digests;
  for (const Part& part : parts()) {
    if (is_left_out(part, record)) continue;
    Json fields = Json::object();
    for (const char* field : part.fields) {
      const auto found = record.find(field);
      if (found != record.end()) fields[field] = without_addresses(*found);
    }
    if (!fields.empty()) digests[part.name] = to_hex(sha256(to_line(fields)).view()).substr(0, kDigits);
  }
  return digests;
}

std::vector<std::string> changed_parts(const std::map<std::string, std::string>& before,
                                       const std::map<std::string, std::string>& after) {
  std::set<std::string> names;
  for (const auto& [name, digest] : before) names.insert(name);
  for (const auto& [name, digest] : after) names.insert(name);
  std::vector<std::string> changed;
  for (const std::string& name : names) {
    const auto one = before.find(name), other = after.find(name);
    const bool in_both = one != before.end() && other != after.end();
    if (name == kReferencesPart && !in_both) continue;
    if (!in_both || one->second != other->second) changed.push_back(name);
  }
  return changed;
}

}  // namespace vellum::article
