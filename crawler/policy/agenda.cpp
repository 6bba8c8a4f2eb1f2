#include "crawler/policy/agenda.h"

namespace vellum::policy {

NextRun next_run(const AgendaEntry& entry, const std::vector<storage::Run>& runs, Timestamp since) {
  std::optional<Timestamp> last;
  for (const storage::Run& run : runs) {
    if (run.crawl != entry.crawl) continue;
    if (run.state == "running") return {0, since, true};
    last = run.started;
  }
  return {0, entry.schedule.due(last, since), false};
}

NextRun next_run(const std::vector<AgendaEntry>& agenda, const std::vector<storage::Run>& runs, Timestamp since) {
  VELLUM_ASSERT(!agenda.empty(), "a daemon has at least one crawl");
  NextRun first = next_run(agenda.front(), runs, since);
  for (std::size_t i = 1; i < agenda.size(); ++i) {
    NextRun next = next_run(agenda[i], runs, since);
    next.entry = i;
    if (next.at < first.at) first = next;
  }
  return first;
}

}  // namespace vellum::policy
