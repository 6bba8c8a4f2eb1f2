// One URL from queue to archive. The steps are those of docs/architecture.md, "The life of a URL":
//   1 robots   2 turn   3 fetch   4 examine (pool)   5 commit: content, outlinks, acknowledgement   6 tell   7 read
//   article
//
// A crash before 5 leaves the task queued; after 5 nothing is lost.
//
// Threads: the io thread.

#pragma once

#include "crawler/engine/article_desk.h"
#include "crawler/engine/examine.h"
#include "crawler/engine/group_gate.h"
#include "crawler/engine/robots_keeper.h"
#include "crawler/engine/services.h"
#include "crawler/policy/politeness.h"

namespace vellum::engine {

class Visitor {
 public:
  Visitor(Services& services, RobotsKeeper& robots, ArticleDesk& desk)
      : services_(services), robots_(robots), desk_(desk) {}

  // Errors only where the crawl must not go on with this group: stopping (kCancelled), lease lost (kRefused), store
  // broken. Whatever a server does is an outcome, not an error.
  Task<void> visit(storage::LeasedTask leased, GroupGate& gate, storage::LeaseToken lease);

 private:
  struct Scene;  // what the steps of one visit share

  Task<net::FetchAnswer> fetch(Scene& scene);
  Task<bool> pass_robots(Scene& scene);
  Task<Examination> look_at(Scene& scene, const net::FetchAnswer& answer, storage::NewCapture& capture);
  Task<void> keep(Scene& scene, net::FetchAnswer answer);
  void describe(const storage::UrlTask& task, Examination& found, storage::NewCapture& out) const;
  // A challenge or a block that came as a page: the group rests as after a 429.
  void rest_after_challenge(Scene& scene, const Examination& found, storage::Commit& changes);
  // Why the answer must not be kept, "" if it may: noarchive where a site's policy drops such answers. Else `rights`
  // get the policy that holds for it.
  std::string may_not_keep(const Scene& scene, std::vector<std::string>& rights) const;
  bool is_missing_part(const storage::UrlTask& task, int status, bool quarantined) const;
  std::optional<storage::UrlTask> follow(Scene& scene, const net::FetchAnswer& answer);
  Task<void> after_failure(Scene& scene, const Error* error, const HeaderBlock* answer);
  Task<void> without_robots(Scene& scene, const RobotsView& view);
  Task<void> carry_out(Scene& scene, policy::RetryDecision decision);
  storage::Event event_of(const Scene& scene, std::string kind, std::string reason) const;
  Task<void> close_task(Scene& scene, storage::TaskState state, std::string kind, std::string reason,
                        std::vector<storage::UrlTask> discovered = {});

  Services& services_;
  RobotsKeeper& robots_;
  ArticleDesk& desk_;
};

}  // namespace vellum::engine
