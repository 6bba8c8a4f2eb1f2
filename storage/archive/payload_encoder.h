// Choosing how a payload is stored while a crawl waits for it: found by its digest if it is there already; else a delta
// against the page's keyframe, or against a keyframe of the same host, template and type; else alone, as the keyframe
// of what comes after it.
//
// The star adapts: where a delta is longer than half of what the payload takes alone, the payload becomes the page's
// new keyframe. A keyframe has at most 64 dependents. Payloads that lean on a template's keyframe are themselves leaned
// on by nothing. Private to storage.
//
// Threads: any; `repack` and other commits may run beside it, so ArchiveWriter looks again at what a frame leans on.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/archive/payload_reader.h"

namespace vellum::storage {

// Bytes on their way into the store.
struct PayloadHint {
  std::string url;          // earlier captures of it are likely bases for a delta
  std::string template_id;  // pages of one template resemble each other; "" unknown
  std::string mime;
};

struct PreparedPayload {
  Digest digest;
  std::uint64_t bytes = 0;
  std::string frame;  // encoding byte and encoded bytes; empty if the payload is stored already

  // What commit() needs to know besides; "" and 0 where there is nothing to know.
  std::string page_key, template_key;       // of `bases`
  std::string base_key;                     // whose base the frame leans on
  std::shared_ptr<const std::string> base;  // its content, in case that it has moved until commit
  std::uint64_t alone = 0;                  // bytes it takes, or about takes, leaning on nothing
};

inline constexpr std::uint64_t kMostDependents = 64;
// Shorter payloads are not worth a base.
inline constexpr std::size_t kLeastBaseBytes = 256;

// Markup, text, scripts, style sheets, JSON: what repeats itself from capture to capture and page to page.
bool is_text_type(std::string_view mime);

class PayloadEncoder {
 public:
  PayloadEncoder(const rocks::Database& database, const PayloadReader& reader) : database_(database), reader_(reader) {}

  Result<PreparedPayload> prepare(std::string_view payload, const PayloadHint& hint) const;

 private:
  struct Choice;
  Result<std::optional<Choice>> choose(const PreparedPayload& prepared) const;
  Result<std::optional<Choice>> base_of(const std::string& key) const;
  void encode(std::string_view payload, const std::optional<Choice>& choice, PreparedPayload& prepared) const;

  const rocks::Database& database_;
  const PayloadReader& reader_;
};

}  // namespace vellum::storage
