#include "tools/demo/routes.h"

#include <gtest/gtest.h>

#include <map>
#include <queue>
#include <set>

#include "base/text.h"
#include "base/url.h"

namespace vellum::demo {
namespace {

constexpr std::string_view kPubmed = "pubmed.ncbi.nlm.nih.gov", kPmc = "pmc.ncbi.nlm.nih.gov";

class DemoRoutes : public ::testing::Test {
 protected:
  SiteResponse get(std::string_view host, std::string target) {
    return respond(site, {std::string(host), std::move(target)}, loads++);
  }
  SiteResponse get(const Url& url) { return get(url.hostname(), url.path_and_query()); }

  Site site{1, 60};
  std::uint64_t loads = 0;
};

// Addresses in `href` and `src` of the demo's own hosts, and of the fragment behind the button.
std::set<std::string> links_of(const Url& base, const std::string& html) {
  std::set<std::string> links;
  for (std::string_view attribute : {" href=\"", " src=\"", "data-next-page-url=\""}) {
    for (auto at = html.find(attribute); at != std::string::npos; at = html.find(attribute, at + 1)) {
      auto from = at + attribute.size();
      auto url = Url::parse(unescape_html(html.substr(from, html.find('"', from) - from)), &base);
      EXPECT_TRUE(url);
      if (url && url->scheme() == "http" && url->hostname().ends_with(".ncbi.nlm.nih.gov")) {
        links.insert(url->without_fragment().href());
      }
    }
  }
  return links;
}

TEST_F(DemoRoutes, OldAddressesMoveForGood) {
  for (auto [host, target, location] :
       {std::tuple{"www.ncbi.nlm.nih.gov", "/pubmed/30526772", "http://pubmed.ncbi.nlm.nih.gov/30526772"},
        {"pubmed.ncbi.nlm.nih.gov", "/30526772", "http://pubmed.ncbi.nlm.nih.gov/30526772/"},
        {"www.ncbi.nlm.nih.gov", "/pmc/articles/PMC90000002/", "http://pmc.ncbi.nlm.nih.gov/articles/PMC90000002/"}}) {
    auto response = get(host, target);
    EXPECT_EQ(response.status, 301) << target;
    EXPECT_EQ(response.location, location);
  }
}

TEST_F(DemoRoutes, SearchingForANumberLeadsToTheArticleForNow) {
  auto response = get(kPubmed, "/?term=30526772");
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.location, "http://pubmed.ncbi.nlm.nih.gov/30526772/");
}

TEST_F(DemoRoutes, OddPagesAreWhatTheyAre) {
  EXPECT_NE(get(kPubmed, "/90900001/").body.find("Blocked"), std::string::npos);
  EXPECT_NE(get(kPubmed, "/90900002/").body.find("g-recaptcha"), std::string::npos);
  EXPECT_TRUE(get(kPubmed, "/90000009/").is_slow);
  EXPECT_EQ(get(kPubmed, "/90900404/").status, 404);
}

TEST_F(DemoRoutes, RobotsNameOneAreaAndNoDelay) {
  auto text = get(kPubmed, "/robots.txt").body;
  EXPECT_NE(text.find("Disallow: /myncbi/"), std::string::npos);
  EXPECT_EQ(text.find("delay"), std::string::npos);
}

TEST_F(DemoRoutes, NonsenseIsNotFound) {
  for (const char* target :
       {"", "x", "//", "/articles/", "/articles", "/articles/instance/", "/30526772/x", "/30526772/references",
        "/99999999999999999999/", "/?term=%zz&page=-1x", "/pmc/articles/"}) {
    for (auto host : {kPubmed, kPmc, std::string_view("cdn.ncbi.nlm.nih.gov"), std::string_view("127.0.0.1")}) {
      auto status = get(host, target).status;
      EXPECT_TRUE(status == 404 || status == 200 || status == 301) << host << target << " " << status;
    }
  }
}

TEST_F(DemoRoutes, StaticFilesAreTheSameOnEveryLoad) {
  for (const char* target :
       {"/pubmed/b/CACHE/css/output.base.css", "/pmc/blobs/demo/start/fig1.png", "/x/favicon.ico", "/x/logo.svg"}) {
    auto one = get("cdn.ncbi.nlm.nih.gov", target), two = get("cdn.ncbi.nlm.nih.gov", target);
    EXPECT_TRUE(one.is_static && one.session.empty()) << target;
    EXPECT_EQ(one.body, two.body);
  }
}

TEST_F(DemoRoutes, EveryLinkOfEveryPageLeadsSomewhereButForThePlantedOnes) {
  std::queue<std::string> waiting({"http://pubmed.ncbi.nlm.nih.gov/30526772/"});
  std::set<std::string> seen{waiting.front()}, missing;
  std::set<int> statuses;
  for (; !waiting.empty(); waiting.pop()) {
    auto url = Url::parse(waiting.front());
    auto response = get(*url);
    statuses.insert(response.status);
    if (response.status == 404) missing.insert(url->pathname());
    auto links = response.is_static ? std::set<std::string>() : links_of(*url, response.body);
    for (const auto& link : links) {
      bool noise = link.ends_with(".js") || link == "http://cdn.ncbi.nlm.nih.gov/" ||
                   link.find("cauthor_id") != std::string::npos;
      if (!noise && seen.insert(link).second) waiting.push(link);
    }
  }
  EXPECT_EQ(statuses, (std::set<int>{200, 301, 302, 404}));
  EXPECT_EQ(missing, (std::set<std::string>{"/90900404/", "/help/retired-tutorial/"}));
  for (const auto& article : site.articles())
    EXPECT_TRUE(seen.contains("http://pubmed.ncbi.nlm.nih.gov/" + article.pmid + "/"));
}

TEST_F(DemoRoutes, EveryArticleIsAtMostThreeLinksFromTheStart) {
  Site large(1, 240);
  const std::string start = "http://pubmed.ncbi.nlm.nih.gov/30526772/";
  std::map<std::string, int> depth{{start, 0}};
  for (std::queue<std::string> waiting({start}); !waiting.empty(); waiting.pop()) {
    auto url = Url::parse(waiting.front());
    int steps = depth[waiting.front()] + 1;
    if (steps > 3 || url->hostname() != kPubmed) continue;
    for (const auto& link : links_of(*url, respond(large, {std::string(kPubmed), url->path_and_query()}, 0).body)) {
      if (depth.emplace(link, steps).second) waiting.push(link);
    }
  }
  for (const auto& article : large.articles()) {
    EXPECT_TRUE(depth.contains("http://pubmed.ncbi.nlm.nih.gov/" + article.pmid + "/")) << article.pmid;
  }
}

}  // namespace
}  // namespace vellum::demo
