#include "tools/vellum/exchange/warc_import.h"

#include <algorithm>

#include "crawler/engine/examine.h"
#include "storage/archive/revisit.h"
#include "tools/vellum/exchange/page_import.h"

namespace vellum::cli {

using storage::Capture;
using warc::ImportedExchange;

namespace {

constexpr std::size_t kGroup = 64;
constexpr std::uint64_t kGroupBytes = 16u << 20;
constexpr std::size_t kMostUnresolved = 10000, kMostSeen = 65536;

bool is_same_time(Timestamp captured, const ImportedExchange::Revisit& revisit) {
  if (revisit.has_fraction) return captured == *revisit.captured;
  using std::chrono::floor;
  using std::chrono::seconds;
  return floor<seconds>(captured) == floor<seconds>(*revisit.captured);
}

// The digest that the record of this capture gave, or would be given.
bool has_digest(const Capture& capture, const std::string& digest) {
  if (digest.empty() || capture.wire.empty()) return false;
  const auto wire = warc::Wire::decode(capture.wire);
  return wire && wire->digest == digest;
}

// How well a capture fits as what a revisit refers to; 0: not at all. The date counts most, then the digest.
int rank_of(const Capture& capture, Timestamp revisited, const ImportedExchange::Revisit& revisit) {
  const bool is_alike = has_digest(capture, revisit.digest);
  const bool is_dated = revisit.captured && is_same_time(capture.captured, revisit);
  const bool is_before = !revisit.captured && revisit.is_not_modified && capture.captured <= revisited;
  return (is_dated || is_before ? 2 : 0) + (is_alike ? 1 : 0);
}

}  // namespace

WarcImport::WarcImport(storage::Catalog& catalog, const plugins::Registry& registry, OnCapture on_capture,
                       OnExtracted on_extracted, OnFailure on_failure)
    : catalog_(catalog),
      registry_(registry),
      on_capture_(std::move(on_capture)),
      on_extracted_(std::move(on_extracted)),
      on_failure_(std::move(on_failure)),
      reader_([this](ImportedExchange exchange) { return take(std::move(exchange)); },
              [this](const std::string& line) { failed(line); }) {}

void WarcImport::failed(const std::string& line) {
  ++counts_.failures;
  on_failure_(line);
}

Result<void> WarcImport::add_file(const std::filesystem::path& file) {
  VELLUM_TRY(std::unique_ptr<warc::ByteSource> source, warc::open_file(file));
  return add_source(std::move(source), file.string());
}

Result<void> WarcImport::add_source(std::unique_ptr<warc::ByteSource> source, const std::string& name) {
  return reader_.read(std::move(source), name);
}

Result<void> WarcImport::take(ImportedExchange exchange) {
  if (exchange.revisit) return take_revisit(std::move(exchange), false);
  return add(std::move(exchange));
}

Result<bool> WarcImport::has(const Capture& capture) {
  VELLUM_TRY(const Url url, Url::parse(capture.url));
  VELLUM_TRY(const std::vector<Capture> known, catalog_.archive().captures(url));
  const auto is_same = [&](const Capture& other) {
    return other.captured == capture.captured && other.digest == capture.digest && other.url == capture.url;
  };
  return std::any_of(known.begin(), known.end(), is_same);
}

// The capture that a revisit stands for: by URI and date, else by digest, else the last one before it.
Result<std::optional<Capture>> WarcImport::find_original(const ImportedExchange& exchange) {
  ImportedExchange::Revisit revisit = *exchange.revisit;
  const auto seen = seen_.find(revisit.digest);
  if (!revisit.captured && !revisit.digest.empty() && seen != seen_.end()) {
    revisit.url = seen->second.url;
    revisit.captured = seen->second.captured;
  }
  VELLUM_TRY(const Url url, Url::parse(revisit.url));
  VELLUM_TRY(const std::vector<Capture> known, catalog_.archive().captures(url));
  const Capture* best = nullptr;
  int best_rank = 0;
  for (const Capture& capture : known) {
    const int rank = rank_of(capture, exchange.capture.captured, revisit);
    if (rank == 0 || rank < best_rank) continue;
    best = &capture;
    best_rank = rank;
  }
  return best == nullptr ? std::optional<Capture>() : std::optional<Capture>(*best);
}

Result<void> WarcImport::take_revisit(ImportedExchange exchange, bool is_last_chance) {
  VELLUM_TRY(std::optional<Capture> original, find_original(exchange));
  const bool is_certain = original && rank_of(*original, exchange.capture.captured, *exchange.revisit) == 3;
  if (!is_certain && !waiting_.empty()) {  // a better one may be waiting
    VELLUM_CHECK(commit());
    VELLUM_TRY(original, find_original(exchange));
  }
  if (!original) {
    if (!is_last_chance && unresolved_.size() < kMostUnresolved) {
      unresolved_.push_back(std::move(exchange));
    } else {
      failed(exchange.where + ": the revisit of " + exchange.capture.url +
             " refers to a capture that is neither here nor in the archive; not imported");
    }
    return {};
  }
  VELLUM_TRY(exchange.payload, catalog_.archive().payload(original->digest));
  VELLUM_CHECK(fill_revisit(exchange, *original));
  ++counts_.revisits;
  return add(std::move(exchange));
}

// What the revisit has of its original. A 304 keeps its own header and refers to it; of an equal payload each capture
// stands for itself.
Result<void> WarcImport::fill_revisit(ImportedExchange& exchange, const Capture& original) {
  Capture& capture = exchange.capture;
  capture.mime = original.mime;
  capture.role = original.role;
  capture.bytes = capture.coded_bytes = original.bytes;
  capture.digest = capture.coded_digest = original.digest;
  if (exchange.revisit->is_not_modified) {
    capture.refers_to = storage::reference_to(original);
    if (capture.status == 0 || exchange.headers.response.empty()) capture.status = 304;
    return {};
  }
  warc::Wire wire;
  if (!original.wire.empty()) {
    VELLUM_TRY(wire, warc::Wire::decode(original.wire));
  }
  wire.not_modified.clear();
  if (exchange.headers.response.empty()) {
    VELLUM_TRY(storage::ShownAnswer answer, storage::shown_answer(catalog_.archive(), original));
    exchange.headers.response = std::move(answer.response);
    capture.status = answer.status;
    capture.protocol = original.protocol;
  }
  capture.wire = wire.encode();
  capture.content_coding = original.content_coding;
  capture.coded_bytes = original.coded_bytes;
  capture.coded_digest = original.coded_digest;
  return {};
}

void WarcImport::remember(const std::string& digest, const Capture& capture) {
  if (digest.empty()) return;
  if (!seen_.insert_or_assign(digest, Seen{capture.url, capture.captured}).second) return;
  seen_order_.push_back(digest);
  if (seen_order_.size() <= kMostSeen) return;
  seen_.erase(seen_order_.front());
  seen_order_.pop_front();
}

Result<void> WarcImport::add(ImportedExchange exchange) {
  Capture& capture = exchange.capture;
  const auto wire = warc::Wire::decode(capture.wire);
  if (wire && !exchange.revisit) remember(wire->digest, capture);
  const auto is_waiting = [&](const Waiting& other) {
    const Capture& known = other.capture.capture;
    return known.url == capture.url && known.captured == capture.captured && known.digest == capture.digest;
  };
  VELLUM_TRY(const bool is_there, has(capture));
  if (is_there || std::any_of(waiting_.begin(), waiting_.end(), is_waiting)) {
    ++counts_.already_there;
    return {};
  }
  VELLUM_TRY(storage::PreparedPayload payload, catalog_.prepare(exchange.payload, {capture.url, "", capture.mime}));
  const std::uint64_t bytes = exchange.payload.size();
  std::string response = exchange.headers.response;
  if (capture.refers_to) {
    VELLUM_TRY(storage::ShownAnswer answer, storage::shown_answer(catalog_.archive(), capture));
    response = std::move(answer.response);
  }
  VELLUM_TRY(std::optional<plugins::Extraction> extraction,
             examine_import(registry_, capture, response, std::move(exchange.payload)));
  waiting_.push_back({{std::move(capture), std::move(payload), std::move(exchange.headers), extraction.has_value()},
                      std::move(extraction)});
  waiting_bytes_ += bytes;
  return waiting_.size() < kGroup && waiting_bytes_ < kGroupBytes ? Result<void>() : commit();
}

Result<void> WarcImport::commit() {
  if (waiting_.empty()) return {};
  storage::Commit changes;
  for (Waiting& one : waiting_) changes.captures.push_back(std::move(one.capture));
  VELLUM_TRY(const storage::CommitAck acknowledged, wait_for(catalog_.commit(std::move(changes))));
  counts_.captures += acknowledged.captures.size();
  for (const Capture& capture : acknowledged.captures) on_capture_(capture);
  VELLUM_CHECK(commit_articles(acknowledged.captures));
  waiting_.clear();
  waiting_bytes_ = 0;
  return {};
}

Result<void> WarcImport::commit_articles(const std::vector<Capture>& captures) {
  storage::Commit changes;
  for (std::size_t i = 0; i < captures.size(); ++i) {
    if (!waiting_[i].extraction) continue;
    const plugins::Extraction& extraction = *waiting_[i].extraction;
    changes.articles.push_back({captures[i].id, captures[i].url, captures[i].captured, extraction.plugin,
                                extraction.plugin_version, extraction.record, extraction.links});
  }
  if (changes.articles.empty()) return {};
  counts_.articles += changes.articles.size();
  VELLUM_TRY(const storage::CommitAck acknowledged, wait_for(catalog_.commit(std::move(changes))));
  static_cast<void>(acknowledged);
  for (std::size_t i = 0; i < captures.size(); ++i) {
    if (waiting_[i].extraction) on_extracted_(captures[i], *waiting_[i].extraction);
  }
  return {};
}

Result<void> WarcImport::finish() {
  VELLUM_CHECK(reader_.finish());
  for (ImportedExchange& exchange : std::exchange(unresolved_, {})) {
    VELLUM_CHECK(take_revisit(std::move(exchange), true));
  }
  VELLUM_CHECK(commit());
  counts_.records = reader_.counts().records;
  return {};
}

}  // namespace vellum::cli
