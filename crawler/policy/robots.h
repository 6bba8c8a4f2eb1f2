// What a robots.txt allows one crawler (RFC 9309). Immutable, cheap to copy.
//
// Threads: any. Memory: owns its rules.

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/http_message.h"

namespace vellum::policy {

struct RobotsDecision {
  bool allowed = true;
  std::string rule;  // "Disallow: /pmc/", "" if no rule matched
  int line = 0;      // of that rule in the file, 0 if none
};

class Robots {
 public:
  // Reads at most 500 KiB of `text` (RFC 9309, 2.5). `agent` is a product token or a whole User-Agent value, whose
  // product token is used. Never fails: a file that makes no sense has no rules.
  static Robots parse(std::string_view text, std::string_view agent);
  static Robots allow_all();
  static Robots disallow_all(std::string why);  // 5xx, timeouts: "robots unreachable: 503"

  // `path_and_query` as in a request line. The longest match wins; on a tie, allow. /robots.txt is always allowed.
  RobotsDecision decide(std::string_view path_and_query) const;
  std::optional<Duration> crawl_delay() const;  // of the group that applies
  std::vector<std::string> sitemaps() const;

 private:
  struct Rules;
  std::shared_ptr<const Rules> rules_;
};

// What an answer to GET /robots.txt means (RFC 9309, 2.3.1): kRules (2xx text), kAllowAll (4xx but 429), kDisallowAll
// (5xx, 429, network failure), kUnknown (an HTML page served as robots.txt: neither rules nor allow-all; treated as
// disallow until asked again), kRedirect (follow at most five hops).
enum class RobotsAnswer { kRules, kAllowAll, kDisallowAll, kUnknown, kRedirect };
RobotsAnswer classify_robots_answer(int status, std::string_view content_type, std::string_view body);

// "Vellum/1.0 (+https://...)" -> "Vellum".
std::string product_token(std::string_view user_agent);

}  // namespace vellum::policy
