#include "storage/warc/wire.h"

#include <algorithm>
#include <cctype>

#include "base/json.h"

namespace vellum::warc {
namespace {

constexpr std::size_t kMostFrames = 1u << 20;

Json binary(std::string_view bytes) {
  return Json::binary({bytes.begin(), bytes.end()});
}

std::string bytes_of(const Json& json) {
  if (!json.is_binary()) return {};
  return {json.get_binary().begin(), json.get_binary().end()};
}

std::string bytes_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? std::string() : bytes_of(*found);
}

// Length of the gzip header that `bytes` begins with, 0 if it is none (RFC 1952 section 2.3).
std::size_t gzip_header(std::string_view bytes) {
  if (bytes.size() < 10 || !bytes.starts_with("\x1f\x8b\x08")) return 0;
  const auto flags = static_cast<unsigned char>(bytes[3]);
  std::size_t at = 10;
  if ((flags & 4) != 0) {
    if (bytes.size() < 12) return 0;
    at += 2u + static_cast<unsigned char>(bytes[10]) + 256u * static_cast<unsigned char>(bytes[11]);
  }
  for (const unsigned flag : {8u, 16u}) {
    if ((flags & flag) == 0) continue;
    const std::size_t end = at < bytes.size() ? bytes.find('\0', at) : std::string_view::npos;
    if (end == std::string_view::npos) return 0;
    at = end + 1;
  }
  if ((flags & 2) != 0) at += 2;
  return at <= bytes.size() ? at : 0;
}

// True if `coded` begins with what these settings make of `payload`; `made` is its length.
bool rebuilds(const DeflateSettings& settings, std::string_view payload, std::string_view coded, std::size_t& made) {
  made = 0;
  const auto compare = [&](std::string_view piece) -> Result<void> {
    if (coded.substr(std::min(made, coded.size()), piece.size()) != piece)
      return fail(ErrorKind::kInvalid, "it differs");
    made += piece.size();
    return {};
  };
  Deflater deflater(settings);
  constexpr std::size_t kStep = 64 * 1024;
  for (std::size_t at = 0; at < payload.size(); at += kStep) {
    if (!deflater.write(payload.substr(at, kStep), compare)) return false;
  }
  return deflater.finish(compare).has_value();
}

bool find_settings(Wire& wire, std::string_view coded, std::string_view payload) {
  const std::size_t gzip = gzip_header(coded);
  const bool is_zlib = gzip == 0 && coded.size() > 6 && (coded[0] & 0x0f) == 8;
  const std::size_t prefix = gzip > 0 ? gzip : is_zlib ? 2 : 0;
  const std::string_view stream = coded.substr(prefix);
  for (int memory_level : {8, 9}) {
    for (int level : {6, 9, 1, 5, 4, 3, 2, 7, 8}) {
      const DeflateSettings settings{level, memory_level, -15};
      std::size_t made = 0;
      if (!rebuilds(settings, payload, stream, made)) continue;
      wire.deflate = settings;
      wire.prefix = coded.substr(0, prefix);
      wire.suffix = stream.substr(made);
      return true;
    }
  }
  return false;
}

}  // namespace

std::string Wire::encode() const {
  Json json = Json::object();
  if (!digest.empty()) json["digest"] = digest;
  if (deflate) json["deflate"] = {deflate->level, deflate->memory_level, deflate->window_bits};
  if (!prefix.empty()) json["prefix"] = binary(prefix);
  if (!suffix.empty()) json["suffix"] = binary(suffix);
  if (coded) json["coded"] = binary(*coded);
  if (!not_modified.empty()) json["not_modified"] = binary(not_modified);
  if (!truncated.empty()) json["truncated"] = truncated;
  for (const Frame& frame : frames) {
    json["frames"].push_back(binary(frame.literal));
    json["frames"].push_back(frame.bytes);
  }
  return to_cbor(json);
}

