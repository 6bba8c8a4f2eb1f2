// JSON as the whole program uses it: objects keep the order in which keys were set, output is UTF-8 on one line.
// The one place that includes nlohmann/json. A public header that only passes Json around includes json_fwd.h.

#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

using Json = nlohmann::ordered_json;

// One line, invalid UTF-8 replaced, no ASCII escaping.
std::string to_line(const Json& value);
// kInvalid with the byte offset; never throws.
Result<Json> parse_json(std::string_view text);

// CBOR (RFC 8949), the encoding of stored records. kCorrupt if `bytes` is not one whole CBOR item.
std::string to_cbor(const Json& value);
Result<Json> parse_cbor(std::string_view bytes);

// Lenient readers of stored records and messages: absent or of another type gives the default.
std::string text_of(const Json& object, std::string_view key);
std::int64_t integer_of(const Json& object, std::string_view key, std::int64_t otherwise = 0);
bool flag_of(const Json& object, std::string_view key);

}  // namespace vellum
