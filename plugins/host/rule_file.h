// Reads plugin.toml files.
//
//   VELLUM_TRY(RuleFile file, RuleFile::load("plugins/sites/org.example/plugin.toml"));
//   VELLUM_TRY(Rule rule, file.compile(parent_or_null));
//
// Errors are kInvalid and name the place and what would be right:
//   "plugins/sites/org.example/plugin.toml:12: unknown key `titel` in [fields], did you mean `title`?"
//
// Threads: any; a RuleFile is immutable.

#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/toml.h"
#include "plugins/host/rule.h"

namespace vellum::plugins {

class RuleFile {
 public:
  static Result<RuleFile> load(const std::filesystem::path& file);
  // `file` names it in messages; tests are looked for beside it.
  static Result<RuleFile> parse(std::string_view text, const std::filesystem::path& file);

  const std::string& id() const { return id_; }
  const std::string& extends() const { return extends_; }  // id of the platform that it builds on, "" if none
  const TomlFile& toml() const { return toml_; }

  // `platform` is the rule that extends() names, compiled; nullptr if there is none.
  Result<Rule> compile(const Rule* platform) const;

 private:
  explicit RuleFile(TomlFile toml) : toml_(std::move(toml)) {}
  static Result<RuleFile> checked(TomlFile toml);

  TomlFile toml_;
  std::string id_, extends_;
};

}  // namespace vellum::plugins
