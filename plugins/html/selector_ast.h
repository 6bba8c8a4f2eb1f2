// A compiled selector: what selector_parser makes and selector_match runs.
//
// Names (tags, classes, ids, attributes) are numbers into SelectorAst::names, so that a search looks each up in the
// document's atoms once.
//
// Threads: immutable once parsed.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/pattern.h"

namespace vellum::html {

using NameIndex = std::uint32_t;

enum class Combinator : std::uint8_t { kNone, kDescendant, kChild, kNextSibling, kLaterSibling };

struct AttributeTest {
  enum class Operator : std::uint8_t { kExists, kEquals, kIncludes, kDashMatch, kPrefix, kSuffix, kSubstring };
  NameIndex name = 0;
  Operator op = Operator::kExists;
  std::string value;
  bool ignore_case = false;
};

struct ComplexSelector;
using SelectorList = std::vector<ComplexSelector>;

struct PseudoClass {
  enum class Kind : std::uint8_t {
    kIs,
    kNot,
    kHas,
    kScope,
    kFirstChild,
    kLastChild,
    kOnlyChild,
    kFirstOfType,
    kLastOfType,
    kNthChild,
    kNthOfType,
    kEmpty,
    kHasText,
    kMatchesText,
  };
  Kind kind = Kind::kScope;
  SelectorList list;               // kIs, kNot, kHas
  int step = 0, offset = 0;        // an+b of kNthChild, kNthOfType
  std::string text;                // kHasText: white space folded, case folded
  std::optional<Pattern> pattern;  // kMatchesText
  std::uint32_t id = 0;            // below SelectorAst::pseudo_count
};

struct CompoundSelector {
  std::optional<NameIndex> tag;
  std::vector<NameIndex> ids, classes;
  std::vector<AttributeTest> attributes;
  std::vector<PseudoClass> pseudos;
  std::uint32_t id = 0;  // below SelectorAst::compound_count
};

struct ComplexSelector {
  struct Part {
    Combinator combinator;  // to the part before; of the first part only in :has(), else kNone
    CompoundSelector compound;
  };
  std::vector<Part> parts;  // never empty
};

struct SelectorAst {
  std::string text;
  SelectorList list;               // never empty
  std::vector<std::string> names;  // tags and attributes in lower case
  std::uint32_t compound_count = 0;
  std::uint32_t pseudo_count = 0;
};

// kInvalid with the column of the fault.
Result<SelectorAst> parse_selector(std::string_view text);

}  // namespace vellum::html
