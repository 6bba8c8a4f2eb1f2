#include "storage/archive/rocks_archive.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/url_key.h"
#include "storage/archive/archive_check.h"

namespace vellum::storage {

using rocks::Family;

static_assert(kFormatVersion == rocks::kFormat, "one format version, known to both");

namespace {

Error damaged(Error error, const std::string& what) {
  if (error.kind != ErrorKind::kCorrupt) return wrap(std::move(error), what);
  error = wrap(std::move(error), what);
  error.message += "; run `vellum check`";
  return error;
}

// The part of a URL prefix that is also a prefix of the replay keys of all URLs which start with it; "" if there is
// none.
std::string replay_prefix(std::string_view prefix) {
  const std::size_t authority = prefix.find("://");
  if (authority == std::string_view::npos) return {};
  const std::size_t path = prefix.find('/', authority + 3);
  if (path == std::string_view::npos) return {};  // the host may go on
  // Sorted arguments, session ids, dot segments and half escapes do not keep prefixes: stop before them.
  const std::size_t end = std::min(prefix.find_first_of("?;#%.", path), prefix.size());
  const auto url = Url::parse(prefix.substr(0, end));
  if (!url || url->hostname().empty()) return {};
  std::string key = surt(*url);
  while (!key.empty() && key.back() == '/') key.pop_back();
  return key;
}

std::size_t rank_of(const Capture& capture, const std::string& url) {
  return (capture.quarantined ? 2u : 0u) + (capture.url == url ? 0u : 1u);
}

}  // namespace

Result<std::unique_ptr<Archive>> Archive::open(const std::filesystem::path& folder) {
  VELLUM_TRY(auto database, rocks::Database::open(folder, rocks::Mode::kSecondary));
  return std::unique_ptr<Archive>(std::make_unique<RocksArchive>(std::move(database)));
}

std::unique_ptr<Archive> Archive::over(const rocks::Database& database) {
  return std::make_unique<RocksArchive>(database);
}

RocksArchive::RocksArchive(std::unique_ptr<rocks::Database> secondary)
    : secondary_(std::move(secondary)), database_(secondary_.get()), reader_(*database_) {}

Result<void> RocksArchive::refresh() {
  if (secondary_ == nullptr) return {};
  return secondary_->catch_up();
}

Result<void> RocksArchive::scan_captures(const KeyRange& range,
                                         const std::function<bool(const Capture&)>& visit) const {
  VELLUM_TRY(const Hidden hidden, this->hidden());
  Result<void> read;
  VELLUM_CHECK(database_->scan(Family::kCaptures, range.from, range.to, [&](std::string_view, std::string_view value) {
    const auto capture = decode_capture(value);
    if (!capture) read = fail(damaged(capture.error(), "capture"));
    return capture && (hidden.over(*capture) != nullptr || visit(*capture));
  }));
  return read;
}

Result<std::vector<Capture>> RocksArchive::captures(const Url& url) const {
  std::vector<Capture> found;
  VELLUM_CHECK(scan_captures(captures_range(surt(url)), [&](const Capture& capture) {
    found.push_back(capture);
    return true;
  }));
  return found;
}

Result<Capture> RocksArchive::find(const Url& url, const Wish& wish) const {
  const std::string exact = url.without_fragment().href();
  const std::string replay = surt(url);
  const KeyRange all = captures_range(replay);
  VELLUM_TRY(const Hidden hidden, this->hidden());
  const std::string middle = wish.at ? after_captures_at(replay, *wish.at) : all.to;
  std::array<std::optional<Capture>, 4> best;  // by rank; the first one met in each is the nearest in time
  Result<void> read;
  const auto consider = [&](std::string_view, std::string_view value) {
    auto capture = decode_capture(value);
    if (!capture) {
      read = fail(damaged(capture.error(), "capture of " + exact));
      return false;
    }
    if (hidden.over(*capture) != nullptr || (wish.only_success && !capture->is_success())) return true;
    auto& place = best[rank_of(*capture, exact)];
    if (!place) place = *std::move(capture);
    return !best[0].has_value();
  };
  VELLUM_CHECK(database_->scan_back(Family::kCaptures, all.from, middle, consider));
  if (read && !best[0] && wish.at) VELLUM_CHECK(database_->scan(Family::kCaptures, middle, all.to, consider));
  VELLUM_CHECK(std::move(read));
  for (std::size_t rank = 0; rank < (wish.even_quarantined ? 4u : 2u); ++rank) {
    if (best[rank]) return *std::move(best[rank]);
  }
  return fail(ErrorKind::kNotFound, "no capture of " + exact);
}

Result<Capture> RocksArchive::capture_at(std::string_view key) const {
  VELLUM_TRY(const auto value, database_->find(Family::kCaptures, key));
  if (!value) return fail(ErrorKind::kCorrupt, "listed in the feed, but not stored");
  return decode_capture(*value);
}

Result<Capture> RocksArchive::capture(CaptureId id) const {
  VELLUM_TRY(const auto key, database_->find(Family::kFeed, id_key(id)));
  if (!key) return fail(ErrorKind::kNotFound, "no capture " + std::to_string(id));
  auto found = capture_at(*key);
  if (!found) return fail(damaged(found.error(), "capture " + std::to_string(id)));
  VELLUM_TRY(const Hidden hidden, this->hidden());
  if (hidden.over(*found) != nullptr) return fail(ErrorKind::kNotFound, "no capture " + std::to_string(id));
  return found;
}

Result<void> RocksArchive::scan(std::string_view prefix, const std::function<bool(const Capture&)>& visit) const {
  const std::string from = replay_prefix(prefix);
  return scan_captures({from, rocks::prefix_end(from)},
                       [&](const Capture& capture) { return !capture.url.starts_with(prefix) || visit(capture); });
}

Result<void> RocksArchive::scan_feed(CaptureId after, const std::function<bool(const Capture&)>& visit) const {
  VELLUM_TRY(const Hidden hidden, this->hidden());
  Result<void> read;
  VELLUM_CHECK(database_->scan(Family::kFeed, id_key(after + 1), {}, [&](std::string_view id, std::string_view key) {
    const auto found = capture_at(key);
    if (!found) read = fail(damaged(found.error(), "capture " + std::to_string(rocks::from_big_endian(id))));
    return found && (hidden.over(*found) != nullptr || visit(*found));
  }));
  return read;
}

Result<std::vector<Capture>> RocksArchive::fragments_of(const Capture& page) const {
  std::vector<CaptureId> ids;
  const std::string prefix = named_key(page.url, {});
  VELLUM_CHECK(database_->scan(Family::kFragments, prefix, rocks::prefix_end(prefix), [&](std::string_view key, auto) {
    ids.push_back(rocks::from_big_endian(key.substr(key.size() - 8)));
    return true;
  }));
  // Of the same visit first, then nearest in time.
  const auto distance = [&](const Capture& fragment) {
    const auto apart = fragment.captured - page.captured;
    return std::pair(fragment.root_capture == page.id ? 0 : 1, apart < apart.zero() ? -apart : apart);
  };
  std::map<std::string, Capture> nearest;
  for (const CaptureId id : ids) {
    VELLUM_TRY(const bool is_kept_back, is_hidden(id));
    if (is_kept_back) continue;
    VELLUM_TRY(Capture fragment, capture(id));
    if (fragment.quarantined || !fragment.is_success()) continue;
    const auto [place, fresh] = nearest.try_emplace(fragment.url, fragment);
    if (!fresh && distance(fragment) < distance(place->second)) place->second = std::move(fragment);
  }
  std::vector<Capture> fragments;
  for (auto& [url, fragment] : nearest) fragments.push_back(std::move(fragment));
  std::sort(fragments.begin(), fragments.end(), [](const Capture& a, const Capture& b) { return a.id < b.id; });
  return fragments;
}

// What is read in two steps may have moved between them: a writer that repacks takes rows away.
template <class Read>
auto RocksArchive::again_if_moved(const Read& read) const -> decltype(read()) {
  auto found = read();
  if (found || found.error().kind != ErrorKind::kCorrupt) return found;
  VELLUM_CHECK(database_->catch_up());
  return read();
}

Result<std::string> RocksArchive::payload(const Digest& digest) const {
  const auto read = [&]() -> Result<std::string> {
    VELLUM_TRY(const auto row, database_->find(Family::kDigests, digest.view()));
    if (!row) return fail(ErrorKind::kNotFound, "no payload " + digest.to_text());
    VELLUM_TRY(const Locator locator, Locator::decode(*row));
    return reader_.payload(digest, locator);
  };
  auto bytes = again_if_moved(read);
  if (!bytes && bytes.error().kind != ErrorKind::kNotFound)
    return fail(damaged(bytes.error(), "payload " + digest.to_text()));
  return bytes;
}

bool RocksArchive::has_payload(const Digest& digest) const {
  const auto row = database_->find(Family::kDigests, digest.view());
  return row && row->has_value();
}

Result<HeaderBlocks> RocksArchive::headers(CaptureId id) const {
  const auto read = [&]() -> Result<HeaderBlocks> {
    VELLUM_TRY(const auto row, database_->find(Family::kHeaders, id_key(id)));
    if (!row) return fail(ErrorKind::kNotFound, "no header blocks of capture " + std::to_string(id));
    VELLUM_TRY(const std::string block, reader_.header_block(*row));
    return split_header_block(block);
  };
  auto blocks = again_if_moved(read);
  if (!blocks && blocks.error().kind != ErrorKind::kNotFound)
    return fail(damaged(blocks.error(), "header blocks of capture " + std::to_string(id)));
  return blocks;
}

Result<std::vector<Run>> RocksArchive::runs() const {
  std::vector<Run> runs;
  Result<void> read;
  VELLUM_CHECK(database_->scan(Family::kRuns, {}, {}, [&](std::string_view, std::string_view value) {
    const auto json = parse_cbor(value);
    auto run = json ? Run::from_json(*json) : Result<Run>(fail(json.error()));
    if (!run) read = fail(damaged(run.error(), "run"));
    if (run) runs.push_back(*std::move(run));
    return bool(read);
  }));
  VELLUM_CHECK(std::move(read));
  return runs;
}

Result<void> RocksArchive::scan_events(const std::function<bool(const Event&)>& visit) const {
  Result<void> read;
  VELLUM_CHECK(database_->scan(Family::kEvents, {}, {}, [&](std::string_view, std::string_view value) {
    const auto json = parse_cbor(value);
    const auto event = json ? Event::from_json(*json) : Result<Event>(fail(json.error()));
    if (!event) read = fail(damaged(event.error(), "event"));
    return event && visit(*event);
  }));
  return read;
}

Result<ArchiveStats> RocksArchive::stats() const {
  VELLUM_TRY(const auto row, database_->find(Family::kMeta, kCountersKey));
  Counters counters;
  if (row) {
    VELLUM_TRY(counters, Counters::decode(*row));
  }
  ArchiveStats stats;
  stats.captures = counters.captures;
  stats.urls = counters.urls;
  stats.payloads = counters.payloads;
  stats.raw_bytes = counters.raw_bytes;
  stats.stored_bytes = counters.stored_bytes;
  stats.hosts = counters.hosts;
  stats.articles = counters.articles;
  stats.dois = counters.dois;
  stats.last_capture = counters.last_capture;
  stats.disk_bytes = database_->disk_bytes();
  const std::string prefix(kQueuedPrefix);
  VELLUM_CHECK(
      database_->scan(Family::kMeta, prefix, rocks::prefix_end(prefix), [&](std::string_view, std::string_view value) {
        stats.queued += rocks::from_big_endian(value);
        return true;
      }));
  return stats;
}

Result<CheckReport> RocksArchive::check(bool read_data) const {
  return check_archive(*database_, reader_, read_data);
}

}  // namespace vellum::storage
