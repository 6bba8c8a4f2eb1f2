// vellum links [URL] [--doi DOI]: outbound links and DOIs with their place; who cites a DOI.

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <set>

#include "base/scholarly_id.h"
#include "tools/vellum/records/citation_csv.h"
#include "tools/vellum/records/page_choice.h"
#include "tools/vellum/records/record_fields.h"
#include "tools/vellum/records/reference_rows.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string url, doi, at, format, output;
  bool references = false;
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

std::vector<std::string> cells_of(const storage::LinkRow& row) {
  return {row.source,        to_rfc3339(row.captured),
          row.link.place,    std::to_string(row.link.n),
          row.link.rel,      row.link.url,
          row.link.doi,      row.link.raw_text,
          row.link.raw_href, row.link.offset < 0 ? "" : std::to_string(row.link.offset),
          row.link.rule};
}

class Printer {
 public:
  // `csv` (may be null) takes the rows instead of standard output.
  Printer(bool json, bool with_source, std::ostream* csv)
      : json_(json), with_source_(with_source), csv_(csv), table_(headings(with_source)) {
    if (csv_) {
      *csv_ << csv_line(
          {"source", "captured", "place", "n", "rel", "url", "doi", "raw_text", "raw_href", "offset", "rule"});
    }
  }

  void add(const storage::LinkRow& row) {
    ++count_;
    if (csv_) {
      *csv_ << csv_line(cells_of(row));
      return;
    }
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
  std::ostream* const csv_;
  std::size_t count_ = 0;
  Table table_;
};

// Links of the newest good capture of the page, or of the one at that time.
Result<void> links_of_page(const storage::Archive& archive, const Options& options, const std::string& doi,
                           Printer& printer) {
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  VELLUM_TRY(const std::optional<Timestamp> at, parse_at(options.at));
  VELLUM_TRY(const storage::Capture page,
             find_capture(archive, url, {.at = at, .even_quarantined = true, .only_success = true}));
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

// The references of one page, or of the newest good capture of every address; with `doi` only those to it.
Result<std::size_t> each_reference(const storage::Archive& archive, const Options& options, const std::string& doi,
                                   ReferenceReader& reader, const std::function<void(const ReferenceRow&)>& visit) {
  std::size_t count = 0;
  Result<void> outcome;
  const auto read = [&](storage::CaptureId page) {
    if (!outcome) return;
    outcome = reader.read(page, [&](const ReferenceRow& row) {
      if (!doi.empty() && row.doi != doi) return;
      ++count;
      visit(row);
    });
  };
  VELLUM_TRY(const std::optional<Timestamp> at, parse_at(options.at));
  if (options.url.empty()) {
    VELLUM_CHECK(choose_pages(archive, "", at, read));
  } else {
    VELLUM_TRY(const Url url, parse_url_argument(options.url));
    VELLUM_TRY(const storage::Capture page,
               find_capture(archive, url, {.at = at, .even_quarantined = true, .only_success = true}));
    read(page.id);
  }
  VELLUM_CHECK(std::move(outcome));
  return count;
}

Result<std::size_t> list_references(const storage::Archive& archive, const Options& options, const std::string& doi,
                                    const Context& context) {
  ReferenceReader reader(archive);
  Table table({"SOURCE", ">N", "DOI", "PMID", "PMCID", "DOI FROM"});
  return each_reference(archive, options, doi, reader, [&](const ReferenceRow& row) {
    if (context.json) {
      std::cout << to_line(to_json(row)) << '\n';
      return;
    }
    const auto cell = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
    table.add(
        {row.source, std::to_string(row.n), cell(row.doi), cell(row.pmid), cell(row.pmcid), cell(row.derived_from)});
  });
}

bool share_a_name(const Json& one, const Json& other) {
  const auto mine = people(one, "authors"), theirs = people(other, "authors");
  return std::any_of(mine.begin(), mine.end(), [&](const CitedPerson& a) {
    return std::any_of(theirs.begin(), theirs.end(), [&](const CitedPerson& b) { return a.name == b.name; });
  });
}

// One row a citation, whatever number of pages shows it; self-citations are told where the archive holds both works.
Result<std::size_t> write_citations(const storage::Archive& archive, const Options& options, const std::string& doi,
                                    std::ostream& out) {
  ReferenceReader reader(archive);
  std::set<std::pair<std::string, std::string>> seen;
  Result<void> outcome;
  out << csv_line({"oci", "citing", "cited", "creation", "timespan", "journal_sc", "author_sc"});
  const auto write = [&](const ReferenceRow& row) {
    const bool is_citation = !row.citing.empty() && !row.doi.empty() && row.citing != row.doi;
    if (!is_citation || !outcome || !seen.emplace(row.citing, row.doi).second) return;
    const auto citing = reader.work("doi:" + row.citing), cited = reader.work("doi:" + row.doi);
    if (!citing || !cited) {
      outcome = fail(citing ? cited.error() : citing.error());
      return;
    }
    const bool both = citing->has_value() && cited->has_value();
    const std::string journal = both ? journal_title((*citing)->record) : "";
    const bool same_journal = !journal.empty() && journal == journal_title((*cited)->record);
    const bool same_author = both && share_a_name((*citing)->record, (*cited)->record);
    const std::string date = cited->has_value() ? text_of((*cited)->record, "published") : "";
    out << csv_line({oci_of(row.citing, row.doi), row.citing, row.doi, row.published,
                     timespan_between(date, row.published), same_journal ? "yes" : "no", same_author ? "yes" : "no"});
  };
  VELLUM_TRY(const std::size_t references, each_reference(archive, options, doi, reader, write));
  VELLUM_CHECK(std::move(outcome));
  return references == 0 ? 0 : seen.size();
}

Result<std::size_t> list_links(const storage::Archive& archive, const Options& options, const std::string& doi,
                               Printer printer) {
  if (!options.url.empty()) {
    VELLUM_CHECK(links_of_page(archive, options, doi, printer));
  } else if (!doi.empty()) {
    VELLUM_CHECK(links_to_doi(archive, doi, printer));
  } else {
    VELLUM_CHECK(all_links(archive, printer));
  }
  return printer.count();
}

Result<std::size_t> write_file(const storage::Archive& archive, const Options& options, const std::string& doi) {
  std::ofstream file;
  if (!options.output.empty()) file.open(options.output, std::ios::binary | std::ios::trunc);
  std::ostream& out = options.output.empty() ? std::cout : file;
  if (!out) return fail(ErrorKind::kInvalid, "links: cannot write " + options.output);
  Result<std::size_t> count = 0;
  if (options.format == "csv") {
    count = list_links(archive, options, doi, Printer(false, true, &out));
  } else {
    count = write_citations(archive, options, doi, out);
  }
  out.flush();
  if (count && !out) return fail(ErrorKind::kStorage, "links: writing " + options.output + " failed");
  return count;
}

Result<void> check_options(const Options& options) {
  if (options.format.empty() && !options.output.empty()) {
    return fail(ErrorKind::kInvalid, "links: -o needs --format csv or opencitations");
  }
  if (options.references && !options.format.empty()) {
    return fail(ErrorKind::kInvalid, "links: --references lists, --format writes; take one of them");
  }
  return {};
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_CHECK(check_options(options));
  std::string doi;
  if (!options.doi.empty()) {
    const auto normal = normalise_doi(options.doi);
    if (!normal) return fail(ErrorKind::kInvalid, "links: not a DOI: `" + options.doi + "`; one begins with \"10.\"");
    doi = *normal;
  }
  VELLUM_TRY(const auto archive, open_archive(context));
  Result<std::size_t> count = 0;
  if (!options.format.empty()) {
    count = write_file(*archive, options, doi);
  } else if (options.references) {
    count = list_references(*archive, options, doi, context);
  } else {
    count = list_links(*archive, options, doi, Printer(context.json, options.url.empty(), nullptr));
  }
  if (!count) return fail(count.error());
  if (*count > 0) return kDone;
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
  verb->add_flag("--references", options->references,
                 "References, one row each with all their identifiers; a DOI that only the PMID's own record gave says "
                 "which capture it is from");
  verb->add_option("--format", options->format, "csv (all links) or opencitations (one row a citation)")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"csv", "opencitations"}));
  verb->add_option("-o,--output", options->output, "Write there instead of standard output")->type_name("FILE");
  verb->footer(
      "\nPLACE is reference, body, self, similar, cited-by, share, related or fulltext: most DOI-shaped addresses on a "
      "page\n"
      "are share buttons and publisher paths, not citations.\n"
      "Example: vellum -C archive links --doi 10.1038/ng1084 --json");
}

}  // namespace vellum::cli
