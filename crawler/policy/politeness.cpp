#include "crawler/policy/politeness.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/url_key.h"

namespace vellum::policy {
namespace {

constexpr Duration kMaxWait = std::chrono::hours(24);
constexpr Duration kMaxRetryAfter = std::chrono::hours(24 * 3653);

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

// FNV-1a and a last stirring: all that a jitter needs.
std::uint64_t mix(std::string_view text, std::uint64_t number) {
  std::uint64_t hash = 14695981039346656037u ^ number;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdu;
  return hash ^ (hash >> 33);
}

// How long the server, or else our own back-off, wants the group to rest.
Duration pause_of(const PolitenessConfig& config, const Failed& failed, std::uint32_t level, Timestamp now,
                  std::string& reason) {
  const auto asked = retry_after(*failed.answer, now);
  if (!asked || *asked == Duration::zero()) {
    const Duration wait = back_off_wait(config, level, failed.group);
    reason += fmt::format(", asking for a pause: {}, back-off {}", to_text(wait), level + 1);
    return std::max(wait, config.delay);
  }
  reason += " with Retry-After " + to_text(*asked);
  if (*asked > config.max_retry_after) reason += ", cut to " + to_text(config.max_retry_after);
  return std::max(std::min(*asked, config.max_retry_after), config.delay);
}

RetryDecision after_throttle(const PolitenessConfig& config, const Failed& failed, Timestamp now) {
  const BackOff before = forgiven(config, failed.back_off, now);
  RetryDecision decision = give_up(fmt::format("status {}", failed.answer->status()));
  const bool named = retry_after(*failed.answer, now).value_or(Duration::zero()) > Duration::zero();
  decision.group_wait = decision.task_wait = pause_of(config, failed, before.level, now, decision.reason);
  decision.counts = false;
  decision.throttle = true;
  decision.back_off = {before.level + 1, now};
  decision.retry = failed.throttled < kMaxThrottled && (named || config.retries > 0);
  if (!decision.retry && failed.throttled > 0)
    decision.reason += fmt::format("; told to come back {} times", failed.throttled + 1);
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
    const auto most = std::chrono::duration_cast<std::chrono::seconds>(kMaxRetryAfter).count();
    return std::chrono::seconds(fault == std::errc() ? std::min(seconds, most) : most);
  }
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, Duration::zero(), kMaxRetryAfter);
}

Duration back_off_wait(const PolitenessConfig& config, std::uint32_t level, std::string_view seed) {
  Duration wait = std::min(config.retry_delay, config.max_back_off);
  for (; level > 0 && wait < config.max_back_off; --level) wait = std::min(wait * 2, config.max_back_off);
  const auto quarter = static_cast<std::uint64_t>(wait.count()) / 4 + 1;
  return wait + Duration(static_cast<Duration::rep>(mix(seed, level) % quarter));
}

BackOff forgiven(const PolitenessConfig& config, BackOff state, Timestamp now) {
  if (state.level == 0) return {};
  const Duration last_wait = back_off_wait(config, state.level - 1, "");
  return now - state.last > last_wait + config.forgive_after ? BackOff{} : state;
}

RetryDecision after_failure(const PolitenessConfig& config, const Failed& failed, Timestamp now) {
  if (failed.error != nullptr) return after_error(config, *failed.error, failed.attempts);
  const int status = failed.answer == nullptr ? 0 : failed.answer->status();
  const bool refused = status == 403 && failed.refusals + 1 >= kRefusalsInARow;
  if (status == 429 || status == 503 || refused) return after_throttle(config, failed, now);
  const std::string reason = fmt::format("status {}", status);
  // 408 and 425 (RFC 9110, 15.5.9; RFC 8470, 5.2) invite another try, as 5xx do; 501 and 505 will not change.
  const bool passing = status == 408 || status == 425 || (status >= 500 && status != 501 && status != 505);
  return passing ? try_again(config, failed.attempts, reason) : give_up(reason);
}

Rest after_challenge(const PolitenessConfig& config, BackOff back_off, std::string_view group, Timestamp now) {
  const BackOff before = forgiven(config, back_off, now);
  return {std::max(back_off_wait(config, before.level, group), config.delay), {before.level + 1, now}};
}

bool is_capture_status(int status) {
  return (status >= 200 && status < 400) || status == 404 || status == 410;
}

}  // namespace vellum::policy
