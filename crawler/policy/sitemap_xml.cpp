// XML sitemaps and feeds. The only file that includes Expat.
//
// Expat neither recurses on the depth of a document nor loads anything by itself; entity declarations are refused, so
// that nothing can be made to grow.

#include <expat.h>

#include <cstring>
#include <vector>

#include "base/text.h"
#include "crawler/policy/sitemap_parts.h"

namespace vellum::policy {
namespace {

constexpr std::size_t kMaxDepth = 100;

// What an element means to us, by its name without prefix: the namespaces that files declare are too often wrong.
enum class Element : std::uint8_t { kOther = 1, kUrlset, kIndex, kUrl, kSitemap, kLoc, kFeed, kItem, kLink };

Element element_of(std::string_view name) {
  if (const std::size_t colon = name.rfind(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
  constexpr std::pair<std::string_view, Element> kNames[] = {
      {"urlset", Element::kUrlset}, {"sitemapindex", Element::kIndex},
      {"url", Element::kUrl},       {"sitemap", Element::kSitemap},
      {"loc", Element::kLoc},       {"rss", Element::kFeed},
      {"RDF", Element::kFeed},      {"feed", Element::kFeed},
      {"item", Element::kItem},     {"entry", Element::kItem},
      {"link", Element::kLink}};
  for (const auto& [known, element] : kNames) {
    if (equals_ignore_case(name, known)) return element;
  }
  return Element::kOther;
}

bool has_prefix(std::string_view name) {
  return name.find(':') != std::string_view::npos;
}

class XmlSitemap final : public SitemapFormat {
 public:
  explicit XmlSitemap(SitemapCollector& into) : into_(into), parser_(XML_ParserCreate(nullptr)) {
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetEntityDeclHandler(parser_.get(), on_entity);
  }

  void write(std::string_view text) override { parse(text, false); }
  void finish() override { parse("", true); }

 private:
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };

  void parse(std::string_view text, bool last) {
    if (into_.failed()) return;
    const XML_Status status = XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()), last ? 1 : 0);
    if (status != XML_STATUS_ERROR) return;
    into_.fail("line " + std::to_string(XML_GetCurrentLineNumber(parser_.get())) + ": " +
               XML_ErrorString(XML_GetErrorCode(parser_.get())));
  }

  void stop(std::string why) {
    into_.fail("line " + std::to_string(XML_GetCurrentLineNumber(parser_.get())) + ": " + std::move(why));
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  static void on_start(void* self, const char* name, const char** attributes) {
    static_cast<XmlSitemap*>(self)->start(name, attributes);
  }
  static void on_end(void* self, const char*) { static_cast<XmlSitemap*>(self)->end(); }
  static void on_text(void* self, const char* text, int size) {
    static_cast<XmlSitemap*>(self)->add_text({text, static_cast<std::size_t>(size)});
  }
  static void on_entity(void* self, const char*, int, const char*, int, const char*, const char*, const char*,
                        const char*) {
    static_cast<XmlSitemap*>(self)->stop("declares entities");
  }

  void start(std::string_view name, const char** attributes) {
    const Element element = element_of(name);
    if (path_.empty() && !set_format(name, element)) return;
    if (path_.size() >= kMaxDepth) return stop("elements lie more than 100 deep");
    const Element parent = path_.empty() ? Element::kOther : path_.back();
    path_.push_back(element);
    if (element == Element::kItem) entry_told_ = false;
    const bool in_entry = parent == Element::kUrl || parent == Element::kSitemap;
    // An image's <image:loc> has <image:image> above it. <atom:link> in RSS leads to the feed itself.
    wanted_ = (element == Element::kLoc && in_entry) || element == Element::kSitemap ||
              (element == Element::kLink && parent == Element::kItem && !atom_ && !has_prefix(name));
    text_.clear();
    if (atom_ && element == Element::kLink && parent == Element::kItem) take_atom_link(attributes);
  }

  bool set_format(std::string_view name, Element root) {
    std::string& format = into_.summary().format;
    if (root == Element::kUrlset) format = "urlset";
    if (root == Element::kIndex) format = "sitemapindex";
    if (root == Element::kFeed) {
      atom_ = name.ends_with("feed");
      format = atom_ ? "atom" : "rss";
    }
    if (format.empty()) stop("no sitemap: its root element is <" + std::string(name.substr(0, 80)) + ">");
    return !format.empty();
  }

  // RFC 4287, 4.2.7.2: without "rel" a link is an "alternate": the entry as a page. The first counts:
  // others are the same in other forms or languages.
  void take_atom_link(const char** attributes) {
    std::string_view rel = "alternate", href;
    for (; attributes[0] != nullptr; attributes += 2) {
      if (std::strcmp(attributes[0], "rel") == 0) rel = attributes[1];
      if (std::strcmp(attributes[0], "href") == 0) href = attributes[1];
    }
    if (rel != "alternate" || entry_told_) return;
    entry_told_ = true;
    into_.add(href, false);
  }

  void add_text(std::string_view text) {
    if (wanted_ && text_.size() <= kMaxSitemapUrl) text_.append(text.substr(0, kMaxSitemapUrl + 1));
  }

  void end() {
    if (path_.empty()) return;
    const Element element = path_.back();
    path_.pop_back();
    const bool of_sitemap = element == Element::kSitemap || (!path_.empty() && path_.back() == Element::kSitemap);
    if (wanted_) into_.add(text_, of_sitemap);
    wanted_ = false;
    text_.clear();
    if (into_.failed()) XML_StopParser(parser_.get(), XML_FALSE);
  }

  SitemapCollector& into_;
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser_;
  std::vector<Element> path_;
  std::string text_;  // of the element that is wanted
  bool wanted_ = false, atom_ = false, entry_told_ = false;
};

}  // namespace

std::unique_ptr<SitemapFormat> make_xml_sitemap(SitemapCollector& into) {
  return std::make_unique<XmlSitemap>(into);
}

}  // namespace vellum::policy
