#include "plugins/host/substance.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/pattern.h"
#include "base/text.h"

namespace vellum::plugins {
namespace {

using html::Node;

// Interstitials are short; a longer page is judged by its contents.
constexpr std::size_t kShortText = 3000;

enum class Where { kTitle, kText, kSelector };

struct GeneralRule {
  const char* name;
  const char* verdict;
  Where where;
  const char* pattern;              // RE2 without case, or a selector
  std::size_t within = kShortText;  // bytes of text that a page may have at most; titles tell whatever the length
};

constexpr GeneralRule kGeneralRules[] = {
    {"cloudflare", "captcha", Where::kTitle,
     R"(^(just a moment|attention required! \| cloudflare|please wait\.* \| cloudflare|one moment, please))"},
    {"browser-check", "captcha", Where::kTitle, R"(^(checking your browser|verifying (your browser|you are human)))"},
    {"bot-check", "captcha", Where::kTitle,
     R"(^(client challenge|robot check|are you a (robot|human)|human verification|security (check|verification)|)"
     R"(pardon our interruption|making sure you'?re not a bot|radware|validate user|.{0,20}captcha\b|ddos-guard|)"
     R"(bot verification))"},
    {"ncbi-block", "block", Where::kTitle, R"(www error blocked diagnostic)"},
    {"denied", "block", Where::kTitle,
     R"(^(error:? )?(403\b|401\b|access (to this page )?(has been )?denied|forbidden|request (rejected|blocked)|)"
     R"(blocked\b|too many requests|429\b|error: the request could not be satisfied|temporarily unavailable|503\b|)"
     R"(service unavailable))"},
    {"not-found", "soft-404", Where::kTitle,
     R"(^(error:? )?(404\b|page not found|not found|file not found|doi not found|article not found|)"
     R"((the )?page (you requested )?(cannot|could not|can't) be found|page unavailable|page does not exist)|(\||-|)"
     R"(:) (page not found|404( not found)?)$)"},
    {"challenge-form", "captcha", Where::kSelector,
     "#challenge-form, #challenge-running, form[action*=\"/cdn-cgi/\"], #cf-wrapper, #px-captcha, #captcha-form, "
     "#anubis_challenge, body.recaptcha, iframe[src*=\"captcha-delivery.com\"], #sec-if-cpt-container"},
    {"captcha-text", "captcha", Where::kText,
     R"(checking your browser|verify(ing)? (that )?you('re| are) (a |not a )?(human|robot)|unusual traffic from|)"
     R"(complete the (security check|captcha)|enable javascript and cookies to continue|)"
     R"(needs to review the security of your connection|prove (that )?you are (a )?human|i'?m not a robot)"},
    {"block-text", "block", Where::kText,
     R"(temporarily blocked due to|blocked for possible abuse|access to this (page|site|resource) (has been|)"
     R"(is) (denied|blocked|forbidden)|your ip( address)? .{0,40}(has been|is|was) (temporarily )?blocked|)"
     R"(automated (access|requests|retrieval) .{0,60}(denied|blocked|prohibited))"},
    {"not-found-text", "soft-404", Where::kText,
     R"(page (that )?(you('re| are) (looking for|requested)|you requested|requested) .{0,30}(not found|)"
     R"(cannot be found|could not be found|no longer exists|does not exist)|(the )?(requested )?(page|article|)"
     R"(document) (was |could |cannot |can ?not )(not )?(be )?found|this page (does not|doesn't) exist)"},
    // A site's front page may have such a form too; a wall has little else.
    {"login-form", "login", Where::kSelector, "form input[type=password]", 1000},
    {"login-title", "login", Where::kTitle,
     R"(^(sign ?in|log ?in|login|shibboleth|openathens|institutional (login|sign in)|authentication required)\b)"},
};

// Cookies banners and scripts' leftovers are no text; what a reader sees in the body is.
std::size_t visible_bytes(const PageView& page) {
  return page.document().body().text().size();
}

bool ends_in_a_tag(std::string_view source) {
  std::string_view tail = source.substr(source.size() - std::min<std::size_t>(source.size(), 4096));
  std::size_t open = tail.rfind('<');
  return open != std::string_view::npos && tail.find('>', open) == std::string_view::npos && open + 1 < tail.size() &&
         tail[open + 1] != ' ';
}

// From the end, where they stand.
bool has_end_tags(std::string_view source) {
  for (std::size_t at = source.rfind("</"); at != std::string_view::npos; at = source.rfind("</", at - 1)) {
    const std::string_view tag = source.substr(at);
    if (starts_with_ignore_case(tag, "</html") || starts_with_ignore_case(tag, "</body")) return true;
    if (at == 0) break;
  }
  return false;
}

bool shows_media(const PageView& page) {
  for (Node node = page.document().html(); node; node = node.next_in_tree(page.document().root())) {
    for (std::string_view tag : {"img", "frame", "iframe", "video", "object", "embed", "svg", "canvas"}) {
      if (node.is(tag)) return true;
    }
  }
  return false;
}

std::optional<Verdict> cut_short(const PageView& page) {
  const std::string& source = page.document().source();
  if (ends_in_a_tag(source) && !has_end_tags(source)) return Verdict{"truncated", {"the page ends within a tag"}};
  if (page.document().body().has_text()) return std::nullopt;
  if (has_article_metadata(page)) return Verdict{"stub", {"metadata but no text"}};
  if (!shows_media(page)) return Verdict{"stub", {"no text"}};
  return std::nullopt;
}

std::optional<Verdict> verdict_of_status(int status) {
  std::string evidence = "http status " + std::to_string(status);
  if (status == 404 || status == 410) return Verdict{"soft-404", {evidence}};
  if (status == 401 || status == 407) return Verdict{"login", {evidence}};
  if (status >= 400) return Verdict{"block", {evidence}};
  return std::nullopt;
}

bool is_work_type(const Json& object) {
  static constexpr std::array<std::string_view, 7> kTypes = {
      "ScholarlyArticle", "MedicalScholarlyArticle", "Article", "Report", "Thesis", "Book", "Dataset"};
  auto type = object.find("@type");
  if (type == object.end()) return false;
  auto known = [](const Json& t) {
    return t.is_string() && std::find(kTypes.begin(), kTypes.end(), t.get_ref<const std::string&>()) != kTypes.end();
  };
  return type->is_array() ? std::any_of(type->begin(), type->end(), known) : known(*type);
}

std::string in_quotes(std::string_view text) {
  std::string cut(text.substr(0, 80));
  return "`" + repair_utf8(cut) + "`";
}

bool filled(const Json& record, const char* key) {
  return record.contains(key) && !record[key].empty();
}

Verdict verdict_of_record(const PageView& page, const Json& record) {
  std::string kind = text_of(record, "kind");
  if (kind == "search" || kind == "issue" || kind == "journal") return {"listing", {"a page of kind " + kind}};
  if (kind == "other" || kind == "file") return {"other", {"no article metadata"}};
  static constexpr std::size_t kFullText = 15'000;
  if (filled(record, "sections")) return {"article", {"has sections"}};
  std::size_t bytes = visible_bytes(page);
  if (bytes >= kFullText) return {"article", {std::to_string(bytes) + " bytes of text"}};
  if (filled(record, "abstract")) return {"abstract", {"an abstract, no sections"}};
  return {"abstract", {"bibliographic data, " + std::to_string(bytes) + " bytes of text"}};
}

}  // namespace

struct SubstanceJudge::Impl {
  struct Compiled {
    const GeneralRule* rule;
    std::optional<Pattern> pattern;
    std::optional<html::Selector> selector;
  };
  std::vector<Compiled> rules;

