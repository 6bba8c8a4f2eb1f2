// vellum import FILE...: the captures of WARC, ARC and WACZ files. vellum import --page FILE --url U --at T: a saved
// page.

#include <iostream>

#include "base/article.h"
#include "tools/vellum/authoring/plugin_set.h"
#include "tools/vellum/crawl/crawl_printer.h"
#include "tools/vellum/exchange/page_import.h"
#include "tools/vellum/exchange/wacz_import.h"
#include "tools/vellum/exchange/warc_import.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string page, url, at, wait = "60s";
  std::vector<std::string> files;
};

Failure wrong(const std::string& message) {
  return fail(ErrorKind::kInvalid, "import: " + message);
}

void print_json(const ImportedPage& imported, CrawlPrinter& printer) {
  printer.captured(imported.capture);
  if (!imported.extraction) return;
  const plugins::Extraction& extraction = *imported.extraction;
  printer.extracted({imported.capture.url, extraction.plugin, text_of(extraction.record, "kind"),
                     article::cited_doi_count(extraction.record)});
}

void print(const ImportedPage& imported) {
  const storage::Capture& capture = imported.capture;
  std::cout << (imported.was_there ? "already there: " : "imported ") << capture.url << " of "
            << to_rfc3339(capture.captured) << ": " << capture.mime << ", " << human_bytes(capture.bytes);
  if (!imported.was_there) std::cout << " (" << human_bytes(capture.stored_bytes) << " stored)";
  if (imported.extraction) {
    const Json& record = imported.extraction->record;
    std::cout << ", " << text_of(record, "kind") << " \"" << printable(text_of(record, "title")) << "\", "
              << article::cited_doi_count(record) << " DOIs cited";
  }
  if (capture.quarantined) std::cout << ", quarantined as " << capture.verdict;
  std::cout << '\n';
}

Result<SavedPage> saved_page(const Options& options) {
  if (options.page.empty()) return wrong("which file? say FILE..., or --page FILE --url U --at T for one saved page");
  if (options.url.empty()) return wrong("where was the page saved from? say --url U");
  if (options.at.empty()) return wrong("when was the page saved? say --at T");
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  if (!url.is_http()) return wrong("only http and https addresses are archived, not " + url.href());
  VELLUM_TRY(const Timestamp captured, parse_timestamp(options.at));
  return SavedPage{options.page, url.without_fragment(), captured};
}

Result<int> import_saved_page(const Options& options, const Context& context, storage::Catalog& catalog,
                              const plugins::Registry& registry) {
  VELLUM_TRY(const SavedPage page, saved_page(options));
  VELLUM_TRY(const ImportedPage imported, import_page(catalog, registry, page));
  VELLUM_TRY(const std::uint64_t sealed, catalog.seal(SystemClock().now()));
  static_cast<void>(sealed);
  catalog.close();
  if (context.json) {
    CrawlPrinter printer(true);
    print_json(imported, printer);
  } else {
    print(imported);
  }
  return kDone;
}

