#include "crawler/engine/robots_keeper.h"

#include <utility>

#include "base/media_type.h"
#include "crawler/engine/offload.h"
#include "crawler/policy/politeness.h"

namespace vellum::engine {

using policy::Robots;
using policy::RobotsAnswer;
using storage::Role;

namespace {

constexpr Duration kFresh = std::chrono::hours(24);      // RFC 9309, 2.4
constexpr Duration kAskAgain = std::chrono::minutes(5);  // at most, after an answer that gave no rules
constexpr int kMaxHops = 5;                              // RFC 9309, 2.3.1.2

RobotsView unreachable(std::string why) {
  RobotsView view;
  view.robots = Robots::disallow_all("robots.txt unreachable: " + why);
  view.unreachable = std::move(why);
  return view;
}

}  // namespace

void RobotsKeeper::read(Entry& entry, const HeaderBlock& headers, int status, std::string_view body) const {
  switch (policy::classify_robots_answer(status, headers.first("Content-Type").value_or(""), body)) {
    case RobotsAnswer::kRules:
      entry.view = {Robots::parse(body, services_.config.user_agent), ""};
      break;
    case RobotsAnswer::kAllowAll:
      entry.view = {Robots::allow_all(), ""};
      break;
    case RobotsAnswer::kDisallowAll:
      entry.view = unreachable("status " + std::to_string(status));
      break;
    case RobotsAnswer::kUnknown:
      entry.view = unreachable("an HTML page was served as robots.txt");
      break;
    case RobotsAnswer::kRedirect:
      entry.view = unreachable("redirected more than five times");
      break;
  }
}

Result<bool> RobotsKeeper::load_stored(const Url& robots_url, Entry& entry) const {
  const storage::Archive& archive = services_.catalog.archive();
  auto captures = archive.captures(robots_url);
  if (!captures) return fail(captures.error());
  for (auto it = captures->rbegin(); it != captures->rend(); ++it) {
    if (it->role != Role::kRobots || it->url != robots_url.href()) continue;
    const bool is_redirect = it->status >= 300 && it->status < 400;
    if (is_redirect || it->captured + kFresh < services_.clock.now()) return false;
    VELLUM_TRY(const std::string body, archive.payload(it->digest));
    VELLUM_TRY(const storage::HeaderBlocks headers, archive.headers(it->id));
    read(entry, HeaderBlock(headers.response), it->status, body);
    entry.asked = it->captured;
    return entry.view.unreachable.empty();
  }
  return false;
}

Task<RobotsView> RobotsKeeper::rules_for(Url url, GroupGate& gate, storage::LeaseToken lease) {
  if (!services_.config.politeness.robots) co_return RobotsView{};
  auto& slot = by_origin_[url.origin()];
  if (!slot) slot = std::make_unique<Entry>(services_.io);
  Entry& entry = *slot;
  while (entry.fetching) co_await entry.ready.wait(std::chrono::seconds(1), entry.ready.generation());
  const bool has_rules = entry.view.unreachable.empty();
  if (entry.asked == Timestamp{} ||
      (has_rules ? entry.asked + kFresh : entry.view.ask_again) <= services_.clock.now()) {
    const Url robots_url = *Url::parse("/robots.txt", &url);
    VELLUM_CO_TRY(const bool stored, load_stored(robots_url, entry));
    if (!stored) {
      entry.fetching = true;
      const Result<void> asked = co_await ask(robots_url, entry, gate, std::move(lease));
      entry.fetching = false;
      entry.ready.notify();
      if (!asked) co_return fail(asked.error());
      entry.asked = services_.clock.now();
      const Duration pause = std::min<Duration>(kAskAgain, services_.config.politeness.retry_delay);
      if (!entry.view.throttled) entry.view.ask_again = entry.asked + pause;
    }
  }
  co_return entry.view;
}

Task<void> RobotsKeeper::ask(Url robots_url, Entry& entry, GroupGate& gate, storage::LeaseToken lease) {
  std::string via;
  for (int hop = 0; hop <= kMaxHops; ++hop) {
    const std::string asked_url = robots_url.href();
    VELLUM_CO_TRY(std::optional<Url> next, co_await ask_once(robots_url, via, entry, gate, lease));
    if (!next) co_return Result<void>();
    if (services_.sites.group_of(*next) != lease.group) {
      // Another group's budget is not ours to spend: its lease may be held elsewhere.
      entry.view = unreachable("redirected to another site: " + next->href());
      co_return Result<void>();
    }
    via = asked_url;
    robots_url = *std::move(next);
  }
  co_return Result<void>();  // the view says "redirected more than five times"
}

void RobotsKeeper::note_refusal(Entry& entry, const HeaderBlock& headers, GroupGate& gate,
                                const std::string& group) const {
  const Timestamp now = services_.clock.now();
  const policy::Failed failed{nullptr, &headers, 0, 0, group, gate.back_off};
  const policy::RetryDecision decision = policy::after_failure(services_.config.politeness, failed, now);
  if (!decision.throttle) return;
  gate.back_off = decision.back_off;
  gate.hold(now + decision.group_wait);
  entry.view.unreachable = decision.reason;
  entry.view.throttled = decision.retry;
  entry.view.ask_again = now + decision.group_wait;
}

// Alone, and before the rest of the answer, which has to wait for a thread to compress it: a crash in between, or under
// the next request, must not shorten it.
Task<void> RobotsKeeper::keep_spacing(const Entry& entry, GroupGate& gate, const storage::LeaseToken& lease) {
  const auto delay = entry.view.robots.crawl_delay();
  if (!delay || !gate.lengthen(*delay)) co_return Result<void>();
  storage::Commit told;
  told.policy.push_back(gate.update(lease.group));
  told.lease = lease;
  VELLUM_CO_CHECK(co_await commit(services_, std::move(told)));
  co_return Result<void>();
}

Task<std::optional<Url>> RobotsKeeper::ask_once(Url robots_url, std::string via, Entry& entry, GroupGate& gate,
                                                storage::LeaseToken lease) {
  auto answer = co_await engine::ask(services_, gate, robots_url);
  if (!answer) {
    if (answer.error().kind == ErrorKind::kCancelled) co_return fail(answer.error());
    entry.view = unreachable(answer.error().message);
    entry.view.kind = answer.error().kind;
    storage::Commit failure;
    failure.events.push_back(
        {gate.last_left(), services_.run, "retried", robots_url.href(), entry.view.unreachable, via});
    failure.policy.push_back(gate.update(lease.group));
    failure.lease = std::move(lease);
    VELLUM_CO_CHECK(co_await commit(services_, std::move(failure)));
    co_return std::optional<Url>();
  }
  storage::UrlTask task;
  task.url = robots_url.href();
  task.role = Role::kRobots;
  task.via = std::move(via);
  task.hop = task.via.empty() ? "robots" : "redirect";
  task.rule = "robots";
  const HeaderBlock headers = answer->response_head;
  const int status = answer->status;
  VELLUM_CO_TRY(const std::string_view body, answer->body.view());
  read(entry, headers, status, body);
  note_refusal(entry, headers, gate, lease.group);
  VELLUM_CO_CHECK(co_await keep_spacing(entry, gate, lease));

  storage::Commit changes;
  changes.policy.push_back(gate.update(lease.group));
  if (gate.held_until() > services_.clock.now()) changes.policy.push_back(gate.update(lease.group, true));
  if (!policy::is_capture_status(status)) {
    changes.events.push_back(
        {answer->started, services_.run, "refused", task.url, "status " + std::to_string(status), task.via});
  } else {
    storage::NewCapture capture = make_capture(services_, task, *answer);
    capture.capture.mime = sniffed_essence(parse_media_type(headers.first("Content-Type").value_or("")), body);
    const storage::PayloadHint hint{task.url, "", capture.capture.mime};
    auto prepare = [&] { return services_.catalog.prepare(body, hint); };
    VELLUM_CO_TRY(capture.payload, co_await offload(services_.pool, prepare));
    changes.captures.push_back(std::move(capture));
  }
  changes.lease = std::move(lease);
  VELLUM_CO_TRY(const storage::CommitAck ack, co_await commit(services_, std::move(changes)));
  announce(services_, ack);

  const bool redirect = policy::classify_robots_answer(status, "", "") == RobotsAnswer::kRedirect;
  const auto location = headers.first("Location");
  if (!redirect || !location) co_return std::optional<Url>();
  auto next = Url::parse(*location, &robots_url);
  if (!next || !next->is_http()) co_return std::optional<Url>();
  co_return std::optional<Url>(*std::move(next));
}

}  // namespace vellum::engine
