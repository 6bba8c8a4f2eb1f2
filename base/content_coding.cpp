#include "base/content_coding.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace vellum {

using Sink = ContentDecoder::Sink;

struct ContentDecoder::Stage {
  std::unique_ptr<Stage> next;

  virtual ~Stage() = default;
  virtual Result<void> write(std::string_view coded, const Sink& out) = 0;
  virtual Result<void> finish(const Sink& out) = 0;

  // Runs this stage and all behind it.
  Result<void> write_through(std::string_view coded, const Sink& sink) {
    if (next == nullptr) return write(coded, sink);
    return write(coded, [&](std::string_view out) { return next->write_through(out, sink); });
  }
  Result<void> finish_through(const Sink& sink) {
    if (next == nullptr) return finish(sink);
    VELLUM_CHECK(finish([&](std::string_view out) { return next->write_through(out, sink); }));
    return next->finish_through(sink);
  }
};

namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kMaxCodings = 4;  // a longer list is a trick: each coding multiplies a bomb
constexpr int kMaxZstdWindowLog = 23;   // RFC 9659: 8 MiB is the most that a content coding may ask for

class Identity final : public ContentDecoder::Stage {
 public:
  Result<void> write(std::string_view coded, const Sink& out) override {
    return coded.empty() ? Result<void>() : out(coded);
  }
  Result<void> finish(const Sink&) override { return {}; }
};

// gzip and both kinds of deflate, by zlib.
//
// The first two bytes of a stream are looked at before zlib sees them: they tell raw deflate from zlib's format
// (RFC 9110 section 8.4.1.2 notes that servers send either), and a further gzip member from trailing garbage.
class Inflate final : public ContentDecoder::Stage {
 public:
  enum class Format { kGzip, kDeflate };

  explicit Inflate(Format format) : format_(format), buffer_(kChunkBytes) {}
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;
  ~Inflate() override {
    if (ready_) inflateEnd(&stream_);
  }

  Result<void> write(std::string_view coded, const Sink& out) override {
    while (!coded.empty() && state_ != State::kDone) {
      if (state_ == State::kStart) {
        const std::size_t taken = std::min(coded.size(), 2 - head_.size());
        head_ += coded.substr(0, taken);
        coded.remove_prefix(taken);
        if (head_.size() < 2) return {};
        VELLUM_CHECK(begin(out));
      } else {
        VELLUM_CHECK(run(coded, out));
      }
    }
    return {};
  }

  Result<void> finish(const Sink& out) override {
    if (state_ == State::kStart && members_ == 0 && head_.size() == 1 && format_ == Format::kDeflate) {
      VELLUM_CHECK(begin(out));  // no stream of one byte is whole, but say so as zlib does
    }
    const bool nothing = state_ == State::kStart && (members_ > 0 || head_.empty());
    if (nothing || state_ == State::kDone) return {};
    return fail(ErrorKind::kProtocol, name() + " stream stopped early");
  }

 private:
  enum class State { kStart, kInside, kDone };

  std::string name() const { return format_ == Format::kGzip ? "gzip" : "deflate"; }

  // A stream begins with head_.
  Result<void> begin(const Sink& out) {
    const auto b0 = static_cast<unsigned char>(head_[0]);
    const auto b1 = static_cast<unsigned char>(head_.size() > 1 ? head_[1] : 0);
    const bool is_gzip = b0 == 0x1F && b1 == 0x8B;
    if (members_ > 0 && !is_gzip) {  // browsers drop what follows the last member
      state_ = State::kDone;
      return {};
    }
    const bool is_zlib = (b0 & 0x0F) == 8 && (b0 >> 4) <= 7 && (b0 * 256 + b1) % 31 == 0;
    const int raw_or_zlib = is_zlib ? MAX_WBITS : -MAX_WBITS;
    const int window_bits = format_ == Format::kGzip ? MAX_WBITS + 16 : raw_or_zlib;
    const int code = ready_ ? inflateReset(&stream_) : inflateInit2(&stream_, window_bits);
    VELLUM_ASSERT(code == Z_OK, "zlib starts unless memory is out, and then nothing goes on");
    ready_ = true;
    state_ = State::kInside;
    std::string_view head = head_;
    VELLUM_CHECK(run(head, out));
    head_.clear();
    return {};
  }

