#include <algorithm>
#include <array>
#include <charconv>

#include "base/case_fold.h"
#include "base/text.h"
#include "plugins/html/selector_ast.h"
#include "plugins/html/selector_reader.h"

namespace vellum::html {
namespace {

constexpr std::size_t kMaxTextBytes = 8192;
constexpr int kMaxNesting = 8;
constexpr std::size_t kMaxParts = 64;  // the matcher recurses on them

using Kind = PseudoClass::Kind;

struct PseudoName {
  std::string_view name;
  Kind kind;
  bool has_argument;
};

constexpr std::array kPseudoNames = {
    PseudoName{"is", Kind::kIs, true},
    PseudoName{"where", Kind::kIs, true},
    PseudoName{"not", Kind::kNot, true},
    PseudoName{"has", Kind::kHas, true},
    PseudoName{"scope", Kind::kScope, false},
    PseudoName{"first-child", Kind::kFirstChild, false},
    PseudoName{"last-child", Kind::kLastChild, false},
    PseudoName{"only-child", Kind::kOnlyChild, false},
    PseudoName{"first-of-type", Kind::kFirstOfType, false},
    PseudoName{"last-of-type", Kind::kLastOfType, false},
    PseudoName{"nth-child", Kind::kNthChild, true},
    PseudoName{"nth-of-type", Kind::kNthOfType, true},
    PseudoName{"empty", Kind::kEmpty, false},
    PseudoName{"has-text", Kind::kHasText, true},
    PseudoName{"matches-text", Kind::kMatchesText, true},
};

// Values of these are compared without regard to case, as browsers do on HTML pages.
// Spec: https://html.spec.whatwg.org/#case-sensitivity-of-selectors
constexpr std::array<std::string_view, 46> kCaselessAttributes = {
    "accept",   "accept-charset", "align",    "alink",      "axis",   "bgcolor",  "charset",   "checked",  "clear",
    "codetype", "color",          "compact",  "declare",    "defer",  "dir",      "direction", "disabled", "enctype",
    "face",     "frame",          "hreflang", "http-equiv", "lang",   "language", "link",      "media",    "method",
    "multiple", "nohref",         "noresize", "noshade",    "nowrap", "readonly", "rel",       "rev",      "rules",
    "scope",    "scrolling",      "selected", "shape",      "target", "text",     "type",      "valign",   "valuetype",
    "vlink"};

class Parser {
 public:
  explicit Parser(std::string_view text) : reader_(text) { ast_.text = text; }

  Result<SelectorAst> run() {
    if (ast_.text.size() > kMaxTextBytes) return fail(ErrorKind::kInvalid, "selector is longer than 8192 bytes");
    VELLUM_TRY(ast_.list, list(Place::kTop, 0));
    if (!reader_.ended()) return reader_.fault("unexpected character");
    return std::move(ast_);
  }

 private:
  // Where a list stands decides what a combinator at its beginning means.
  enum class Place { kTop, kInIs, kInHas };

  Result<SelectorList> list(Place place, int nesting) {
    if (nesting > kMaxNesting) return reader_.fault("selectors are nested too deeply");
    SelectorList all;
    do {
      reader_.skip_space();
      VELLUM_TRY(ComplexSelector selector, complex(place, nesting));
      all.push_back(std::move(selector));
    } while (reader_.take(','));
    return all;
  }

  Result<ComplexSelector> complex(Place place, int nesting) {
    ComplexSelector selector;
    VELLUM_TRY(Combinator next, leading_combinator(selector, place));
    while (true) {
      VELLUM_TRY(CompoundSelector part, compound(nesting));
      selector.parts.push_back({next, std::move(part)});
      if (selector.parts.size() > kMaxParts) return reader_.fault("the selector has too many parts");
      const bool space = reader_.skip_space();
      next = combinator();
      if (next == Combinator::kNone && space && !at_end_of_complex()) next = Combinator::kDescendant;
      if (next == Combinator::kNone) return selector;
      reader_.skip_space();
    }
  }

  bool at_end_of_complex() const { return reader_.ended() || reader_.peek() == ',' || reader_.peek() == ')'; }

  Combinator combinator() {
    if (reader_.take('>')) return Combinator::kChild;
    if (reader_.take('+')) return Combinator::kNextSibling;
    if (reader_.take('~')) return Combinator::kLaterSibling;
    return Combinator::kNone;
  }

