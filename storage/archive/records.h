// How the archive's rows are keyed and encoded: the code side of docs/formats.md, shared by those who write rows
// (ArchiveWriter) and those who read them (RocksArchive, the check). Private to storage.
//
// Threads: pure functions.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/url.h"
#include "storage/archive/archive.h"
#include "storage/archive/frames.h"

namespace vellum::storage {

// --- keys
// -------------------------------------------------------------------------------------------------------------

// Microseconds since 1970 as 8 bytes whose order is that of time, also before 1970.
std::string time_key(Timestamp time);

// The replay key of a capture's exact URL; the URL itself where it does not parse.
std::string replay_key(const std::string& url);
// captures: replay key, 0x00, time, id.
std::string capture_key(std::string_view replay, Timestamp captured, CaptureId id);
// Greater than the keys of all captures of that replay key and time, smaller than those of later ones.
std::string after_captures_at(std::string_view replay, Timestamp captured);
// [from, to) of all captures of one replay key.
struct KeyRange {
  std::string from, to;
};
KeyRange captures_range(std::string_view replay);
// feed, headers, pending; also payloads (by payload id).
std::string id_key(std::uint64_t id);
// articles: capture, plugin, 0x00, version (4 bytes).
std::string article_key(CaptureId capture, std::string_view plugin, int version);
// article-ids, doi-links: `name`, 0x00, an article's key [, index (4 bytes)]; links: an article's key, index.
std::string named_key(std::string_view name, std::string_view rest);
std::string index_key(std::string_view key, std::uint32_t index);
// fragments: URL of the page, 0x00, time, id.
std::string fragment_key(std::string_view root, Timestamp captured, CaptureId id);
// places: row of payloads, offset in its content. `bases`: see Base. `leans`: what is leaned on, what leans.
std::string pair_key(std::uint64_t first, std::uint64_t second);
// known: what was met before; 'u' + 16 bytes of the URL's SHA-256, 'h' + host name.
std::string known_url_key(std::string_view url);
std::string known_host_key(std::string_view host);
std::string known_article_key(std::string_view url);

// tombstones: `c` and the key that the capture had; `u` and a replay key, `p` and the beginning of addresses: closed to
// crawls; `e` and a capture's id, `au` and a replay key, `ap` and the beginning of addresses: an embargo.
std::string tombstone_key(std::string_view replay, Timestamp captured, CaptureId id);
KeyRange tombstones_range(std::string_view replay);
std::string closed_key(std::string_view address, bool is_prefix);
std::string embargo_key(CaptureId id);
std::string embargo_key(std::string_view address, bool is_prefix);
// seals: `s` and a seal's number; `l`, a seal's number, a capture's id: its leaf; `c` and a capture's id: its seal.
std::string seal_key(std::uint64_t number);
std::string leaf_key(std::uint64_t seal, CaptureId capture);
std::string sealed_key(CaptureId capture);

// --- values
// -----------------------------------------------------------------------------------------------------------

// Where the bytes of a payload are; value in `digests` under the payload's SHA-256.
struct Locator {
  std::uint64_t id = 0;          // of the frame in `payloads`
  int codec = 0;                 // the frame's first byte
  std::uint64_t base = 0;        // payload id that a delta leans on, 0 none
  std::uint64_t dictionary = 0;  // 0 none
  std::string pack;              // "" this database
  std::uint64_t offset = 0;      // in the pack
  std::uint64_t bytes = 0;       // of the payload
  std::uint64_t refs = 0;        // captures that have this digest

  std::string encode() const;
  static Result<Locator> decode(std::string_view value);
};

// A payload that leans on nothing; frames.h has the others.
std::string encode_payload(std::string_view payload);

// What a value of `headers` encodes: length of the request (4 bytes), request, response.
std::string header_block(const HeaderBlocks& headers);
Result<HeaderBlocks> split_header_block(std::string_view block);

std::string encode_capture(const Capture& capture);
Result<Capture> decode_capture(std::string_view value);
std::string encode_article(const StoredArticle& article, std::uint64_t stored_by);
struct ArticleRow {
  StoredArticle article;        // without its links: those are rows of their own
  std::uint64_t stored_by = 0;  // sequence of the batch
  std::uint32_t link_count = 0;
};
Result<ArticleRow> decode_article(std::string_view value);
// "doi:10.1/x", "pmid:123": what captures_by_id finds the record by.
std::vector<std::string> ids_of(const Json& record);

// What the next capture of a page, or of a page like it, may lean on; value in `bases`.
struct Base {
  std::uint64_t row = 0, offset = 0, bytes = 0;  // where the content lies; row 0: seen, but nothing to lean on
  std::uint64_t alone = 0;                       // bytes that it takes, or about takes, when it leans on nothing
  std::uint64_t dependents = 0;                  // frames written against it
  Digest digest;                                 // of the content

  std::string encode() const;
  static Result<Base> decode(std::string_view value);
};
// `bases`: 'p' and 16 bytes of the SHA-256 of a page's URL; 't' and 16 bytes of that of a host, a template and a type.
std::string page_base_key(std::string_view url);
std::string template_base_key(std::string_view host, std::string_view template_id, std::string_view mime);

// Figures kept with every batch; kMeta "counters".
struct Counters {
  std::uint64_t captures = 0, urls = 0, payloads = 0, raw_bytes = 0, stored_bytes = 0, hosts = 0, articles = 0,
                dois = 0;
  std::uint64_t last_capture = 0, last_payload = 0, last_run = 0;

  bool operator==(const Counters&) const = default;
  std::string encode() const;
  static Result<Counters> decode(std::string_view value);
};
inline constexpr std::string_view kCountersKey = "counters";
inline constexpr std::string_view kFormatKey = "format";
// Queued URLs of one run: this, then the run (4 bytes).
inline constexpr std::string_view kQueuedPrefix = "queued/";

}  // namespace vellum::storage
