// A declarative plugin, compiled: what a plugin.toml says, with its selectors, patterns and clean-up steps ready to
// run.
//
// A rule has a body that holds for all its layouts, and layouts that change parts of it. All of that is resolved when
// the file is read, so that a Layout stands alone here.
//
// Memory: values; selectors are shared between a rule and those that extend it. Threads: immutable once read.
// See: docs/plugins.md, the reference of the file format.

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/pattern.h"
#include "base/url.h"
#include "plugins/host/cleaners.h"
#include "plugins/host/record_shape.h"
#include "plugins/html/selector.h"

namespace vellum::worker {
class WorkerPool;
}

namespace vellum::plugins {

using SelectorPtr = std::shared_ptr<const html::Selector>;

// One way to find a value. A field has several, in order; the first that yields one wins.
struct Source {
  enum class From {
    kSelf,    // the item itself, or the page
    kCss,     // below the item
    kPage,    // below the page's root, also from within an item
    kBefore,  // the nearest sibling before the item that matches
    kAfter,   // siblings after the item up to the next item, and what is below them
    kUp,      // the nearest element above the item that matches
    kMeta,    // content of a <meta> by name
    kJson,    // a path in the page's JSON-LD, or in the script that `in` selects
    kPath,    // a capture of a pattern on the address's path and query
    kConst,   // a fixed text
  };
  From from = From::kSelf;
  SelectorPtr selector;          // kCss, kPage, kBefore, kAfter, kUp
  std::string name;              // meta name, JSON path, constant
  SelectorPtr in;                // kJson: the script; neither this nor `variable` means JSON-LD
  std::string variable;          // kJson: what the object is assigned to: "window.__PRELOADED_STATE__"
  std::optional<Pattern> path;   // kPath
  std::string attribute;         // in place of the text
  SelectorPtr without;           // parts that are left out of the text
  SelectorPtr lead;              // the nearest sibling before a value that matches: "its text / the value"
  SelectorPtr star;              // elements whose text gets a '*', as PubMed marks a major topic
  std::optional<Pattern> match;  // keeps the first capture (or the whole match); no match, no value
  std::string split;             // one value to many
  std::string format;            // "/{ids.pmid}/references/", "{value}"
  std::vector<const Cleaner*> clean;
  std::optional<std::string> join;  // many values to one
  std::string spelling;             // as the rule file has it, for people
};

struct FieldRule {
  const FieldShape* shape = nullptr;
  std::vector<Source> sources;
};

// A repeated part of the page: authors, references, figures, ...
struct GroupRule {
  const GroupShape* shape = nullptr;
  std::vector<SelectorPtr> items;    // the first that matches anything wins
  std::optional<Source> json_items;  // kJson: the items where no element is one; their fields' `json` starts there
  SelectorPtr skip;                  // items that are none
  std::vector<FieldRule> fields;
};

// Gives links a place on the page and a role.
struct LinkRule {
  std::string name;  // "pubmed.links.fulltext"
  SelectorPtr selector;
  std::string place;  // one of kLinkPlaces
  std::string rel;    // one of the record's, "" for none
};

// A part of the page under another address.
struct FragmentRule {
  std::string reason;
  FieldRule url;
  std::string joins;  // the group that is read in the fragment too
  FieldRule count;    // how many items the page says there are, optional
};

// What makes a page a page of some substance; the first rule that holds decides.
struct SubstanceRule {
  std::string verdict;
  SelectorPtr css;
  std::optional<Pattern> title, text;
  std::string because;  // evidence for people, "" for the condition itself
};

struct Body {
  std::string kind = "article";
  std::vector<FieldRule> fields;
  std::vector<GroupRule> groups;
  std::vector<LinkRule> links;
  std::vector<FragmentRule> fragments;
  std::vector<SubstanceRule> substance;
  std::vector<std::string> not_from_generic;  // record keys that the generic reader must not fill
  std::vector<std::string> generic_first;     // record keys where what the generic reader finds goes before the rules
};

struct Layout {
  std::string name;                      // "pubmed/2020"; "" where the plugin has no layouts
  std::vector<SelectorPtr> detect;       // all must match
  std::vector<SelectorPtr> reject;       // none may match
  std::optional<Timestamp> from, until;  // when the site served it: decides where several layouts fit
  Body body;
};

struct TestCase {
  std::string name;
  std::filesystem::path page, expect;
  std::string url, captured;
  int status = 200;
  std::vector<std::pair<std::string, std::filesystem::path>> fragments;  // address, file
};

struct Rule {
  std::string id, label;
  int version = 0;
  int priority = 0;
  std::filesystem::path file;
  std::vector<std::string> hosts;
  std::vector<Pattern> paths;  // any of them; none means every path
  bool xml = false;            // reads XML documents, of whatever host fits; others read HTML
  std::vector<SelectorPtr> volatile_parts;
  std::string channel, policy, basis;
  std::shared_ptr<worker::WorkerPool> native;  // the workers that run its library; nullptr if it has none
  Body body;
  std::vector<Layout> layouts;  // at least one
  std::vector<TestCase> tests;

  bool matches(const Url& url) const;
};

}  // namespace vellum::plugins
