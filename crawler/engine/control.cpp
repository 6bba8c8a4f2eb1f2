#include "crawler/engine/control.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <set>
#include <utility>

#include "base/url_key.h"
#include "crawler/engine/status_row.h"
#include "crawler/policy/robots.h"

namespace vellum::engine {

using storage::GroupOrder;
using storage::kEveryGroup;
using storage::LeasedTask;
using storage::UrlTask;

namespace {

constexpr std::size_t kMostUrls = 1000, kPageTasks = 500, kMostReason = 1000;

struct Shape {
  const char* verb;
  std::vector<std::string> keys;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> table = {
      {"status", {}},         {"add", {"urls", "depth"}},
      {"release", {"group"}}, {"hold", {"group", "until", "reason"}},
      {"resume", {}},         {"drop", {"url", "prefix", "host", "reason"}},
      {"pause", {"reason"}},  {"rate", {"group", "delay"}},
  };
  return table;
}

// Every key known and of the right type.
Result<std::string> check_shape(const Json& command) {
  if (!command.is_object() || text_of(command, "verb").empty())
    return fail(ErrorKind::kInvalid, "a command is a JSON object with a `verb`");
  const std::string verb = text_of(command, "verb");
  const auto shape = std::find_if(shapes().begin(), shapes().end(), [&](const Shape& s) { return s.verb == verb; });
  if (shape == shapes().end()) return fail(ErrorKind::kInvalid, "unknown verb `" + verb + "`");
  for (const auto& [key, value] : command.items()) {
    if (key == "verb") continue;
    if (std::find(shape->keys.begin(), shape->keys.end(), key) == shape->keys.end())
      return fail(ErrorKind::kInvalid, verb + ": unknown key `" + key + "`");
    const bool right = key == "urls"    ? value.is_array()
                       : key == "depth" ? value.is_number_integer()
                                        : value.is_string();
    if (!right) return fail(ErrorKind::kInvalid, verb + ": `" + key + "` is of the wrong type");
  }
  return verb;
}

Result<std::string> reason_of(const Json& command) {
  std::string reason = text_of(command, "reason");
  if (reason.empty()) return fail(ErrorKind::kInvalid, "a reason is needed; it is kept with the archive");
  if (reason.size() > kMostReason) return fail(ErrorKind::kInvalid, "a reason has at most 1000 bytes");
  return reason;
}

Result<Url> http_url(const std::string& text) {
  VELLUM_TRY(const Url url, Url::parse(text));
  if (!url.is_http()) return fail(ErrorKind::kInvalid, "not an http or https URL: " + text);
  return url.without_fragment();
}

// A host as it was typed: "pmc.ncbi.nlm.nih.gov", "localhost:8080".
std::optional<Url> host_url(const std::string& text) {
  auto url = Url::parse(text.find("://") == std::string::npos ? "https://" + text + "/" : text);
  if (!url || !url->is_http()) return std::nullopt;
  return *url;
}

UrlTask added_task(const policy::Sites& sites, const Url& url, int depth) {
  UrlTask task;
  task.url = url.href();
  task.seen = seen_key(sites.canonical(url));
  task.group = sites.group_of(url);
  task.depth = depth;
  task.hop = "seed";
  task.rule = "frontier add";
  return task;
}

}  // namespace

void Control::watch(Crawl* crawl) {
  const std::lock_guard lock(mutex_);
  crawl_ = crawl;
}

void Control::tell(const std::string& group) {
  const std::lock_guard lock(mutex_);
  if (crawl_ != nullptr) crawl_->orders_changed(group);
}

Task<std::vector<Json>> Control::execute(Json command) {
  VELLUM_CO_TRY(const std::string verb, check_shape(command));
  if (stopping_) co_return fail(ErrorKind::kCancelled, "the program is ending");
  if (verb == "status") co_return co_await status();
  if (verb == "add") co_return co_await add(std::move(command));
  if (verb == "hold") co_return co_await hold(std::move(command));
  if (verb == "release") co_return co_await release(std::move(command));
  if (verb == "rate") co_return co_await rate(std::move(command));
  if (verb == "drop") co_return co_await drop(std::move(command));
  if (verb == "pause") co_return co_await pause(std::move(command));
  co_return co_await resume();
}

Result<std::vector<Json>> Control::run(const Json& command) {
  boost::asio::io_context io;
  Result<Rows> answer;
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, execute(command), [&](std::exception_ptr error, Result<Rows> rows) {
    thrown = error;
    answer = std::move(rows);
  });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  return answer;
}

