#include "crawler/engine/services.h"

#include <utility>

#include "crawler/engine/follow_up.h"

namespace vellum::engine {

using storage::Role;

namespace {

net::FetchRequest make_request(const Services& services, const Url& url) {
  net::FetchRequest request(url.without_fragment());
  request.user_agent = services.config.user_agent;
  request.accept_codings = services.config.network.coding == "any";
  request.limits.total_timeout = services.config.network.timeout;
  request.limits.connect_timeout = services.config.network.connect_timeout;
  request.limits.stall_timeout = std::min(request.limits.stall_timeout, request.limits.total_timeout);
  request.limits.max_body_bytes = services.config.network.max_body;
  return request;
}

// However an exchange ends, the next one may have its turn.
class Exchange {
 public:
  explicit Exchange(GroupGate& gate) : gate_(gate) {}
  ~Exchange() { gate_.request_ended(); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

 private:
  GroupGate& gate_;
};

}  // namespace

Task<net::FetchAnswer> ask(Services& services, GroupGate& gate, Url url, RequestFields fields, std::uint64_t max_body) {
  VELLUM_CO_CHECK(co_await gate.turn());
  const Exchange under_way(gate);
  net::FetchRequest request = make_request(services, url);
  request.headers = std::move(fields);
  if (max_body > 0) request.limits.max_body_bytes = std::min(request.limits.max_body_bytes, max_body);
  const Clock& clock = services.clock;
  request.on_left = [&gate, &clock] { gate.request_left(clock.now()); };
  std::string authorization = services.sites.authorization_for(url);
  if (!authorization.empty()) request.headers.emplace_back("Authorization", std::move(authorization));
  const bool with_cookies = services.sites.wants_cookies(url);
  if (with_cookies) {
    std::string cookies = services.cookies.header_for(url, services.clock.now());
    if (!cookies.empty()) request.headers.emplace_back("Cookie", std::move(cookies));
  }
  auto answer = co_await services.fetcher.fetch(std::move(request));
  if (answer && with_cookies) services.cookies.take(url, answer->response_head, services.clock.now());
  co_return answer;
}

storage::NewCapture make_capture(const Services& services, const storage::UrlTask& task, net::FetchAnswer& answer) {
  storage::NewCapture out;
  storage::Capture& capture = out.capture;
  capture.url = task.url;
  capture.captured = answer.started;
  capture.status = answer.status;
  capture.bytes = answer.body.size();
  capture.digest = answer.digest;
  capture.content_coding = answer.content_coding;
  capture.coded_bytes = answer.coded_bytes;
  capture.coded_digest = answer.coded_digest;
  capture.protocol = answer.protocol;
  capture.remote_address = answer.remote_address;
  if (!answer.coding_fault.empty()) capture.evidence.push_back("content coding: " + answer.coding_fault);
  capture.run = services.run;
  capture.role = task.role;
  capture.via = task.via;
  capture.hop = task.hop;
  capture.root = task.root;
  capture.root_capture = task.root_capture;
  capture.depth = task.depth;
  capture.rule = task.rule;
  out.headers.request = std::move(answer.request_head);
  out.headers.response = answer.response_head.bytes();
  return out;
}

Task<storage::CommitAck> commit(Services& services, storage::Commit commit) {
  commit.run = services.run;
  auto ack = co_await services.catalog.commit(std::move(commit));
  if (!ack && ack.error().kind == ErrorKind::kStorage) {
    if (!services.broken) services.broken = ack.error();
    services.stopping = true;
  }
  if (!ack || ack->discovered_new > 0) services.changed.notify();
  co_return ack;
}

namespace {

bool is_redirect(const storage::Capture& capture) {
  return capture.answer_status() >= 300 && capture.answer_status() < 400;
}

void count(Tally& tally, const storage::Capture& capture) {
  ++tally.captures;
  tally.bytes += capture.is_revisit() ? 0 : capture.bytes;
  tally.stored_bytes += capture.stored_bytes;
  if (capture.quarantined) ++tally.quarantined;
  if (capture.is_revisit()) ++tally.unmodified;
  if (capture.hop == kDoiHop) ++tally.followed;
  if (capture.role == Role::kRobots)
    ++tally.robots;
  else if (is_redirect(capture))
    ++tally.redirects;
  else if (capture.role == Role::kPage)
    ++tally.pages;
  else if (capture.role == Role::kRequisite)
    ++tally.requisites;
  else if (capture.role == Role::kFile)
    ++tally.files;
  else
    ++tally.fragments;
}

}  // namespace

void announce(Services& services, const storage::CommitAck& ack) {
  for (const storage::Capture& capture : ack.captures) {
    count(services.tally, capture);
    services.spent.add(capture);
    services.observer.captured(capture);
  }
}

void report(Services& services, const std::string& url, const std::vector<plugins::PluginFault>& faults) {
  for (const plugins::PluginFault& fault : faults) {
    ++services.tally.plugin_faults[fault.plugin + ": " + fault.step + ": " + fault.cause];
    services.observer.plugin_failed(url, fault);
  }
}

}  // namespace vellum::engine
