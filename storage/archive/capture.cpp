#include "storage/archive/capture.h"

#include <algorithm>
#include <iterator>

namespace vellum::storage {
namespace {

constexpr std::string_view kRoleNames[] = {"page", "requisite", "fragment", "file", "robots"};

void put_text(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

template <class T>
void put_number(Json& json, const char* key, T number) {
  if (number != 0) json[key] = number;
}

void put_list(Json& json, const char* key, const std::vector<std::string>& list) {
  if (!list.empty()) json[key] = list;
}

std::vector<std::string> list_of(const Json& json, const char* key) {
  std::vector<std::string> list;
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array()) return list;
  for (const Json& item : *found) {
    if (item.is_string()) list.push_back(item.get<std::string>());
  }
  return list;
}

std::uint64_t count_of(const Json& json, std::string_view key) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(integer_of(json, key), 0));  // nothing here counts downwards
}

Result<Timestamp> time_of(const Json& json, std::string_view key) {
  auto time = parse_timestamp(text_of(json, key));
  if (!time) return fail(ErrorKind::kCorrupt, "record without a time under \"" + std::string(key) + "\"");
  return time;
}

Result<Digest> digest_of(const Json& json, std::string_view key) {
  auto digest = Digest::parse(text_of(json, key));
  if (!digest) return fail(ErrorKind::kCorrupt, "record without a digest under \"" + std::string(key) + "\"");
  return digest;
}

void put_origin(Json& json, const Capture& capture) {
  put_number(json, "run", capture.run);
  json["role"] = name_of(capture.role);
  put_text(json, "via", capture.via);
  put_text(json, "hop", capture.hop);
  put_text(json, "root", capture.root);
  put_number(json, "root_capture", capture.root_capture);
  put_number(json, "depth", capture.depth);
  put_text(json, "rule", capture.rule);
}

void read_origin(const Json& json, Capture& capture) {
  capture.run = static_cast<RunId>(integer_of(json, "run"));
  capture.via = text_of(json, "via");
  capture.hop = text_of(json, "hop");
  capture.root = text_of(json, "root");
  capture.root_capture = count_of(json, "root_capture");
  capture.depth = static_cast<int>(integer_of(json, "depth"));
  capture.rule = text_of(json, "rule");
}

Json to_json(const Reference& reference) {
  Json json = Json::object();
  json["capture"] = reference.capture;
  json["url"] = reference.url;
  json["captured"] = to_rfc3339(reference.captured);
  json["status"] = reference.status;
  return json;
}

Result<void> read_reference(const Json& json, Capture& capture) {
  const auto found = json.find("refers_to");
  if (found == json.end()) return {};
  Reference reference;
  reference.capture = count_of(*found, "capture");
  reference.url = text_of(*found, "url");
  VELLUM_TRY(reference.captured, time_of(*found, "captured"));
  reference.status = static_cast<int>(integer_of(*found, "status"));
  if (reference.capture == 0 || reference.url.empty())
    return fail(ErrorKind::kCorrupt, "revisit record that refers to no capture");
  capture.refers_to = std::move(reference);
  return {};
}

// Of an exchange without content coding the coded bytes are the payload, and nothing is said twice.
bool is_coded(const Capture& capture) {
  return !capture.content_coding.empty() || capture.coded_bytes != capture.bytes ||
         capture.coded_digest != capture.digest;
}

Result<void> read_coding(const Json& json, Capture& capture) {
  capture.coded_bytes = capture.bytes;
  capture.coded_digest = capture.digest;
  if (!json.contains("coded_digest")) return {};
  capture.content_coding = text_of(json, "content_coding");
  capture.coded_bytes = count_of(json, "coded_bytes");
  VELLUM_TRY(capture.coded_digest, digest_of(json, "coded_digest"));
  return {};
}

}  // namespace

std::string_view name_of(Role role) {
  return kRoleNames[static_cast<std::size_t>(role) - 1];
}

std::optional<Role> role_from_name(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kRoleNames); ++i) {
    if (kRoleNames[i] == name) return static_cast<Role>(i + 1);
  }
  return std::nullopt;
}