  // "> li" is ":scope > li"; in :has() it speaks of the element that is asked.
  Result<Combinator> leading_combinator(ComplexSelector& selector, Place place) {
    const std::size_t start = reader_.position();
    const Combinator first = combinator();
    reader_.skip_space();
    if (place == Place::kInHas) return first == Combinator::kNone ? Combinator::kDescendant : first;
    if (first == Combinator::kNone) return first;
    if (place == Place::kInIs) return reader_.fault_at(start, "a combinator may not stand here");
    CompoundSelector scope = new_compound();
    scope.pseudos.push_back(new_pseudo(Kind::kScope));
    selector.parts.push_back({Combinator::kNone, std::move(scope)});
    return first;
  }

  CompoundSelector new_compound() {
    CompoundSelector made;
    made.id = ast_.compound_count++;
    return made;
  }

  PseudoClass new_pseudo(Kind kind) {
    PseudoClass made;
    made.kind = kind;
    made.id = ast_.pseudo_count++;
    return made;
  }

  NameIndex name_index(std::string name) {
    const auto found = std::find(ast_.names.begin(), ast_.names.end(), name);
    if (found != ast_.names.end()) return static_cast<NameIndex>(found - ast_.names.begin());
    ast_.names.push_back(std::move(name));
    return static_cast<NameIndex>(ast_.names.size() - 1);
  }

  Result<CompoundSelector> compound(int nesting) {
    CompoundSelector made = new_compound();
    const std::size_t start = reader_.position();
    if (reader_.at_identifier()) {
      VELLUM_TRY(const std::string tag, reader_.identifier());
      made.tag = name_index(to_lower_ascii(tag));
    } else {
      reader_.take('*');
    }
    while (true) {
      if (reader_.take('#')) {
        VELLUM_TRY(std::string id, reader_.identifier());
        made.ids.push_back(name_index(std::move(id)));
      } else if (reader_.take('.')) {
        VELLUM_TRY(std::string name, reader_.identifier());
        made.classes.push_back(name_index(std::move(name)));
      } else if (reader_.take('[')) {
        VELLUM_TRY(AttributeTest test, attribute());
        made.attributes.push_back(std::move(test));
      } else if (reader_.peek() == ':') {
        VELLUM_TRY(PseudoClass pseudo, pseudo_class(nesting));
        made.pseudos.push_back(std::move(pseudo));
      } else {
        break;
      }
    }
    if (reader_.position() == start)
      return reader_.fault(reader_.ended() ? "a selector is missing" : "unexpected character");
    return made;
  }

  Result<AttributeTest> attribute() {
    AttributeTest test;
    reader_.skip_space();
    VELLUM_TRY(const std::string name, reader_.identifier());
    const std::string lower = to_lower_ascii(name);
    test.name = name_index(lower);
    test.ignore_case =
        std::find(kCaselessAttributes.begin(), kCaselessAttributes.end(), lower) != kCaselessAttributes.end();
    reader_.skip_space();
    if (reader_.take(']')) return test;
    VELLUM_TRY(test.op, attribute_operator());
    reader_.skip_space();
    const bool quoted = reader_.peek() == '"' || reader_.peek() == '\'';
    if (!quoted && !reader_.at_identifier()) return reader_.fault("expected a name or a quoted value");
    VELLUM_TRY(test.value, quoted ? reader_.string() : reader_.identifier());
    reader_.skip_space();
    if (reader_.take('i') || reader_.take('I')) {
      test.ignore_case = true;
    } else if (reader_.take('s') || reader_.take('S')) {
      test.ignore_case = false;
    }
    reader_.skip_space();
    VELLUM_CHECK(reader_.expect(']'));
    return test;
  }

  Result<AttributeTest::Operator> attribute_operator() {
    using Operator = AttributeTest::Operator;
    constexpr std::array<std::pair<std::string_view, Operator>, 6> kOperators = {{{"=", Operator::kEquals},
                                                                                  {"~=", Operator::kIncludes},
                                                                                  {"|=", Operator::kDashMatch},
                                                                                  {"^=", Operator::kPrefix},
                                                                                  {"$=", Operator::kSuffix},
                                                                                  {"*=", Operator::kSubstring}}};
    for (const auto& [sign, op] : kOperators) {
      if (reader_.take(sign)) return op;
    }
    return reader_.fault("expected one of = ~= |= ^= $= *= or ]");
  }

