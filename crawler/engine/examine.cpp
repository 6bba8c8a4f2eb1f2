#include "crawler/engine/examine.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/media_type.h"
#include "base/text.h"
#include "base/url_key.h"
#include "crawler/engine/asked.h"
#include "crawler/engine/follow_up.h"
#include "crawler/policy/sitemap.h"
#include "plugins/html/document.h"
#include "plugins/html/links.h"

namespace vellum::engine {

using storage::Role;
using storage::UrlTask;

namespace {

// Order in which a group's tasks are handed out: what completes a page comes before the next page.
int priority_of(Role role) {
  switch (role) {
    case Role::kFragment:
      return 1;
    case Role::kRequisite:
      return 4;
    default:
      return 5;
  }
}
constexpr int kRedirectPriority = 2;
constexpr int kSitemapPriority = 3;
constexpr const char* kSitemapRule = "sitemap";

UrlTask make_task(const policy::Sites& sites, const Url& url, Role role, const UrlTask& from, const char* hop,
                  int depth) {
  UrlTask task;
  const Url exact = url.without_fragment();
  task.url = exact.href();
  task.seen = seen_key(sites.canonical(exact));
  task.group = sites.group_of(exact);
  task.role = role;
  task.priority = priority_of(role);
  task.depth = depth;
  task.via = from.url;
  task.hop = hop;
  if (role == Role::kRequisite || role == Role::kFragment) task.root = from.root.empty() ? from.url : from.root;
  return task;
}

// Collects tasks: each URL once, each judged by the scope, refusals counted by rule.
class Collector {
 public:
  Collector(const ExamineContext& context, const UrlTask& from, Examination& out)
      : context_(context), from_(from), out_(out) {}

  void add(const Url& url, Role role, const char* hop, int depth) {
    if (!url.is_http()) return;
    UrlTask task = make_task(context_.sites, url, role, from_, hop, depth);
    if (!known_.insert(task.seen).second) return;
    policy::ScopeDecision decision = context_.scope.decide(url, role, depth);
    // A page that was followed out of scope is no whole without the parts that its plugin asks for.
    if (role == Role::kFragment && is_followed(from_.rule)) decision = {true, from_.rule};
    if (!decision.in) {
      ++out_.out_of_scope[decision.rule];
      return;
    }
    task.rule = decision.rule;
    if (role == Role::kFragment) out_.fragments.push_back(task);
    out_.discovered.push_back(std::move(task));
  }

