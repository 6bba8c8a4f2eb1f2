#include "base/record_diff.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/article.h"
#include "base/edit_script.h"

namespace vellum::article {
namespace {

constexpr std::array<std::string_view, 8> kOfTheReading = {"schema", "url",    "captured", "sources",
                                                           "plugin", "layout", "verdict",  "plugin_version"};
constexpr std::array<std::string_view, 4> kAround = {"similar", "cited_by", "links", "next"};

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What makes an item of a list the same item.
std::string identity(const Json& item) {
  if (!item.is_object() || !item.contains("position")) return to_line(item);
  Json rest = item;
  rest.erase("position");
  return to_line(rest);
}

class Comparison {
 public:
  void fields(const Json& from, const Json& to) {
    for (const std::string& name : field_names()) {
      if (is_among(kOfTheReading, name)) continue;
      is_of_article_ = !is_among(kAround, name);
      member(name, name, from, to);
    }
  }
  std::vector<FieldChange> take() { return std::move(changes_); }

 private:
  // Records are flat: a list of objects of lists of text is the deepest, so this recursion is bounded by the schema.
  void values(const std::string& path, const Json& from, const Json& to) {
    if (from == to) return;
    if (from.is_object() && to.is_object()) return objects(path, from, to);
    if (from.is_array() && to.is_array()) return lists(path, from, to);
    changes_.push_back({path, from, to, is_of_article_});
  }

  void member(const std::string& path, const std::string& key, const Json& from, const Json& to) {
    static const Json kAbsent;
    const auto old_value = from.find(key);
    const auto new_value = to.find(key);
    values(path, old_value == from.end() ? kAbsent : *old_value, new_value == to.end() ? kAbsent : *new_value);
  }

  void objects(const std::string& path, const Json& from, const Json& to) {
    for (const auto& [key, value] : from.items()) {
      if (key != "position") member(path + "/" + key, key, from, to);
    }
    for (const auto& [key, value] : to.items()) {
      if (key != "position" && !from.contains(key)) values(path + "/" + key, Json(), value);
    }
  }

  void lists(const std::string& path, const Json& from, const Json& to) {
    const std::vector<std::string> old_texts = identities(from), new_texts = identities(to);
    const std::vector<std::string_view> old_views(old_texts.begin(), old_texts.end());
    const std::vector<std::string_view> new_views(new_texts.begin(), new_texts.end());
    for (const Edit& edit : edit_script(old_views, new_views)) {
      if (!edit.is_same) replacement(path, edit, from, to);
    }
  }

  // Items in the place of others are compared with them; what is left over was removed or added.
  void replacement(const std::string& path, const Edit& edit, const Json& from, const Json& to) {
    std::size_t x = edit.old_begin, y = edit.new_begin;
    for (; x < edit.old_end && y < edit.new_end; ++x, ++y) values(path + "/" + std::to_string(x), from[x], to[y]);
    for (; x < edit.old_end; ++x) values(path + "/" + std::to_string(x), from[x], Json());
    for (; y < edit.new_end; ++y) values(path + "/" + std::to_string(y), Json(), to[y]);
  }

  static std::vector<std::string> identities(const Json& list) {
    std::vector<std::string> texts;
    for (const Json& item : list) texts.push_back(identity(item));
    return texts;
  }

  std::vector<FieldChange> changes_;
  bool is_of_article_ = true;
};

}  // namespace

std::vector<FieldChange> compare(const Json& from, const Json& to) {
  Comparison comparison;
  comparison.fields(from.is_object() ? from : Json::object(), to.is_object() ? to : Json::object());
  return comparison.take();
}

}  // namespace vellum::article
