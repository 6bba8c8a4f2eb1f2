// Typed reading of a crawl's TOML file: each call takes one key, if it is there, and remembers the first fault.
// Part of load_config; see config.h.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/toml.h"

namespace vellum::policy {

// Every table ("" is the file itself) and the keys that it may hold.
struct KnownKeys {
  std::string table;
  std::vector<std::string> keys;
};
const std::vector<KnownKeys>& known_keys();

class ConfigReader {
 public:
  // Checks at once that no key is unknown.
  explicit ConfigReader(const TomlFile& file);

  bool has(std::string_view pointer) const;
  // How many tables [[name]] the file has; complains where it is something else, and of their unknown keys.
  std::size_t tables(std::string_view pointer, const std::vector<std::string>& known);
  void text(std::string_view pointer, std::string& into);
  void flag(std::string_view pointer, bool& into);
  void whole(std::string_view pointer, std::int64_t low, std::int64_t high, std::int64_t& into);
  template <class T>
  void number(std::string_view pointer, std::int64_t low, std::int64_t high, T& into) {
    auto value = static_cast<std::int64_t>(into);
    whole(pointer, low, high, value);
    into = static_cast<T>(value);
  }
  // A number of bytes, or text such as "64MiB".
  void size(std::string_view pointer, std::uint64_t& into);
  // Not negative, at most ten years.
  void duration(std::string_view pointer, Duration& into);
  void texts(std::string_view pointer, std::vector<std::string>& into);

  // "file:line: scope.max_depth <message>"
  void complain(std::string_view pointer, std::string_view message);
  bool ok() const { return first_fault_.has_value(); }
  const Result<void>& result() const { return first_fault_; }
  const TomlFile& file() const { return file_; }

 private:
  const Json* find(std::string_view pointer) const;

  const TomlFile& file_;
  Result<void> first_fault_;
};

}  // namespace vellum::policy
