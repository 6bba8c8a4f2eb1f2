// vellum links [URL] [--doi DOI]: outbound links and DOIs with their place; who cites a DOI.

#include <iostream>

#include "base/scholarly_id.h"
#include "tools/vellum/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string url, doi, at;
};

Json row_of(const storage::LinkRow& row) {
  Json json;
  json["source"] = row.source;
  json["captured"] = to_rfc3339(row.captured);
  json["place"] = row.link.place;
  json["n"] = row.link.n;
  json["rel"] = row.link.rel;
  json["url"] = row.link.url;
  json["doi"] = row.link.doi;
  json["raw_text"] = row.link.raw_text;
  json["raw_href"] = row.link.raw_href;
  json["offset"] = row.link.offset;
  json["rule"] = row.link.rule;
  return json;
}

class Printer {
 public:
  Printer(bool json, bool with_source) : json_(json), with_source_(with_source), table_(headings(with_source)) {}

  void add(const storage::LinkRow& row) {
    ++count_;
    if (json_) {
      std::cout << to_line(row_of(row)) << '\n';
      return;
    }
    std::vector<std::string> cells = {row.link.place, row.link.n > 0 ? std::to_string(row.link.n) : "",
                                      row.link.rel.empty() ? "-" : row.link.rel,
                                      row.link.doi.empty() ? "-" : row.link.doi, row.link.url};
    if (with_source_) cells.insert(cells.begin(), {to_rfc3339(row.captured).substr(0, 10), row.source});
    table_.add(std::move(cells));
  }
  std::size_t count() const { return count_; }

 private:
  static std::vector<std::string> headings(bool with_source) {
    std::vector<std::string> names = {"PLACE", ">N", "REL", "DOI", "URL"};
    if (with_source) names.insert(names.begin(), {"CAPTURED", "SOURCE"});
    return names;
  }

  const bool json_, with_source_;
  std::size_t count_ = 0;
  Table table_;
};

// Links of the newest good capture of the page, or of the one at that time.
Result<void> links_of_page(const storage::Archive& archive, const Options& options, const std::string& doi,
                           Printer& printer) {
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  VELLUM_TRY(const std::optional<Timestamp> at, parse_at(options.at));
  VELLUM_TRY(const storage::Capture page,
             archive.find(url, {.at = at, .even_quarantined = true, .only_success = true}));
  VELLUM_TRY(const std::vector<storage::LinkRow> rows, archive.links(page.id));
  for (const storage::LinkRow& row : rows) {
    if (doi.empty() || row.link.doi == doi) printer.add(row);
  }
  return {};
}

Result<void> links_to_doi(const storage::Archive& archive, const std::string& doi, Printer& printer) {
  VELLUM_TRY(const std::vector<storage::LinkRow> rows, archive.citing(doi));
  for (const storage::LinkRow& row : rows) printer.add(row);
  return {};
}

// Every stored link, page by page in replay-key order.
Result<void> all_links(const storage::Archive& archive, Printer& printer) {
  Result<void> outcome;
  VELLUM_CHECK(archive.scan("", [&](const storage::Capture& capture) {
    if (capture.role != storage::Role::kPage) return true;
    const auto rows = archive.links(capture.id);
    if (!rows) outcome = fail(rows.error());
    for (std::size_t i = 0; rows && i < rows->size(); ++i) printer.add((*rows)[i]);
    return rows.has_value();
  }));
  return outcome;
}

Result<int> run(const Options& options, const Context& context) {
  std::string doi;
  if (!options.doi.empty()) {
    const auto normal = normalise_doi(options.doi);
    if (!normal) return fail(ErrorKind::kInvalid, "links: not a DOI: `" + options.doi + "`; one begins with \"10.\"");
    doi = *normal;
  }
  VELLUM_TRY(const auto archive, open_archive(context));
  Printer printer(context.json, options.url.empty());
  if (!options.url.empty()) {
    VELLUM_CHECK(links_of_page(*archive, options, doi, printer));
  } else if (!doi.empty()) {
    VELLUM_CHECK(links_to_doi(*archive, doi, printer));
  } else {
    VELLUM_CHECK(all_links(*archive, printer));
  }
  if (printer.count() > 0) return kDone;
  warn(doi.empty() ? "no links are stored for that" : "no archived page links to " + doi);
  return kFailures;
}

}  // namespace

void add_links(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, context, "links", "Outbound links and DOIs with their place; who cites a DOI", [options, &context] {
        const auto code = run(*options, context);
        return code ? *code : report(code.error());
      });
  verb->add_option("URL", options->url, "A page; without it the links of all pages");
  verb->add_option("--doi", options->doi, "Only links that carry this DOI; without URL: of all pages that cite it")
      ->type_name("DOI");
  verb->add_option("--at", options->at, "The capture at or before this time; default: the newest")->type_name("TIME");
  verb->footer(
      "\nPLACE is reference, body, self, similar, cited-by, share, related or fulltext: most DOI-shaped addresses on a "
      "page\n"
      "are share buttons and publisher paths, not citations.\n"
      "Example: vellum -C archive links --doi 10.1038/ng1084 --json");
}

}  // namespace vellum::cli
