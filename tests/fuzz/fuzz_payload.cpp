// Payload frames: any bytes as a stored one; any bytes as a payload are rebuilt from what they are encoded to, alone
// and against a base.

#include "storage/archive/frames.h"
#include "storage/archive/records.h"

namespace {

using namespace vellum;

constexpr std::size_t kMost =
    8u << 20;  // a frame may say what it likes of its size; readers bound it, and so does this

void read_frame(const Zstd& zstd, std::string_view bytes, std::string_view base) {
  const auto frame = storage::parse_frame(bytes);
  if (!frame) return;
  const auto size = storage::content_size(*frame);
  if (!size || *size > kMost) return;
  const auto prefix = storage::slice_of(base, frame->lean);
  const auto content = storage::decode_frame(zstd, *frame, prefix ? *prefix : std::string_view(), *size);
  VELLUM_ASSERT(!content || content->size() == *size, "a frame holds what it declares");
}

void rebuilds(const Zstd& zstd, const std::string& frame_bytes, std::string_view base, std::string_view payload) {
  const auto frame = storage::parse_frame(frame_bytes);
  VELLUM_ASSERT(frame.has_value(), "what was encoded is a frame");
  const auto size = storage::content_size(*frame);
  VELLUM_ASSERT(size && *size == payload.size(), "a frame declares its content's size");
  const auto content = storage::decode_frame(zstd, *frame, base, *size);
  VELLUM_ASSERT(content && *content == payload, "a payload is rebuilt");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Zstd zstd;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view base = bytes.substr(0, size / 2);
  read_frame(zstd, bytes, base);
  if (const auto block = storage::split_header_block(bytes)) {
    VELLUM_ASSERT(storage::header_block(*block) == bytes, "a header block is its two parts");
  }
  rebuilds(zstd, storage::encode_alone(zstd, bytes, 1), "", bytes);
  const storage::Lean lean{1, 0, base.size()};
  const std::string body = storage::delta_body(zstd, bytes, base, 1);
  rebuilds(zstd, storage::make_frame(storage::Encoding::kDelta, lean, body), base, bytes);
  return 0;
}
