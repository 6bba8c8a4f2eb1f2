#include "tools/vellum/exchange/page_import.h"

#include <fstream>
#include <thread>

#include "base/media_type.h"
#include "crawler/engine/examine.h"

namespace vellum::cli {
namespace {

using storage::Capture;
using storage::Catalog;

Result<std::string> read_file(const std::filesystem::path& file) {
  std::error_code bad;
  const bool is_file = std::filesystem::is_regular_file(file, bad);
  const auto size = is_file ? std::filesystem::file_size(file, bad) : 0;
  if (!is_file || bad) return fail(ErrorKind::kInvalid, "cannot read " + file.string() + ": no such file");
  if (size > kMostPageBytes) return fail(ErrorKind::kTooLarge, file.string() + " is larger than 256 MiB");
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(size, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(size));
  if (!stream) return fail(ErrorKind::kInvalid, "cannot read " + file.string());
  return bytes;
}

// What stands for the header block that a saved page no longer has.
std::string made_up_headers(std::string_view body) {
  std::string mime = sniffed_essence(MediaType(), body.substr(0, 1445));
  return "HTTP/1.1 200 OK\r\nContent-Type: " + (mime.empty() ? "application/octet-stream" : mime) +
         "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nX-Vellum-Imported: saved page; this header block was made up at import\r\n\r\n";
}

// As a crawl would look at the answer, but that nothing is followed.
Result<engine::Examination> examine_page(const plugins::Registry& registry, plugins::Answer answer,
                                         storage::Role role) {
  policy::CrawlConfig config;
  config.seeds = {answer.url.href()};
  VELLUM_TRY(const policy::Scope scope, policy::Scope::make(config.scope, config.seeds));
  storage::UrlTask task;
  task.url = answer.url.href();
  task.role = role;
  const policy::Sites sites(config);
  return engine::examine({config, scope, sites, registry}, task, std::move(answer));
}

Capture capture_of(const SavedPage& page, const storage::PreparedPayload& payload) {
  Capture capture;
  capture.url = page.url.href();
  capture.captured = page.captured;
  capture.status = 200;
  capture.bytes = capture.coded_bytes = payload.bytes;
  capture.digest = capture.coded_digest = payload.digest;
  capture.hop = "import";
  return capture;
}

Result<std::optional<Capture>> find_same(const Catalog& catalog, const SavedPage& page, const Digest& digest) {
  VELLUM_TRY(const std::vector<Capture> known, catalog.archive().captures(page.url));
  for (const Capture& capture : known) {
    const bool is_same = capture.captured == page.captured && capture.digest == digest;
    if (is_same && capture.url == page.url.href()) return capture;
  }
  return std::optional<Capture>();
}

Result<void> store_article(Catalog& catalog, const Capture& capture, const plugins::Extraction& extraction) {
  storage::StoredArticle article{
      capture.id,        capture.url,     capture.captured, extraction.plugin, extraction.plugin_version,
      extraction.record, extraction.links};
  storage::Commit changes;
  changes.articles.push_back(std::move(article));
  VELLUM_TRY(const storage::CommitAck acknowledged, wait_for(catalog.commit(std::move(changes))));
  static_cast<void>(acknowledged);
  return {};
}

}  // namespace

Result<std::optional<plugins::Extraction>> examine_import(const plugins::Registry& registry, Capture& capture,
                                                          const std::string& headers, std::string body) {
  VELLUM_TRY(const Url url, Url::parse(capture.url));
  if (!url.is_http()) return std::optional<plugins::Extraction>();
  plugins::Answer answer{
      url, capture.captured, capture.digest, capture.answer_status(), HeaderBlock(headers), std::move(body), "page"};
  VELLUM_TRY(engine::Examination seen, examine_page(registry, std::move(answer), capture.role));
  capture.mime = seen.mime;
  capture.verdict = seen.verdict.substance;
  capture.evidence = seen.verdict.evidence;
  capture.quarantined = !seen.verdict.substance.empty() && seen.verdict.is_quarantined();
  capture.rights = seen.rights;
  return std::move(seen.extraction);
}

Result<ImportedPage> import_page(Catalog& catalog, const plugins::Registry& registry, const SavedPage& page) {
  VELLUM_TRY(std::string body, read_file(page.file));
  const std::string headers = made_up_headers(body);
  const Digest digest = sha256(body);
  VELLUM_TRY(std::optional<Capture> same, find_same(catalog, page, digest));
  VELLUM_TRY(storage::PreparedPayload payload, catalog.prepare(body, {page.url.href(), "", "text/html"}));
  Capture capture = capture_of(page, payload);
  ImportedPage imported;
  VELLUM_TRY(imported.extraction, examine_import(registry, capture, headers, std::move(body)));
  imported.was_there = same.has_value();
  if (same) {
    imported.capture = *std::move(same);
    return imported;
  }
  storage::NewCapture added{std::move(capture), std::move(payload), {"", headers}, imported.extraction.has_value()};
  storage::Commit changes;
  changes.captures.push_back(std::move(added));
  VELLUM_TRY(const storage::CommitAck acknowledged, wait_for(catalog.commit(std::move(changes))));
  imported.capture = acknowledged.captures.at(0);
  if (imported.extraction) VELLUM_CHECK(store_article(catalog, imported.capture, *imported.extraction));
  return imported;
}

Result<std::unique_ptr<Catalog>> open_catalog_patiently(const std::filesystem::path& folder, Duration patience,
                                                        const std::function<void(const std::string&)>& notice) {
  using Steady = std::chrono::steady_clock;
  constexpr auto kPause = std::chrono::milliseconds(200);
  const SystemClock clock;
  const auto deadline = Steady::now() + patience;
  for (bool is_first = true;; is_first = false) {
    auto catalog = Catalog::open(folder, {clock.now(), std::chrono::seconds(5), false});
    if (catalog || catalog.error().kind != ErrorKind::kRefused || Steady::now() >= deadline) return catalog;
    if (is_first) notice(catalog.error().message);
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace vellum::cli
