// Where a value that is known already stands on a page, written as sources for a rule file: for the repair of a field
// that a site's new design has lost.
//
// The page's text is folded once (letters and digits alone, lower case), so that a search is linear in the page; a
// value may stand in <meta>, JSON-LD, the text of an element or one of its attributes. What is found is tried with the
// reader of fields before it is handed on.
//
// Threads: one a search; views the page, which must outlive it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "plugins/host/page_view.h"
#include "plugins/host/record_shape.h"
#include "plugins/html/document.h"

namespace vellum::plugins {

// One way to reach the value.
struct FoundSource {
  std::string source;         // as a rule file writes it: `"h1.title"`, `{ meta = "citation_title" }`
  std::string value;          // what it yields
  bool is_in_markup = false;  // an element of the page, not <meta> or JSON-LD
  bool yields_it = false;     // read as the field, it gives the value; else the value is a part of what it gives
};

// One way to reach the items of a repeated group.
struct FoundItems {
  std::string selector;
  std::size_t items = 0;  // that it matches on the page
  std::size_t known = 0;  // of the items looked for, those within a match
};

class ValueSearch {
 public:
  explicit ValueSearch(const PageView& page);

  // The best first; at most six. `spellings` are ways to write the one value ("2019-01", "January 2019").
  std::vector<FoundSource> find(const std::vector<std::string>& spellings, const FieldShape& shape) const;
  // Of a group whose items hold these texts, in their order; at most three.
  std::vector<FoundItems> find_items(const std::vector<std::vector<std::string>>& items) const;

 private:
  struct Holder {
    html::Node node;
    bool is_whole = false;  // it holds the value and nothing else
  };
  void fold_page();
  void add_meta(const std::string& wanted, std::vector<FoundSource>& out) const;
  void add_json(const std::string& wanted, std::vector<FoundSource>& out) const;
  void add_attributes(const std::string& wanted, const FieldShape& shape, std::vector<FoundSource>& out) const;
  void add_elements(const std::string& wanted, const FieldShape& shape, std::vector<FoundSource>& out) const;
  std::vector<Holder> holders(const std::string& wanted) const;
  html::Node holder_of_any(const std::vector<std::string>& spellings) const;
  void add_tried(html::Node node, const std::string& attribute, const std::string& wanted, const FieldShape& shape,
                 std::vector<FoundSource>& out) const;

  struct Chunk {
    std::size_t begin = 0;
    std::uint32_t element = 0;
  };
  const PageView& page_;
  std::string text_;                      // of the page, folded
  std::vector<std::size_t> begin_, end_;  // of each node's text in text_, by Node::index()
  std::vector<Chunk> chunks_;             // text nodes in document order
};

// Letters and digits in lower case, nothing else: two spellings of one value fold to the same.
std::string folded(std::string_view text);

// How the record's value at `field` ("title", "journal.title", "published") may be written on a page.
std::vector<std::string> spellings_of(const Json& record, std::string_view field);

// What tells each item of a list in the record, and how it may be written; empty where the field is no list.
std::vector<std::vector<std::string>> item_spellings(const Json& record, std::string_view field);

}  // namespace vellum::plugins