  Result<PseudoClass> pseudo_class(int nesting) {
    const std::size_t start = reader_.position();
    reader_.take(':');
    if (reader_.peek() == ':') return reader_.fault_at(start, "pseudo-elements are not supported");
    VELLUM_TRY(const std::string written, reader_.identifier());
    const std::string name = to_lower_ascii(written);
    const auto known = std::find_if(kPseudoNames.begin(), kPseudoNames.end(),
                                    [&](const PseudoName& entry) { return entry.name == name; });
    if (known == kPseudoNames.end()) return reader_.fault_at(start, "unknown pseudo-class :" + name);
    PseudoClass pseudo = new_pseudo(known->kind);
    if (!known->has_argument) return pseudo;
    VELLUM_CHECK(reader_.expect('('));
    VELLUM_CHECK(argument(pseudo, nesting));
    VELLUM_CHECK(reader_.expect(')'));
    return pseudo;
  }

  Result<void> argument(PseudoClass& pseudo, int nesting) {
    switch (pseudo.kind) {
      case Kind::kIs:
      case Kind::kNot: {
        VELLUM_TRY(pseudo.list, list(Place::kInIs, nesting + 1));
        return {};
      }
      case Kind::kHas:
        return has_argument(pseudo, nesting);
      case Kind::kNthChild:
      case Kind::kNthOfType:
        return nth(pseudo);
      default:
        return text_argument(pseudo);
    }
  }

  Result<void> has_argument(PseudoClass& pseudo, int nesting) {
    if (in_has_) return reader_.fault(":has() may not stand inside :has()");
    in_has_ = true;
    VELLUM_TRY(pseudo.list, list(Place::kInHas, nesting + 1));
    in_has_ = false;
    return {};
  }

  Result<void> text_argument(PseudoClass& pseudo) {
    reader_.skip_space();
    const std::size_t start = reader_.position();
    if (reader_.peek() != '"' && reader_.peek() != '\'') return reader_.fault("expected a quoted text");
    VELLUM_TRY(const std::string text, reader_.string());
    reader_.skip_space();
    if (pseudo.kind == Kind::kHasText) {
      pseudo.text = fold_case(fold_space(text));
      if (pseudo.text.empty()) return reader_.fault_at(start, "the text is empty");
      return {};
    }
    Result<Pattern> pattern = Pattern::compile(text);
    if (!pattern) return reader_.fault_at(start, pattern.error().message);
    pseudo.pattern = std::move(*pattern);
    return {};
  }

  // https://www.w3.org/TR/css-syntax-3/#anb-microsyntax
  Result<void> nth(PseudoClass& pseudo) {
    const std::size_t start = reader_.position();
    std::string text = to_lower_ascii(trim(reader_.take_until(')')));
    if (text == "odd") text = "2n+1";
    if (text == "even") text = "2n";
    const std::size_t n = text.find('n');
    if (n == std::string::npos) {
      if (!integer(text, pseudo.offset)) return reader_.fault_at(start, "expected an+b, odd, even or a number");
      return {};
    }
    std::string offset = text.substr(n + 1);
    offset.erase(std::remove(offset.begin(), offset.end(), ' '), offset.end());
    const std::string step = text.substr(0, n);
    const bool bare = step.empty() || step == "+" || step == "-";
    if (bare) pseudo.step = step == "-" ? -1 : 1;
    const bool signed_offset = offset.empty() || offset[0] == '+' || offset[0] == '-';
    if ((!bare && !integer(step, pseudo.step)) || !signed_offset ||
        (!offset.empty() && !integer(offset, pseudo.offset))) {
      return reader_.fault_at(start, "expected an+b, odd, even or a number");
    }
    return {};
  }

  static bool integer(std::string_view text, int& value) {
    if (text.starts_with('+')) {
      text.remove_prefix(1);
      if (text.starts_with('-')) return false;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
  }

  SelectorReader reader_;
  SelectorAst ast_;
  bool in_has_ = false;
};

}  // namespace

Result<SelectorAst> parse_selector(std::string_view text) {
  return Parser(text).run();
}

}  // namespace vellum::html