  std::string matched(const Compiled& compiled, const PageView& page, const std::string& title,
                      const std::string& text) const {
    if (compiled.rule->where == Where::kSelector) {
      if (text.size() >= compiled.rule->within) return {};
      Node node = compiled.selector->first(page.document().root());
      return node ? "element <" + std::string(node.name()) + ">" : std::string();
    }
    bool in_title = compiled.rule->where == Where::kTitle;
    if (!in_title && text.size() >= compiled.rule->within) return {};
    auto match = compiled.pattern->search(in_title ? title : text);
    if (!match || match->text().empty()) return {};
    return (in_title ? "title " + in_quotes(title) : "text " + in_quotes(match->text()));
  }
};

SubstanceJudge::SubstanceJudge() : impl_(std::make_unique<Impl>()) {
  for (const GeneralRule& rule : kGeneralRules) {
    Impl::Compiled compiled{&rule, std::nullopt, std::nullopt};
    if (rule.where == Where::kSelector) {
      auto selector = html::Selector::compile(rule.pattern);
      VELLUM_ASSERT(selector.has_value(), "the selectors of the general rules are constants");
      compiled.selector = std::move(*selector);
    } else {
      auto pattern = Pattern::compile(rule.pattern, Pattern::Case::kIgnored);
      VELLUM_ASSERT(pattern.has_value(), "the patterns of the general rules are constants");
      compiled.pattern = std::move(*pattern);
    }
    impl_->rules.push_back(std::move(compiled));
  }
}
SubstanceJudge::~SubstanceJudge() = default;
SubstanceJudge::SubstanceJudge(SubstanceJudge&&) noexcept = default;
SubstanceJudge& SubstanceJudge::operator=(SubstanceJudge&&) noexcept = default;

std::optional<Verdict> SubstanceJudge::objection(const PageView& page) const {
  if (!has_article_metadata(page)) {
    const std::string title = page.title(), text = page.document().body().text();
    for (const Impl::Compiled& compiled : impl_->rules) {
      std::string saw = impl_->matched(compiled, page, title, text);
      if (!saw.empty()) return Verdict{compiled.rule->verdict, {std::string(compiled.rule->name) + ": " + saw}};
    }
  }
  if (auto verdict = verdict_of_status(page.answer().status)) return verdict;
  return cut_short(page);
}

Verdict SubstanceJudge::judge(const PageView& page, const std::vector<SubstanceRule>& rules, const Json& record) const {
  for (const SubstanceRule& rule : rules) {
    std::string saw;
    if (rule.css) {
      if (!rule.css->first(page.document().root())) continue;
      saw = "matches " + rule.css->text();
    }
    if (rule.title) {
      if (!rule.title->matches(page.title())) continue;
      saw = "title " + in_quotes(page.title());
    }
    if (rule.text) {
      auto text = page.document().body().text();
      auto match = rule.text->search(text);
      if (!match) continue;
      saw = "text " + in_quotes(match->text());
    }
    return {rule.verdict, {rule.because.empty() ? saw : rule.because}};
  }
  return verdict_of_record(page, record);
}

Verdict verdict_without_page(const Answer& answer, const Error& why) {
  if (auto verdict = verdict_of_status(answer.status)) return *verdict;
  return {answer.body.empty() ? "stub" : "other", {why.message}};
}

bool has_article_metadata(const PageView& page) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "citation_title", "citation_doi",  "citation_pmid", "eprints.title",     "bepress_citation_title",
      "prism.doi",      "dc.identifier", "dc.creator",    "dcterms.identifier"};
  for (const auto& [name, value] : page.metadata().entries()) {
    if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return true;
  }
  return std::any_of(page.json_ld().begin(), page.json_ld().end(), is_work_type);
}

}  // namespace vellum::plugins