Result<Control::Scene> Control::look() const {
  VELLUM_TRY(const std::vector<storage::Run> runs, catalog_.archive().runs());
  Scene scene;
  scene.run = current_run(runs);
  if (monitor_ != nullptr) {
    const Snapshot now = monitor_->snapshot();
    for (const storage::Run& run : runs) {
      if (now.is_crawling && run.id == now.run) scene.run = run;
    }
  }
  if (!scene.run) return scene;
  VELLUM_TRY(scene.config, policy::parse_config(scene.run->config, "configuration of run"));
  scene.sites = policy::Sites(scene.config);
  return scene;
}

Task<std::vector<Json>> Control::status() {
  VELLUM_CO_TRY(const Scene scene, look());
  StatusFacts facts;
  facts.now = clock_.now();
  facts.run = scene.run;
  facts.max_pages = scene.config.scope.max_pages;
  VELLUM_CO_TRY(facts.orders, co_await catalog_.frontier().orders());
  if (scene.run) {
    VELLUM_CO_TRY(facts.queue, co_await catalog_.frontier().stats(scene.run->id, facts.now));
  }
  std::optional<Snapshot> snapshot;
  if (monitor_ != nullptr) snapshot = monitor_->snapshot();
  if (snapshot) facts.snapshot = &*snapshot;
  Rows rows;
  rows.push_back(status_row(facts));
  co_return rows;
}

Task<std::vector<Json>> Control::add(Json command) {
  VELLUM_CO_TRY(const Scene scene, look());
  if (!scene.run || scene.run->state != "running") {
    co_return fail(ErrorKind::kInvalid, scene.run ? "run " + std::to_string(scene.run->id) + " is " + scene.run->state +
                                                        ": nothing would fetch them; `vellum crawl URL` starts a run"
                                                  : "the archive has no run yet; `vellum crawl URL` starts one");
  }
  const std::int64_t depth = integer_of(command, "depth");
  if (depth < 0 || depth > 1000) co_return fail(ErrorKind::kInvalid, "depth is a number from 0 to 1000");
  if (!command.contains("urls") || command["urls"].empty() || command["urls"].size() > kMostUrls)
    co_return fail(ErrorKind::kInvalid, "from 1 to 1000 URLs can be added at once");
  std::vector<UrlTask> tasks;
  for (const Json& text : command["urls"]) {
    if (!text.is_string()) co_return fail(ErrorKind::kInvalid, "`urls` is a list of strings");
    VELLUM_CO_TRY(const Url url, http_url(text.get<std::string>()));
    tasks.push_back(added_task(scene.sites, url, static_cast<int>(depth)));
  }
  Rows rows;
  for (const UrlTask& task : tasks) {
    std::vector<UrlTask> one{task};
    VELLUM_CO_TRY(const std::size_t fresh, co_await catalog_.frontier().add(scene.run->id, std::move(one)));
    VELLUM_CO_TRY(const auto state, co_await catalog_.frontier().status(scene.run->id, task.seen, task.group));
    Json row = {{"url", task.url}, {"added", fresh == 1}, {"state", state.state}, {"group", task.group}};
    row["run"] = scene.run->id;
    rows.push_back(std::move(row));
  }
  tell("");
  co_return rows;
}

// A group of that name, else the group of that host.
Task<std::string> Control::group_named(Scene scene, std::string name) {
  if (name == kEveryGroup) co_return fail(ErrorKind::kInvalid, "all groups at once: that is `vellum pause`");
  if (name.empty()) co_return fail(ErrorKind::kInvalid, "which group? name it, or one of its hosts");
  for (const policy::SiteRule& rule : scene.config.sites) {
    if (rule.group == name) co_return name;
  }
  if (scene.run && name.find('\0') == std::string::npos) {
    VELLUM_CO_TRY(const auto queued, co_await catalog_.frontier().list(scene.run->id, name, "", 1));
    if (!queued.empty()) co_return name;
  }
  const std::optional<Url> url = host_url(name);
  if (!url) co_return fail(ErrorKind::kInvalid, "neither a group nor a host: `" + name + "`");
  co_return scene.sites.group_of(*url);
}

