#include "storage/archive/archive_writer.h"

#include <algorithm>

namespace vellum::storage {
namespace {

using rocks::Family;
using rocks::Transaction;

// An index key's name ends at its first NUL, so a name that holds one cannot be indexed.
bool can_be_indexed(std::string_view name) {
  return !name.empty() && name.find('\0') == std::string_view::npos;
}

Result<bool> has_rows(const Transaction& group, Family family, const std::string& prefix) {
  bool any = false;
  VELLUM_CHECK(group.scan(family, prefix, rocks::prefix_end(prefix), [&](std::string_view, std::string_view) {
    any = true;
    return false;
  }));
  return any;
}

Result<void> check_against(const Capture& capture, const PreparedPayload& payload) {
  if (capture.digest == payload.digest && capture.bytes == payload.bytes) return {};
  return fail(ErrorKind::kInvalid, "capture and payload do not belong together: " + capture.url);
}

}  // namespace

Result<ArchiveWriter> ArchiveWriter::open(const rocks::Database& database) {
  ArchiveWriter writer;
  VELLUM_TRY(const auto row, database.find(Family::kMeta, kCountersKey));
  if (row) {
    VELLUM_TRY(writer.counters_, Counters::decode(*row));
  }
  return writer;
}

Result<std::optional<Capture>> ArchiveWriter::find_same(const Transaction& group, const std::string& replay,
                                                        const Capture& capture) const {
  std::optional<Capture> same;
  Result<void> read;
  const std::string from = capture_key(replay, capture.captured, 0);
  const std::string to = after_captures_at(replay, capture.captured);
  VELLUM_CHECK(group.scan(Family::kCaptures, from, to, [&](std::string_view, std::string_view value) {
    auto stored = decode_capture(value);
    if (!stored) {
      read = fail(stored.error());
      return false;
    }
    if (stored->url == capture.url && stored->digest == capture.digest && stored->run == capture.run)
      same = *std::move(stored);
    return !same.has_value();
  }));
  VELLUM_CHECK(std::move(read));
  return same;
}

Result<void> ArchiveWriter::add_capture(Transaction& group, Capture& capture, const PreparedPayload& payload,
                                        const HeaderBlocks& headers, bool wants_extraction) {
  VELLUM_CHECK(check_against(capture, payload));
  const std::string replay = replay_key(capture.url);
  VELLUM_TRY(auto same, find_same(group, replay, capture));
  if (same) {
    capture = *std::move(same);
    return {};
  }
  VELLUM_TRY(const std::uint64_t frame_bytes, put_payload(group, payload));
  capture.id = ++counters_.last_capture;
  std::string blocks =
      header_star_.encode(*zstd_, replay.substr(0, replay.find(')')), capture.id, header_block(headers));
  capture.stored_bytes = frame_bytes + blocks.size();
  ++counters_.captures;
  counters_.raw_bytes += capture.bytes;
  counters_.stored_bytes += capture.stored_bytes;
  const std::string key = capture_key(replay, capture.captured, capture.id);
  group.put(Family::kCaptures, key, encode_capture(capture));
  group.put(Family::kHeaders, id_key(capture.id), std::move(blocks));
  if (wants_extraction) group.put(Family::kPending, id_key(capture.id), id_key(capture.run));
  return put_indexes(group, capture, key);
}

Result<void> ArchiveWriter::put_indexes(Transaction& group, const Capture& capture, const std::string& key) {
  group.put(Family::kFeed, id_key(capture.id), key);
  if (capture.role == Role::kFragment && can_be_indexed(capture.root)) {
    group.put(Family::kFragments, fragment_key(capture.root, capture.captured, capture.id), {});
  }
  VELLUM_CHECK(count_once(group, known_url_key(capture.url), counters_.urls));
  const auto url = Url::parse(capture.url);
  if (!url || url->hostname().empty()) return {};
  return count_once(group, known_host_key(url->hostname()), counters_.hosts);
}

Result<void> ArchiveWriter::count_once(Transaction& group, const std::string& key, std::uint64_t& counter) {
  VELLUM_TRY(const bool known, group.has(Family::kKnown, key));
  if (known) return {};
  group.put(Family::kKnown, key, {});
  ++counter;
  return {};
}

// Returns the bytes of the frame that was added, 0 if the payload was there.
Result<std::uint64_t> ArchiveWriter::put_payload(Transaction& group, const PreparedPayload& payload) {
  VELLUM_TRY(const auto row, group.find(Family::kDigests, payload.digest.view()));
  if (row) {
    VELLUM_TRY(Locator locator, Locator::decode(*row));
    ++locator.refs;
    group.put(Family::kDigests, payload.digest.view(), locator.encode());
    return std::uint64_t{0};
  }
  if (payload.frame.empty()) {
    return fail(ErrorKind::kInvalid, "payload is neither given nor stored: " + payload.digest.to_text());
  }
  VELLUM_TRY(std::string bytes, settle_frame(group, payload));
  VELLUM_TRY(const Frame frame, parse_frame(bytes));
  Locator locator;
  locator.id = ++counters_.last_payload;
  locator.codec = static_cast<int>(frame.encoding);
  locator.base = frame.lean.row;
  locator.bytes = payload.bytes;
  locator.refs = 1;
  ++counters_.payloads;
  if (locator.base != 0) group.put(Family::kLeans, pair_key(locator.base, locator.id), {});
  put_bases(group, payload, locator, bytes.size());
  const std::uint64_t size = bytes.size();
  group.put(Family::kPayloads, id_key(locator.id), std::move(bytes));
  group.put(Family::kPlaces, pair_key(locator.id, 0), std::string(payload.digest.view()));
  group.put(Family::kDigests, payload.digest.view(), locator.encode());
  return size;
}

// The frame as it was prepared, if what it leans on is still there and has room; its dependents are counted. Else the
// payload alone.
Result<std::string> ArchiveWriter::settle_frame(Transaction& group, const PreparedPayload& payload) {
  VELLUM_TRY(const Frame frame, parse_frame(payload.frame));
  if (frame.lean.row == 0) return payload.frame;
  VELLUM_TRY(const auto row, group.find(Family::kBases, payload.base_key));
  VELLUM_TRY(const bool is_there, has_rows(group, Family::kPlaces, id_key(frame.lean.row)));
  if (row && is_there) {
    VELLUM_TRY(Base base, Base::decode(*row));
    if (base.row == frame.lean.row && base.offset == frame.lean.offset && base.dependents < kMostDependents) {
      ++base.dependents;
      group.put(Family::kBases, payload.base_key, base.encode());
      return payload.frame;
    }
  }
  VELLUM_TRY(const std::string bytes,
             decode_frame(*zstd_, frame, *payload.base, static_cast<std::size_t>(payload.bytes)));
  return encode_alone(*zstd_, bytes, kZstdOnlineLevel);
}

// A payload that leans on nothing is the page's keyframe from now on. One that leans on another page is leaned on by
// nothing: the page's next capture will be its first keyframe.
void ArchiveWriter::put_bases(Transaction& group, const PreparedPayload& payload, const Locator& locator,
                              std::size_t alone) {
  if (payload.page_key.empty() || (locator.base != 0 && payload.base_key == payload.page_key)) return;
  Base base;
  base.digest = payload.digest;
  if (locator.base == 0) {
    base.row = locator.id;
    base.bytes = payload.bytes;
    base.alone = alone;
    if (!payload.template_key.empty()) group.put(Family::kBases, payload.template_key, base.encode());
  }
  group.put(Family::kBases, payload.page_key, base.encode());
}

Result<void> ArchiveWriter::count_articles(Transaction& group, const rocks::Database& database) {
  counters_.articles = 0;
  Result<void> counted;
  VELLUM_CHECK(database.scan(Family::kArticles, {}, {}, [&](std::string_view, std::string_view value) {
    const auto row = decode_article(value);
    counted = row ? count_article(group, row->article) : Result<void>(fail(row.error()));
    return counted.has_value();
  }));
  return counted;
}

Result<void> ArchiveWriter::count_article(Transaction& group, const StoredArticle& article) {
  if (text_of(article.record, "kind") != "article") return {};
  return count_once(group, known_article_key(article.url), counters_.articles);
}

Result<void> ArchiveWriter::add_article(Transaction& group, const StoredArticle& article) {
  VELLUM_TRY(const bool exists, group.has(Family::kFeed, id_key(article.capture)));
  if (!exists)
    return fail(ErrorKind::kNotFound, "article of a capture that is not there: " + std::to_string(article.capture));
  const std::string key = article_key(article.capture, article.plugin, article.plugin_version);
  VELLUM_TRY(const auto old, group.find(Family::kArticles, key));
  VELLUM_CHECK(count_article(group, article));
  if (old) VELLUM_CHECK(drop_article(group, key, *old));
  group.put(Family::kArticles, key, encode_article(article, group.sequence()));
  for (const std::string& id : ids_of(article.record)) {
    if (can_be_indexed(id)) group.put(Family::kArticleIds, named_key(id, key), {});
  }
  VELLUM_CHECK(put_links(group, article, key));
  group.erase(Family::kPending, id_key(article.capture));
  return {};
}

// All rows of the earlier record but its own, which is about to be replaced.
Result<void> ArchiveWriter::drop_article(Transaction& group, const std::string& key, const std::string& old) {
  VELLUM_TRY(const ArticleRow row, decode_article(old));
  for (const std::string& id : ids_of(row.article.record)) {
    if (can_be_indexed(id)) group.erase(Family::kArticleIds, named_key(id, key));
  }
  for (std::uint32_t i = 0; i < row.link_count; ++i) {
    const std::string link_key = index_key(key, i);
    VELLUM_TRY(const auto value, group.find(Family::kLinks, link_key));
    if (!value) continue;
    VELLUM_TRY(const Json json, parse_cbor(*value));
    const std::string doi = text_of(json, "doi");
    group.erase(Family::kLinks, link_key);
    if (!can_be_indexed(doi)) continue;
    group.erase(Family::kDoiLinks, named_key(doi, link_key));
    VELLUM_TRY(const bool still_there, has_rows(group, Family::kDoiLinks, named_key(doi, {})));
    if (!still_there) --counters_.dois;
  }
  return {};
}

Result<void> ArchiveWriter::put_links(Transaction& group, const StoredArticle& article, const std::string& key) {
  std::uint32_t index = 0;
  for (const OutboundLink& link : article.links) {
    const std::string link_key = index_key(key, index++);
    group.put(Family::kLinks, link_key, to_cbor(to_json(link)));
    if (!can_be_indexed(link.doi)) continue;
    VELLUM_TRY(const bool known, has_rows(group, Family::kDoiLinks, named_key(link.doi, {})));
    if (!known) ++counters_.dois;
    group.put(Family::kDoiLinks, named_key(link.doi, link_key), {});
  }
  return {};
}

void ArchiveWriter::add_event(Transaction& group, const Event& event) {
  group.put(Family::kEvents, id_key(group.next_number()), to_cbor(event.to_json()));
}

Result<Run> ArchiveWriter::find_run(const Transaction& group, RunId id) const {
  VELLUM_TRY(const auto row, group.find(Family::kRuns, id_key(id)));
  if (!row) return fail(ErrorKind::kNotFound, "no run " + std::to_string(id));
  VELLUM_TRY(const Json json, parse_cbor(*row));
  return Run::from_json(json);
}

Run ArchiveWriter::start_run(Transaction& group, std::string crawl, std::string config, Timestamp now) {
  Run run;
  run.id = static_cast<RunId>(++counters_.last_run);
  run.crawl = std::move(crawl);
  run.config = std::move(config);
  run.state = "running";
  run.started = now;
  put_run(group, run);
  return run;
}

void ArchiveWriter::put_run(Transaction& group, const Run& run) {
  group.put(Family::kRuns, id_key(run.id), to_cbor(run.to_json()));
}

void ArchiveWriter::restore(const Counters& counters) {
  counters_ = counters;
  header_star_.clear();
}

void ArchiveWriter::put_counters(Transaction& group) const {
  group.put(Family::kMeta, kCountersKey, counters_.encode());
}

}  // namespace vellum::storage
