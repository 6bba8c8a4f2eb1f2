#include "crawler/engine/visit.h"

#include <algorithm>
#include <utility>

#include "crawler/engine/asked.h"
#include "crawler/engine/follow_up.h"
#include "crawler/engine/offload.h"
#include "crawler/engine/resting.h"
#include "crawler/engine/unmodified.h"

namespace vellum::engine {

using storage::Outcome;
using storage::Role;
using storage::TaskState;
using storage::UrlTask;

namespace {

constexpr int kNotModified = 304;

}  // namespace

struct Visitor::Scene {
  storage::LeasedTask leased;
  Url url;
  GroupGate& gate;
  storage::LeaseToken lease;
  Timestamp asked{};               // when its request was made, if one was
  std::optional<Earlier> earlier;  // what the request asked about: a 304 is its revisit
};

Task<void> Visitor::visit(storage::LeasedTask leased, GroupGate& gate, storage::LeaseToken lease) {
  auto url = Url::parse(leased.task.url);
  VELLUM_ASSERT(url.has_value(), "only parsed URLs are queued");
  Scene scene{std::move(leased), *std::move(url), gate, std::move(lease), {}, {}};
  VELLUM_CO_TRY(std::optional<Resting> resting, co_await find_resting(services_, scene.leased.task));
  if (resting) {
    for (const auto& [rule, count] : resting->out_of_scope) services_.tally.out_of_scope[rule] += count;
    co_return co_await close_task(scene, TaskState::kSkipped, "skipped", std::move(resting->reason),
                                  std::move(resting->discovered));
  }
  VELLUM_CO_TRY(const bool allowed, co_await pass_robots(scene));
  if (!allowed) co_return Result<void>();
  auto answer = co_await fetch(scene);
  scene.asked = answer ? answer->started : gate.last_left();
  if (!answer) {
    if (answer.error().kind == ErrorKind::kCancelled) co_return fail(answer.error());
    co_return co_await after_failure(scene, &answer.error(), nullptr);
  }
  if (answer->status == kNotModified && !scene.earlier) {
    std::string reason = policy::fault_of_not_modified({}, answer->response_head);
    co_return co_await close_task(scene, TaskState::kFailed, "failed", std::move(reason));
  }
  gate.refusals = answer->status == 403 ? gate.refusals + 1 : 0;
  if (!policy::is_capture_status(answer->status)) {
    co_return co_await after_failure(scene, nullptr, &answer->response_head);
  }
  co_return co_await keep(scene, *std::move(answer));
}

// The URL, if it has changed since it was captured. A 304 that says nothing about that capture is recorded, and the
// page is asked for once more in full.
Task<net::FetchAnswer> Visitor::fetch(Scene& scene) {
  VELLUM_CO_TRY(scene.earlier, co_await find_earlier(services_, scene.leased.task));
  RequestFields condition;
  if (scene.earlier) condition = policy::condition_fields(scene.earlier->validators);
  const std::uint64_t max_body = is_named_file(scene.leased.task.rule) ? services_.config.files.max_file_size : 0;
  auto answer = co_await ask(services_, scene.gate, scene.url, std::move(condition), max_body);
  const bool is_revisit = answer && answer->status == kNotModified;
  if (!is_revisit || !scene.earlier) {
    scene.earlier.reset();
    co_return answer;
  }
  std::string fault = policy::fault_of_not_modified(scene.earlier->validators, answer->response_head);
  if (fault.empty()) {
    VELLUM_CO_TRY(const bool reads, co_await load_body(services_, *scene.earlier));
    if (reads) co_return answer;
    fault = "status 304, and the stored payload does not read";
  }
  scene.earlier.reset();
  scene.asked = answer->started;
  storage::Commit changes;
  changes.lease = scene.lease;
  changes.policy.push_back(scene.gate.update(scene.lease.group));
  changes.events.push_back(event_of(scene, "retried", std::move(fault)));
  VELLUM_CO_CHECK(co_await commit(services_, std::move(changes)));
  RequestFields none;
  co_return co_await ask(services_, scene.gate, scene.url, std::move(none), max_body);
}

Task<bool> Visitor::pass_robots(Scene& scene) {
  VELLUM_CO_TRY(const RobotsView view, co_await robots_.rules_for(scene.url, scene.gate, scene.lease));
  if (const auto delay = view.robots.crawl_delay()) scene.gate.lengthen(*delay);
  if (!view.unreachable.empty()) {
    VELLUM_CO_CHECK(co_await without_robots(scene, view));
    co_return false;
  }
  const policy::RobotsDecision decision = view.robots.decide(scene.url.path_and_query());
  if (decision.allowed) co_return true;
  std::string reason = "robots: line " + std::to_string(decision.line) + " " + decision.rule;
  VELLUM_CO_CHECK(co_await close_task(scene, TaskState::kSkipped, "skipped", std::move(reason)));
  co_return false;
}

// What the answer is, and its payload encoded; on the pool.
Task<Examination> Visitor::look_at(Scene& scene, const net::FetchAnswer& answer, storage::NewCapture& capture) {
  const UrlTask& task = scene.leased.task;
  const bool is_page = task.role == Role::kPage;
  const ExamineContext context{services_.config, services_.scope, services_.sites, services_.registry,
                               is_page ? asked_doi(services_.catalog.archive(), services_.run, task) : ""};
  Examination found;
  auto work = [&]() -> Result<void> {
    VELLUM_TRY(const std::string_view came, answer.body.view());
    const std::string_view body = scene.earlier ? std::string_view(scene.earlier->body) : came;
    plugins::Answer page{scene.url,
                         answer.started,
                         capture.capture.digest,
                         capture.capture.answer_status(),
                         scene.earlier ? scene.earlier->headers : answer.response_head,
                         std::string(body),
                         std::string(name_of(task.role))};
    found = examine(context, task, std::move(page));
    VELLUM_TRY(capture.payload, services_.catalog.prepare(body, {task.url, "", found.mime}));
    return {};
  };
  VELLUM_CO_CHECK(co_await offload(services_.pool, work));
  co_return found;
}

Task<void> Visitor::keep(Scene& scene, net::FetchAnswer answer) {
  const UrlTask& task = scene.leased.task;
  storage::NewCapture capture = make_capture(services_, task, answer);
  if (scene.earlier) make_revisit(capture.capture, *scene.earlier);
  VELLUM_CO_TRY(Examination found, co_await look_at(scene, answer, capture));
  std::string refusal = may_not_keep(scene, found.rights);
  if (!refusal.empty()) co_return co_await close_task(scene, TaskState::kSkipped, "skipped", std::move(refusal));
  describe(task, found, capture);
  if (scene.earlier) make_revisit(capture.capture, *scene.earlier);
  if (is_missing_part(task, capture.capture.answer_status(), capture.capture.quarantined))
    ++services_.tally.parts_missing;

  storage::Commit changes;
  changes.lease = scene.lease;
  changes.captures.push_back(std::move(capture));
  changes.outcomes.push_back(Outcome{scene.leased.key, TaskState::kDone, "", {}});
  changes.discovered = std::move(found.discovered);
  rest_after_challenge(scene, found, changes);
  changes.policy.push_back(scene.gate.update(scene.lease.group));
  const auto redirect = scene.earlier ? std::nullopt : follow(scene, answer);
  if (redirect) changes.discovered.push_back(*redirect);
  VELLUM_CO_TRY(storage::CommitAck ack, co_await commit(services_, std::move(changes)));

  for (const auto& [rule, count] : found.out_of_scope) services_.tally.out_of_scope[rule] += count;
  announce(services_, ack);
  report(services_, task.url, found.faults);
  if (found.extraction) {
    co_return co_await desk_.page_captured(std::move(ack.captures.front()), *std::move(found.extraction),
                                           std::move(found.fragments));
  }
  if (task.role != Role::kFragment) co_return Result<void>();
  if (!redirect) co_return co_await desk_.fragment_ended(task);
  desk_.fragment_moved(task, *redirect);
  co_return Result<void>();
}

void Visitor::describe(const UrlTask& task, Examination& found, storage::NewCapture& out) const {
  storage::Capture& capture = out.capture;
  capture.mime = found.mime;
  capture.verdict = found.verdict.substance;
  for (std::string& line : found.verdict.evidence) capture.evidence.push_back(std::move(line));
  for (std::string& line : found.evidence) capture.evidence.push_back(std::move(line));
  capture.quarantined = found.is_wrong_work || (!capture.verdict.empty() && found.verdict.is_quarantined());
  capture.rights = std::move(found.rights);
  out.wants_extraction = found.extraction.has_value();
  if (task.role != Role::kFragment) return;
  const auto root = Url::parse(task.root);
  if (!root) return;
  const auto page = services_.catalog.archive().find(*root, {});
  if (page && page->run == services_.run) capture.root_capture = page->id;
}

void Visitor::rest_after_challenge(Scene& scene, const Examination& found, storage::Commit& changes) {
  if (found.verdict.substance != "captcha" && found.verdict.substance != "block") return;
  const Timestamp now = services_.clock.now();
  const policy::Rest rest =
      policy::after_challenge(services_.config.politeness, scene.gate.back_off, scene.lease.group, now);
  scene.gate.back_off = rest.back_off;
  scene.gate.hold(now + rest.group_wait);
  changes.captures.back().capture.evidence.push_back("its host rests for " + to_text(rest.group_wait));
  changes.policy.push_back(scene.gate.update(scene.lease.group, true));
}

std::string Visitor::may_not_keep(const Scene& scene, std::vector<std::string>& rights) const {
  const auto said = std::find(rights.begin(), rights.end(), "noarchive");
  if (said == rights.end()) return {};
  const policy::Sites::Archiving archiving = services_.sites.archiving_of(scene.url);
  if (archiving.rule.empty()) return {};
  const std::string why = archiving.rule + (archiving.reason.empty() ? "" : ": " + archiving.reason);
  if (archiving.policy == policy::Noarchive::kDrop) return "noarchive: not kept, " + why;
  // Replay and export look for the bare word.
  if (archiving.policy == policy::Noarchive::kOpen) *said = "noarchive set aside, " + why;
  if (archiving.policy == policy::Noarchive::kRestrict) rights.push_back("noarchive obeyed, " + why);
  return {};
}

bool Visitor::is_missing_part(const UrlTask& task, int status, bool quarantined) const {
  if (task.role != Role::kFragment && !is_named_file(task.rule)) return false;
  return status >= 400 || quarantined;
}

std::optional<UrlTask> Visitor::follow(Scene& scene, const net::FetchAnswer& answer) {
  if (answer.status / 100 != 3) return std::nullopt;
  auto next = redirect_task(services_.sites, scene.leased.task, scene.url, answer.response_head);
  if (!next) return std::nullopt;
  // What a rule of its own let in may lead anywhere.
  if (is_followed(next->rule) || is_named_file(next->rule)) return next;
  policy::ScopeDecision decision = services_.scope.decide(*Url::parse(next->url), next->role, next->depth);
  if (!decision.in) {
    ++services_.tally.out_of_scope[decision.rule];
    return std::nullopt;
  }
  if (next->role != Role::kFile) next->rule = std::move(decision.rule);
  return next;
}

Task<void> Visitor::after_failure(Scene& scene, const Error* error, const HeaderBlock* answer) {
  const UrlTask& task = scene.leased.task;
  const Timestamp now = services_.clock.now();
  // What came before this answer in the row of 403s that the gate counts.
  const std::uint32_t refusals = scene.gate.refusals - (scene.gate.refusals > 0 ? 1 : 0);
  const policy::Failed failed{error,   answer, task.attempts, task.throttled, scene.lease.group, scene.gate.back_off,
                              refusals};
  const policy::RetryDecision decision = policy::after_failure(services_.config.politeness, failed, now);
  if (decision.throttle) scene.gate.back_off = decision.back_off;
  if (decision.group_wait > Duration::zero()) scene.gate.hold(now + decision.group_wait);
  co_return co_await carry_out(scene, decision);
}

// RFC 9309, 2.3.1.4: no rules, no page. It waits until they are asked for again.
Task<void> Visitor::without_robots(Scene& scene, const RobotsView& view) {
  const UrlTask& task = scene.leased.task;
  const Timestamp now = services_.clock.now();
  const Error unreachable{view.kind, "robots.txt unreachable: " + view.unreachable, 0};
  const policy::Failed failed{&unreachable, nullptr, task.attempts, task.throttled, scene.lease.group};
  policy::RetryDecision decision = policy::after_failure(services_.config.politeness, failed, now);
  if (view.throttled) {
    decision.retry = task.throttled < policy::kMaxThrottled;
    decision.throttle = true;
    decision.counts = false;
    decision.task_wait = Duration::zero();
  }
  decision.task_wait = std::max(decision.task_wait, view.ask_again - now);
  co_return co_await carry_out(scene, decision);
}

// Queues the task again, or ends it.
Task<void> Visitor::carry_out(Scene& scene, policy::RetryDecision decision) {
  const UrlTask& task = scene.leased.task;
  if (!decision.retry) co_return co_await close_task(scene, TaskState::kFailed, "failed", decision.reason);

  Outcome outcome{scene.leased.key, TaskState::kRetry, decision.reason, task};
  outcome.retry.attempts += decision.counts ? 1 : 0;
  outcome.retry.throttled += decision.throttle ? 1 : 0;
  outcome.retry.not_before = services_.clock.now() + decision.task_wait;
  storage::Commit changes;
  changes.lease = scene.lease;
  changes.outcomes.push_back(std::move(outcome));
  changes.policy.push_back(scene.gate.update(scene.lease.group));
  if (decision.group_wait > Duration::zero()) changes.policy.push_back(scene.gate.update(scene.lease.group, true));
  // One that waited for robots.txt made no request.
  if (scene.asked > Timestamp{}) changes.events.push_back(event_of(scene, "retried", decision.reason));
  VELLUM_CO_CHECK(co_await commit(services_, std::move(changes)));
  co_return Result<void>();
}

storage::Event Visitor::event_of(const Scene& scene, std::string kind, std::string reason) const {
  const UrlTask& task = scene.leased.task;
  storage::Event event;
  event.at = scene.asked > Timestamp{} ? scene.asked : services_.clock.now();
  event.run = services_.run;
  event.kind = std::move(kind);
  event.url = task.url;
  event.reason = std::move(reason);
  event.via = task.via;
  return event;
}

Task<void> Visitor::close_task(Scene& scene, TaskState state, std::string kind, std::string reason,
                               std::vector<UrlTask> discovered) {
  const UrlTask& task = scene.leased.task;
  storage::Commit changes;
  changes.lease = scene.lease;
  changes.outcomes.push_back(Outcome{scene.leased.key, state, reason, {}});
  changes.discovered = std::move(discovered);
  changes.policy.push_back(scene.gate.update(scene.lease.group));
  if (scene.gate.held_until() > services_.clock.now())
    changes.policy.push_back(scene.gate.update(scene.lease.group, true));
  changes.events.push_back(event_of(scene, kind, reason));
  VELLUM_CO_CHECK(co_await commit(services_, std::move(changes)));
  if (state == TaskState::kFailed) {
    ++services_.tally.failed;
    services_.observer.failed(task.url, reason);
  } else {
    ++services_.tally.skipped;
    services_.observer.skipped(task.url, reason);
  }
  if (task.role == Role::kFragment || is_named_file(task.rule)) ++services_.tally.parts_missing;
  if (task.role == Role::kFragment) co_return co_await desk_.fragment_ended(task);
  co_return Result<void>();
}

}  // namespace vellum::engine
