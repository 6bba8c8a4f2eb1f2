#include "base/zstd.h"

#include <zstd.h>

namespace vellum {

std::string zstd_compress(std::string_view bytes, int level) {
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(frame.data(), frame.size(), bytes.data(), bytes.size(), level);
  VELLUM_ASSERT(ZSTD_isError(size) == 0, "zstd cannot fail into a buffer of the bound's size");
  frame.resize(size);
  return frame;
}

Result<std::size_t> zstd_content_size(std::string_view frame) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR) return fail(ErrorKind::kCorrupt, "not a zstd frame");
  if (size == ZSTD_CONTENTSIZE_UNKNOWN) return fail(ErrorKind::kCorrupt, "zstd frame without a content size");
  return static_cast<std::size_t>(size);
}

Result<std::string> zstd_decompress(std::string_view frame, std::size_t size) {
  VELLUM_TRY(const std::size_t declared, zstd_content_size(frame));
  if (declared != size) {
    return fail(ErrorKind::kCorrupt,
                "zstd frame declares " + std::to_string(declared) + " bytes, not " + std::to_string(size));
  }
  std::string bytes(size, '\0');
  const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0)
    return fail(ErrorKind::kCorrupt, std::string("damaged zstd frame: ") + ZSTD_getErrorName(got));
  if (got != size) return fail(ErrorKind::kCorrupt, "zstd frame ends early");
  return bytes;
}

}  // namespace vellum
