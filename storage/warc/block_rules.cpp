#include "storage/warc/block_rules.h"

#include "base/http_message.h"
#include "base/text.h"

namespace vellum::warc {
namespace {

std::optional<LabelledDigest> digest_of(const Record& record, std::string_view name) {
  const auto text = record.first(name);
  auto digest = text ? parse_labelled_digest(*text) : std::nullopt;
  if (digest && digest->readings.empty()) digest.reset();  // check_fields has said so
  return digest;
}

std::optional<Hasher> hasher_for(const std::optional<LabelledDigest>& wanted) {
  if (!wanted) return std::nullopt;
  auto hasher = Hasher::open(wanted->algorithm);
  if (!hasher) return std::nullopt;
  return std::optional<Hasher>(*std::move(hasher));
}

bool is_http_message(const Record& record) {
  const std::string type = to_lower_ascii(record.first("Content-Type").value_or(""));
  const std::string uri = to_lower_ascii(record.uri("WARC-Target-URI"));
  const bool may_be = record.type == "response" || record.type == "request" || record.type == "revisit";
  const bool is_web = uri.starts_with("http:") || uri.starts_with("https:");
  return may_be &&
         (type.starts_with("application/http") || type.starts_with("message/http") || (type.empty() && is_web));
}

bool begins_as_message(std::string_view head, bool is_request) {
  const std::string_view line = head.substr(0, head.find('\n'));
  if (!is_request) return starts_with_ignore_case(line, "HTTP/") || starts_with_ignore_case(line, "ICY ");
  const std::size_t space = line.find(' ');
  return space != std::string_view::npos && space > 0;
}

}  // namespace

BlockCheck::BlockCheck(const Record& record, const FaultSink& sink)
    : record_(record), sink_(sink), is_http_(is_http_message(record)) {
  is_fields_ = starts_with_ignore_case(record.first("Content-Type").value_or(""), "application/warc-fields");
  block_ = digest_of(record, "WARC-Block-Digest");
  const bool is_part = record.first("WARC-Segment-Number").has_value();  // then it is the digest of the whole payload
  if (record.type != "revisit" && !is_part) payload_ = digest_of(record, "WARC-Payload-Digest");
  block_hasher_ = hasher_for(block_);
  raw_hasher_ = hasher_for(payload_);
}

void BlockCheck::report(const Rule& rule, std::string detail) {
  sink_({&rule, record_.offset, record_.number, std::move(detail)});
}

void BlockCheck::add(std::string_view piece) {
  if (block_hasher_) block_hasher_->update(piece);
  if (is_fields_ && beginning_.size() < 4096) beginning_.append(piece.substr(0, 4096 - beginning_.size()));
  if (!is_http_) {
    if (raw_hasher_) raw_hasher_->update(piece);
    return;
  }
  const std::string_view body = splitter_.add(piece);
  if (!body.empty()) add_body(body);
}

void BlockCheck::add_body(std::string_view piece) {
  if (!std::exchange(has_body_, true)) {
    const HeaderBlock head{splitter_.head()};
    for (const std::string& value : head.all("Transfer-Encoding")) {
      is_chunked_ = is_chunked_ || to_lower_ascii(value).find("chunked") != std::string::npos;
    }
    if (is_chunked_) entity_hasher_ = hasher_for(payload_);
  }
  if (raw_hasher_) raw_hasher_->update(piece);
  if (entity_hasher_) {
    dechunker_.add(piece, [&](std::string_view data) { entity_hasher_->update(data); });
  }
}

void BlockCheck::check_payload() {
  ++digests_;
  const std::string raw = raw_hasher_->finish();
  const bool fits = payload_->matches(raw) || (entity_hasher_ && payload_->matches(entity_hasher_->finish()));
  if (!fits) {
    report(rule::kPayloadDigest, "it says " + payload_->algorithm + ":" + payload_->value + ", the payload has " +
                                     labelled_digest(payload_->algorithm, raw));
  }
}

void BlockCheck::check_message() {
  if (record_.length == 0) return;
  if (begins_as_message(splitter_.head(), record_.type == "request")) return;
  report(rule::kHttpMessage,
         "the block begins with `" +
             repair_utf8(trim(splitter_.head().substr(0, splitter_.head().find('\n'))).substr(0, 60)) + "`");
}

void BlockCheck::check_warc_fields() {
  for (std::string_view line : split(beginning_, '\n')) {
    const bool is_cut = line.data() + line.size() == beginning_.data() + beginning_.size();
    const bool is_field = line.find(':') != std::string_view::npos || line.starts_with(' ') || line.starts_with('\t');
    if (trim(line).empty() || is_field || is_cut) continue;
    return report(rule::kWarcFields, "`" + repair_utf8(trim(line).substr(0, 60)) + "`");
  }
}

void BlockCheck::finish(bool is_clipped) {
  if (is_clipped) return;
  if (block_hasher_) {
    ++digests_;
    const std::string computed = block_hasher_->finish();
    if (!block_->matches(computed)) {
      report(rule::kBlockDigest, "it says " + block_->algorithm + ":" + block_->value + ", the block has " +
                                     labelled_digest(block_->algorithm, computed));
    }
  }
  if (raw_hasher_) check_payload();
  if (is_http_) check_message();
  if (is_fields_) check_warc_fields();
}

}  // namespace vellum::warc
