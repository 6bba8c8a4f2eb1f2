// Who shares a budget, how long to wait, and what to do after a failure: pure functions of data and a time.
// Threads: any.

#pragma once

#include <optional>
#include <string>

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

// Retry-After in seconds or as a date (RFC 9110, 10.2.3), counted from `now`; at most one day; nullopt if absent or
// nonsense.
std::optional<Duration> retry_after(const HeaderBlock& answer, Timestamp now);

// What a failed exchange or a refusing answer means for the task and for its group.
struct RetryDecision {
  bool retry = false;
  bool counts = true;     // false: a throttled request costs no retry
  Duration task_wait{};   // before this task is tried again
  Duration group_wait{};  // before anything of the group is asked; 0: no hold
  std::string reason;     // "timeout: ...", "status 503 with Retry-After 2m"
};
// `error` for a failed exchange, else nullptr, and the answer's status and headers decide. `attempts`: tries of this
// task that failed before this one (UrlTask::attempts). A pause whose length the server names costs no retry.
RetryDecision after_failure(const PolitenessConfig& config, const Error* error, const HeaderBlock* answer, int attempts,
                            Timestamp now);
// True for statuses that become captures: 2xx, 3xx, 404, 410. Others are failures.
bool is_capture_status(int status);

}  // namespace vellum::policy
