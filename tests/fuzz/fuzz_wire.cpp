// Recipes: any bytes as a stored one, any bytes as a chunked body; what is kept of a body rebuilds it.

#include "storage/warc/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vellum;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto wire = warc::Wire::decode(bytes)) {
    ignore(rebuild_body(*wire, std::string(bytes.substr(0, 100)), sha256("")), "most recipes fit no payload");
  }
  warc::Wire wire;
  const std::string entity = take_chunks(wire, bytes);
  keep_coded(wire, entity, bytes.substr(0, size / 2));
  const auto stored = warc::Wire::decode(wire.encode());
  VELLUM_ASSERT(stored.has_value(), "what encode() made is decoded");
  const auto body = rebuild_body(*stored, std::string(bytes.substr(0, size / 2)), sha256(entity));
  VELLUM_ASSERT(body && *body == bytes, "a recipe rebuilds the body");
  return 0;
}
