// What reading a page costs beside what Gumbo alone takes.
//
//   html_bench FILE...        one line a file, and a last one for all
//
// Each figure is the best of several runs. "extra" is what all of our work adds to gumbo_parse() with its own malloc,
// its destroy function left out: decoding, guard, our tree, indexes, sixty selectors, text, metadata and links.

#include <gumbo.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "plugins/html/document.h"
#include "plugins/html/links.h"
#include "plugins/html/metadata.h"
#include "plugins/html/nesting_guard.h"
#include "plugins/html/plain_text.h"
#include "plugins/html/selector.h"

namespace {

using vellum::Url;
using vellum::html::Document;
using vellum::html::Selector;

constexpr int kRuns = 5;

// What a site plugin asks for, in the manner of the rules for PubMed, PMC and Highwire pages.
constexpr const char* kSelectors[] = {"h1.heading-title",
                                      "#full-view-heading .authors-list .authors-list-item",
                                      ".authors-list-item > a.full-name",
                                      ".affiliation-links a",
                                      "#full-view-identifiers .identifier.doi a",
                                      "span.citation-doi",
                                      "#abstract p",
                                      "#abstract .abstract-content p strong.sub-title",
                                      ".similar-articles li.full-docsum a.docsum-title",
                                      "#references ol.references-list > li",
                                      "#references li a.reference-link",
                                      "dt:has-text(\"PMID\") + dd",
                                      ".keywords-section button",
                                      "section.ref-list li cite",
                                      "section.body > section > h2",
                                      "figure figcaption p",
                                      "figure img[src]",
                                      "div.tsec:has(> h2)",
                                      "meta[name=\"citation_title\"]",
                                      "meta[name^=\"citation_author\"]",
                                      "meta[property=\"og:title\"]",
                                      "link[rel=canonical]",
                                      "script[type=\"application/ld+json\"]",
                                      "a[href*=\"doi.org/\"]",
                                      "a[href^=\"http\"]",
                                      "a[data-ga-action]",
                                      "a[target=_blank]:not([href*=\"doi\"])",
                                      "ul.rlist li",
                                      "ol li",
                                      "table tr td:first-child",
                                      "table.data tr:nth-child(2n+1) td",
                                      "p:first-of-type",
                                      "h2:has-text(\"References\") ~ ol > li",
                                      "h2:has-text(\"Abstract\") + div p",
                                      "h2, h3, h4",
                                      "div#content p",
                                      "main article section p",
                                      "sup a[href^=\"#\"]",
                                      "em",
                                      "i, em",
                                      ".ref-list .ref",
                                      "li[id^=\"B\"]",
                                      "li[id*=\"ref\"] .citation",
                                      "div.fig",
                                      "div.caption",
                                      "img[alt]",
                                      "a.usa-link",
                                      "span:matches-text(\"^10\\\\.\\\\d{4,9}/\")",
                                      "div:is(.abstract, .abstr) p",
                                      "header nav ul li a",
                                      "footer a",
                                      "form input[type=hidden]",
                                      "[itemprop=author]",
                                      "[itemscope] [itemprop=name]",
                                      "[role=main]",
                                      "[id]",
                                      "time[datetime]",
                                      "abbr[title]",
                                      "blockquote p",
                                      "p:has(a[href*=\"doi\"])"};

// Of processor time, so that a busy machine does not show.
double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double seconds(const std::function<void()>& work) {
  double best = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const double start = now();
    work();
    best = std::min(best, now() - start);
  }
  return best;
}

double seconds_of_gumbo(const std::string& text) {
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  double best = 1e9;
  for (int run = 0; run < kRuns; ++run) {
    const double start = now();
    GumboOutput* output = gumbo_parse_with_options(&options, text.data(), text.size());
    best = std::min(best, now() - start);
    gumbo_destroy_output(&options, output);
  }
  return best;
}

struct Figures {
  double bytes = 0, gumbo = 0, guard = 0, parse = 0, select = 0, text = 0, links = 0;

  void add(const Figures& other) {
    bytes += other.bytes;
    gumbo += other.gumbo;
    guard += other.guard;
    parse += other.parse;
    select += other.select;
    text += other.text;
    links += other.links;
  }

  void print(const char* name) const {
    const double all = parse + select + text + links;
    std::printf(
        "%-60s %9.0f bytes  gumbo %8.2f ms  Document::parse %8.2f (guard %.2f)  60 selectors %6.2f  text %6.2f  "
        "metadata, links %6.2f  extra %+.1f %%\n",
        name, bytes, gumbo * 1e3, parse * 1e3, guard * 1e3, select * 1e3, text * 1e3, links * 1e3,
        (all / gumbo - 1) * 100);
  }
};

Figures measure(const std::string& text, const std::vector<Selector>& selectors) {
  Figures figures;
  figures.bytes = static_cast<double>(text.size());
  figures.gumbo = seconds_of_gumbo(text);
  figures.guard = seconds([&] { vellum::html::measure_nesting(text, 512); });
  figures.parse = seconds([&] { vellum::ignore(Document::parse(text), "timed only"); });
  const auto address = Url::parse("https://example.org/article/1");
  // A fresh document each time, since text indexes are kept in it.
  for (int run = 0; run < kRuns; ++run) {
    const auto page = Document::parse(text);
    if (!page) return figures;
    const auto timed = [](double& best, const std::function<void()>& work) {
      const double start = now();
      work();
      const double took = now() - start;
      best = best == 0 ? took : std::min(best, took);
    };
    timed(figures.select, [&] {
      for (const Selector& selector : selectors) selector.select(page->root());
    });
    timed(figures.text, [&] { vellum::html::plain_text(*page); });
    timed(figures.links, [&] {
      vellum::html::Metadata metadata(*page);
      vellum::html::json_ld(*page);
      vellum::html::links(*page, *address);
    });
  }
  return figures;
}

}  // namespace

int main(int count, char** names) {
  std::vector<Selector> selectors;
  for (const char* text : kSelectors) {
    auto selector = Selector::compile(text);
    if (!selector) {
      std::fprintf(stderr, "html_bench: %s\n", selector.error().message.c_str());
      return 2;
    }
    selectors.push_back(std::move(*selector));
  }
  Figures total;
  for (int i = 1; i < count; ++i) {
    std::ifstream file(names[i], std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const Figures figures = measure(text, selectors);
    figures.print(names[i]);
    total.add(figures);
  }
  total.print("all");
  return 0;
}
