// The HTTP header block that goes into an export with a decoded body.
// Threads: pure function.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vellum::warc {

// The block as received, fit for `body_bytes` bytes without transfer or content coding: Content-Encoding,
// Transfer-Encoding and a Content-Length that is wrong now go under X-Archive-Orig- names, and a status line of HTTP/2
// or later becomes one that readers of HTTP/1.1 take. Nothing else is changed. "" if `head` does not begin with a
// status line.
// kCoded: the body still has its content coding, and Content-Encoding stays.
enum class ExportedBody { kDecoded, kCoded };
std::string exported_head(std::string_view head, std::uint64_t body_bytes, ExportedBody body);

}  // namespace vellum::warc
