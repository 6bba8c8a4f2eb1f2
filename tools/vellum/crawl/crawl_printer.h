// A running crawl on a terminal or as NDJSON.
//
// With --json every event is one object a line on stdout, flushed at once; for people progress is shown on stderr (see
// crawl_progress.h), failures are named as they happen, and a summary table ends the run.

#pragma once

#include <string>
#include <vector>

#include "crawler/engine/crawl.h"
#include "tools/vellum/crawl/crawl_progress.h"

namespace vellum::cli {

class CrawlPrinter : public engine::CrawlObserver {
 public:
  // `monitor`: of the crawl whose progress is to be shown; without one none is.
  explicit CrawlPrinter(bool json, const engine::Monitor* monitor = nullptr);

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

  const bool json_;
  const engine::Monitor* monitor_;
  ProgressBlock block_;
};

}  // namespace vellum::cli
