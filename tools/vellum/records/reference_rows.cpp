#include "tools/vellum/records/reference_rows.h"

namespace vellum::cli {
namespace {

constexpr std::size_t kMaxKnown = 50'000;

std::string id_of(const Json& record, const char* key) {
  const auto ids = record.find("ids");
  return ids == record.end() ? std::string() : text_of(*ids, key);
}

}  // namespace

Json to_json(const ReferenceRow& row) {
  Json json = {{"source", row.source}, {"captured", row.captured},
               {"citing", row.citing}, {"n", row.n},
               {"doi", row.doi},       {"pmid", row.pmid},
               {"pmcid", row.pmcid},   {"url", row.url},
               {"text", row.text},     {"derived", !row.derived_from.empty()}};
  if (!row.derived_from.empty()) json["derived_from"] = {{"url", row.derived_from}, {"captured", row.derived_at}};
  return json;
}

Result<std::optional<storage::StoredArticle>> ReferenceReader::work(const std::string& id) const {
  VELLUM_TRY(const std::vector<storage::CaptureId> captures, archive_.captures_by_id(id));
  std::optional<storage::StoredArticle> newest;
  for (const storage::CaptureId capture : captures) {
    auto article = archive_.article(capture);
    if (!article && article.error().kind == ErrorKind::kNotFound) continue;
    if (!article) return fail(article.error());
    if (!newest || newest->captured < article->captured) newest = std::move(*article);
  }
  return newest;
}

Result<ReferenceReader::Known> ReferenceReader::doi_of(const std::string& pmid) {
  if (const auto known = known_.find(pmid); known != known_.end()) return known->second;
  VELLUM_TRY(const auto article, work("pmid:" + pmid));
  Known found;
  // A page may be found under a PMID that is not its own: only the work's own record says its DOI.
  if (article && id_of(article->record, "pmid") == pmid) {
    found = {id_of(article->record, "doi"), article->url, to_rfc3339(article->captured)};
  }
  if (known_.size() >= kMaxKnown) known_.clear();
  known_[pmid] = found;
  return found;
}

Result<void> ReferenceReader::read(storage::CaptureId page, const std::function<void(const ReferenceRow&)>& visit) {
  auto article = archive_.article(page);
  if (!article && article.error().kind == ErrorKind::kNotFound) return {};
  if (!article) return fail(article.error());
  const Json& record = article->record;
  const auto references = record.find("references");
  if (references == record.end()) return {};
  for (const Json& work : *references) {
    ReferenceRow row;
    row.source = article->url;
    row.captured = to_rfc3339(article->captured);
    row.citing = id_of(record, "doi");
    row.published = text_of(record, "published");
    row.n = integer_of(work, "position");
    row.doi = text_of(work, "doi");
    row.pmid = text_of(work, "pmid");
    row.pmcid = text_of(work, "pmcid");
    row.url = text_of(work, "url");
    row.text = text_of(work, "text");
    if (row.doi.empty() && !row.pmid.empty()) {
      VELLUM_TRY(const Known known, doi_of(row.pmid));
      if (!known.doi.empty()) {
        row.doi = known.doi;
        row.derived_from = known.url;
        row.derived_at = known.captured;
      }
    }
    visit(row);
  }
  return {};
}

}  // namespace vellum::cli
