#include "base/zstd.h"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <mutex>
#include <utility>
#include <vector>

namespace vellum {
namespace {

constexpr int kMaxWindowLog = 27;  // what every decoder takes without being asked

Result<void> check_declared(std::string_view frame, std::size_t size) {
  VELLUM_TRY(const std::size_t declared, zstd_content_size(frame));
  if (declared == size) return {};
  return fail(ErrorKind::kCorrupt,
              "zstd frame declares " + std::to_string(declared) + " bytes, not " + std::to_string(size));
}

Result<std::string> decoded(std::string bytes, std::size_t got) {
  if (ZSTD_isError(got) != 0)
    return fail(ErrorKind::kCorrupt, std::string("damaged zstd frame: ") + ZSTD_getErrorName(got));
  if (got != bytes.size()) return fail(ErrorKind::kCorrupt, "zstd frame ends early");
  return bytes;
}

struct FreeEncoder {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecoder {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
using Encoder = std::unique_ptr<ZSTD_CCtx, FreeEncoder>;
using Decoder = std::unique_ptr<ZSTD_DCtx, FreeDecoder>;

void set(ZSTD_CCtx* context, ZSTD_cParameter parameter, int value) {
  VELLUM_ASSERT(ZSTD_isError(ZSTD_CCtx_setParameter(context, parameter, value)) == 0, "the value is within bounds");
}

}  // namespace

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
  VELLUM_CHECK(check_declared(frame, size));
  std::string bytes(size, '\0');
  const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), frame.data(), frame.size());
  return decoded(std::move(bytes), got);
}

// Working memory that nobody uses just now.
struct Zstd::Impl {
  std::mutex mutex;
  std::vector<Encoder> encoders;
  std::vector<Decoder> decoders;

  template <class Context, class Make>
  Context take(std::vector<Context>& idle, Make make) {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return Context(make());
    Context context = std::move(idle.back());
    idle.pop_back();
    return context;
  }
  template <class Context>
  void give_back(std::vector<Context>& idle, Context context) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(context));
  }
};

Zstd::Zstd() : impl_(std::make_unique<Impl>()) {}
Zstd::~Zstd() = default;

std::string Zstd::compress(std::string_view bytes, std::string_view prefix, int level) const {
  Encoder encoder = impl_->take(impl_->encoders, ZSTD_createCCtx);
  VELLUM_ASSERT(encoder != nullptr, "memory for zstd");
  ZSTD_CCtx_reset(encoder.get(), ZSTD_reset_session_and_parameters);
  set(encoder.get(), ZSTD_c_compressionLevel, level);
  if (!prefix.empty()) {
    const int reach = static_cast<int>(std::bit_width(prefix.size() + bytes.size()));
    set(encoder.get(), ZSTD_c_windowLog, std::clamp(reach, 10, kMaxWindowLog));
    VELLUM_ASSERT(ZSTD_isError(ZSTD_CCtx_refPrefix(encoder.get(), prefix.data(), prefix.size())) == 0,
                  "no session is open");
  }
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress2(encoder.get(), frame.data(), frame.size(), bytes.data(), bytes.size());
  VELLUM_ASSERT(ZSTD_isError(size) == 0, "zstd cannot fail into a buffer of the bound's size");
  frame.resize(size);
  impl_->give_back(impl_->encoders, std::move(encoder));
  return frame;
}

Result<std::string> Zstd::decompress(std::string_view frame, std::string_view prefix, std::size_t size) const {
  VELLUM_CHECK(check_declared(frame, size));
  Decoder decoder = impl_->take(impl_->decoders, ZSTD_createDCtx);
  VELLUM_ASSERT(decoder != nullptr, "memory for zstd");
  ZSTD_DCtx_reset(decoder.get(), ZSTD_reset_session_and_parameters);
  if (!prefix.empty()) ZSTD_DCtx_refPrefix(decoder.get(), prefix.data(), prefix.size());
  std::string bytes(size, '\0');
  const std::size_t got = ZSTD_decompressDCtx(decoder.get(), bytes.data(), bytes.size(), frame.data(), frame.size());
  impl_->give_back(impl_->decoders, std::move(decoder));
  return decoded(std::move(bytes), got);
}

Result<std::string> Zstd::decompress_start(std::string_view frame, std::string_view prefix, std::size_t size,
                                           std::size_t wanted) const {
  VELLUM_ASSERT(wanted <= size, "a part is no longer than the whole");
  if (wanted == size) return decompress(frame, prefix, size);
  VELLUM_CHECK(check_declared(frame, size));
  Decoder decoder = impl_->take(impl_->decoders, ZSTD_createDCtx);
  VELLUM_ASSERT(decoder != nullptr, "memory for zstd");
  ZSTD_DCtx_reset(decoder.get(), ZSTD_reset_session_and_parameters);
  if (!prefix.empty()) ZSTD_DCtx_refPrefix(decoder.get(), prefix.data(), prefix.size());
  std::string bytes(wanted, '\0');
  ZSTD_inBuffer in{frame.data(), frame.size(), 0};
  ZSTD_outBuffer out{bytes.data(), bytes.size(), 0};
  std::size_t left = 1;
  for (bool moves = true; moves && left != 0 && ZSTD_isError(left) == 0 && out.pos < out.size;) {
    const auto before = std::pair(in.pos, out.pos);
    left = ZSTD_decompressStream(decoder.get(), &out, &in);
    moves = before != std::pair(in.pos, out.pos);
  }
  impl_->give_back(impl_->decoders, std::move(decoder));
  return decoded(std::move(bytes), ZSTD_isError(left) != 0 ? left : out.pos);
}

}  // namespace vellum