Result<Wire> Wire::decode(std::string_view stored) {
  VELLUM_TRY(const Json json, parse_cbor(stored));
  Wire wire;
  wire.digest = text_of(json, "digest");
  wire.truncated = text_of(json, "truncated");
  wire.prefix = bytes_of(json, "prefix");
  wire.suffix = bytes_of(json, "suffix");
  wire.not_modified = bytes_of(json, "not_modified");
  if (json.contains("coded")) wire.coded = bytes_of(json, "coded");
  if (const auto found = json.find("deflate"); found != json.end() && found->is_array() && found->size() == 3) {
    const auto number = [&](std::size_t i) { return (*found)[i].is_number_integer() ? (*found)[i].get<int>() : 0; };
    wire.deflate = DeflateSettings{number(0), number(1), number(2)};
    const bool fits = wire.deflate->level >= 1 && wire.deflate->level <= 9 && wire.deflate->memory_level >= 1 &&
                      wire.deflate->memory_level <= 9 && wire.deflate->window_bits == -15;
    if (!fits) return fail(ErrorKind::kCorrupt, "a recipe with settings that zlib does not have");
  }
  const auto frames = json.find("frames");
  if (frames == json.end()) return wire;
  for (std::size_t i = 0; i + 1 < frames->size(); i += 2) {
    const Json& length = (*frames)[i + 1];
    wire.frames.push_back({bytes_of((*frames)[i]), length.is_number_unsigned() ? length.get<std::uint64_t>() : 0});
  }
  return wire;
}

Result<std::string> rebuild_coded(const Wire& wire, std::string payload, const Digest& coded_digest) {
  std::string coded = wire.coded ? *wire.coded : std::move(payload);
  if (wire.deflate) {
    std::string made = wire.prefix;
    const auto keep = [&](std::string_view piece) -> Result<void> {
      made += piece;
      return {};
    };
    Deflater deflater(*wire.deflate);
    VELLUM_CHECK(deflater.write(coded, keep));
    VELLUM_CHECK(deflater.finish(keep));
    coded = std::move(made) + wire.suffix;
  }
  if (sha256(coded) != coded_digest) return fail(ErrorKind::kCorrupt, "the recipe makes another body than came in");
  return coded;
}

Result<std::string> rebuild_body(const Wire& wire, std::string payload, const Digest& coded_digest) {
  VELLUM_TRY(std::string coded, rebuild_coded(wire, std::move(payload), coded_digest));
  if (wire.frames.empty()) return coded;
  std::string body;
  std::size_t at = 0;
  for (const Wire::Frame& frame : wire.frames) {
    body += frame.literal;
    if (frame.bytes > coded.size() - at)
      return fail(ErrorKind::kCorrupt, "a recipe with more bytes than the payload has");
    body.append(coded, at, static_cast<std::size_t>(frame.bytes));
    at += static_cast<std::size_t>(frame.bytes);
  }
  return body;
}

void keep_coded(Wire& wire, std::string_view coded, std::string_view payload) {
  if (coded == payload || find_settings(wire, coded, payload)) return;
  wire.coded = std::string(coded);
}

std::string take_chunks(Wire& wire, std::string_view body) {
  std::string entity;
  std::vector<Wire::Frame> frames;
  std::size_t at = 0;
  for (;;) {
    const std::size_t line = body.find('\n', at);
    std::uint64_t length = 0;
    std::size_t digits = at;
    for (; digits < body.size() && digits - at < 15 && std::isxdigit(static_cast<unsigned char>(body[digits]));
         ++digits) {
      const char c = body[digits];
      length = length * 16 + static_cast<std::uint64_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (line == std::string_view::npos || digits == at || frames.size() > kMostFrames) return std::string(body);
    if (length == 0) break;
    if (length > body.size() - line - 1) return std::string(body);
    frames.push_back({std::string(body.substr(at, line + 1 - at)), length});
    entity += body.substr(line + 1, static_cast<std::size_t>(length));
    at = line + 1 + static_cast<std::size_t>(length);
    const std::size_t end = body.substr(at, 2) == "\r\n" ? 2 : body.substr(at, 1) == "\n" ? 1 : 0;
    if (end == 0) return std::string(body);
    frames.push_back({std::string(body.substr(at, end)), 0});
    at += end;
  }
  frames.push_back({std::string(body.substr(at)), 0});
  wire.frames = std::move(frames);
  return entity;
}

}  // namespace vellum::warc
