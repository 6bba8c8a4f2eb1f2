#include "base/toml.h"

namespace {

// toml++ 3.3 asserts that a table's name begins well ("[.x]" ends the program; without assertions it runs astray). Its
// assertions are made to throw here, and the throw is stopped where it is called.
struct BrokenTomlAssertion {};
[[noreturn]] void throw_broken_toml_assertion() {
  throw BrokenTomlAssertion();
}

}  // namespace

#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? void(0) : throw_broken_toml_assertion())
#define TOML_EXCEPTIONS 1
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_UNRELEASED_FEATURES 0
#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace vellum {
namespace {

constexpr std::size_t kMaxFileBytes = 16 << 20;

template <class T>
Json as_text(const T& date_or_time) {
  std::ostringstream out;
  out << date_or_time;
  return out.str();
}

Json scalar(const toml::node& node) {
  if (const auto* v = node.as_string()) return v->get();
  if (const auto* v = node.as_integer()) return v->get();
  if (const auto* v = node.as_floating_point()) return v->get();
  if (const auto* v = node.as_boolean()) return v->get();
  if (const auto* v = node.as_date()) return as_text(v->get());
  if (const auto* v = node.as_time()) return as_text(v->get());
  if (const auto* v = node.as_date_time()) return as_text(v->get());
  return nullptr;
}

// The first line that looks like a table's head with a name that cannot begin so; 1 if there is none.
int line_of_bad_header(std::string_view text) {
  int line = 0;
  for (std::string_view content : split(text, '\n')) {
    ++line;
    content = trim(content);
    if (!content.starts_with('[')) continue;
    while (content.starts_with('[')) content.remove_prefix(1);
    content = trim(content);
    const auto first = content.empty() ? 0x80u : static_cast<unsigned char>(content.front());
    const bool letter_or_digit = (first >= '0' && first <= '9') || ((first | 0x20) >= 'a' && (first | 0x20) <= 'z');
    if (!letter_or_digit && first != '-' && first != '_' && first != '"' && first != '\'' && first != ']') return line;
  }
  return 1;
}

}  // namespace

// Copies a parsed file over. Recursion is bounded: toml++ refuses more than 256 levels.
class TomlReader {
 public:
  static TomlFile read(const toml::table& table, std::string path) {
    TomlFile file;
    file.path_ = std::move(path);
    file.root_ = TomlReader(file).object(table, "");
    return file;
  }

 private:
  explicit TomlReader(TomlFile& file) : file_(file) {}

  void note(const std::string& pointer, const toml::source_region& source) {
    file_.lines_.emplace(pointer, static_cast<int>(source.begin.line));
  }

  Json value(const toml::node& node, const std::string& pointer) {
    if (const auto* table = node.as_table()) return object(*table, pointer);
    if (const auto* array = node.as_array()) return list(*array, pointer);
    return scalar(node);
  }

  Json object(const toml::table& table, const std::string& pointer) {
    struct Member {
      const toml::key* key;
      const toml::node* node;
    };
    std::vector<Member> members;
    for (const auto& [key, node] : table) members.push_back({&key, &node});
    // toml++ sorts keys by name; the order of the file is the order of their places.
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
      const auto &x = a.key->source().begin, &y = b.key->source().begin;
      return x.line != y.line ? x.line < y.line : x.column < y.column;
    });
    Json out = Json::object();
    for (const auto& [key, node] : members) {
      const std::string here = pointer_to(pointer, key->str());
      note(here, key->source());
      out[std::string(key->str())] = value(*node, here);
    }
    return out;
  }

  Json list(const toml::array& array, const std::string& pointer) {
    Json out = Json::array();
    for (const toml::node& node : array) {
      const std::string here = pointer_to(pointer, std::to_string(out.size()));
      note(here, node.source());
      out.push_back(value(node, here));
    }
    return out;
  }

  TomlFile& file_;
};

Result<TomlFile> TomlFile::parse(std::string_view text, std::string name) {
  try {
    return TomlReader::read(toml::parse(text, std::string_view(name)), name);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    return fail(ErrorKind::kInvalid, name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                                         std::string(error.description()));
  } catch (const BrokenTomlAssertion&) {
    return fail(ErrorKind::kInvalid, name + ":" + std::to_string(line_of_bad_header(text)) +
                                         ":1: the name of a table must be letters, digits, '-', '_' or quoted");
  }
}

Result<TomlFile> TomlFile::load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorKind::kNotFound, "cannot open " + path);
  std::string text;
  char buffer[64 * 1024];
  while (in.read(buffer, sizeof buffer), in.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxFileBytes) return fail(ErrorKind::kTooLarge, path + " is over 16 MiB");
  }
  if (in.bad() || !in.eof()) return fail(ErrorKind::kInvalid, "cannot read " + path);
  return parse(text, path);
}

std::optional<int> TomlFile::line_of(std::string_view pointer) const {
  if (pointer.empty()) return 1;
  const auto found = lines_.find(pointer);
  return found == lines_.end() ? std::nullopt : std::optional(found->second);
}

std::string TomlFile::place_of(std::string_view pointer) const {
  while (!pointer.empty()) {
    if (const auto line = line_of(pointer)) return path_ + ":" + std::to_string(*line);
    pointer = pointer.substr(0, pointer.find_last_of('/'));
  }
  return path_;
}

Failure TomlFile::complaint(std::string_view pointer, std::string_view message) const {
  return fail(ErrorKind::kInvalid, place_of(pointer) + ": " + std::string(message));
}

Result<void> TomlFile::check_keys(std::string_view pointer, const std::vector<std::string>& known) const {
  const Json::json_pointer at{std::string(pointer)};
  if (!root_.contains(at)) return {};
  const Json& table = root_[at];
  if (!table.is_object())
    return complaint(pointer, "`" + std::string(pointer.substr(pointer.rfind('/') + 1)) + "` must be a table");
  for (const auto& [key, value] : table.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string message = "unknown key `" + key + "`";
    if (!pointer.empty()) message += " in [" + std::string(pointer.substr(1)) + "]";
    if (const std::string near = nearest_word(key, known); !near.empty()) message += ", did you mean `" + near + "`?";
    return complaint(pointer_to(pointer, key), message);
  }
  return {};
}

std::string pointer_to(std::string_view parent, std::string_view key) {
  std::string pointer(parent);
  pointer += '/';
  for (char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

}  // namespace vellum
