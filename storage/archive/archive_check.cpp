#include "storage/archive/archive_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "storage/archive/payload_check.h"
#include "storage/archive/seal_check.h"
#include "storage/archive/work_rows.h"

namespace vellum::storage {

using rocks::Family;

namespace {

// One pass over each family. What cannot be read is a fault too; the pass then goes on with the next family.
class Check {
 public:
  Check(const rocks::Database& database, const PayloadReader& reader, bool read_data)
      : database_(database), reader_(reader), read_data_(read_data) {}

  Result<CheckReport> run();
  Result<void> recount(const PutMeta& put);

 private:
  void pass();
  using Visit = std::function<void(std::string_view key, std::string_view value)>;

  void fault(std::string where, std::string what) { report_.faults.push_back({std::move(where), std::move(what)}); }
  void each(Family family, const Visit& visit);
  bool exists(Family family, std::string_view key, const std::string& where);
  bool is_later(CaptureId id) const { return id > counters_.last_capture; }  // committed since the check began

  void check_feed();
  void check_feed_row(std::string_view id, std::string_view key);
  void check_capture(const Capture& capture, const std::string& where);
  void check_reference(const Capture& capture, const std::string& where);
  void check_captures();
  void check_payloads();
  void check_rows_of_captures(Family family, std::string_view what);
  void check_articles();
  void check_index(Family family, std::string_view what, bool of_links);
  template <class Record>
  void check_records(Family family, std::string_view what);
  void check_known();
  void check_works();
  void check_queue();
  void check_counters();
  void check_files();

