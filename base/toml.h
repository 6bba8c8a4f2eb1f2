// TOML files as Json, with the line of every key, so that whoever reads them can name file and line.
//
//   VELLUM_TRY(auto file, TomlFile::load("vellum.toml"));
//   VELLUM_CHECK(file.check_keys("/scope", {"hosts", "include", "exclude", "max_depth", "max_pages"}));
//       // "vellum.toml:7: unknown key `max_page` in [scope], did you mean `max_pages`?"
//   if (text_of(file.root(), "user_agent").empty()) return file.complaint("/user_agent", "must not be empty");
//
// Objects keep the order of the file. Dates and times become strings in RFC 3339 form. Places in the file are named by
// JSON pointers (RFC 6901): "/seeds/0", "/layouts/2/name".
//
// Memory: owns everything. Threads: immutable.     Spec: TOML 1.0; the one wrapper over toml++

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace vellum {

class TomlFile {
 public:
  // kNotFound if the file cannot be opened; kInvalid "path:line:column: message" if it is not TOML, kTooLarge over 16
  // MiB.
  static Result<TomlFile> load(const std::string& path);
  // `name` stands for the path in messages.
  static Result<TomlFile> parse(std::string_view text, std::string name);

  const Json& root() const { return root_; }
  const std::string& path() const { return path_; }

  // 1-based line of the key (or list item) at `pointer`; nullopt if the file does not hold it. "" is the whole file.
  std::optional<int> line_of(std::string_view pointer) const;
  // "path:line", or "path" where the file does not hold `pointer` nor anything above it.
  std::string place_of(std::string_view pointer) const;
  // fail(kInvalid, "path:line: <message>"), to be returned by the caller.
  Failure complaint(std::string_view pointer, std::string_view message) const;

  // kInvalid for the first key of the table at `pointer` that is not among `known`, with a "did you mean". A table that
  // is absent is fine; a value that is no table is kInvalid too.
  Result<void> check_keys(std::string_view pointer, const std::vector<std::string>& known) const;

 private:
  friend class TomlReader;
  TomlFile() = default;

  std::string path_;
  Json root_;
  std::map<std::string, int, std::less<>> lines_;
};

// "<parent>/<key>" with '~' and '/' in the key escaped.
std::string pointer_to(std::string_view parent, std::string_view key);

}  // namespace vellum
