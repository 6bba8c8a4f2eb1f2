#include "storage/archive/payload_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace vellum::storage {

using rocks::Family;

namespace {

constexpr std::size_t kCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kMostHeaderBytes = std::size_t{64} << 20;

Result<std::size_t> sensible_size(const Frame& frame, std::size_t most) {
  VELLUM_TRY(const std::size_t size, content_size(frame));
  if (size <= most) return size;
  return fail(ErrorKind::kCorrupt, fmt::format("frame declares {} bytes, there can be {} at most", size, most));
}

Failure lost(std::uint64_t row) {
  return fail(ErrorKind::kCorrupt, fmt::format("frame {} is not there", row));
}

Failure leans_too_far(std::uint64_t row) {
  return fail(ErrorKind::kCorrupt, fmt::format("row {} is leaned on, but leans itself", row));
}

}  // namespace

Result<std::string> PayloadReader::payload(const Digest& digest, const Locator& locator) const {
  VELLUM_TRY(const auto frame, database_.find(Family::kPayloads, id_key(locator.id)));
  if (!frame) return lost(locator.id);
  const bool is_pack = locator.codec == static_cast<int>(Encoding::kPack);
  const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(locator.bytes, kMostPayloadBytes));
  const std::size_t end = static_cast<std::size_t>(std::min<std::uint64_t>(locator.offset, kMostPackBytes)) + most;
  VELLUM_TRY(std::string bytes, content(*frame, is_pack ? kMostPackBytes : most, is_pack ? end : kAllBytes));
  if (is_pack && locator.offset <= bytes.size() && locator.bytes <= bytes.size() - locator.offset)
    bytes = bytes.substr(static_cast<std::size_t>(locator.offset), static_cast<std::size_t>(locator.bytes));
  const Digest got = sha256(bytes);
  if (got == digest) return bytes;
  return fail(ErrorKind::kCorrupt, "payload hashes to " + got.to_text() + ", its digest is " + digest.to_text());
}

Result<std::string> PayloadReader::content(std::string_view bytes, std::size_t most, std::size_t wanted) const {
  VELLUM_TRY(const Frame frame, parse_frame(bytes));
  VELLUM_TRY(const std::size_t size, sensible_size(frame, most));
  if (frame.lean.row == 0) return decode_frame(zstd_, frame, {}, size, wanted);
  VELLUM_TRY(const Content whole, base(frame.lean.row));
  VELLUM_TRY(const std::string_view prefix, slice_of(*whole, frame.lean));
  return decode_frame(zstd_, frame, prefix, size, wanted);
}

Result<PayloadReader::Content> PayloadReader::base(std::uint64_t row) const {
  if (Content content = cached(row)) return content;
  VELLUM_TRY(std::string bytes, read_base(row));
  auto content = std::make_shared<const std::string>(std::move(bytes));
  keep(row, content);
  return Content(content);
}

Result<std::string> PayloadReader::read_base(std::uint64_t row) const {
  VELLUM_TRY(const auto bytes, database_.find(Family::kPayloads, id_key(row)));
  if (!bytes) return lost(row);
  VELLUM_TRY(const Frame frame, parse_frame(*bytes));
  if (frame.lean.row != 0) return leans_too_far(row);
  VELLUM_TRY(const std::size_t size, sensible_size(frame, kMostBaseBytes));
  return decode_frame(zstd_, frame, {}, size);
}

Result<std::string> PayloadReader::header_block(std::string_view value) const {
  VELLUM_TRY(const Frame frame, parse_frame(value));
  if (frame.encoding == Encoding::kPack) return header_slice(frame.lean);
  std::string prefix;
  if (frame.lean.row != 0) {
    VELLUM_TRY(prefix, header_base(frame.lean.row));
  }
  VELLUM_TRY(const std::size_t size, sensible_size(frame, kMostHeaderBytes));
  return decode_frame(zstd_, frame, prefix, size);
}

// The header block of the capture that this one leans on.
Result<std::string> PayloadReader::header_base(CaptureId id) const {
  VELLUM_TRY(const auto value, database_.find(Family::kHeaders, id_key(id)));
  if (!value) return fail(ErrorKind::kCorrupt, fmt::format("leans on those of capture {}, which are not there", id));
  VELLUM_TRY(const Frame frame, parse_frame(*value));
  if (frame.encoding == Encoding::kPack) return header_slice(frame.lean);
  if (frame.lean.row != 0) return leans_too_far(id);
  VELLUM_TRY(const std::size_t size, sensible_size(frame, kMostHeaderBytes));
  return decode_frame(zstd_, frame, {}, size);
}

Result<std::string> PayloadReader::header_slice(const Lean& lean) const {
  VELLUM_TRY(const Content whole, base(lean.row));
  VELLUM_TRY(const std::string_view slice, slice_of(*whole, lean));
  return std::string(slice);
}

PayloadReader::Content PayloadReader::cached(std::uint64_t row) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(), [row](const Kept& kept) { return kept.row == row; });
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return found->content;
}

void PayloadReader::keep(std::uint64_t row, Content content) const {
  const std::lock_guard lock(mutex_);
  kept_bytes_ += content->size();
  kept_.push_front({row, std::move(content)});
  while (kept_bytes_ > kCacheBytes && kept_.size() > 1) {
    kept_bytes_ -= kept_.back().content->size();
    kept_.pop_back();
  }
}

}  // namespace vellum::storage
