// Which robots.txt governs a URL: from memory, from the archive's own captures of the last 24 hours, or fetched now.
//
// robots.txt answers are captures like any other (role robots), fetched through the group's gate, so they count as
// requests. Spec: RFC 9309 sections 2.3 (access) and 2.4 (caching: not longer than 24 hours).
//
// Threads: the io thread.

#pragma once

#include <map>
#include <memory>
#include <string>

#include "crawler/engine/group_gate.h"
#include "crawler/engine/services.h"
#include "crawler/policy/robots.h"

namespace vellum::engine {

struct RobotsView {
  policy::Robots robots = policy::Robots::allow_all();
  std::string unreachable;               // why no rules could be had; everything is disallowed until asked again:
  ErrorKind kind = ErrorKind::kNetwork;  // kRefused and the like will not change: their pages fail at once
  Timestamp ask_again{};
  bool throttled = false;  // the server asked for a pause: whoever waits for the rules loses no try
};

class RobotsKeeper {
 public:
  explicit RobotsKeeper(Services& services) : services_(services) {}

  // The rules for `url`. Errors only where the crawl is stopping, the lease is lost or the store is broken.
  Task<RobotsView> rules_for(Url url, GroupGate& gate, storage::LeaseToken lease);

 private:
  struct Entry {
    explicit Entry(boost::asio::io_context& io) : ready(io) {}
    RobotsView view;
    Timestamp asked{};
    bool fetching = false;
    Wakeup ready;
  };

  Result<bool> load_stored(const Url& robots_url, Entry& entry) const;
  Task<void> ask(Url robots_url, Entry& entry, GroupGate& gate, storage::LeaseToken lease);
  Task<std::optional<Url>> ask_once(Url robots_url, std::string via, Entry& entry, GroupGate& gate,
                                    storage::LeaseToken lease);
  // The Crawl-delay that an answer brought, made durable.
  Task<void> keep_spacing(const Entry& entry, GroupGate& gate, const storage::LeaseToken& lease);
  // 429, 503: holds the group as for any request.
  void note_refusal(Entry& entry, const HeaderBlock& headers, GroupGate& gate, const std::string& group) const;
  void read(Entry& entry, const HeaderBlock& headers, int status, std::string_view body) const;

  Services& services_;
  std::map<std::string, std::unique_ptr<Entry>> by_origin_;
};

}  // namespace vellum::engine
