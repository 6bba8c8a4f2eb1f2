// What a running crawl tells its caller. The command line prints these as NDJSON or as a progress line.
//
// A capture is reported only after it would survive kill -9 and a power cut. Calls come from the io thread, one at a
// time; an observer must return quickly.

#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/json.h"
#include "plugins/host/page.h"
#include "storage/archive/capture.h"
#include "storage/frontier/frontier.h"

namespace vellum::engine {

struct ExtractedNote {
  std::string url;
  std::string plugin;
  std::string kind;      // the record's kind
  std::size_t dois = 0;  // distinct DOIs that the record cites
};

// A field that a plugin used to find and does not find any more: see crawler/engine/drift_report.h.
struct DriftNote {
  std::string line;  // for people
  Json finding;
};

// Running totals of one invocation.
struct Tally {
  std::uint64_t captures = 0, pages = 0, requisites = 0, fragments = 0, files = 0, robots = 0, redirects = 0;
  std::uint64_t followed = 0;       // DOIs that a resolver was asked for
  std::uint64_t parts_missing = 0;  // fragments and files of articles that failed, were skipped or are no success
  std::uint64_t failed = 0, skipped = 0, quarantined = 0, articles = 0, dois = 0;
  std::uint64_t unmodified = 0;                       // revisits, counted among pages, requisites and fragments too
  std::uint64_t bytes = 0, stored_bytes = 0;          // bytes: of payloads that came; a revisit brings none
  std::map<std::string, std::uint64_t> out_of_scope;  // links not followed, by deciding rule
  std::set<std::string> limits;                       // what ended the run early or left tasks in the queue
  // Pages that a native plugin was to read and failed, by "<plugin>: <step>: <cause>". Each was kept, and read by the
  // next plugin that fits.
  std::map<std::string, std::uint64_t> plugin_faults;
};

struct Progress {
  const Tally& tally;
  storage::QueueStats queue;
  std::size_t in_flight = 0;
  storage::RunId run = 0;
  std::uint64_t pages = 0;      // of the whole run, earlier invocations included
  std::uint64_t max_pages = 0;  // 0: no limit
};

class CrawlObserver {
 public:
  virtual ~CrawlObserver() = default;
  virtual void captured(const storage::Capture& capture) = 0;
  virtual void extracted(const ExtractedNote& note) = 0;
  virtual void failed(const std::string& url, const std::string& reason) = 0;
  virtual void plugin_failed(const std::string& url, const plugins::PluginFault& fault) = 0;
  virtual void skipped(const std::string& url, const std::string& reason) = 0;
  virtual void drifted(const DriftNote&) {}             // at the end of the crawl
  virtual void progress(const Progress& progress) = 0;  // about five times a second
};

}  // namespace vellum::engine
