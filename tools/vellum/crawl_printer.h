// A running crawl on a terminal or as NDJSON.
//
// With --json every event is one object a line on stdout, flushed at once; for people a progress line is kept on stderr
// (only on a terminal), failures are named as they happen, and a summary table ends the run.

#pragma once

#include <string>
#include <vector>

#include "crawler/engine/crawl.h"

namespace vellum::cli {

class CrawlPrinter : public engine::CrawlObserver {
 public:
  CrawlPrinter(bool json, const Clock& clock);

  void captured(const storage::Capture& capture) override;
  void extracted(const engine::ExtractedNote& note) override;
  void drifted(const engine::DriftNote& drift) override;
  void failed(const std::string& url, const std::string& reason) override;
  void plugin_failed(const std::string& url, const plugins::PluginFault& fault) override;
  void skipped(const std::string& url, const std::string& reason) override;
  void progress(const engine::Progress& progress) override;

  void summary(const engine::CrawlSummary& summary);

 private:
  void line(const Json& event);
  void note(const std::string& text);  // a line for people, above the progress line
  void clear_progress();

  const bool json_;
  const bool terminal_;
  const Clock& clock_;
  const Timestamp started_;
  bool progress_shown_ = false;
};

}  // namespace vellum::cli
