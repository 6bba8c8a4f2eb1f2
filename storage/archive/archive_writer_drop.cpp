// ArchiveWriter: forgetting captures.

#include "storage/archive/archive_writer.h"
#include "storage/archive/repack_unit.h"
#include "storage/archive/work_rows.h"

namespace vellum::storage {

using rocks::Family;
using rocks::Transaction;

namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

// A copy: rows are erased while it is gone through.
Result<Rows> rows_of(const Transaction& group, Family family, const std::string& from, const std::string& to) {
  Rows rows;
  VELLUM_CHECK(group.scan(family, from, to, [&](std::string_view key, std::string_view value) {
    rows.emplace_back(key, value);
    return true;
  }));
  return rows;
}

// Whether a capture with a key in the range says yes.
template <class Test>
Result<bool> any_capture(const Transaction& group, const KeyRange& range, const Test& test) {
  bool any = false;
  Result<void> read;
  VELLUM_CHECK(group.scan(Family::kCaptures, range.from, range.to, [&](std::string_view, std::string_view value) {
    const auto capture = decode_capture(value);
    if (!capture) {
      read = fail(capture.error());
      return false;
    }
    any = test(*capture);
    return !any;
  }));
  VELLUM_CHECK(std::move(read));
  return any;
}

std::string host_of(const std::string& text) {
  const auto url = Url::parse(text);
  return url ? std::string(url->hostname()) : std::string();
}

// The record was read from this capture too: the page's from its fragments.
bool quotes(const Json& record, const Capture& capture) {
  const auto sources = record.find("sources");
  if (sources == record.end() || !sources->is_array()) return false;
  for (const Json& source : *sources) {
    if (!source.is_object() || text_of(source, "url") != capture.url) continue;
    if (text_of(source, "captured") == to_rfc3339(capture.captured)) return true;
    if (text_of(source, "digest") == capture.digest.to_text()) return true;
  }
  return false;
}

// The page leaves its work, which goes with its last page.
Result<void> drop_from_work(Transaction& group, const std::string& url) {
  VELLUM_TRY(const auto number, group.find(Family::kWorks, work_page_key(url)));
  if (!number) return {};
  group.erase(Family::kWorks, work_page_key(url));
  const std::string key = work_key(rocks::from_big_endian(*number));
  VELLUM_TRY(const auto row, group.find(Family::kWorks, key));
  if (!row) return {};
  VELLUM_TRY(const Json json, parse_cbor(*row));
  VELLUM_TRY(Work work, Work::from_json(json));
  std::erase_if(work.pages, [&](const WorkPage& page) { return page.url == url; });
  if (!work.pages.empty()) {
    group.put(Family::kWorks, key, to_cbor(work.to_json()));
    return {};
  }
  group.erase(Family::kWorks, key);
  for (const std::string& id : work.ids) group.erase(Family::kWorks, work_id_key(id));
  return {};
}

}  // namespace

Result<void> ArchiveWriter::drop_capture(Transaction& group, const Tombstone& stone, Dropped& dropped) {
  VELLUM_TRY(const auto key, group.find(Family::kFeed, id_key(stone.id)));
  if (!key) return {};
  VELLUM_TRY(const auto value, group.find(Family::kCaptures, *key));
  if (!value) return fail(ErrorKind::kCorrupt, "capture " + std::to_string(stone.id) + " is listed, but not stored");
  VELLUM_TRY(const Capture capture, decode_capture(*value));
  const std::string replay = replay_key(capture.url);
  group.erase(Family::kCaptures, *key);
  group.erase(Family::kFeed, id_key(capture.id));
  group.erase(Family::kPending, id_key(capture.id));
  group.erase(Family::kTombstones, embargo_key(capture.id));
  VELLUM_CHECK(drop_header_blocks(group, capture.id));
  VELLUM_CHECK(drop_articles(group, capture.id, nullptr, dropped));
  if (!capture.root.empty()) {
    const KeyRange roots = captures_range(replay_key(capture.root));
    VELLUM_TRY(const Rows pages, rows_of(group, Family::kCaptures, roots.from, roots.to));
    for (const auto& [page, record] : pages)
      VELLUM_CHECK(drop_articles(group, rocks::from_big_endian(std::string_view(page).substr(page.size() - 8)),
                                 &capture, dropped));
  }
  VELLUM_CHECK(drop_payload(group, capture.digest, dropped));
  VELLUM_CHECK(drop_indexes(group, capture, replay));
  --counters_.captures;
  counters_.raw_bytes -= capture.bytes;
  ++dropped.captures;
  const std::string stone_key = tombstone_key(replay, capture.captured, capture.id);
  VELLUM_TRY(const bool has_stone, group.has(Family::kTombstones, stone_key));  // it came back with a repair
  if (!has_stone) group.put(Family::kTombstones, stone_key, to_cbor(stone.to_json()));
  return {};
}

