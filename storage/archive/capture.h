// The words of the store: what a capture is, and the other rows that a crawl leaves behind.
//
// Plain values; no engine shows through, so that the same rows serve RocksDB here and PostgreSQL and S3 elsewhere.
// Stored as: docs/formats.md.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/link.h"

namespace vellum::storage {

// Position in the archive's change feed: 1, 2, 3, ... in commit order, never used twice.
using CaptureId = std::uint64_t;
using RunId = std::uint32_t;

// What a capture was fetched for.
enum class Role : std::uint8_t { kPage = 1, kRequisite, kFragment, kFile, kRobots };
std::string_view name_of(Role role);  // "page", "requisite", "fragment", "file", "robots"
std::optional<Role> role_from_name(std::string_view name);

// What a revisit refers to: the capture, never itself a revisit, whose payload its server said to be still the answer
// (RFC 9110, 15.4.5).
struct Reference {
  CaptureId capture = 0;
  std::string url;
  Timestamp captured{};
  int status = 0;

  bool operator==(const Reference&) const = default;
};

struct Capture {
  CaptureId id = 0;      // given by commit
  std::string url;       // exact, without fragment
  Timestamp captured{};  // start of the exchange
  int status = 0;
  std::string mime;         // essence, sniffed where the declaration is useless
  std::uint64_t bytes = 0;  // of the payload
  std::uint64_t stored_bytes =
      0;                       // what this capture added: payload frame (0 if it was there) and header blocks, encoded
  Digest digest;               // SHA-256 of the payload
  std::string content_coding;  // as received; the payload is decoded
  std::uint64_t coded_bytes = 0;  // before content decoding
  Digest coded_digest;
  std::string protocol;  // "HTTP/1.1"
  std::string remote_address;
  std::string verdict;  // substance word of the page's verdict, "" where none was made (robots, requisites)
  std::vector<std::string> evidence;
  bool quarantined = false;         // never "the latest"
  std::vector<std::string> rights;  // robots directives seen: "noarchive" (meta or X-Robots-Tag)
  RunId run = 0;                    // 0: imported
  Role role = Role::kPage;
  std::string via;             // the URL that led here, "" for seeds
  std::string hop;             // "seed" | "link" | "redirect" | "requisite" | "fragment" | "robots" | "import"
  std::string root;            // page that a requisite or fragment belongs to, "" otherwise
  CaptureId root_capture = 0;  // that page's capture on the same visit, 0 unknown
  int depth = 0;
  std::string rule;  // the scope rule that let it in
  // Of an import: how the body that its WARC holds is rebuilt from the payload, and the digest it had there. Bytes;
  // written and read by storage/warc/wire.h. "" where the payload is that body, or the crawl made the capture.
  std::string wire;
  // Set: a revisit. Its status and header blocks are those of the 304; digest, bytes, mime and verdict those of the
  // capture that it refers to. revisit.h gives the answer that it stands for.
  std::optional<Reference> refers_to;

  bool is_revisit() const { return refers_to.has_value(); }
  // The status of the answer that it stands for: what decides whether it is a page, a redirect or an error.
  int answer_status() const { return refers_to ? refers_to->status : status; }
  bool is_success() const { return answer_status() >= 200 && answer_status() < 300; }

  Json to_json() const;  // stored form, keys as in docs/formats.md
  static Result<Capture> from_json(const Json& json);
};

// One run of a crawl configuration.
struct Run {
  RunId id = 0;
  std::string crawl;  // identity of the configuration: see crawler/engine
  std::string state;  // "running" | "finished" | "limited"
  Timestamp started{};
  std::optional<Timestamp> ended;
  std::string config;       // the TOML text (or its JSON) that it ran with, secrets left out
  std::uint64_t pages = 0;  // pages captured so far: kept by commit
  std::uint64_t requisites = 0;
  std::uint64_t failures = 0;

  Json to_json() const;
  static Result<Run> from_json(const Json& json);
};

// Something that did not become a capture, kept for `explain` and reports.
struct Event {
  Timestamp at{};
  RunId run = 0;
  std::string kind;  // "failed" | "skipped" | "quarantined" | "plugin"
  std::string url;
  std::string reason;  // "timeout: no answer from host in 30 s", "robots: line 12 Disallow: /x"
  std::string via;

  Json to_json() const;
  static Result<Event> from_json(const Json& json);
};

// An article record as some version of some plugin read it from one capture.
struct StoredArticle {
  CaptureId capture = 0;
  std::string url;
  Timestamp captured{};
  std::string plugin;
  int plugin_version = 0;
  Json record;  // vellum.article/1
  std::vector<OutboundLink> links;
};

// A link with the capture that showed it, as `vellum links` lists it.
struct LinkRow {
  CaptureId capture = 0;
  std::string source;  // URL
  Timestamp captured{};
  OutboundLink link;
};

}  // namespace vellum::storage