Task<GroupOrder> Control::order_of(std::string group) {
  VELLUM_CO_TRY(const std::vector<GroupOrder> orders, co_await catalog_.frontier().orders());
  for (const GroupOrder& order : orders) {
    if (order.group == group) co_return order;
  }
  GroupOrder fresh;
  fresh.group = std::move(group);
  co_return fresh;
}

Task<std::vector<Json>> Control::give(GroupOrder order) {
  VELLUM_CO_CHECK(co_await catalog_.frontier().order(order));
  tell(order.group);
  Rows rows;
  rows.push_back(order_row(order));
  co_return rows;
}

Task<std::vector<Json>> Control::hold(Json command) {
  VELLUM_CO_TRY(std::string reason, reason_of(command));
  Timestamp until = storage::kForGood;
  if (command.contains("until")) {
    VELLUM_CO_TRY(until, parse_timestamp(text_of(command, "until")));
    if (until <= clock_.now()) co_return fail(ErrorKind::kInvalid, "that time has passed: " + to_rfc3339(until));
  }
  VELLUM_CO_TRY(const Scene scene, look());
  VELLUM_CO_TRY(std::string group, co_await group_named(scene, text_of(command, "group")));
  VELLUM_CO_TRY(GroupOrder order, co_await order_of(std::move(group)));
  order.held_until = until;
  order.reason = std::move(reason);
  co_return co_await give(std::move(order));
}

Task<std::vector<Json>> Control::release(Json command) {
  VELLUM_CO_TRY(const Scene scene, look());
  VELLUM_CO_TRY(std::string group, co_await group_named(scene, text_of(command, "group")));
  VELLUM_CO_TRY(GroupOrder order, co_await order_of(std::move(group)));
  const bool was_held = order.held_until != Timestamp{};
  order.held_until = Timestamp{};
  order.reason.clear();
  VELLUM_CO_TRY(Rows rows, co_await give(std::move(order)));
  rows.front()["was_held"] = was_held;
  co_return rows;
}

Task<std::pair<Duration, std::string>> Control::floor_of(Scene scene, std::string group, std::string name) {
  std::set<std::string> origins;
  if (const auto url = host_url(name)) origins.insert({"https://" + url->host(), "http://" + url->host()});
  if (scene.run) {
    VELLUM_CO_TRY(const auto tasks, co_await catalog_.frontier().list(scene.run->id, group, "", kMostUrls));
    for (const LeasedTask& task : tasks) {
      if (const auto url = Url::parse(task.task.url)) origins.insert(url->origin());
    }
  }
  std::pair<Duration, std::string> floor{};
  for (const std::string& origin : origins) {
    const auto robots_url = Url::parse(origin + "/robots.txt");
    if (!robots_url) continue;
    VELLUM_CO_TRY(const auto captures, catalog_.archive().captures(*robots_url));
    const auto newest = std::find_if(captures.rbegin(), captures.rend(), [](const storage::Capture& capture) {
      return capture.role == storage::Role::kRobots && capture.status / 100 == 2;
    });
    if (newest == captures.rend()) continue;
    VELLUM_CO_TRY(const std::string body, catalog_.archive().payload(newest->digest));
    const auto delay = policy::Robots::parse(body, scene.config.user_agent).crawl_delay();
    if (delay && *delay > floor.first) floor = {*delay, newest->url};
  }
  co_return floor;
}

Task<std::vector<Json>> Control::rate(Json command) {
  if (!command.contains("delay")) co_return fail(ErrorKind::kInvalid, "rate: needs a delay, such as 5s");
  std::optional<Duration> delay;
  if (const std::string text = text_of(command, "delay"); !text.empty()) {
    VELLUM_CO_TRY(delay, parse_duration(text));
    if (*delay < Duration::zero() || *delay > std::chrono::hours(24 * 366))
      co_return fail(ErrorKind::kInvalid, "a delay is from 0s to 366d: " + text);
  }
  VELLUM_CO_TRY(const Scene scene, look());
  const std::string name = text_of(command, "group");
  VELLUM_CO_TRY(std::string group, co_await group_named(scene, name));
  VELLUM_CO_TRY(const auto floor, co_await floor_of(scene, group, name));
  if (delay && *delay < floor.first) {
    co_return fail(ErrorKind::kRefused, "rate: " + floor.second + " asks for " + to_text(floor.first) +
                                            " from request to request; " + to_text(*delay) + " is less");
  }
  VELLUM_CO_TRY(GroupOrder order, co_await order_of(std::move(group)));
  order.delay = delay;
  co_return co_await give(std::move(order));
}