 private:
  const ExamineContext& context_;
  const UrlTask& from_;
  Examination& out_;
  std::set<std::string> known_;
};

void add_page_links(Collector& collector, const ExamineContext& context, const UrlTask& task,
                    const html::Document& document, const Url& address) {
  const bool wants_requisites = task.role == Role::kPage && context.sites.wants_requisites(address);
  const auto links = html::links(document, address);
  if (wants_requisites) {
    for (const auto& link : links)
      if (link.kind == html::LinkKind::kRequisite) collector.add(link.url, Role::kRequisite, "requisite", task.depth);
  }
  for (const auto& link : links) {
    if (link.kind == html::LinkKind::kHyperlink) collector.add(link.url, Role::kPage, "link", task.depth + 1);
    if (link.kind == html::LinkKind::kRefresh) collector.add(link.url, Role::kPage, "redirect", task.depth);
  }
}

void add_header_rights(const HeaderBlock& headers, std::vector<std::string>& rights) {
  for (const std::string& value : headers.all("X-Robots-Tag"))
    for (std::string_view token : split(value, ',')) rights.push_back(to_lower_ascii(trim(token)));
}

// True if the page is another article than was asked for: it is kept with that as evidence, but nothing is taken from
// it.
bool judge_identity(const ExamineContext& context, const Url& address, const plugins::Extraction& extraction,
                    Examination& out) {
  const auto ids = extraction.record.find("ids");
  if (ids == extraction.record.end()) return false;
  auto evidence = contradiction(address, context.asked_doi, *ids);
  if (!evidence) return false;
  out.is_wrong_work = true;
  out.verdict = {"other", {*std::move(evidence)}};
  return true;
}

// A licence counts as a right like the robots directives: what may be done with the page.
void add_licence(const Json& record, std::vector<std::string>& rights) {
  const std::string licence = text_of(record, "license");
  if (!licence.empty()) rights.push_back("license: " + licence.substr(0, 200));
}

// Markup of a page or fragment: verdict, article, links.
void examine_markup(const ExamineContext& context, const UrlTask& task, plugins::Answer answer, Examination& out) {
  const Url address = answer.url;
  Collector collector(context, task, out);
  html::ParseOptions options;
  options.content_type_charset = parse_media_type(answer.headers.first("Content-Type").value_or("")).charset;
  std::optional<html::Document> document;
  if (parse_media_type(out.mime).is_html()) {
    // A page that is too large or too deep to parse is kept like any other; it only leads nowhere.
    if (auto parsed = html::Document::parse(answer.body, options)) document = *std::move(parsed);
  }
  if (document) {
    for (std::string& word : html::robots_directives(*document)) out.rights.push_back(std::move(word));
  }
  plugins::PageInput input{std::move(answer), {}};
  plugins::Extraction extraction = context.registry.extract(input);
  out.verdict = extraction.verdict;
  out.faults = std::exchange(extraction.faults, {});
  const bool is_page = task.role == Role::kPage;
  // What stands in for the page (a challenge, a login form) leads nowhere; a page with little in it may well lead on.
  const bool stands_in = out.verdict.is_quarantined() && !out.verdict.is_partial();
  if (is_page && judge_identity(context, address, extraction, out)) return;
  if (!stands_in) {
    if (is_page) {
      const std::size_t count = std::min(extraction.fragments.size(), kMaxFragments);
      for (std::size_t i = 0; i < count; ++i)
        collector.add(extraction.fragments[i].url, Role::kFragment, "fragment", task.depth);
    }
    if (document) add_page_links(collector, context, task, *document, address);
  }
  if (!is_page) return;
  add_licence(extraction.record, out.rights);
  out.extraction = std::move(extraction);
}

// Its pages are seeds where they are in scope; an index leads to further sitemaps.
void examine_sitemap(const ExamineContext& context, const UrlTask& task, const plugins::Answer& answer,
                     Examination& out) {
  Collector pages(context, task, out);
  std::vector<UrlTask> further;
  policy::SitemapReader reader([&](const policy::SitemapEntry& entry) {
    const auto url = Url::parse(entry.url, &answer.url);
    if (!url || !url->is_http()) return;
    if (!entry.is_sitemap) return pages.add(*url, Role::kPage, "sitemap", 0);
    if (task.depth < kMaxSitemapDepth) further.push_back(sitemap_task(context.sites, *url, &task));
  });
  reader.write(answer.body);
  const policy::SitemapSummary read = reader.finish();
  for (UrlTask& sitemap : further) out.discovered.push_back(std::move(sitemap));
  out.evidence.push_back("sitemap: " + (read.format.empty() ? "none" : read.format) + ", " +
                         std::to_string(read.pages) + " pages, " + std::to_string(read.sitemaps) + " sitemaps");
  if (!read.fault.empty()) out.evidence.push_back("sitemap: " + read.fault);
}

}  // namespace

UrlTask sitemap_task(const policy::Sites& sites, const Url& url, const UrlTask* from) {
  const Url exact = url.without_fragment();
  UrlTask task;
  task.url = exact.href();
  task.seen = "sitemap " + exact.href();  // a page of the same URL is another matter
  task.group = sites.group_of(exact);
  task.role = Role::kFile;
  task.priority = kSitemapPriority;
  task.hop = "sitemap";
  task.rule = kSitemapRule;
  if (from == nullptr) return task;
  task.depth = from->depth + 1;
  task.via = from->url;
  return task;
}

bool is_sitemap(const UrlTask& task) {
  return task.role == Role::kFile && task.rule == kSitemapRule;
}

Examination examine(const ExamineContext& context, const UrlTask& task, plugins::Answer answer) {
  Examination out;
  out.verdict.substance.clear();
  const MediaType declared = parse_media_type(answer.headers.first("Content-Type").value_or(""));
  out.mime = sniffed_essence(declared, std::string_view(answer.body).substr(0, 1445));
  add_header_rights(answer.headers, out.rights);
  const bool success = answer.status >= 200 && answer.status < 300;
  const bool is_markup = parse_media_type(out.mime).is_html() || parse_media_type(out.mime).is_xml();
  if (success && is_sitemap(task)) {
    examine_sitemap(context, task, answer, out);
  } else if (success && is_markup && (task.role == Role::kPage || task.role == Role::kFragment)) {
    examine_markup(context, task, std::move(answer), out);
  } else if (success && task.role == Role::kRequisite && out.mime == "text/css") {
    Collector collector(context, task, out);
    for (const Url& url : html::css_links(answer.body, answer.url))
      collector.add(url, Role::kRequisite, "requisite", task.depth);
  }
  std::sort(out.rights.begin(), out.rights.end());
  out.rights.erase(std::unique(out.rights.begin(), out.rights.end()), out.rights.end());
  return out;
}

std::optional<UrlTask> redirect_task(const policy::Sites& sites, const UrlTask& task, const Url& from,
                                     const HeaderBlock& answer) {
  const auto location = answer.first("Location");
  if (!location || task.redirects >= kMaxRedirects) return std::nullopt;
  const auto target = Url::parse(*location, &from);
  if (!target || !target->is_http()) return std::nullopt;
  UrlTask next = make_task(sites, *target, task.role, task, "redirect", task.depth);
  next.root = task.root;
  next.root_capture = task.root_capture;
  next.rule = task.rule;
  next.redirects = task.redirects + 1;
  next.priority = std::min(kRedirectPriority, task.priority);
  return next;
}

}  // namespace vellum::engine
