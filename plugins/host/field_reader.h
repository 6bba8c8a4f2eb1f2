// Runs the sources of one field: the first that yields a value wins.
//
// Threads: one a reader, since it keeps the JSON that it has parsed; views the page, which must outlive it.

#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "plugins/host/node_text.h"
#include "plugins/host/page_view.h"
#include "plugins/host/rule.h"

namespace vellum::plugins {

// Where a field is read: the whole page, or one item of a group.
struct Place {
  html::Node node;                     // the item, or the document's root
  html::Node until;                    // the item after it, where `after` stops; falsy if none
  const NodeSet* leave_out = nullptr;  // parts below it that are other items
  const Json* json = nullptr;          // an item of `json_items`: `json` without a script is read in it, not in JSON-LD
};

struct Reading {
  std::vector<std::string> values;  // cleaned, none empty
  std::string markup;               // of the first value, "" where it has no inline markup
  bool empty() const { return values.empty(); }
  std::string first() const { return values.empty() ? std::string() : values.front(); }
};

class FieldReader {
 public:
  // `record` gives values to `format`; it may grow between reads.
  FieldReader(const PageView& page, const Json& record) : page_(page), record_(record) {}

  Reading read(const FieldRule& rule, const Place& place) const;
  // The values that `source`, which is of kJson, leads to; lists are taken apart. They live as long as this reader.
  std::vector<const Json*> json_items(const Source& source) const;
  Reading read(const FieldRule& rule) const { return read(rule, {page_.document().root(), {}, nullptr, nullptr}); }

 private:
  Reading read(const Source& source, const FieldShape& shape, const Place& place) const;
  std::vector<html::Node> nodes(const Source& source, const Place& place) const;
  std::vector<std::string> texts(const Source& source, const Place& place, std::string* markup) const;
  std::string node_value(const Source& source, const Place& place, html::Node node) const;
  std::vector<std::string> json_values(const Source& source, const Place& place) const;
  const std::vector<Json>& objects_of(const Source& source) const;
  std::vector<std::string> path_values(const Source& source) const;
  std::string formatted(const std::string& format, const std::string& value) const;

  const PageView& page_;
  const Json& record_;
  mutable std::map<std::pair<std::string, std::string>, std::vector<Json>> scripts_;  // by selector and variable
};

// The values at `path` in `json`, texts and numbers as text: "author[*].name", "@graph[0].headline".
std::vector<std::string> values_at(const Json& json, std::string_view path);

// The text in `record` at a dotted name: "ids.pmid"; "" if it is not there.
std::string record_text(const Json& record, std::string_view dotted_name);

}  // namespace vellum::plugins