  const rocks::Database& database_;
  const PayloadReader& reader_;
  const bool read_data_;
  Counters counters_, counted_;
  std::uint64_t sequence_ = 0;
  std::optional<PayloadCheck> payloads_;
  std::map<std::string, std::uint64_t> queued_;  // by run, as in keys
  CheckReport report_;
};

Result<CheckReport> Check::run() {
  VELLUM_TRY(sequence_, database_.sequence());
  VELLUM_TRY(const auto row, database_.find(Family::kMeta, kCountersKey));
  if (row) {
    VELLUM_TRY(counters_, Counters::decode(*row));
  }
  for (const std::string& warning : database_.warnings()) fault("archive", warning);
  pass();
  check_counters();
  report_.seals =
      check_seals(database_, [this](std::string where, std::string what) { fault(std::move(where), std::move(what)); });
  if (read_data_) check_files();
  return std::move(report_);
}

void Check::pass() {
  check_payloads();
  check_feed();
  check_captures();
  check_rows_of_captures(Family::kHeaders, "header blocks");
  check_rows_of_captures(Family::kPending, "pending extraction");
  check_articles();
  check_index(Family::kArticleIds, "id", false);
  check_index(Family::kDoiLinks, "doi", true);
  check_records<Run>(Family::kRuns, "run");
  check_records<Event>(Family::kEvents, "event");
  check_known();
  check_works();
  check_queue();
}

Result<void> Check::recount(const PutMeta& put) {
  counters_.last_capture = counters_.last_payload = ~std::uint64_t{0};  // nothing comes later
  pass();
  VELLUM_TRY(counted_.last_capture, last_id(database_, Family::kFeed));
  VELLUM_CHECK(database_.scan(Family::kTombstones, "c", "d", [this](std::string_view key, std::string_view) {
    if (key.size() > 8)
      counted_.last_capture = std::max(counted_.last_capture, rocks::from_big_endian(key.substr(key.size() - 8)));
    return true;
  }));
  VELLUM_TRY(counted_.last_payload, last_id(database_, Family::kPayloads));
  VELLUM_TRY(counted_.last_run, last_id(database_, Family::kRuns));
  for (const auto& [run, count] : queued_)
    VELLUM_CHECK(put(std::string(kQueuedPrefix) + run, rocks::big_endian(count)));
  return put(kCountersKey, counted_.encode());
}

void Check::each(Family family, const Visit& visit) {
  const auto done = database_.scan(family, {}, {}, [&](std::string_view key, std::string_view value) {
    visit(key, value);
    return true;
  });
  if (!done) fault("family " + std::string(rocks::name_of(family)), done.error().message);
}

bool Check::exists(Family family, std::string_view key, const std::string& where) {
  const auto row = database_.find(family, key);
  if (!row) fault(where, row.error().message);
  return row && row->has_value();
}

void Check::check_payloads() {
  payloads_.emplace(database_, reader_, counters_.last_payload, read_data_,
                    [this](std::string where, std::string what) { fault(std::move(where), std::move(what)); });
  payloads_->run();
  report_.payloads = counted_.payloads = payloads_->found().payloads;
  report_.payload_bytes = payloads_->found().payload_bytes;
  counted_.stored_bytes += payloads_->found().frame_bytes;
}

void Check::check_feed() {
  each(Family::kFeed, [this](std::string_view id, std::string_view key) { check_feed_row(id, key); });
  payloads_->compare_references();
}

void Check::check_feed_row(std::string_view id_bytes, std::string_view key) {
  const CaptureId id = rocks::from_big_endian(id_bytes);
  if (is_later(id)) return;
  std::string where = fmt::format("capture {}", id);
  const auto row = database_.find(Family::kCaptures, key);
  if (!row) return fault(where, row.error().message);
  if (!*row) return fault(where, "listed in the feed, but not stored");
  const auto capture = decode_capture(**row);
  if (!capture) return fault(where, capture.error().message);
  where += " " + capture->url;
  if (capture->id != id) return fault(where, fmt::format("its record says that it is capture {}", capture->id));
  if (capture_key(replay_key(capture->url), capture->captured, id) != key)
    fault(where, "stored under the key of another url or time");
  check_capture(*capture, where);
}

void Check::check_capture(const Capture& capture, const std::string& where) {
  ++report_.captures;
  ++counted_.captures;
  counted_.raw_bytes += capture.bytes;
  const auto row = database_.find(Family::kDigests, capture.digest.view());
  if (!row) {
    fault(where, row.error().message);
  } else if (!*row) {
    fault(where, "no payload " + capture.digest.to_text());
  } else if (const auto locator = Locator::decode(**row); locator) {
    payloads_->count_reference(capture.digest);
    if (locator->bytes != capture.bytes)
      fault(where, fmt::format("has {} bytes, its payload {}", capture.bytes, locator->bytes));
  }
  check_reference(capture, where);
  const auto blocks = database_.find(Family::kHeaders, id_key(capture.id));
  if (!blocks) return fault(where, blocks.error().message);
  if (!*blocks) return fault(where, "no header blocks");
  counted_.stored_bytes += (*blocks)->size();
  const auto block = reader_.header_block(**blocks);
  const auto decoded = block ? split_header_block(*block) : Result<HeaderBlocks>(fail(block.error()));
  if (!decoded) fault(where, "header blocks: " + decoded.error().message);
}

// What a revisit refers to is there, is no revisit itself, and has its payload.
void Check::check_reference(const Capture& capture, const std::string& where) {
  if (!capture.refers_to) return;
  const CaptureId id = capture.refers_to->capture;
  const auto key = database_.find(Family::kFeed, id_key(id));
  if (!key) return fault(where, key.error().message);
  if (!*key) return fault(where, fmt::format("is a revisit of capture {}, which is not there", id));
  const auto row = database_.find(Family::kCaptures, **key);
  if (!row || !*row) return;  // a fault of that capture
  const auto original = decode_capture(**row);
  if (original && (original->is_revisit() || original->digest != capture.digest))
    fault(where, fmt::format("is a revisit of capture {}, which has another payload", id));
}

void Check::check_captures() {
  each(Family::kCaptures, [this](std::string_view key, std::string_view value) {
    if (key.size() < 17) return fault("captures", "a key is too short");
    const CaptureId id = rocks::from_big_endian(key.substr(key.size() - 8));
    if (is_later(id)) return;
    const auto listed = database_.find(Family::kFeed, id_key(id));
    const auto capture = decode_capture(value);
    const std::string where = fmt::format("capture {}{}", id, capture ? " " + capture->url : "");
    if (!listed) return fault(where, listed.error().message);
    if (!*listed || **listed != key) fault(where, "stored, but not listed in the feed");
  });
}

void Check::check_rows_of_captures(Family family, std::string_view what) {
  each(family, [&](std::string_view key, std::string_view) {
    const CaptureId id = rocks::from_big_endian(key);
    const std::string where = fmt::format("{} of capture {}", what, id);
    if (!is_later(id) && !exists(Family::kFeed, id_key(id), where)) fault(where, "there is no such capture");
  });
}

void Check::check_articles() {
  each(Family::kArticles, [&](std::string_view key, std::string_view value) {
    const CaptureId id = rocks::from_big_endian(key);
    if (is_later(id)) return;
    const std::string where = fmt::format("article of capture {}", id);
    ++report_.articles;
    const auto row = decode_article(value);
    if (!row) return fault(where, row.error().message);
    if (!exists(Family::kFeed, id_key(id), where)) fault(where, "there is no such capture");
    for (std::uint32_t i = 0; i < row->link_count; ++i) {
      if (!exists(Family::kLinks, index_key(key, i), where)) fault(where, fmt::format("its link {} is not there", i));
    }
  });
  each(Family::kLinks, [&](std::string_view key, std::string_view value) {
    ++report_.links;
    const std::string where = fmt::format("link of capture {}", rocks::from_big_endian(key));
    if (const auto json = parse_cbor(value); !json) fault(where, json.error().message);
    if (key.size() < 4 || !exists(Family::kArticles, key.substr(0, key.size() - 4), where))
      fault(where, "there is no such article");
  });
}

void Check::check_index(Family family, std::string_view what, bool of_links) {
  std::string last;
  each(family, [&](std::string_view key, std::string_view) {
    const std::size_t end = key.find('\0');
    if (end == std::string_view::npos || key.size() < end + 13)
      return fault(std::string(what) + " index", "a key is too short");
    const std::string name(key.substr(0, end));
    if (of_links && name != last) ++counted_.dois;
    last = name;
    const std::string where = fmt::format("{} {}", what, name);
    if (!exists(of_links ? Family::kLinks : Family::kArticles, key.substr(end + 1), where))
      fault(where, "names a record that is not there");
  });
}

template <class Record>
void Check::check_records(Family family, std::string_view what) {
  each(family, [&](std::string_view key, std::string_view value) {
    const auto json = parse_cbor(value);
    const auto record = json ? Record::from_json(*json) : Result<Record>(fail(json.error()));
    if (!record) fault(fmt::format("{} {}", what, rocks::from_big_endian(key)), record.error().message);
  });
}

void Check::check_known() {
  each(Family::kKnown, [this](std::string_view key, std::string_view) {
    if (key.starts_with('u')) ++counted_.urls;
    if (key.starts_with('h')) ++counted_.hosts;
    if (key.starts_with('a')) ++counted_.articles;
  });
}

void Check::check_works() {
  each(Family::kWorks, [this](std::string_view key, std::string_view value) {
    if (!key.starts_with('w')) {
      const std::string where = "index of works";
      if (!exists(Family::kWorks, work_key(rocks::from_big_endian(value)), where))
        fault(where, fmt::format("names work {}, which is not there", rocks::from_big_endian(value)));
      return;
    }
    const auto json = parse_cbor(value);
    const auto work = json ? Work::from_json(*json) : Result<Work>(fail(json.error()));
    const std::string where = fmt::format("work {}", rocks::from_big_endian(key.substr(1)));
    if (!work) return fault(where, work.error().message);
    for (const WorkPage& page : work->pages) {
      if (!exists(Family::kWorks, work_page_key(page.url), where)) fault(where, "is not found by its page " + page.url);
    }
  });
}

void Check::check_queue() {
  each(Family::kQueue, [this](std::string_view key, std::string_view) { ++queued_[std::string(key.substr(0, 4))]; });
}

void Check::check_counters() {
  std::map<std::string, std::uint64_t> kept;
  const std::string prefix(kQueuedPrefix);
  const auto read = database_.scan(Family::kMeta, prefix, rocks::prefix_end(prefix),
                                   [&](std::string_view key, std::string_view value) {
                                     const std::uint64_t count = rocks::from_big_endian(value);
                                     if (count != 0) kept[std::string(key.substr(prefix.size()))] = count;
                                     return true;
                                   });
  const auto now = database_.sequence();
  if (!read || !now || *now != sequence_) return;  // commits ran meanwhile: the counts are of no one moment
  if (kept != queued_) fault("counter queued", "is not the number of queued URLs");
  const auto compare = [this](std::string_view name, std::uint64_t said, std::uint64_t counted) {
    if (said != counted) fault("counter " + std::string(name), fmt::format("says {}, counted {}", said, counted));
  };
  compare("urls", counters_.urls, counted_.urls);
  compare("hosts", counters_.hosts, counted_.hosts);
  compare("captures", counters_.captures, counted_.captures);
  compare("payloads", counters_.payloads, counted_.payloads);
  compare("raw_bytes", counters_.raw_bytes, counted_.raw_bytes);
  compare("stored_bytes", counters_.stored_bytes, counted_.stored_bytes);
  compare("articles", counters_.articles, counted_.articles);
  compare("dois", counters_.dois, counted_.dois);
}

void Check::check_files() {
  const auto faults = database_.verify_files();
  if (!faults) return fault("files", faults.error().message);
  for (const auto& file : *faults) fault("file " + file.file, file.what);
}

}  // namespace

Result<void> recount(const rocks::Database& database, const PutMeta& put) {
  const PayloadReader reader(database);
  return Check(database, reader, false).recount(put);
}

Result<std::uint64_t> last_id(const rocks::Database& database, Family family) {
  std::uint64_t last = 0;
  VELLUM_CHECK(database.scan_back(family, "", "", [&](std::string_view key, std::string_view) {
    last = rocks::from_big_endian(key);
    return false;
  }));
  return last;
}

Result<CheckReport> check_archive(const rocks::Database& database, const PayloadReader& reader, bool read_data) {
  return Check(database, reader, read_data).run();
}

}  // namespace vellum::storage
