// The crawl report as one HTML file that needs nothing else: no script, nothing from anywhere, readable in the light
// and in the dark, on paper and to a screen reader; every chart stands beside its figures. URLs, rules and reasons come
// from outside and are escaped.
//
// Threads: pure.

#pragma once

#include <string>

#include "tools/vellum/report/crawl_report.h"

namespace vellum::cli {

std::string report_page(const CrawlReport& report);

}  // namespace vellum::cli
