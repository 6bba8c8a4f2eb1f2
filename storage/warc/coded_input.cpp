#include "storage/warc/coded_input.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

namespace vellum::warc {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kMostDictionaryBytes = 8u << 20;
constexpr int kMaxZstdWindowLog = 23;  // 8 MiB, as warc-zstd allows
constexpr std::string_view kGzipMagic("\x1f\x8b\x08", 3);
constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);
constexpr std::string_view kDictionaryMagic("\x5d\x2a\x4d\x18", 4);

bool is_skippable(std::string_view head) {
  return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xf0) == 0x50 &&
         head.substr(1, 3) == "\x2a\x4d\x18";
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

struct CodedInput::Decoder {
  virtual ~Decoder() = default;
  virtual void begin() = 0;
  // Takes from `in` (advanced), writes to `out`; `made` is how much.
  virtual Step step(std::string_view& in, std::vector<char>& out, std::size_t& made) = 0;
  virtual std::string why() const = 0;
};

struct CodedInput::Gzip final : Decoder {
  z_stream stream{};
  Gzip() { VELLUM_ASSERT(inflateInit2(&stream, MAX_WBITS + 16) == Z_OK, "zlib starts unless memory is out"); }
  ~Gzip() override { inflateEnd(&stream); }
  void begin() override { inflateReset(&stream); }
  Step step(std::string_view& in, std::vector<char>& out, std::size_t& made) override {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    in.remove_prefix(in.size() - stream.avail_in);
    made = out.size() - stream.avail_out;
    if (code == Z_STREAM_END) return Step::kMemberEnd;
    if (code != Z_OK && code != Z_BUF_ERROR) return Step::kDamaged;
    return made > 0 ? Step::kBytes : Step::kMore;
  }
  std::string why() const override { return stream.msg != nullptr ? stream.msg : "it needs a dictionary"; }
};

struct CodedInput::Zstd final : Decoder {
  ZSTD_DCtx* context = ZSTD_createDCtx();
  std::size_t code = 0;
  Zstd() {
    VELLUM_ASSERT(context != nullptr, "zstd starts unless memory is out");
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, kMaxZstdWindowLog);
  }
  ~Zstd() override { ZSTD_freeDCtx(context); }
  void begin() override { ZSTD_DCtx_reset(context, ZSTD_reset_session_only); }
  Step step(std::string_view& in, std::vector<char>& out, std::size_t& made) override {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    code = ZSTD_decompressStream(context, &to, &from);
    in.remove_prefix(from.pos);
    made = to.pos;
    if (ZSTD_isError(code)) return Step::kDamaged;
    if (code == 0) return Step::kMemberEnd;
    return made > 0 ? Step::kBytes : Step::kMore;
  }
  std::string why() const override { return ZSTD_getErrorName(code); }
};

CodedInput::CodedInput(std::unique_ptr<ByteSource> source, FaultSink sink)
    : source_(std::move(source)), sink_(std::move(sink)), out_(kChunkBytes) {}
CodedInput::~CodedInput() = default;

Result<bool> CodedInput::fill() {
  if (used_ > 0) in_.erase(0, std::exchange(used_, 0));
  const std::size_t before = in_.size();
  in_.resize(before + kChunkBytes);
  auto count = source_->read(in_.data() + before, kChunkBytes);
  in_.resize(before + (count ? *count : 0));
  if (!count) return fail(count.error());
  read_ += *count;
  return *count > 0;
}

// True if `bytes` coded bytes are at hand.
Result<bool> CodedInput::need(std::size_t bytes) {
  while (ahead().size() < bytes) {
    VELLUM_TRY(const bool more, fill());
    if (!more) return false;
  }
  return true;
}

Result<void> CodedInput::detect() {
  is_detected_ = true;
  VELLUM_TRY(const bool enough, need(4));
  static_cast<void>(enough);
  if (ahead().starts_with(kGzipMagic.substr(0, 2))) {
    coding_ = Coding::kGzip;
    decoder_ = std::make_unique<Gzip>();
  } else if (ahead().starts_with(kZstdMagic) || is_skippable(ahead())) {
    coding_ = Coding::kZstd;
    decoder_ = std::make_unique<Zstd>();
  }
  return {};
}

void CodedInput::damaged(const Rule& rule, std::string detail) {
  sink_({&rule, member_offset_, 0, std::move(detail)});
  is_inside_ = false;
  ++breaks_;
}

Result<bool> CodedInput::begin_member() {
  if (is_lost_) return find_member();
  VELLUM_TRY(const bool enough, need(coding_ == Coding::kGzip ? 3 : 4));
  member_offset_ = read_ - ahead().size();
  if (ahead().empty()) return false;
  if (coding_ == Coding::kZstd) return begin_frame();
  if (enough && ahead().starts_with(kGzipMagic)) return true;
  if (!enough && kGzipMagic.starts_with(ahead())) return true;  // clipped: decoding says so
  sink_({&rule::kGzipGarbage, member_offset_, 0, "what follows a member is not a gzip member"});
  ++breaks_;
  return find_member();
}

// Goes on, after damage, where something looks like the beginning of a member.
Result<bool> CodedInput::find_member() {
  is_lost_ = false;
  const std::string_view magic = coding_ == Coding::kGzip ? kGzipMagic : kZstdMagic;
  for (;;) {
    const std::size_t found = ahead().find(magic);
    if (found != std::string_view::npos) {
      used_ += found;
      member_offset_ = read_ - ahead().size();
      return true;
    }
    used_ = in_.size() - std::min(ahead().size(), magic.size() - 1);
    VELLUM_TRY(const bool more, fill());
    if (!more) {
      used_ = in_.size();
      return false;
    }
  }
}