// What `drop` is to drop.
struct Control::Chosen {
  std::string url, prefix, host, reason;
  std::string group;  // "": of all

  bool holds(const UrlTask& task) const {
    if (!url.empty()) return task.url == url;
    if (!prefix.empty()) return task.url.starts_with(prefix);
    const auto parsed = Url::parse(task.url);
    return parsed && (parsed->hostname() == host || parsed->host() == host);
  }
};

Task<std::size_t> Control::drop_page(const Scene& scene, const Chosen& chosen, std::string& after) {
  VELLUM_CO_TRY(const auto tasks, co_await catalog_.frontier().list(scene.run->id, chosen.group, after, kPageTasks));
  after = tasks.size() < kPageTasks ? std::string() : tasks.back().key;
  storage::Commit changes;
  changes.run = scene.run->id;
  const std::string reason = "dropped: " + chosen.reason;
  for (const LeasedTask& task : tasks) {
    if (!chosen.holds(task.task)) continue;
    changes.outcomes.push_back({task.key, storage::TaskState::kSkipped, reason, {}});
    changes.events.push_back({clock_.now(), scene.run->id, "skipped", task.task.url, reason, task.task.via});
  }
  const std::size_t count = changes.outcomes.size();
  if (count == 0) co_return count;
  VELLUM_CO_CHECK(co_await catalog_.commit(std::move(changes)));
  co_return count;
}

Task<std::vector<Json>> Control::drop(Json command) {
  Chosen chosen{text_of(command, "url"), text_of(command, "prefix"), text_of(command, "host"), {}, {}};
  VELLUM_CO_TRY(chosen.reason, reason_of(command));
  const int ways = int(!chosen.url.empty()) + int(!chosen.prefix.empty()) + int(!chosen.host.empty());
  if (ways != 1) co_return fail(ErrorKind::kInvalid, "drop: name one of url, prefix and host");
  VELLUM_CO_TRY(const Scene scene, look());
  if (!scene.run) co_return fail(ErrorKind::kInvalid, "the archive has no run, and so no queue");
  if (!chosen.url.empty()) {
    VELLUM_CO_TRY(const Url url, http_url(chosen.url));
    chosen.url = url.href();
    chosen.group = scene.sites.group_of(url);
  } else if (!chosen.host.empty()) {
    const std::optional<Url> url = host_url(chosen.host);
    if (!url) co_return fail(ErrorKind::kInvalid, "not a host: `" + chosen.host + "`");
    chosen.host = url->host();
    // Of all groups: a host with a port may be in a group of its own.
  }
  std::size_t dropped = 0;
  std::string after;
  do {
    if (stopping_)
      co_return fail(ErrorKind::kCancelled, "the program is ending; " + std::to_string(dropped) + " dropped");
    VELLUM_CO_TRY(const std::size_t more, co_await drop_page(scene, chosen, after));
    dropped += more;
  } while (!after.empty());
  if (dropped > 0) tell(chosen.group.empty() ? kEveryGroup : chosen.group);
  Rows rows;
  rows.push_back(Json{{"dropped", dropped}, {"run", scene.run->id}, {"reason", chosen.reason}});
  co_return rows;
}

Task<std::vector<Json>> Control::pause(Json command) {
  GroupOrder order;
  order.group = kEveryGroup;
  order.held_until = storage::kForGood;
  order.reason = text_of(command, "reason").substr(0, kMostReason);
  VELLUM_CO_CHECK(co_await catalog_.frontier().order(order));
  tell(kEveryGroup);
  Rows rows;
  rows.push_back(Json{{"paused", true}, {"reason", order.reason}});
  co_return rows;
}

Task<std::vector<Json>> Control::resume() {
  VELLUM_CO_TRY(const GroupOrder before, co_await order_of(kEveryGroup));
  GroupOrder order;
  order.group = kEveryGroup;
  VELLUM_CO_CHECK(co_await catalog_.frontier().order(order));
  tell(kEveryGroup);
  Rows rows;
  rows.push_back(Json{{"paused", false}, {"was_paused", !before.is_empty()}});
  co_return rows;
}

}  // namespace vellum::engine
