#include "storage/archive/frames.h"

#include <algorithm>

namespace vellum::storage {
namespace {

constexpr std::string_view kMagic("\x28\xb5\x2f\xfd", 4);  // RFC 8878, 3.1.1

void put_number(std::string& to, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) to.push_back(static_cast<char>((number & 0x7f) | 0x80));
  to.push_back(static_cast<char>(number));
}

// Takes a number off the front; false if it is cut short or too long.
bool take_number(std::string_view& from, std::uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; shift < 64 && !from.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

Result<Frame> parse_leaning(Frame frame) {
  if (take_number(frame.body, frame.lean.row) && take_number(frame.body, frame.lean.offset) &&
      take_number(frame.body, frame.lean.bytes)) {
    return frame;
  }
  return fail(ErrorKind::kCorrupt, "frame is cut short");
}

std::string with_magic(std::string_view body) {
  std::string frame(kMagic);
  return frame.append(body);
}

}  // namespace

Result<Frame> parse_frame(std::string_view bytes) {
  if (bytes.empty()) return fail(ErrorKind::kCorrupt, "not a payload frame");
  const Frame frame{static_cast<Encoding>(bytes.front()), {}, bytes.substr(1)};
  switch (frame.encoding) {
    case Encoding::kRaw:
    case Encoding::kZstd:
      return frame;
    case Encoding::kDelta:
    case Encoding::kPack:
      return parse_leaning(frame);
  }
  return fail(ErrorKind::kCorrupt,
              "payload frame of unknown encoding " + std::to_string(static_cast<unsigned char>(bytes.front())));
}

Result<std::size_t> content_size(const Frame& frame) {
  if (frame.encoding == Encoding::kRaw) return frame.body.size();
  if (frame.encoding == Encoding::kZstd) return zstd_content_size(frame.body);
  return zstd_content_size(with_magic(frame.body.substr(0, 32)));  // longer than any header
}

Result<std::string> decode_frame(const Zstd& zstd, const Frame& frame, std::string_view prefix, std::size_t size,
                                 std::size_t wanted) {
  wanted = std::min(wanted, size);
  if (frame.encoding == Encoding::kZstd) return zstd.decompress_start(frame.body, {}, size, wanted);
  if (frame.encoding != Encoding::kRaw) return zstd.decompress_start(with_magic(frame.body), prefix, size, wanted);
  if (frame.body.size() != size) return fail(ErrorKind::kCorrupt, "payload frame is of the wrong length");
  return std::string(frame.body.substr(0, wanted));
}

std::string encode_alone(const Zstd& zstd, std::string_view bytes, int level) {
  const std::string packed = zstd.compress(bytes, {}, level);
  const bool is_raw = packed.size() >= bytes.size();
  std::string frame(1, static_cast<char>(is_raw ? Encoding::kRaw : Encoding::kZstd));
  return frame.append(is_raw ? bytes : packed);
}

std::string delta_body(const Zstd& zstd, std::string_view bytes, std::string_view prefix, int level) {
  return zstd.compress(bytes, prefix, level).substr(kMagic.size());
}

std::string make_frame(Encoding encoding, const Lean& lean, std::string_view body) {
  std::string frame(1, static_cast<char>(encoding));
  put_number(frame, lean.row);
  put_number(frame, lean.offset);
  put_number(frame, lean.bytes);
  return frame.append(body);
}

Result<std::string_view> slice_of(std::string_view content, const Lean& lean) {
  const bool within = lean.offset <= content.size() && lean.bytes <= content.size() - lean.offset;
  if (!within) return fail(ErrorKind::kCorrupt, "slice lies outside of its row");
  const auto offset = static_cast<std::size_t>(lean.offset);
  return content.substr(offset, lean.bytes == 0 ? content.size() - offset : static_cast<std::size_t>(lean.bytes));
}

}  // namespace vellum::storage
