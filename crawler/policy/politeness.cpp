#include "crawler/policy/politeness.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/url_key.h"

namespace vellum::policy {
namespace {

constexpr Duration kMaxWait = std::chrono::hours(24);

bool is_address_or_bare_name(const std::string& hostname) {
  if (hostname.empty() || hostname.front() == '[' || hostname.find('.') == std::string::npos) return true;
  // The URL parser takes a host whose last label is a number for an IPv4 address, or refuses it.
  const std::string_view last = std::string_view(hostname).substr(hostname.rfind('.') + 1);
  return last.find_first_not_of("0123456789") == std::string_view::npos;
}

// retry_delay, twice that, four times that, ...
Duration doubled(Duration base, int times) {
  for (; times > 0 && base < kMaxWait; --times) base *= 2;
  return std::min(base, kMaxWait);
}

RetryDecision give_up(std::string reason) {
  RetryDecision decision;
  decision.reason = std::move(reason);
  return decision;
}

RetryDecision try_again(const PolitenessConfig& config, int attempts, std::string reason) {
  RetryDecision decision = give_up(std::move(reason));
  decision.retry = attempts < config.retries;
  if (decision.retry) decision.task_wait = doubled(config.retry_delay, attempts);
  return decision;
}

RetryDecision after_error(const PolitenessConfig& config, const Error& error, int attempts) {
  const std::string reason = fmt::format("{}: {}", name_of(error.kind), error.message);
  switch (error.kind) {
    case ErrorKind::kTimeout:
    case ErrorKind::kNetwork:
    case ErrorKind::kProtocol:
    case ErrorKind::kOverload:
      return try_again(config, attempts, reason);
    case ErrorKind::kCancelled: {
      RetryDecision stopped = give_up(reason);
      stopped.retry = true;
      stopped.counts = false;
      return stopped;
    }
    default:
      return give_up(reason);
  }
}

// 429 and 503: the server asks for a pause, of the whole group. A pause whose length it names costs no retry; any other
// might go on for ever, so it counts.
RetryDecision after_throttle(const PolitenessConfig& config, const HeaderBlock& answer, int attempts, Timestamp now) {
  const auto asked = retry_after(answer, now);
  if (!asked || *asked == Duration::zero()) {
    RetryDecision decision = try_again(config, attempts, fmt::format("status {}, asking for a pause", answer.status()));
    decision.group_wait = doubled(config.retry_delay, attempts);
    return decision;
  }
  RetryDecision decision = give_up(fmt::format("status {} with Retry-After {}", answer.status(), to_text(*asked)));
  decision.retry = true;
  decision.counts = false;
  decision.task_wait = decision.group_wait = std::max(*asked, config.delay);
  return decision;
}

}  // namespace

std::string politeness_group(const Url& url) {
  const std::string hostname = url.hostname();
  if (is_address_or_bare_name(hostname)) return fmt::format("{}:{}", hostname, url.effective_port());
  return registrable_domain(hostname);
}

Duration spacing(const PolitenessConfig& config, std::optional<Duration> crawl_delay) {
  return std::max(config.delay, crawl_delay.value_or(Duration::zero()));
}

std::optional<Duration> retry_after(const HeaderBlock& answer, Timestamp now) {
  const auto field = answer.first("Retry-After");
  if (!field) return std::nullopt;
  const std::string_view value = trim(*field);
  if (!value.empty() && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    std::int64_t seconds = 0;
    const auto fault = std::from_chars(value.data(), value.data() + value.size(), seconds).ec;
    const auto most = std::chrono::duration_cast<std::chrono::seconds>(kMaxWait).count();
    return std::chrono::seconds(fault == std::errc() ? std::min(seconds, most) : most);
  }
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, Duration::zero(), kMaxWait);
}

RetryDecision after_failure(const PolitenessConfig& config, const Error* error, const HeaderBlock* answer, int attempts,
                            Timestamp now) {
  if (error != nullptr) return after_error(config, *error, attempts);
  const int status = answer == nullptr ? 0 : answer->status();
  if (status == 429 || status == 503) return after_throttle(config, *answer, attempts, now);
  const std::string reason = fmt::format("status {}", status);
  // 408 and 425 (RFC 9110, 15.5.9; RFC 8470, 5.2) invite another try, as 5xx do; 501 and 505 will not change.
  const bool passing = status == 408 || status == 425 || (status >= 500 && status != 501 && status != 505);
  return passing ? try_again(config, attempts, reason) : give_up(reason);
}

bool is_capture_status(int status) {
  return (status >= 200 && status < 400) || status == 404 || status == 410;
}

}  // namespace vellum::policy
