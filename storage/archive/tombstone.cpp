#include "storage/archive/tombstone.h"

namespace vellum::storage {

Json Tombstone::to_json() const {
  Json json = Json::object();
  json["id"] = id;
  json["url"] = url;
  json["captured"] = to_rfc3339(captured);
  json["digest"] = digest.to_text();
  json["bytes"] = bytes;
  if (run != 0) json["run"] = run;
  json["reason"] = reason;
  if (is_legal) json["legal"] = true;
  json["at"] = to_rfc3339(at);
  return json;
}

Result<Tombstone> Tombstone::from_json(const Json& json) {
  Tombstone stone;
  stone.id = static_cast<CaptureId>(integer_of(json, "id"));
  stone.url = text_of(json, "url");
  if (stone.id == 0 || stone.url.empty()) return fail(ErrorKind::kCorrupt, "tombstone without id or url");
  VELLUM_TRY(stone.captured, parse_timestamp(text_of(json, "captured")));
  VELLUM_TRY(stone.digest, Digest::parse(text_of(json, "digest")));
  stone.bytes = static_cast<std::uint64_t>(integer_of(json, "bytes"));
  stone.run = static_cast<RunId>(integer_of(json, "run"));
  stone.reason = text_of(json, "reason");
  stone.is_legal = flag_of(json, "legal");
  VELLUM_TRY(stone.at, parse_timestamp(text_of(json, "at")));
  return stone;
}

Json ClosedAddress::to_json() const {
  Json json = Json::object();
  json["address"] = address;
  if (is_prefix) json["prefix"] = true;
  json["reason"] = reason;
  json["at"] = to_rfc3339(at);
  return json;
}

Result<ClosedAddress> ClosedAddress::from_json(const Json& json) {
  ClosedAddress closed;
  closed.address = text_of(json, "address");
  closed.is_prefix = flag_of(json, "prefix");
  closed.reason = text_of(json, "reason");
  if (closed.address.empty()) return fail(ErrorKind::kCorrupt, "closed address without an address");
  VELLUM_TRY(closed.at, parse_timestamp(text_of(json, "at")));
  return closed;
}

Json Embargo::to_json() const {
  Json json = Json::object();
  if (capture != 0) json["capture"] = capture;
  if (capture == 0) json["address"] = range.address;
  if (range.is_prefix) json["prefix"] = true;
  json["until"] = to_rfc3339(until);
  json["reason"] = reason;
  json["at"] = to_rfc3339(at);
  return json;
}

Result<Embargo> Embargo::from_json(const Json& json) {
  Embargo embargo;
  embargo.capture = static_cast<CaptureId>(integer_of(json, "capture"));
  embargo.range = {text_of(json, "address"), flag_of(json, "prefix")};
  if (embargo.capture == 0 && embargo.range.address.empty())
    return fail(ErrorKind::kCorrupt, "embargo without capture and address");
  VELLUM_TRY(embargo.until, parse_timestamp(text_of(json, "until")));
  VELLUM_TRY(embargo.at, parse_timestamp(text_of(json, "at")));
  embargo.reason = text_of(json, "reason");
  return embargo;
}

}  // namespace vellum::storage
