#include "storage/warc/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <vector>

namespace vellum::warc {

struct Deflater::Impl {
  z_stream stream{};
  std::vector<char> out = std::vector<char>(64 * 1024);
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { deflateEnd(&stream); }
};

Deflater::Deflater(const DeflateSettings& settings) : impl_(std::make_unique<Impl>()) {
  const int code = deflateInit2(&impl_->stream, settings.level, Z_DEFLATED, settings.window_bits, settings.memory_level,
                                Z_DEFAULT_STRATEGY);
  VELLUM_ASSERT(code == Z_OK, "zlib starts unless memory is out or its settings are wrong");
}
Deflater::~Deflater() = default;
Deflater::Deflater(Deflater&&) noexcept = default;
Deflater& Deflater::operator=(Deflater&&) noexcept = default;

Result<void> Deflater::run(std::string_view bytes, int flush, const Sink& sink) {
  z_stream& stream = impl_->stream;
  do {
    const std::size_t given = std::min<std::size_t>(bytes.size(), 1u << 30);  // zlib counts in 32 bits
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(given);
    bytes.remove_prefix(given);
    do {
      stream.next_out = reinterpret_cast<Bytef*>(impl_->out.data());
      stream.avail_out = static_cast<uInt>(impl_->out.size());
      deflate(&stream, bytes.empty() ? flush : Z_NO_FLUSH);
      const std::size_t made = impl_->out.size() - stream.avail_out;
      if (made > 0) VELLUM_CHECK(sink({impl_->out.data(), made}));
    } while (stream.avail_out == 0);
  } while (!bytes.empty());
  return {};
}

Result<void> Deflater::write(std::string_view bytes, const Sink& sink) {
  return bytes.empty() ? Result<void>() : run(bytes, Z_NO_FLUSH, sink);
}

Result<void> Deflater::finish(const Sink& sink) {
  return run({}, Z_FINISH, sink);
}

}  // namespace vellum::warc
