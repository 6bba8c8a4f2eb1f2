// vellum takedown URL|--prefix P|--doi D|--capture ID --reason R: captures are forgotten, or withheld for a time.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "base/clock.h"
#include "base/scholarly_id.h"
#include "storage/commit/catalog.h"
#include "tools/vellum/care/copy_journal.h"
#include "tools/vellum/exchange/page_import.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

using storage::Archive;
using storage::Capture;
using storage::CaptureId;

struct Options {
  std::string url, prefix, doi, reason, embargo, wait = "60s";
  std::vector<CaptureId> captures;
  bool is_dry_run = false, is_legal = false, allows_fetch = false;
};

Failure wrong(const std::string& message) {
  return fail(ErrorKind::kInvalid, "takedown: " + message);
}

std::string with_scheme(const std::string& text) {
  return text.find("://") == std::string::npos ? "https://" + text : text;
}

// What is meant, and the addresses that crawls shall leave alone.
struct Selection {
  std::vector<Capture> captures;
  std::vector<storage::AddressRange> addresses;
};

class Select {
 public:
  Select(const Archive& archive, const Options& options) : archive_(archive), options_(options) {}

  Result<Selection> run() {
    if (!options_.url.empty()) VELLUM_CHECK(add_url());
    if (!options_.prefix.empty()) VELLUM_CHECK(add_prefix());
    if (!options_.doi.empty()) VELLUM_CHECK(add_doi());
    for (const CaptureId id : options_.captures) {
      VELLUM_TRY(const Capture capture, archive_.capture(id));
      add(capture);
    }
    VELLUM_CHECK(add_parts());
    return std::move(selection_);
  }

 private:
  void add(const Capture& capture) {
    if (ids_.insert(capture.id).second) selection_.captures.push_back(capture);
  }
  void close(const std::string& address, bool is_prefix) { selection_.addresses.push_back({address, is_prefix}); }

  Result<void> add_url() {
    VELLUM_TRY(const Url url, parse_url_argument(options_.url));
    VELLUM_TRY(const std::vector<Capture> captures, archive_.captures(url));
    for (const Capture& capture : captures) add(capture);
    close(url.without_fragment().href(), false);
    return {};
  }

  Result<void> add_prefix() {
    const std::string prefix = with_scheme(options_.prefix);
    close(prefix, true);
    return archive_.scan(prefix, [this](const Capture& capture) {
      add(capture);
      return true;
    });
  }

  Result<void> add_doi() {
    const auto doi = normalise_doi(options_.doi);
    if (!doi) return wrong("not a DOI: " + options_.doi);
    VELLUM_TRY(const std::vector<CaptureId> ids, archive_.captures_by_id("doi:" + *doi));
    for (const CaptureId id : ids) {
      VELLUM_TRY(const Capture capture, archive_.capture(id));
      const auto url = Url::parse(capture.url);
      VELLUM_TRY(const std::vector<Capture> all,
                 url ? archive_.captures(*url) : Result<std::vector<Capture>>(std::vector<Capture>{capture}));
      for (const Capture& other : all) add(other);
      close(capture.url, false);
    }
    return {};
  }

  // Fragments and files that were fetched for a page are parts of what it says: of all visits of an address, of the one
  // visit of a single capture. Revisits have nothing of their own without what they refer to.
  Result<void> add_parts() {
    std::set<std::string> pages;
    for (const Capture& capture : selection_.captures) {
      if (options_.captures.empty() && capture.role == storage::Role::kPage) pages.insert(capture.url);
    }
    const std::set<CaptureId> visits = ids_;
    return archive_.scan_feed(0, [&](const Capture& capture) {
      const bool is_part = capture.role == storage::Role::kFragment || capture.role == storage::Role::kFile;
      if (is_part && (pages.contains(capture.root) || visits.contains(capture.root_capture))) add(capture);
      if (capture.refers_to && ids_.contains(capture.refers_to->capture)) add(capture);
      return true;
    });
  }

  const Archive& archive_;
  const Options& options_;
  Selection selection_;
  std::set<CaptureId> ids_;
};

void print_captures(const std::vector<Capture>& captures, const char* event, bool json) {
  if (!json) {
    Table table({">CAPTURE", "CAPTURED", "ROLE", ">BYTES", "DIGEST", "URL"});
    for (const Capture& capture : captures)
      table.add({std::to_string(capture.id), to_rfc3339(capture.captured), std::string(name_of(capture.role)),
                 human_bytes(capture.bytes), capture.digest.to_text().substr(7, 12), capture.url});
    return;
  }
  for (const Capture& capture : captures) {
    Json row;
    row["event"] = event;
    row["capture"] = capture.id;
    row["url"] = capture.url;
    row["captured"] = to_rfc3339(capture.captured);
    row["digest"] = capture.digest.to_text();
    row["bytes"] = capture.bytes;
    std::cout << to_line(row) << '\n';
  }
}

