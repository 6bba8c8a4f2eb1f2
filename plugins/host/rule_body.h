// The parts of a plugin.toml that may stand at its top level and in each layout: fields, groups, links, fragments,
// substance rules. Used by rule_file.cpp alone.
//
// Threads: any; holds views of the file only.

#pragma once

#include <string>
#include <vector>

#include "base/toml.h"
#include "plugins/host/rule.h"

namespace vellum::plugins {

class BodyReader {
 public:
  explicit BodyReader(const TomlFile& toml, std::string plugin_id) : toml_(toml), plugin_id_(std::move(plugin_id)) {}

  // Changes `body` by what the table at `pointer` says.
  Result<void> read(const std::string& pointer, Body& body) const;
  // Keys that a table with a body may hold.
  static std::vector<std::string> keys();

  // A string or a list of strings, each a selector.
  Result<std::vector<SelectorPtr>> selectors(const std::string& pointer) const;
  Result<SelectorPtr> selector(const std::string& pointer) const;
  Result<Pattern> pattern(const std::string& pointer) const;
  Result<std::vector<std::string>> texts(const std::string& pointer) const;
  Result<std::string> text(const std::string& pointer) const;
  // A text that is one of `known`, else an error that names the nearest.
  Result<std::string> word(const std::string& pointer, const std::vector<std::string>& known) const;
  const Json* find(const std::string& pointer) const;

 private:
  Result<void> read_record_keys(const std::string& pointer, std::vector<std::string>& keys) const;
  Result<void> read_fields(const std::string& pointer, Body& body) const;
  Result<void> read_namespace(const std::string& pointer, const std::string& prefix, Body& body) const;
  Result<void> read_group(const std::string& pointer, const GroupShape& shape, Body& body) const;
  Result<void> read_links(const std::string& pointer, Body& body) const;
  Result<void> read_fragments(const std::string& pointer, Body& body) const;
  Result<void> read_substance(const std::string& pointer, Body& body) const;
  Result<FieldRule> field(const std::string& pointer, const FieldShape& shape) const;
  Result<Source> source(const std::string& pointer) const;
  Result<void> read_place(const std::string& pointer, Source& source) const;
  Result<void> read_steps(const std::string& pointer, Source& source) const;

  const TomlFile& toml_;
  std::string plugin_id_;
};

}  // namespace vellum::plugins
