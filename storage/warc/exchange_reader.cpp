#include "storage/warc/exchange_reader.h"

#include <algorithm>

#include "base/content_coding.h"
#include "base/http_message.h"
#include "base/media_type.h"
#include "base/text.h"
#include "storage/warc/http_body.h"

namespace vellum::warc {
namespace {

constexpr std::uint64_t kMostPendingBytes = 16u << 20;
constexpr std::size_t kMostPending = 16, kMostRequests = 64;
constexpr std::size_t kMostPayloadBytes = 512u << 20;
constexpr std::size_t kSniffedBytes = 1445;

// What costs or may cost bytes of a record; the rest is for `vellum warc check`.
bool is_loss(const Rule& wrong) {
  const Rule* const kLosses[] = {
      &rule::kGzipClipped,    &rule::kGzipDamaged,   &rule::kGzipGarbage,   &rule::kZstdClipped, &rule::kZstdDamaged,
      &rule::kZstdDictionary, &rule::kVersionLine,   &rule::kHeaderClipped, &rule::kHeaderSize,  &rule::kBlockClipped,
      &rule::kRecordEnd,      &rule::kContentLength, &rule::kArcLine};
  return std::find(std::begin(kLosses), std::end(kLosses), &wrong) != std::end(kLosses);
}

std::string target_of(const Record& record) {
  const auto url = Url::parse(record.uri("WARC-Target-URI"));
  return url ? url->without_fragment().href() : std::string();
}

storage::Role role_of(const storage::Capture& capture) {
  const MediaType type{capture.mime, ""};
  if (capture.url.ends_with("/robots.txt")) return storage::Role::kRobots;
  if (type.is_html()) return storage::Role::kPage;
  const bool is_requisite = capture.mime.starts_with("image/") || capture.mime.starts_with("font/") ||
                            capture.mime == "text/css" || capture.mime.find("javascript") != std::string::npos;
  return is_requisite ? storage::Role::kRequisite : storage::Role::kFile;
}

bool is_chunked(const HeaderBlock& head) {
  for (const std::string& value : head.all("Transfer-Encoding")) {
    if (to_lower_ascii(value).find("chunked") != std::string::npos) return true;
  }
  return false;
}

// True if the digest that the record gives is that of one of these.
bool is_digest_of(const LabelledDigest& digest, std::string_view body, std::string_view entity) {
  for (std::string_view bytes : {body, entity}) {
    auto hasher = Hasher::open(digest.algorithm);
    if (!hasher) return false;
    hasher->update(bytes);
    if (digest.matches(hasher->finish())) return true;
  }
  return false;
}

// Payload, digests and wire of `out` from the body as it lay in the record. Returns what is wrong with it, "" if
// nothing.
std::string fill_payload(ImportedExchange& out, const Record& record, std::string_view body) {
  const HeaderBlock head(out.headers.response);
  Wire wire;
  wire.truncated = record.first("WARC-Truncated").value_or("").substr(0, 40);
  const std::string entity = is_chunked(head) ? take_chunks(wire, body) : std::string(body);
  const std::string coding = join(head.all("Content-Encoding"), ", ");
  auto decoded = coding.empty() ? fail(ErrorKind::kNotFound, "") : decode_content(coding, entity, kMostPayloadBytes);
  out.payload = decoded ? *std::move(decoded) : entity;
  const bool is_coded = out.payload != entity;
  if (is_coded) out.capture.content_coding = coding;
  keep_coded(wire, entity, out.payload);
  out.capture.bytes = out.payload.size();
  out.capture.coded_bytes = entity.size();
  out.capture.digest = sha256(out.payload);
  out.capture.coded_digest = is_coded ? sha256(entity) : out.capture.digest;
  std::string wrong;
  const auto given = record.first("WARC-Payload-Digest");
  const auto digest = given ? parse_labelled_digest(*given) : std::nullopt;
  if (digest && is_digest_of(*digest, body, entity)) {
    wire.digest = normal_digest(*given);
  } else if (digest && digest->is_known) {
    wrong = "WARC-Payload-Digest is not that of the payload; stored without it";
  }
  out.capture.wire = wire.encode();
  return wrong;
}

ImportedExchange::Revisit revisit_of(const Record& record, const std::string& own_url) {
  ImportedExchange::Revisit revisit;
  revisit.is_not_modified = record.first("WARC-Profile").value_or("").find("/server-not-modified") != std::string::npos;
  revisit.digest = normal_digest(record.first("WARC-Payload-Digest").value_or(""));
  const auto url = Url::parse(record.uri("WARC-Refers-To-Target-URI"));
  revisit.url = url ? url->without_fragment().href() : own_url;
  const std::string date = record.first("WARC-Refers-To-Date").value_or("");
  const auto captured = parse_timestamp(date);
  if (captured && !date.empty()) revisit.captured = *captured;
  revisit.has_fraction = date.find('.') != std::string::npos;
  return revisit;
}

}  // namespace

struct ExchangeReader::Pending {
  ImportedExchange exchange;
  std::string id, date;
  std::vector<std::string> concurrent;
};

struct ExchangeReader::Request {
  std::string block, id, url, date;
  std::vector<std::string> concurrent;
};

// A record in parts, as far as they have come.
struct ExchangeReader::Segments {
  Record record;
  std::string block, id, name;
  std::uint64_t next = 2;
};

namespace {

std::vector<std::string> concurrent_of(const Record& record) {
  std::vector<std::string> ids;
  for (const Field& field : record.fields) {
    if (equals_ignore_case(field.name, "WARC-Concurrent-To")) ids.push_back(field.value);
  }
  return ids;
}

bool has(const std::vector<std::string>& ids, const std::string& id) {
  return !id.empty() && std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

ExchangeReader::ExchangeReader(OnExchange on_exchange, OnFault on_fault)
    : on_exchange_(std::move(on_exchange)), on_fault_(std::move(on_fault)) {}
ExchangeReader::~ExchangeReader() = default;

void ExchangeReader::fault(const Record& record, const std::string& what) {
  on_fault_(name_ + ":" + std::to_string(record.offset) + ": " + what);
}

Result<void> ExchangeReader::read(std::unique_ptr<ByteSource> source, const std::string& name) {
  name_ = name;
  RecordReader reader(std::move(source), [&](const Fault& wrong) {
    if (!is_loss(*wrong.rule)) return;
    on_fault_(name_ + ":" + std::to_string(wrong.offset) + ": " + std::string(wrong.rule->name) + ": " + wrong.detail);
  });
  for (;;) {
    VELLUM_TRY(const std::optional<Record> record, reader.next());
    if (!record) break;
    ++counts_.records;
    VELLUM_CHECK(take(reader, *record));
  }
  if (reader.records() == 0) on_fault_(name_ + ": no record of a web archive in this file");
  return flush(true);
}

Result<void> ExchangeReader::take(RecordReader& reader, const Record& record) {
  constexpr std::string_view kTaken[] = {"response", "resource", "revisit", "request", "continuation"};
  const bool is_taken = std::find(std::begin(kTaken), std::end(kTaken), record.type) != std::end(kTaken);
  if (!is_taken) ++counts_.others;
  if (!is_taken) return {};
  if (record.length > kMostRecordBytes) {
    fault(record, "a record of " + std::to_string(record.length) + " bytes is too large; not imported");
    return {};
  }
  std::string block;
  for (;;) {
    VELLUM_TRY(const std::string_view piece, reader.read_block());
    if (piece.empty()) break;
    block += piece;
  }
  const bool is_part = record.first("WARC-Segment-Number").has_value();
  return is_part ? take_segment(record, std::move(block)) : take_whole(record, std::move(block));
}

// Section 7: the first segment, then continuations in order; the last says WARC-Segment-Total-Length.
Result<void> ExchangeReader::take_segment(const Record& record, std::string block) {
  if (record.type != "continuation") {
    VELLUM_CHECK(flush_segments());
    segments_ = std::make_unique<Segments>(Segments{record, std::move(block), record.uri("WARC-Record-ID"), name_, 2});
    return {};
  }
  const bool fits = segments_ && segments_->id == record.uri("WARC-Segment-Origin-ID") &&
                    record.first("WARC-Segment-Number") == std::to_string(segments_->next) &&
                    segments_->block.size() + block.size() <= kMostRecordBytes;
  if (!fits) {
    fault(record, "a continuation without the segments before it; not imported");
    return {};
  }
  segments_->block += block;
  ++segments_->next;
  const auto total = record.first("WARC-Segment-Total-Length");
  if (!total) return {};
  const std::unique_ptr<Segments> whole = std::move(segments_);
  if (*total != std::to_string(whole->block.size()))
    fault(record, "the segments have another length than the last says");
  return take_whole(whole->record, std::move(whole->block));
}

Result<void> ExchangeReader::flush_segments() {
  if (!segments_) return {};
  const std::unique_ptr<Segments> part = std::move(segments_);
  fault(part->record, "a record whose last segments are missing; what is there is imported");
  return take_whole(part->record, std::move(part->block));
}

Result<void> ExchangeReader::take_whole(const Record& record, std::string block) {
  const auto given = record.first("WARC-Block-Digest");
  const auto digest = given ? parse_labelled_digest(*given) : std::nullopt;
  const bool is_checkable = digest && digest->is_known && Hasher::open(digest->algorithm).has_value();
  const bool is_part = record.first("WARC-Segment-Number").has_value();
  if (is_checkable && !is_part && !is_digest_of(*digest, block, {})) {
    fault(record, "WARC-Block-Digest is not that of the block; imported as it is");
  }
  if (record.type != "request") return take_exchange(record, std::move(block));
  take_request(record, std::move(block));
  return {};
}

void ExchangeReader::take_request(const Record& record, std::string block) {
  ++counts_.requests;
  Request request{redact_request(block),
                  record.uri("WARC-Record-ID"),
                  target_of(record),
                  record.first("WARC-Date").value_or(""),
                  {}};
  for (const std::string& id : concurrent_of(record)) request.concurrent.push_back(id);
  const std::string id = record.first("WARC-Record-ID").value_or("");
  for (Pending& pending : pending_) {
    const bool is_named = has(request.concurrent, pending.id) || has(pending.concurrent, id);
    const bool is_alike = pending.exchange.capture.url == request.url && pending.date == request.date;
    if (!pending.exchange.headers.request.empty() || (!is_named && !is_alike)) continue;
    pending.exchange.headers.request = std::move(request.block);
    return;
  }
  request.id = id;
  requests_.push_back(std::move(request));
  if (requests_.size() > kMostRequests) requests_.pop_front();
}

Result<void> ExchangeReader::take_exchange(const Record& record, std::string block) {
  Pending next;
  ImportedExchange& exchange = next.exchange;
  exchange.where = name_ + ":" + std::to_string(record.offset);
  exchange.capture.url = target_of(record);
  exchange.capture.hop = "import";
  exchange.capture.remote_address = record.first("WARC-IP-Address").value_or("").substr(0, 64);
  next.date = record.first("WARC-Date").value_or("");
  const auto captured = parse_timestamp(next.date);
  if (exchange.capture.url.empty() || !captured || next.date.empty()) {
    fault(record, exchange.capture.url.empty() ? "no WARC-Target-URI; not imported" : "no WARC-Date; not imported");
    return {};
  }
  exchange.capture.captured = *captured;
  next.id = record.first("WARC-Record-ID").value_or("");
  next.concurrent = concurrent_of(record);
  read_message(exchange, record, block);
  attach_request(next);
  ++counts_.exchanges;
  pending_bytes_ += exchange.payload.size();
  pending_.push_back(std::move(next));
  return flush(false);
}

// Header block, status, payload and what follows from them.
void ExchangeReader::read_message(ImportedExchange& exchange, const Record& record, std::string_view block) {
  storage::Capture& capture = exchange.capture;
  std::string_view body = block;
  HttpSplitter splitter;
  const bool is_message = record.type != "resource" && starts_with_ignore_case(block, "HTTP/");
  if (is_message) body = splitter.add(block);
  exchange.headers.response = is_message ? splitter.head() : std::string();
  const HeaderBlock head(exchange.headers.response);
  capture.status = is_message ? head.status() : 200;
  capture.protocol = head.protocol();
  if (record.type == "revisit") {
    exchange.revisit = revisit_of(record, capture.url);
    return;
  }
  const std::string wrong = fill_payload(exchange, record, body);
  if (!wrong.empty()) fault(record, wrong);
  const auto declared = is_message ? head.first("Content-Type") : record.first("Content-Type");
  const std::string_view payload = exchange.payload;
  capture.mime = sniffed_essence(parse_media_type(declared.value_or("")), payload.substr(0, kSniffedBytes));
  capture.role = role_of(capture);
}

// The request that came before its response.
void ExchangeReader::attach_request(Pending& next) {
  for (auto request = requests_.begin(); request != requests_.end(); ++request) {
    const bool is_named = has(next.concurrent, request->id) || has(request->concurrent, next.id);
    const bool is_alike = next.exchange.capture.url == request->url && next.date == request->date;
    if (!is_named && !is_alike) continue;
    next.exchange.headers.request = std::move(request->block);
    requests_.erase(request);
    return;
  }
}

// Exchanges go on in order: at the end, or when enough records have passed for their request to have come.
Result<void> ExchangeReader::flush(bool all) {
  while (!pending_.empty()) {
    const bool is_due = all || pending_.size() > kMostPending || pending_bytes_ > kMostPendingBytes;
    if (!is_due) return {};
    ImportedExchange exchange = std::move(pending_.front().exchange);
    pending_.pop_front();
    pending_bytes_ -= exchange.payload.size();
    VELLUM_CHECK(on_exchange_(std::move(exchange)));
  }
  return {};
}

Result<void> ExchangeReader::finish() {
  VELLUM_CHECK(flush_segments());
  return flush(true);
}

std::string normal_digest(std::string_view text) {
  const auto digest = parse_labelled_digest(text);
  if (!digest) return {};
  if (digest->readings.empty()) return digest->algorithm + ":" + digest->value;
  return labelled_digest(digest->algorithm, digest->readings.front());
}

}  // namespace vellum::warc