Json Capture::to_json() const {
  Json json = Json::object();
  json["id"] = id;
  json["url"] = url;
  json["captured"] = to_rfc3339(captured);
  put_number(json, "status", status);
  put_text(json, "mime", mime);
  json["bytes"] = bytes;
  json["stored_bytes"] = stored_bytes;
  json["digest"] = digest.to_text();
  if (is_coded(*this)) {
    put_text(json, "content_coding", content_coding);
    json["coded_bytes"] = coded_bytes;
    json["coded_digest"] = coded_digest.to_text();
  }
  put_text(json, "protocol", protocol);
  put_text(json, "remote_address", remote_address);
  put_text(json, "verdict", verdict);
  put_list(json, "evidence", evidence);
  if (quarantined) json["quarantined"] = true;
  put_list(json, "rights", rights);
  put_origin(json, *this);
  if (refers_to) json["refers_to"] = storage::to_json(*refers_to);
  if (!wire.empty()) json["wire"] = Json::binary({wire.begin(), wire.end()});
  return json;
}

Result<Capture> Capture::from_json(const Json& json) {
  Capture capture;
  capture.id = count_of(json, "id");
  capture.url = text_of(json, "url");
  if (capture.id == 0 || capture.url.empty()) return fail(ErrorKind::kCorrupt, "capture record without id or url");
  VELLUM_TRY(capture.captured, time_of(json, "captured"));
  VELLUM_TRY(capture.digest, digest_of(json, "digest"));
  const auto role = role_from_name(text_of(json, "role"));
  if (!role) return fail(ErrorKind::kCorrupt, "capture record without a role");
  capture.role = *role;
  capture.status = static_cast<int>(integer_of(json, "status"));
  capture.mime = text_of(json, "mime");
  capture.bytes = count_of(json, "bytes");
  capture.stored_bytes = count_of(json, "stored_bytes");
  VELLUM_CHECK(read_coding(json, capture));
  capture.protocol = text_of(json, "protocol");
  capture.remote_address = text_of(json, "remote_address");
  capture.verdict = text_of(json, "verdict");
  capture.evidence = list_of(json, "evidence");
  capture.quarantined = flag_of(json, "quarantined");
  capture.rights = list_of(json, "rights");
  read_origin(json, capture);
  VELLUM_CHECK(read_reference(json, capture));
  const auto wire = json.find("wire");
  if (wire != json.end() && wire->is_binary())
    capture.wire.assign(wire->get_binary().begin(), wire->get_binary().end());
  return capture;
}

Json Run::to_json() const {
  Json json = Json::object();
  json["id"] = id;
  json["crawl"] = crawl;
  json["state"] = state;
  json["started"] = to_rfc3339(started);
  if (ended) json["ended"] = to_rfc3339(*ended);
  json["pages"] = pages;
  json["requisites"] = requisites;
  json["failures"] = failures;
  json["config"] = config;
  return json;
}

Result<Run> Run::from_json(const Json& json) {
  Run run;
  run.id = static_cast<RunId>(integer_of(json, "id"));
  if (run.id == 0) return fail(ErrorKind::kCorrupt, "run record without an id");
  run.crawl = text_of(json, "crawl");
  run.state = text_of(json, "state");
  VELLUM_TRY(run.started, time_of(json, "started"));
  if (json.contains("ended")) {
    VELLUM_TRY(run.ended, time_of(json, "ended"));
  }
  run.pages = count_of(json, "pages");
  run.requisites = count_of(json, "requisites");
  run.failures = count_of(json, "failures");
  run.config = text_of(json, "config");
  return run;
}

Json Event::to_json() const {
  Json json = Json::object();
  json["at"] = to_rfc3339(at);
  put_number(json, "run", run);
  json["kind"] = kind;
  json["url"] = url;
  put_text(json, "reason", reason);
  put_text(json, "via", via);
  return json;
}

Result<Event> Event::from_json(const Json& json) {
  Event event;
  VELLUM_TRY(event.at, time_of(json, "at"));
  event.run = static_cast<RunId>(integer_of(json, "run"));
  event.kind = text_of(json, "kind");
  event.url = text_of(json, "url");
  event.reason = text_of(json, "reason");
  event.via = text_of(json, "via");
  return event;
}

}  // namespace vellum::storage