void print_counts(const ImportCounts& counts, bool json) {
  if (json) {
    Json row;
    row["event"] = "summary";
    row["records"] = counts.records;
    row["captures"] = counts.captures;
    row["already_there"] = counts.already_there;
    row["revisits"] = counts.revisits;
    row["articles"] = counts.articles;
    row["failures"] = counts.failures;
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << "imported " << counts.captures << " captures of " << counts.records << " records (" << counts.revisits
            << " were revisits), " << counts.articles << " article records";
  if (counts.already_there > 0) std::cout << "; " << counts.already_there << " were there already";
  std::cout << '\n';
}

void print_signer(const std::string& file, const std::string& signer, bool json) {
  if (json) {
    Json row;
    row["event"] = "signed";
    row["file"] = file;
    row["signer"] = signer;
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << file << ": signed by " << printable(signer) << '\n';
}

// Gives false for a file that cannot be read, which is told.
Result<bool> import_told(WarcImport& import, const std::string& file, bool json) {
  const auto signer = import_file(import, file);
  if (!signer && signer.error().kind != ErrorKind::kInvalid) return fail(signer.error());
  if (!signer) warn(printable(signer.error().message));
  if (signer && !signer->empty()) print_signer(file, *signer, json);
  return signer.has_value();
}

Result<int> import_files(const Options& options, const Context& context, storage::Catalog& catalog,
                         const plugins::Registry& registry) {
  CrawlPrinter printer(context.json);
  WarcImport import(
      catalog, registry,
      [&](const storage::Capture& capture) {
        if (context.json) printer.captured(capture);
      },
      [&](const storage::Capture& capture, const plugins::Extraction& extraction) {
        if (!context.json) return;
        printer.extracted({capture.url, extraction.plugin, text_of(extraction.record, "kind"),
                           article::cited_doi_count(extraction.record)});
      },
      [](const std::string& line) { warn(printable(line)); });
  std::size_t unread = 0;
  for (const std::string& file : options.files) {
    VELLUM_TRY(const bool is_read, import_told(import, file, context.json));
    if (!is_read) ++unread;
  }
  VELLUM_CHECK(import.finish());
  VELLUM_TRY(const std::uint64_t sealed, catalog.seal(SystemClock().now()));
  static_cast<void>(sealed);
  catalog.close();
  if (unread == options.files.size()) return kWrongUse;
  print_counts(import.counts(), context.json);
  return unread == 0 && import.counts().failures == 0 ? kDone : kFailures;
}

Result<int> run(const Options& options, const Context& context) {
  const bool is_page = options.files.empty();
  if (!is_page && !options.page.empty()) return wrong("either files or --page, not both");
  if (is_page) {
    VELLUM_TRY(const SavedPage page, saved_page(options));  // wrong use is told before the archive is opened
    static_cast<void>(page);
  }
  VELLUM_TRY(const Duration patience, parse_duration(options.wait));
  VELLUM_TRY(const plugins::Registry registry, load_all_plugins(context));
  const auto notice = [](const std::string& holder) { warn(holder + "; waiting"); };
  auto catalog = open_catalog_patiently(context.archive, patience, notice);
  if (!catalog && catalog.error().kind == ErrorKind::kNotFound) {
    return wrong("no archive in " + context.archive.string() +
                 "; name one with -C DIR or make one with `vellum init DIR`");
  }
  if (!catalog) return fail(catalog.error());
  return is_page ? import_saved_page(options, context, **catalog, registry)
                 : import_files(options, context, **catalog, registry);
}

}  // namespace

void add_import(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "import", "WARC, ARC and WACZ files, or a saved page, become captures",
                            [options, &context] {
                              const auto code = run(*options, context);
                              return code ? *code : report(code.error());
                            });
  add_words(*verb, "FILE", options->files, "WARC or ARC (plain, gzip, zstd) or WACZ");
  verb->add_option("--page", options->page, "The saved page, byte for byte as it was received")->type_name("FILE");
  verb->add_option("--url", options->url, "Its address; https:// may be left out");
  verb->add_option("--at", options->at, "When it was received: RFC 3339, a date, or 1 to 14 digits")->type_name("TIME");
  verb->add_option("--wait", options->wait, "How long to wait for an archive that a crawl holds; default 60s")
      ->type_name("DURATION");
  verb->footer(
      "\nCaptures of files keep their times; what is there already is not stored again. Each record that is wrong is "
      "named\n"
      "in one line, and the exit code is 1.\n"
      "Example: vellum -C archive import crawl-1.warc.gz crawl-2.warc.gz\n"
      "\nThe capture of a saved page gets status 200, hop \"import\" and a header block that says it was made up; its "
      "article record "
      "and links\n"
      "are stored with it. The same page of the same time is stored once.\n"
      "Example: vellum -C archive import --page saved.html --url https://pubmed.ncbi.nlm.nih.gov/30526772/ --at "
      "2020-02-01");
}

}  // namespace vellum::cli