  // Feeds `coded` until it is used up or the stream ends.
  Result<void> run(std::string_view& coded, const Sink& out) {
    while (state_ == State::kInside) {
      const std::size_t given = std::min(coded.size(), std::size_t{1} << 30);  // zlib counts in 32 bits
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(coded.data()));
      stream_.avail_in = static_cast<uInt>(given);
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      coded.remove_prefix(given - stream_.avail_in);
      const std::size_t produced = buffer_.size() - stream_.avail_out;
      if (produced > 0) VELLUM_CHECK(out({buffer_.data(), produced}));
      if (code == Z_STREAM_END) {
        ++members_;
        state_ = format_ == Format::kGzip ? State::kStart : State::kDone;
        return {};
      }
      if (code != Z_OK && code != Z_BUF_ERROR) return broken();
      if (coded.empty() && stream_.avail_out > 0) return {};
    }
    return {};
  }

  Failure broken() const {
    return fail(ErrorKind::kProtocol,
                name() + " stream is damaged: " + (stream_.msg != nullptr ? stream_.msg : "needs a dictionary"));
  }

  Format format_;
  State state_ = State::kStart;
  z_stream stream_{};
  bool ready_ = false;
  std::size_t members_ = 0;
  std::string head_;  // first bytes of the next stream, until there are two
  std::vector<char> buffer_;
};

class Brotli final : public ContentDecoder::Stage {
 public:
  Brotli() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)), buffer_(kChunkBytes) {
    VELLUM_ASSERT(state_ != nullptr, "brotli starts unless memory is out, and then nothing goes on");
  }
  Brotli(const Brotli&) = delete;
  Brotli& operator=(const Brotli&) = delete;
  ~Brotli() override { BrotliDecoderDestroyInstance(state_); }

  Result<void> write(std::string_view coded, const Sink& out) override {
    if (BrotliDecoderIsFinished(state_)) return {};  // what follows the stream is dropped, as for gzip
    const auto* in = reinterpret_cast<const std::uint8_t*>(coded.data());
    std::size_t left = coded.size();
    for (;;) {
      auto* to = reinterpret_cast<std::uint8_t*>(buffer_.data());
      std::size_t room = buffer_.size();
      const auto result = BrotliDecoderDecompressStream(state_, &left, &in, &room, &to, nullptr);
      const std::size_t produced = buffer_.size() - room;
      if (produced > 0) VELLUM_CHECK(out({buffer_.data(), produced}));
      if (result == BROTLI_DECODER_RESULT_ERROR) {
        return fail(ErrorKind::kProtocol, std::string("br stream is damaged: ") +
                                              BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state_)));
      }
      if (result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return {};
    }
  }

  Result<void> finish(const Sink&) override {
    if (BrotliDecoderIsFinished(state_) || !BrotliDecoderIsUsed(state_)) return {};
    return fail(ErrorKind::kProtocol, "br stream stopped early");
  }

 private:
  BrotliDecoderState* state_;
  std::vector<char> buffer_;
};