// Skippable frames are skipped, but a leading dictionary is taken.
Result<bool> CodedInput::begin_frame() {
  while (is_skippable(ahead())) {
    VELLUM_TRY(const bool has_size, need(8));
    if (!has_size) break;
    const bool is_dictionary = ahead().starts_with(kDictionaryMagic);
    const std::uint32_t size = little_endian(ahead().substr(4));
    used_ += 8;
    VELLUM_TRY(const bool whole, is_dictionary ? read_dictionary(size) : skip(size));
    if (!whole) {
      damaged(rule::kZstdClipped, "the file ends inside a skippable frame");
      used_ = in_.size();
      return false;
    }
    VELLUM_TRY(const bool enough, need(5));
    static_cast<void>(enough);
    member_offset_ = read_ - ahead().size();
  }
  if (ahead().empty()) return false;
  if (!ahead().starts_with(kZstdMagic)) {
    damaged(rule::kZstdDamaged, "what follows a frame is not a zstd frame");
    return find_member();
  }
  VELLUM_TRY(const bool has_descriptor, need(5));
  const auto descriptor = static_cast<unsigned char>(has_descriptor ? ahead()[4] : 0);
  const bool has_size = (descriptor & 0xe0) != 0;  // a content size field, or a single segment, which has one
  if (has_descriptor && (!has_size || (descriptor & 4) == 0)) {
    sink_({&rule::kZstdFrame, member_offset_, 0, has_size ? "a frame without checksum" : "a frame without its size"});
  }
  return true;
}

Result<bool> CodedInput::read_dictionary(std::size_t size) {
  if (size > kMostDictionaryBytes) {
    sink_({&rule::kZstdDictionary, member_offset_, 0, "a dictionary of " + std::to_string(size) + " bytes"});
    return skip(size);
  }
  VELLUM_TRY(const bool whole, need(size));
  if (!whole) return false;
  std::string dictionary(ahead().substr(0, size));
  used_ += size;
  if (dictionary.starts_with(kZstdMagic)) {
    const auto declared = ZSTD_getFrameContentSize(dictionary.data(), dictionary.size());
    std::string plain(declared <= kMostDictionaryBytes ? static_cast<std::size_t>(declared) : kMostDictionaryBytes,
                      '\0');
    const std::size_t made = ZSTD_decompress(plain.data(), plain.size(), dictionary.data(), dictionary.size());
    const bool is_bad = ZSTD_isError(made) != 0;
    if (is_bad) sink_({&rule::kZstdDictionary, member_offset_, 0, "the dictionary does not decode"});
    plain.resize(is_bad ? 0 : made);
    dictionary = std::move(plain);
  }
  auto& zstd = static_cast<Zstd&>(*decoder_);
  if (ZSTD_isError(ZSTD_DCtx_loadDictionary(zstd.context, dictionary.data(), dictionary.size()))) {
    sink_({&rule::kZstdDictionary, member_offset_, 0, "the dictionary is damaged"});
  }
  return true;
}

Result<bool> CodedInput::skip(std::uint64_t bytes) {
  for (;;) {
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, ahead().size()));
    used_ += taken;
    bytes -= taken;
    if (bytes == 0) return true;
    VELLUM_TRY(const bool more, fill());
    if (!more) return false;
  }
}

// One step: bytes in out_, or a member's end, or the end of the file.
Result<void> CodedInput::decode() {
  if (!is_inside_) {
    VELLUM_TRY(const bool found, begin_member());
    is_ended_ = !found;
    if (is_ended_) return {};
    decoder_->begin();
    is_inside_ = true;
    in_member_ = 0;
    ++members_;
  }
  const bool is_gzip = coding_ == Coding::kGzip;
  if (ahead().empty()) {
    VELLUM_TRY(const bool more, fill());
    if (!more) {
      damaged(is_gzip ? rule::kGzipClipped : rule::kZstdClipped, "the file ends inside a member");
      is_ended_ = true;
      return {};
    }
  }
  std::string_view in = ahead();
  std::size_t made = 0;
  const Step step = decoder_->step(in, out_, made);
  used_ = in_.size() - in.size();
  out_begin_ = 0;
  out_end_ = made;
  if (step == Step::kMemberEnd) is_inside_ = false;
  if (step == Step::kDamaged) {
    damaged(is_gzip ? rule::kGzipDamaged : rule::kZstdDamaged, "a member is damaged: " + decoder_->why());
    is_lost_ = true;
    const bool is_stuck = read_ - ahead().size() <= member_offset_;  // or the same member would be found again
    if (is_stuck && !ahead().empty()) ++used_;
  }
  return {};
}

Result<std::string_view> CodedInput::peek() {
  if (!is_detected_) VELLUM_CHECK(detect());
  if (coding_ == Coding::kPlain) {
    VELLUM_TRY(const bool more, need(1));
    return more ? ahead() : std::string_view();
  }
  while (out_begin_ == out_end_ && !is_ended_) VELLUM_CHECK(decode());
  return std::string_view(out_.data() + out_begin_, out_end_ - out_begin_);
}

void CodedInput::consume(std::size_t bytes) {
  position_ += bytes;
  in_member_ += bytes;
  (coding_ == Coding::kPlain ? used_ : out_begin_) += bytes;
}

}  // namespace vellum::warc
