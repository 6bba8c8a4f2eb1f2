// What an archive's records say about its plugins: hit rates by crawl, and alarms where a field is lost.
//
// The watch itself is plugins/host/drift.h and knows no store; here it is fed from stored records, and its alarms are
// explained from the stored pages: the selector that is dead, and what would find the value again. A crawl does so at
// its end for the pages that it read, keeps the rates as an event ("rates", one JSON object) and each alarm as an event
// of the first page that it was seen on ("drift"), and tells its observer.
//
// Threads: reading may run on any thread; report_drift is for the io thread.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/engine/services.h"
#include "plugins/host/drift.h"
#include "plugins/host/drift_diagnosis.h"

namespace vellum::engine {

struct DriftFinding {
  plugins::DriftAlarm alarm;
  plugins::Diagnosis why;   // nothing in it where the alarm rests on rates alone
  std::string unexplained;  // why `why` is empty: a page that cannot be read
};

// "org.example lost title of layout new/2020 on 3 of 4 pages, first https://... (2024-02-10): `h1.title` finds nothing
// now; try title = \"h1.headline\"". One line.
std::string line_of(const DriftFinding& finding);
Json to_json(const DriftFinding& finding);

// The records of a run's pages, from the feed's capture `after` on, each held against the page's capture before.
Result<void> watch_run(const storage::Archive& archive, storage::RunId run, storage::CaptureId after,
                       plugins::DriftWatch& watch);

// The whole archive under `prefix`, split into crawls: "run 3", and for imported captures their month, "2023-01".
// `reread` (may be null) reads the pages anew instead of taking the stored records. Streams.
using DriftWindows = std::map<std::string, plugins::DriftWatch>;
Result<DriftWindows> watch_archive(const storage::Archive& archive, const plugins::Registry* reread,
                                   std::string_view prefix);

// With `reread` the record of the last good capture is that of today's plugins.
std::vector<DriftFinding> explain_drift(const storage::Archive& archive, const plugins::Registry& registry,
                                        std::vector<plugins::DriftAlarm> alarms, bool reread);

// At the end of a crawl; `after` is the last capture before the first that this process read.
Task<void> report_drift(Services& services, storage::CaptureId after);

}  // namespace vellum::engine