// Copies that the archive knows of are not reached from here: whoever keeps them must be told.
Result<std::uint64_t> print_copies(const std::vector<Capture>& captures, const Context& context) {
  VELLUM_TRY(const std::vector<CopyLine> copies, read_copies(context.archive));
  std::uint64_t holding = 0;
  for (const CopyLine& copy : copies) {
    const auto held = std::count_if(captures.begin(), captures.end(),
                                    [&](const Capture& capture) { return may_hold(copy, capture); });
    if (held == 0) continue;
    ++holding;
    if (context.json) {
      Json row;
      row["event"] = "copy";
      row["kind"] = copy.kind;
      row["path"] = copy.path;
      row["at"] = to_rfc3339(copy.at);
      row["captures"] = held;
      std::cout << to_line(row) << '\n';
    } else {
      std::cout << fmt::format("still in {} {} of {}: {} of these captures\n", copy.kind, copy.path,
                               to_rfc3339(copy.at), held);
    }
  }
  return holding;
}

void print_summary(const storage::TakedownReport& done, std::uint64_t copies, const Context& context) {
  if (context.json) {
    Json row;
    row["event"] = "summary";
    row["captures"] = done.captures;
    row["payloads"] = done.payloads;
    row["articles"] = done.articles;
    row["rewritten"] = done.rewritten;
    row["queued"] = done.queued;
    row["copies"] = copies;
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << fmt::format(
      "taken down: {} captures, {} payloads, {} article records; {} others stored anew, {} tasks taken out of the "
      "queue\n",
      done.captures, done.payloads, done.articles, done.rewritten, done.queued);
}

Result<std::unique_ptr<storage::Catalog>> open_catalog(const Options& options, const Context& context) {
  VELLUM_TRY(const Duration patience, parse_duration(options.wait));
  const auto notice = [](const std::string& holder) { warn(holder + "; waiting"); };
  auto catalog = open_catalog_patiently(context.archive, patience, notice);
  if (catalog || catalog.error().kind != ErrorKind::kNotFound) return catalog;
  return wrong("no archive in " + context.archive.string() + "; name one with -C DIR");
}

Result<int> reopen_address(const Options& options, const Context& context) {
  VELLUM_TRY(const auto catalog, open_catalog(options, context));
  bool was_closed = false;
  if (!options.url.empty()) {
    VELLUM_TRY(const Url url, parse_url_argument(options.url));
    VELLUM_TRY(was_closed, catalog->allow_fetch(url.without_fragment().href()));
  } else {
    VELLUM_TRY(was_closed, catalog->allow_fetch(with_scheme(options.prefix)));
  }
  if (!was_closed) return fail(ErrorKind::kNotFound, "takedown: it was not closed to crawls");
  std::cout << "crawls may fetch it again\n";
  return kDone;
}

Result<std::optional<Timestamp>> embargo_end(const Options& options) {
  if (options.embargo == "now") return std::optional<Timestamp>();
  VELLUM_TRY(const Timestamp until, parse_timestamp(options.embargo));
  return std::optional(until);
}

Result<int> set_embargo(const Options& options, const Context& context, const Selection& selection, Timestamp now) {
  VELLUM_TRY(const auto until, embargo_end(options));
  storage::EmbargoRequest request{{}, selection.addresses, until, options.reason, now};
  for (const Capture& capture : selection.captures) request.captures.push_back(capture.id);
  {
    VELLUM_TRY(const auto catalog, open_catalog(options, context));
    VELLUM_CHECK(catalog->embargo(request));
  }
  print_captures(selection.captures, until ? "withheld" : "released", context.json);
  if (context.json) {
    Json row;
    row["event"] = "summary";
    row["captures"] = selection.captures.size();
    if (until) row["until"] = to_rfc3339(*until);
    std::cout << to_line(row) << '\n';
    return kDone;
  }
  const bool is_of_addresses = until && !selection.addresses.empty();
  std::cout << (until ? "withheld from replay and exports until " + to_rfc3339(*until) : "withheld no longer") << ": "
            << selection.captures.size() << " captures" << (is_of_addresses ? ", and what is captured there later" : "")
            << "; nothing was deleted\n";
  return kDone;
}

Result<int> take_down(const Options& options, const Context& context, const Selection& selection, Timestamp now) {
  storage::TakedownRequest request;
  for (const Capture& capture : selection.captures) request.captures.push_back(capture.id);
  for (const storage::AddressRange& range : selection.addresses) {
    if (!options.allows_fetch) request.closed.push_back({range.address, range.is_prefix, options.reason, now});
  }
  request.reason = options.reason;
  request.is_legal = options.is_legal;
  request.at = now;
  storage::TakedownReport done;
  {
    VELLUM_TRY(const auto catalog, open_catalog(options, context));
    VELLUM_TRY(done, catalog->take_down(request));
  }
  // The next opening begins a MANIFEST that does not name the keys of what went.
  VELLUM_TRY(const auto catalog, open_catalog(options, context));
  catalog->close();
  print_captures(selection.captures, "taken-down", context.json);
  VELLUM_TRY(const std::uint64_t copies, print_copies(selection.captures, context));
  print_summary(done, copies, context);
  return kDone;
}

Result<void> check_options(const Options& options) {
  const int ways = (options.url.empty() ? 0 : 1) + (options.prefix.empty() ? 0 : 1) + (options.doi.empty() ? 0 : 1) +
                   (options.captures.empty() ? 0 : 1);
  if (ways != 1) return wrong("name what shall go: a URL, --prefix, --doi or --capture, one of them");
  if (options.reason.empty()) return wrong("say why: --reason TEXT; it stays with the tombstone");
  return {};
}

Result<int> run(const Options& options, const Context& context) {
  const bool is_reopening = options.allows_fetch && options.reason.empty();
  if (is_reopening && (!options.url.empty() || !options.prefix.empty())) return reopen_address(options, context);
  VELLUM_CHECK(check_options(options));
  const Timestamp now = SystemClock().now();
  Selection selection;
  {
    VELLUM_TRY(const auto archive, open_archive(context));
    VELLUM_TRY(selection, Select(*archive, options).run());
  }
  if (selection.captures.empty() && selection.addresses.empty())
    return fail(ErrorKind::kNotFound, "takedown: the archive has no such capture");
  if (options.is_dry_run) {
    print_captures(selection.captures, "would-go", context.json);
    VELLUM_TRY(const std::uint64_t copies, print_copies(selection.captures, context));
    if (!context.json)
      std::cout << selection.captures.size() << " captures would go; " << copies << " copies hold some of them\n";
    return kDone;
  }
  return options.embargo.empty() ? take_down(options, context, selection, now)
                                 : set_embargo(options, context, selection, now);
}

}  // namespace