class Zstd final : public ContentDecoder::Stage {
 public:
  Zstd() : stream_(ZSTD_createDStream()), buffer_(kChunkBytes) {
    VELLUM_ASSERT(stream_ != nullptr, "zstd starts unless memory is out, and then nothing goes on");
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kMaxZstdWindowLog);
  }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;
  ~Zstd() override { ZSTD_freeDStream(stream_); }

  Result<void> write(std::string_view coded, const Sink& out) override {
    ZSTD_inBuffer in{coded.data(), coded.size(), 0};
    bool more = !coded.empty() && !done_;
    while (more) {
      ZSTD_outBuffer to{buffer_.data(), buffer_.size(), 0};
      const bool between_frames = wanted_ == 0;
      wanted_ = ZSTD_decompressStream(stream_, &to, &in);
      if (ZSTD_isError(wanted_)) {
        if (between_frames && frames_ > 0) {  // what follows the last frame is dropped, as for gzip
          done_ = true;
          wanted_ = 0;
          return {};
        }
        return fail(ErrorKind::kProtocol, std::string("zstd stream is damaged: ") + ZSTD_getErrorName(wanted_));
      }
      if (wanted_ == 0) ++frames_;
      if (to.pos > 0) VELLUM_CHECK(out({buffer_.data(), to.pos}));
      more = in.pos < in.size || (to.pos == to.size && wanted_ != 0);
    }
    return {};
  }

  Result<void> finish(const Sink&) override {
    if (wanted_ == 0) return {};
    return fail(ErrorKind::kProtocol, "zstd stream stopped early");
  }

 private:
  ZSTD_DStream* stream_;
  std::vector<char> buffer_;
  std::size_t wanted_ = 0;  // 0 between frames
  std::size_t frames_ = 0;
  bool done_ = false;
};

std::unique_ptr<ContentDecoder::Stage> make_stage(std::string_view coding) {
  if (equals_ignore_case(coding, "gzip") || equals_ignore_case(coding, "x-gzip")) {
    return std::make_unique<Inflate>(Inflate::Format::kGzip);
  }
  if (equals_ignore_case(coding, "deflate")) return std::make_unique<Inflate>(Inflate::Format::kDeflate);
  if (equals_ignore_case(coding, "br")) return std::make_unique<Brotli>();
  if (equals_ignore_case(coding, "zstd")) return std::make_unique<Zstd>();
  return nullptr;
}

}  // namespace

ContentDecoder::ContentDecoder() = default;
ContentDecoder::~ContentDecoder() = default;
ContentDecoder::ContentDecoder(ContentDecoder&&) noexcept = default;
ContentDecoder& ContentDecoder::operator=(ContentDecoder&&) noexcept = default;

Result<ContentDecoder> ContentDecoder::open(std::string_view codings) {
  // The header lists codings in the order of their application (RFC 9110 section 8.4): the last is undone first, so
  // each stage made here goes in front of those before it.
  std::unique_ptr<Stage> first;
  std::size_t count = 0;
  for (std::string_view part : split(codings, ',')) {
    const std::string_view coding = trim(part);
    if (coding.empty() || equals_ignore_case(coding, "identity")) continue;
    auto stage = make_stage(coding);
    if (stage == nullptr)
      return fail(ErrorKind::kProtocol, "unknown content coding: " + std::string(coding.substr(0, 64)));
    if (++count > kMaxCodings) return fail(ErrorKind::kProtocol, "more than 4 content codings");
    stage->next = std::move(first);
    first = std::move(stage);
  }
  ContentDecoder decoder;
  decoder.first_ = first != nullptr ? std::move(first) : std::make_unique<Identity>();
  return decoder;
}

Result<void> ContentDecoder::write(std::string_view coded, const Sink& sink) {
  return first_->write_through(coded, sink);
}
Result<void> ContentDecoder::finish(const Sink& sink) {
  return first_->finish_through(sink);
}

Result<std::string> decode_content(std::string_view codings, std::string_view coded, std::size_t max_bytes) {
  std::string body;
  const Sink sink = [&](std::string_view out) -> Result<void> {
    if (out.size() > max_bytes - body.size()) {
      return fail(ErrorKind::kTooLarge, "decoded body is over " + std::to_string(max_bytes) + " bytes");
    }
    body += out;
    return {};
  };
  VELLUM_TRY(auto decoder, ContentDecoder::open(codings));
  VELLUM_CHECK(decoder.write(coded, sink));
  VELLUM_CHECK(decoder.finish(sink));
  return body;
}

}  // namespace vellum
