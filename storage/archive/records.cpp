#include "storage/archive/records.h"

#include <algorithm>

#include "base/url_key.h"
#include "storage/rocks/database.h"

namespace vellum::storage {
namespace {

using rocks::big_endian;

std::string four_bytes(std::uint32_t value) {
  return big_endian(value).substr(4);
}

std::string joined(std::string_view name, std::string_view rest) {
  std::string key;
  key.reserve(name.size() + 1 + rest.size());
  key.append(name).push_back('\0');
  return key.append(rest);
}

// 0 for a number below, as for what is no number: nothing here counts downwards.
std::uint64_t unsigned_of(const Json& json, std::string_view key) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(integer_of(json, key), 0));
}

void put_unless_zero(Json& json, const char* key, std::uint64_t value) {
  if (value != 0) json[key] = value;
}

}  // namespace

std::string time_key(Timestamp time) {
  return big_endian(static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ (std::uint64_t{1} << 63));
}

std::string replay_key(const std::string& url) {
  const auto parsed = Url::parse(url);
  return parsed ? surt(*parsed) : url;
}

std::string capture_key(std::string_view replay, Timestamp captured, CaptureId id) {
  return joined(replay, time_key(captured) + big_endian(id));
}

std::string after_captures_at(std::string_view replay, Timestamp captured) {
  return capture_key(replay, captured, ~CaptureId{0}) + '\0';
}

KeyRange captures_range(std::string_view replay) {
  return {joined(replay, {}), std::string(replay) + '\x01'};
}

std::string id_key(std::uint64_t id) {
  return big_endian(id);
}

std::string article_key(CaptureId capture, std::string_view plugin, int version) {
  return big_endian(capture) + joined(plugin, four_bytes(static_cast<std::uint32_t>(version)));
}

std::string named_key(std::string_view name, std::string_view rest) {
  return joined(name, rest);
}

std::string index_key(std::string_view key, std::uint32_t index) {
  return std::string(key) + four_bytes(index);
}

std::string fragment_key(std::string_view root, Timestamp captured, CaptureId id) {
  return joined(root, time_key(captured) + big_endian(id));
}

std::string pair_key(std::uint64_t first, std::uint64_t second) {
  return big_endian(first) + big_endian(second);
}

std::string page_base_key(std::string_view url) {
  return "p" + std::string(sha256(url).view().substr(0, 16));
}
std::string template_base_key(std::string_view host, std::string_view template_id, std::string_view mime) {
  return "t" + std::string(sha256(joined(host, joined(template_id, mime))).view().substr(0, 16));
}

std::string known_url_key(std::string_view url) {
  return "u" + std::string(sha256(url).view().substr(0, 16));
}
std::string known_article_key(std::string_view url) {
  return "a" + std::string(sha256(url).view().substr(0, 16));
}
std::string known_host_key(std::string_view host) {
  return "h" + std::string(host);
}

std::string tombstone_key(std::string_view replay, Timestamp captured, CaptureId id) {
  return "c" + capture_key(replay, captured, id);
}
KeyRange tombstones_range(std::string_view replay) {
  const KeyRange range = captures_range(replay);
  return {"c" + range.from, "c" + range.to};
}
std::string closed_key(std::string_view address, bool is_prefix) {
  return is_prefix ? "p" + std::string(address) : "u" + replay_key(std::string(address));
}
std::string embargo_key(CaptureId id) {
  return "e" + big_endian(id);
}
std::string embargo_key(std::string_view address, bool is_prefix) {
  return "a" + closed_key(address, is_prefix);
}

std::string seal_key(std::uint64_t number) {
  return "s" + big_endian(number);
}
std::string leaf_key(std::uint64_t seal, CaptureId capture) {
  return "l" + pair_key(seal, capture);
}
std::string sealed_key(CaptureId capture) {
  return "c" + big_endian(capture);
}

std::string Locator::encode() const {
  Json json = Json::object();
  json["id"] = id;
  json["codec"] = codec;
  put_unless_zero(json, "base", base);
  put_unless_zero(json, "dictionary", dictionary);
  if (!pack.empty()) json["pack"] = pack;
  put_unless_zero(json, "offset", offset);
  json["bytes"] = bytes;
  json["refs"] = refs;
  return to_cbor(json);
}

Result<Locator> Locator::decode(std::string_view value) {
  VELLUM_TRY(const Json json, parse_cbor(value));
  Locator locator;
  locator.id = unsigned_of(json, "id");
  locator.codec = static_cast<int>(integer_of(json, "codec"));
  locator.base = unsigned_of(json, "base");
  locator.dictionary = unsigned_of(json, "dictionary");
  locator.pack = text_of(json, "pack");
  locator.offset = unsigned_of(json, "offset");
  locator.bytes = unsigned_of(json, "bytes");
  locator.refs = unsigned_of(json, "refs");
  if (locator.id == 0) return fail(ErrorKind::kCorrupt, "locator without a payload id");
  return locator;
}

