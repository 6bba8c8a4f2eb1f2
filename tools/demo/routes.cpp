#include "tools/demo/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"
#include "base/url.h"
#include "tools/demo/assets.h"
#include "tools/demo/page_frame.h"
#include "tools/demo/page_templates.h"
#include "tools/demo/writing.h"

namespace vellum::demo {
namespace {

struct Visit {
  const Site& site;
  std::string_view path, query;
  Noise noise;
};

using Answer = std::optional<SiteResponse>;

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The value of `name` in a query string, form-decoded; "" if absent.
std::string query_value(std::string_view query, std::string_view name) {
  for (auto pair : split(query, '&')) {
    if (!pair.starts_with(name) || pair.substr(name.size(), 1) != "=") continue;
    std::string value(pair.substr(name.size() + 1));
    std::replace(value.begin(), value.end(), '+', ' ');
    return percent_decode(value);
  }
  return "";
}

SiteResponse html(std::string body, int status = 200) {
  SiteResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

SiteResponse redirect(int status, std::string location) {
  auto response = html("<p>Moved to <a href=\"" + escape_html(location) + "\">here</a>.</p>\n", status);
  response.location = std::move(location);
  return response;
}

SiteResponse fixed(std::string_view type, std::string body) {
  SiteResponse response;
  response.content_type = type;
  response.body = std::move(body);
  response.is_static = true;
  return response;
}

SiteResponse robots(std::string_view disallowed) {
  return fixed("text/plain", fmt::format("# Demo site\nUser-agent: *\n{}", disallowed));
}

SiteResponse result_list(const Visit& visit) {
  auto term = query_value(visit.query, "term");
  if (is_number(term) && visit.site.by_pmid(term) != nullptr)
    return redirect(302, fmt::format("{}/{}/", kPubmedOrigin, term));
  auto number = query_value(visit.query, "page");
  std::size_t page = 1;
  std::from_chars(number.data(), number.data() + number.size(), page);
  return html(result_list_page(term, visit.site.search(term), page, visit.noise));
}

Answer odd_article(const Visit& visit, std::string_view pmid) {
  if (pmid == kBlockedPmid) return html(blocked_page(visit.noise));
  if (pmid == kCaptchaPmid) return html(captcha_page(visit.noise));
  return {};
}

// /{pmid}/ and /{pmid}/references/
Answer pubmed_article(const Visit& visit) {
  auto parts = split(visit.path.substr(1), '/');
  if (!is_number(parts[0])) return {};
  if (auto odd = odd_article(visit, parts[0])) return odd;
  const auto* article = visit.site.by_pmid(parts[0]);
  if (article == nullptr) return {};
  if (parts.size() == 1) return redirect(301, fmt::format("{}/{}/", kPubmedOrigin, article->pmid));
  if (parts.size() == 2 && parts[1].empty()) {
    auto response = html(pubmed_article_page(visit.site, *article, visit.noise));
    response.is_slow = article->pmid == kSlowPmid;
    return response;
  }
  if (parts.size() == 3 && parts[1] == "references" && parts[2].empty()) return html(references_fragment(*article));
  return {};
}

Answer pubmed(const Visit& visit) {
  if (visit.path == "/robots.txt")
    return robots("Disallow: /myncbi/\nDisallow: /*cauthor_id=\nDisallow: /*linkname=\n");
  if (visit.path == "/") return visit.query.empty() ? html(front_page(visit.site, visit.noise)) : result_list(visit);
  if (visit.path == "/help/") return html(help_page(visit.noise));
  if (visit.path.starts_with("/myncbi/")) return html(help_page(visit.noise));
  return pubmed_article(visit);
}

// /articles/{pmcid}/ and what lies below it; /articles/instance/{n}/bin/{file}
Answer pmc(const Visit& visit) {
  if (visit.path == "/robots.txt") return robots("Disallow: /search/\n");
  if (visit.path == "/") return html(help_page(visit.noise));
  if (visit.path.starts_with("/static/assets/") && visit.path.ends_with(".css"))
    return fixed("text/css", style_sheet("pmc"));
  if (visit.path.starts_with("/static/img/") || visit.path.starts_with("/static/assets/"))
    return fixed("image/png", png_chart(visit.path, 48, 48));
  if (!visit.path.starts_with("/articles/")) return {};
  auto parts = split(visit.path.substr(1), '/');
  if (parts[1] == "instance" && parts.size() == 5) return fixed("text/csv", csv_table(parts[2]));
  const auto* article = visit.site.by_pmcid(parts[1]);
  if (article == nullptr) return {};
  if (parts.size() == 2) return redirect(301, fmt::format("{}/articles/{}/", kPmcOrigin, article->pmcid));
  if (parts.size() == 3 && parts[2].empty()) return html(pmc_article_page(*article, visit.noise));
  if (parts.size() == 4 && parts[2] == "pdf")
    return fixed("application/pdf", pdf_file(plain_text(article->title_html)));
  return {};
}

// The old addresses of everything, and the front door.
Answer www(const Visit& visit) {
  if (visit.path == "/robots.txt") return robots("Disallow: /stat\n");
  if (visit.path == "/" || visit.path == "/guide/") return html(help_page(visit.noise));
  if (visit.path.starts_with("/coreutils/")) return fixed("image/svg+xml", svg_logo());
  constexpr std::string_view kOldPubmed = "/pubmed/", kOldPmc = "/pmc/articles/";
  if (visit.path.starts_with(kOldPubmed)) {
    return redirect(301, fmt::format("{}/{}", kPubmedOrigin, visit.path.substr(kOldPubmed.size())));
  }
  if (visit.path.starts_with(kOldPmc))
    return redirect(301, fmt::format("{}/articles/{}", kPmcOrigin, visit.path.substr(kOldPmc.size())));
  return {};
}

Answer cdn(const Visit& visit) {
  auto path = visit.path;
  if (path == "/robots.txt") return robots("Disallow:\n");
  if (path.ends_with(".print.css")) return fixed("text/css", style_sheet("print"));
  if (path.ends_with(".css")) return fixed("text/css", style_sheet(path.substr(path.rfind('/') + 1)));
  if (path.ends_with(".js")) return fixed("text/javascript", "/* nothing to run on a demo */\n");
  if (path.ends_with(".svg")) return fixed("image/svg+xml", svg_logo());
  if (path.ends_with(".ico")) return fixed("image/x-icon", icon_file(path));
  if (!path.ends_with(".png")) return {};
  bool is_figure = path.starts_with("/pmc/blobs/");
  return fixed("image/png", is_figure ? png_chart(path, 320, 200) : png_chart(path, 48, 48));
}

using Route = Answer (*)(const Visit&);

Answer any_host(const Visit& visit) {
  for (Route route : {&pubmed, &pmc, &www, &cdn}) {
    if (auto answer = route(visit)) return answer;
  }
  return {};
}

Route route_of(std::string_view host) {
  if (host == "www.ncbi.nlm.nih.gov") return &www;
  if (host == "pmc.ncbi.nlm.nih.gov") return &pmc;
  if (host == "cdn.ncbi.nlm.nih.gov") return &cdn;
  return host == "pubmed.ncbi.nlm.nih.gov" ? &pubmed : &any_host;
}

}  // namespace

SiteResponse respond(const Site& site, const SiteRequest& request, std::uint64_t load) {
  std::string_view target = request.target;
  auto question = target.find('?');
  auto query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  Visit visit{site, target.substr(0, question), query, make_noise(site.seed(), load)};
  Answer answer;
  if (visit.path.starts_with('/')) answer = route_of(request.host)(visit);
  auto response = answer ? *std::move(answer) : html(not_found_page(visit.noise), 404);
  if (!response.is_static) response.session = visit.noise.session;
  return response;
}

}  // namespace vellum::demo
