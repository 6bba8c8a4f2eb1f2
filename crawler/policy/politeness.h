// Who shares a budget, how long to wait, and what to do after a failure: pure functions of data and a time.
// Threads: any.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/http_message.h"
#include "base/url.h"
#include "crawler/policy/config.h"

namespace vellum::policy {

// The politeness group of a URL: its registrable domain; for an address or a single-label host, host and port.
// Never an address that a name resolves to: CDNs share those.
std::string politeness_group(const Url& url);

// From the start of one request to the next: the configured delay, lengthened by Crawl-delay.
Duration spacing(const PolitenessConfig& config, std::optional<Duration> crawl_delay);

// How often in a row a group was told to slow down (429, 503, or 403 again and again), and when last.
struct BackOff {
  std::uint32_t level = 0;
  Timestamp last{};
};
// The next wait of such a group: retry_delay doubled `level` times, at most max_back_off, and up to a quarter longer:
// the jitter keeps groups that were throttled together from coming back together. `seed` (the group's name) and level
// decide it, so that it can be told beforehand.
Duration back_off_wait(const PolitenessConfig& config, std::uint32_t level, std::string_view seed);
// What is left of `state` at `now`: after forgive_after beyond its last wait nothing.
BackOff forgiven(const PolitenessConfig& config, BackOff state, Timestamp now);
// A 403 may be about one page; so many of a group in a row are about us.
inline constexpr std::uint32_t kRefusalsInARow = 3;

// Retry-After in seconds or as a date (RFC 9110, 10.2.3), counted from `now`; nullopt if absent or nonsense. At most
// ten years: max_retry_after is applied by after_failure, which says so.
std::optional<Duration> retry_after(const HeaderBlock& answer, Timestamp now);

// What happened to a task, and how its group stands.
struct Failed {
  const Error* error = nullptr;         // of a failed exchange, else nullptr and
  const HeaderBlock* answer = nullptr;  // the answer's status and headers decide
  int attempts = 0;                     // tries of this task that failed before this one (UrlTask::attempts)
  int throttled = 0;                    // times that it was told to come back later (UrlTask::throttled)
  std::string_view group{};
  BackOff back_off{};          // of the group
  std::uint32_t refusals = 0;  // 403s of the group in a row before this one
};
// What that means for the task and for its group.
struct RetryDecision {
  bool retry = false;
  bool counts = true;     // false: a throttled request costs no retry
  bool throttle = false;  // the server asked for a pause: `back_off` is the group's new state
  Duration task_wait{};   // before this task is tried again
  Duration group_wait{};  // before anything of the group is asked; 0: no hold
  BackOff back_off{};
  std::string reason;  // "timeout: ...", "status 503 with Retry-After 2m"
};
// 429 and 503, and the kRefusalsInARow-th 403, hold the group: for Retry-After where it names a pause (at most
// max_retry_after, and the reason says so), else for back_off_wait. Neither costs the task a retry. It is given up
// after kMaxThrottled of them, or at once where no pause is named and the configuration allows no retries.
RetryDecision after_failure(const PolitenessConfig& config, const Failed& failed, Timestamp now);
inline constexpr int kMaxThrottled = 20;

// A challenge or a block page came with a good status: the group rests as after a 429 that names no pause.
struct Rest {
  Duration group_wait{};
  BackOff back_off{};
};
Rest after_challenge(const PolitenessConfig& config, BackOff back_off, std::string_view group, Timestamp now);

// True for statuses that become captures: 2xx, 3xx, 404, 410. Others are failures.
bool is_capture_status(int status);

}  // namespace vellum::policy