std::string encode_payload(std::string_view payload) {
  return encode_alone(Zstd(), payload, kZstdOnlineLevel);
}

std::string header_block(const HeaderBlocks& headers) {
  return four_bytes(static_cast<std::uint32_t>(headers.request.size())) + headers.request + headers.response;
}

Result<HeaderBlocks> split_header_block(std::string_view block) {
  if (block.size() < 4) return fail(ErrorKind::kCorrupt, "header blocks are cut short");
  const std::uint64_t request = rocks::from_big_endian(block.substr(0, 4));
  if (request > block.size() - 4) return fail(ErrorKind::kCorrupt, "header blocks are cut short");
  const auto split = static_cast<std::size_t>(request) + 4;
  return HeaderBlocks{std::string(block.substr(4, split - 4)), std::string(block.substr(split))};
}

std::string Base::encode() const {
  Json json = Json::object();
  json["row"] = row;
  put_unless_zero(json, "offset", offset);
  json["bytes"] = bytes;
  json["alone"] = alone;
  put_unless_zero(json, "dependents", dependents);
  json["digest"] = digest.to_text();
  return to_cbor(json);
}

Result<Base> Base::decode(std::string_view value) {
  VELLUM_TRY(const Json json, parse_cbor(value));
  Base base;
  base.row = unsigned_of(json, "row");
  base.offset = unsigned_of(json, "offset");
  base.bytes = unsigned_of(json, "bytes");
  base.alone = unsigned_of(json, "alone");
  base.dependents = unsigned_of(json, "dependents");
  VELLUM_TRY(base.digest, Digest::parse(text_of(json, "digest")));
  if (base.row != 0 && base.bytes == 0) return fail(ErrorKind::kCorrupt, "base without content");
  return base;
}

std::string encode_capture(const Capture& capture) {
  return to_cbor(capture.to_json());
}

Result<Capture> decode_capture(std::string_view value) {
  VELLUM_TRY(const Json json, parse_cbor(value));
  return Capture::from_json(json);
}

std::string encode_article(const StoredArticle& article, std::uint64_t stored_by) {
  Json json = Json::object();
  json["capture"] = article.capture;
  json["url"] = article.url;
  json["captured"] = to_rfc3339(article.captured);
  json["plugin"] = article.plugin;
  json["plugin_version"] = article.plugin_version;
  json["stored_by"] = stored_by;
  json["links"] = article.links.size();
  json["record"] = article.record;
  return to_cbor(json);
}

Result<ArticleRow> decode_article(std::string_view value) {
  VELLUM_TRY(Json json, parse_cbor(value));
  ArticleRow row;
  row.article.capture = unsigned_of(json, "capture");
  row.article.url = text_of(json, "url");
  VELLUM_TRY(row.article.captured, parse_timestamp(text_of(json, "captured")));
  row.article.plugin = text_of(json, "plugin");
  row.article.plugin_version = static_cast<int>(integer_of(json, "plugin_version"));
  row.stored_by = unsigned_of(json, "stored_by");
  row.link_count = static_cast<std::uint32_t>(unsigned_of(json, "links"));
  if (row.article.capture == 0) return fail(ErrorKind::kCorrupt, "article record without a capture");
  row.article.record = std::move(json["record"]);
  return row;
}

std::vector<std::string> ids_of(const Json& record) {
  std::vector<std::string> ids;
  const auto found = record.find("ids");
  if (found == record.end() || !found->is_object()) return ids;
  for (const auto& [name, value] : found->items()) {
    if (value.is_string() && !value.get_ref<const std::string&>().empty())
      ids.push_back(name + ":" + value.get<std::string>());
  }
  return ids;
}

std::string Counters::encode() const {
  Json json = Json::object();
  json["captures"] = captures;
  json["urls"] = urls;
  json["payloads"] = payloads;
  json["raw_bytes"] = raw_bytes;
  json["stored_bytes"] = stored_bytes;
  json["hosts"] = hosts;
  json["articles"] = articles;
  json["dois"] = dois;
  json["last_capture"] = last_capture;
  json["last_payload"] = last_payload;
  json["last_run"] = last_run;
  return to_cbor(json);
}

Result<Counters> Counters::decode(std::string_view value) {
  VELLUM_TRY(const Json json, parse_cbor(value));
  Counters counters;
  counters.captures = unsigned_of(json, "captures");
  counters.urls = unsigned_of(json, "urls");
  counters.payloads = unsigned_of(json, "payloads");
  counters.raw_bytes = unsigned_of(json, "raw_bytes");
  counters.stored_bytes = unsigned_of(json, "stored_bytes");
  counters.hosts = unsigned_of(json, "hosts");
  counters.articles = unsigned_of(json, "articles");
  counters.dois = unsigned_of(json, "dois");
  counters.last_capture = unsigned_of(json, "last_capture");
  counters.last_payload = unsigned_of(json, "last_payload");
  counters.last_run = unsigned_of(json, "last_run");
  return counters;
}

}  // namespace vellum::storage
