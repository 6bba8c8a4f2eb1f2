#include "crawler/net/body_receiver.h"

#include <algorithm>

#include "base/text.h"

namespace vellum::net {
namespace {

bool is_plain(std::string_view codings) {
  const auto parts = split(codings, ',');
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
    return trim(part).empty() || equals_ignore_case(trim(part), "identity");
  });
}

Failure too_large(std::uint64_t limit) {
  return fail(ErrorKind::kTooLarge, "body is over " + std::to_string(limit) + " bytes");
}

}  // namespace

BodyReceiver::BodyReceiver(std::string_view codings, std::uint64_t max_bytes) : max_bytes_(max_bytes) {
  if (is_plain(codings)) return;
  auto decoder = ContentDecoder::open(codings);
  if (decoder)
    decoder_.emplace(*std::move(decoder));
  else
    fault_ = decoder.error().message;
}

Result<void> BodyReceiver::write(std::string_view coded) {
  if (coded.size() > max_bytes_ - coded_.size()) return too_large(max_bytes_);
  coded_hash_.update(coded);
  VELLUM_CHECK(coded_.append(coded));
  return decoder_ ? decode(coded) : Result<void>();
}

Result<void> BodyReceiver::decode(std::string_view coded) {
  auto written = decoder_->write(coded, [this](std::string_view bytes) { return keep_decoded(bytes); });
  if (written || written.error().kind != ErrorKind::kProtocol) return written;
  fault_ = std::move(written.error().message);
  decoder_.reset();
  decoded_ = Body();
  return {};
}

Result<void> BodyReceiver::keep_decoded(std::string_view bytes) {
  if (bytes.size() > max_bytes_ - decoded_.size()) return too_large(max_bytes_);
  decoded_hash_.update(bytes);
  return decoded_.append(bytes);
}

Result<ReceivedBody> BodyReceiver::finish() {
  const bool decodes = decoder_ && coded_.size() > 0;  // no body at all (304, 204) is no truncated gzip
  if (decodes) VELLUM_CHECK(decoder_->finish([this](std::string_view bytes) { return keep_decoded(bytes); }));
  ReceivedBody received;
  received.coded_bytes = coded_.size();
  received.coded_digest = coded_hash_.finish();
  received.digest = decodes ? decoded_hash_.finish() : received.coded_digest;
  received.body = decodes ? std::move(decoded_) : std::move(coded_);
  // A coding that we do not know is a fault only of a body that has one.
  if (received.coded_bytes > 0) received.coding_fault = std::move(fault_);
  return received;
}

}  // namespace vellum::net
