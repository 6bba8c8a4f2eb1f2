// What Prometheus scrapes at /metrics: text format 0.0.4, every name documented by its HELP line.
//
// Threads: pure.     Spec: prometheus.io/docs/instrumenting/exposition_formats

#pragma once

#include <string>

#include "base/json.h"
#include "crawler/engine/monitor.h"
#include "storage/archive/archive.h"

namespace vellum::cli {

inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

// `status`: engine::status_row of the same moment. Counters count from the start of the process.
std::string metrics_text(const engine::Snapshot& snapshot, const Json& status, const storage::ArchiveStats& stats);

}  // namespace vellum::cli
