// COinS (ContextObjects in Spans): citations as OpenURL key-value pairs in the title of an empty <span class="Z3988">.
// Reference managers read them, rules in plugin.toml cannot: a value is percent-encoded text within an attribute, and
// its keys name different things by the format (article or book). So it takes code.
//
// A span in the list of references is a reference, the first other one is the work itself.
// Spec: ANSI/NISO Z39.88-2004; https://web.archive.org/web/2017/http://ocoins.info/

#include <algorithm>
#include <cctype>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>
#include <vellum/plugin.hpp>

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int lower = std::tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

// One context object. Keys may repeat (rft.au, rft_id).
class Citation {
 public:
  explicit Citation(std::string_view pairs) {
    while (!pairs.empty()) {
      const std::string_view pair = pairs.substr(0, pairs.find('&'));
      pairs.remove_prefix(std::min(pairs.size(), pair.size() + 1));
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos) values_.emplace(pair.substr(0, equals), decoded(pair.substr(equals + 1)));
    }
  }

  // The first of `keys` that says something.
  std::string first(std::initializer_list<const char*> keys) const {
    for (const char* key : keys) {
      const auto found = values_.find(key);
      if (found != values_.end() && !found->second.empty()) return found->second;
    }
    return {};
  }
  std::vector<std::string> all(const char* key) const {
    std::vector<std::string> out;
    for (auto [at, end] = values_.equal_range(key); at != end; ++at) out.push_back(at->second);
    return out;
  }
  // "info:doi/10.1000/1" among the identifiers, in the record's normal form.
  std::string doi() const {
    for (std::string id : all("rft_id")) {
      for (const std::string_view prefix : {"info:doi/", "https://doi.org/", "http://dx.doi.org/"}) {
        if (id.compare(0, prefix.size(), prefix) != 0) continue;
        for (char& c : id) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        return id.substr(prefix.size());
      }
    }
    return {};
  }
  std::string pages() const {
    const std::string from = first({"rft.spage"}), to = first({"rft.epage"});
    return from.empty() || to.empty() ? first({"rft.pages", "rft.spage"}) : from + "-" + to;
  }

 private:
  std::multimap<std::string, std::string, std::less<>> values_;
};

class Coins : public vellum::sdk::Reader {
  bool match(const vellum::sdk::Page& page) override { return static_cast<bool>(page.root().first(kSpans)); }

  void extract(vellum::sdk::Page& page) override {
    const auto spans = page.root().select(kSpans);
    const auto references = page.root().select(kReferences);
    const auto work = std::find_if(spans.begin(), spans.end(), [&](const vellum::sdk::Node& span) {
      return std::find(references.begin(), references.end(), span) == references.end();
    });
    if (work == spans.end()) throw vellum::sdk::Refuse("no citation of the page itself");
    write_work(page, Citation(work->attribute("title").value_or("")));
    for (const auto& span : references) write_reference(page, Citation(span.attribute("title").value_or("")));
  }

  static constexpr const char* kSpans = "span.Z3988[title]";
  static constexpr const char* kReferences = ".references span.Z3988[title]";

  static void write_work(vellum::sdk::Page& page, const Citation& work) {
    page.set("/title", work.first({"rft.atitle", "rft.title", "rft.btitle"}));
    page.set("/journal/title", work.first({"rft.jtitle"}));
    page.set("/journal/issn/-", work.first({"rft.issn"}));
    page.set("/volume", work.first({"rft.volume"}));
    page.set("/issue", work.first({"rft.issue"}));
    page.set("/pages", work.pages());
    page.set("/published", work.first({"rft.date"}));
    page.set("/ids/doi", work.doi());
    for (const std::string& name : work.all("rft.au")) page.add("/authors").set("name", name);
  }

  static void write_reference(vellum::sdk::Page& page, const Citation& work) {
    auto reference = page.add("/references");
    reference.set("title", work.first({"rft.atitle", "rft.btitle", "rft.title"}));
    reference.set("doi", work.doi());
  }
};

}  // namespace

VELLUM_PLUGIN(Coins, "org.example.coins")
