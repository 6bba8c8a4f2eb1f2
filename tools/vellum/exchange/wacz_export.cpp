#include "tools/vellum/exchange/wacz_export.h"

#include "base/text.h"
#include "plugins/html/plain_text.h"
#include "storage/warc/wacz.h"

namespace vellum::cli {
namespace {

// Pages are what a reader would open: answers in HTML that are no challenge and no error.
std::optional<warc::WaczPage> page_of(const storage::Archive& archive, const storage::Capture& capture,
                                      const std::string& payload) {
  const bool is_html = capture.mime == "text/html" || capture.mime == "application/xhtml+xml";
  const bool is_page = capture.role == storage::Role::kPage && is_html && capture.is_success();
  if (!is_page || capture.quarantined) return std::nullopt;
  warc::WaczPage page{capture.url, "", "", capture.captured};
  if (const auto article = archive.article(capture.id)) page.title = text_of(article->record, "title");
  if (const auto document = html::Document::parse(payload)) page.text = fold_space(html::plain_text(*document));
  return page;
}

Result<std::optional<SigningKey>> key_in(const std::string& file) {
  if (file.empty()) return std::nullopt;
  auto key = SigningKey::load(file, SignatureKind::kP384);
  if (!key && key.error().kind == ErrorKind::kNotFound) key = SigningKey::create(file, SignatureKind::kP384);
  if (!key) return fail(std::move(key).error());
  return std::optional(*std::move(key));
}

}  // namespace

Result<warc::ExportCounts> export_wacz(const storage::Archive& archive, const warc::ExportOptions& selection,
                                       const WaczExport& wanted) {
  const SystemClock clock;
  VELLUM_TRY(const std::optional<SigningKey> key, key_in(wanted.key_file));
  const warc::WaczOptions options{wanted.title, selection.software, wanted.warc_version, clock.now(),
                                  key ? &*key : nullptr};
  const auto page = [&](const storage::Capture& capture, const std::string& payload) {
    return page_of(archive, capture, payload);
  };
  return write_wacz(archive, wanted.file, selection, options, page);
}

}  // namespace vellum::cli