void add_takedown(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, context, "takedown", "Forget captures for good, or withhold them for a time", [options, &context] {
        const auto code = run(*options, context);
        return code ? *code : report(code.error());
      });
  verb->add_option("URL", options->url, "All captures of this address, with their fragments and files");
  verb->add_option("--prefix", options->prefix, "All captures whose address starts with this")->type_name("URL");
  verb->add_option("--doi", options->doi, "All captures of the article with this DOI")->type_name("DOI");
  verb->add_option("--capture", options->captures, "One capture, by its number; may be repeated")->type_name("ID");
  verb->add_option("--reason", options->reason, "Why; it stays, and whoever asks for the page is told")
      ->type_name("TEXT");
  verb->add_flag("--dry-run", options->is_dry_run, "Only list what would go, and the copies that hold it");
  verb->add_flag("--legal", options->is_legal, "A law asks for it: replay answers 451 instead of 410");
  verb->add_option("--embargo-until", options->embargo,
                   "Withhold from replay and exports until then, and delete nothing; `now` ends it")
      ->type_name("TIME");
  verb->add_flag("--allow-refetch", options->allows_fetch,
                 "Crawls may fetch it again; alone, with a URL or --prefix, it opens what an earlier take-down closed");
  verb->add_option("--wait", options->wait, "How long to wait for an archive that a crawl holds")->type_name("TIME");
  verb->footer(
      "\nPayload, header blocks, article records and links go from every file of the database; a tombstone with "
      "reason, "
      "time\nand digest stays, and seals and proofs hold. Backups and exports that were made with this program are "
      "named: they are\nnot changed. It can be killed at any moment: the next program that opens the archive for "
      "writing finishes it.\n"
      "Example: vellum -C archive takedown https://example.org/a --reason \"author's request of 3 May\" --dry-run");
}

}  // namespace vellum::cli