Result<void> ArchiveWriter::drop_header_blocks(Transaction& group, CaptureId capture) {
  VELLUM_TRY(const auto value, group.find(Family::kHeaders, id_key(capture)));
  if (!value) return {};
  counters_.stored_bytes -= value->size();
  group.erase(Family::kHeaders, id_key(capture));
  VELLUM_TRY(const Frame frame, parse_frame(*value));
  if (frame.encoding != Encoding::kPack) return {};
  group.erase(Family::kPlaces, pair_key(frame.lean.row, frame.lean.offset));
  return drop_row_if_free(group, counters_, frame.lean.row);
}

Result<void> ArchiveWriter::drop_payload(Transaction& group, const Digest& digest, Dropped& dropped) {
  VELLUM_TRY(const auto value, group.find(Family::kDigests, digest.view()));
  if (!value) return {};
  VELLUM_TRY(Locator locator, Locator::decode(*value));
  if (locator.refs > 1) {
    --locator.refs;
    group.put(Family::kDigests, digest.view(), locator.encode());
    return {};
  }
  group.erase(Family::kDigests, digest.view());
  group.erase(Family::kPlaces, pair_key(locator.id, locator.offset));
  --counters_.payloads;
  ++dropped.payloads;
  return drop_row_if_free(group, counters_, locator.id);
}

// All records of the capture, or those that quote another one.
Result<void> ArchiveWriter::drop_articles(Transaction& group, CaptureId capture, const Capture* quoted,
                                          Dropped& dropped) {
  const std::string prefix = id_key(capture);
  VELLUM_TRY(const Rows rows, rows_of(group, Family::kArticles, prefix, rocks::prefix_end(prefix)));
  for (const auto& [key, value] : rows) {
    VELLUM_TRY(const ArticleRow row, decode_article(value));
    if (quoted != nullptr && !quotes(row.article.record, *quoted)) continue;
    VELLUM_CHECK(drop_article(group, key, value));
    group.erase(Family::kArticles, key);
    VELLUM_CHECK(uncount_article(group, row.article.url));
    ++dropped.articles;
  }
  return {};
}

// The address counts as an article as long as one record says so.
Result<void> ArchiveWriter::uncount_article(Transaction& group, const std::string& url) {
  const std::string known = known_article_key(url);
  VELLUM_TRY(const bool is_counted, group.has(Family::kKnown, known));
  if (!is_counted) return {};
  const KeyRange range = captures_range(replay_key(url));
  VELLUM_TRY(const Rows captures, rows_of(group, Family::kCaptures, range.from, range.to));
  for (const auto& [key, capture] : captures) {
    const std::string prefix = key.substr(key.size() - 8);
    VELLUM_TRY(const Rows records, rows_of(group, Family::kArticles, prefix, rocks::prefix_end(prefix)));
    for (const auto& [article_key, value] : records) {
      VELLUM_TRY(const ArticleRow row, decode_article(value));
      if (row.article.url == url && text_of(row.article.record, "kind") == "article") return {};
    }
  }
  group.erase(Family::kKnown, known);
  --counters_.articles;
  return {};
}

Result<void> ArchiveWriter::drop_indexes(Transaction& group, const Capture& capture, const std::string& replay) {
  if (capture.role == Role::kFragment)
    group.erase(Family::kFragments, fragment_key(capture.root, capture.captured, capture.id));
  VELLUM_TRY(const bool has_url, any_capture(group, captures_range(replay),
                                             [&](const Capture& other) { return other.url == capture.url; }));
  if (!has_url) {
    VELLUM_CHECK(drop_from_work(group, capture.url));
    group.erase(Family::kKnown, known_url_key(capture.url));
    --counters_.urls;
  }
  const std::string host = host_of(capture.url);
  if (host.empty()) return {};
  const std::string prefix = replay.substr(0, replay.find_first_of(":)"));  // of all its ports
  VELLUM_TRY(const bool has_host, any_capture(group, {prefix, rocks::prefix_end(prefix)},
                                              [&](const Capture& other) { return host_of(other.url) == host; }));
  if (has_host) return {};
  group.erase(Family::kKnown, known_host_key(host));
  --counters_.hosts;
  return {};
}

}  // namespace vellum::storage
