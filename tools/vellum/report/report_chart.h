// Charts of the report as inline SVG: coloured by the page's style, described for those who do not see them.
//
// Threads: pure.

#pragma once

#include "tools/replay/markup.h"
#include "tools/vellum/report/crawl_report.h"

namespace vellum::cli {

// Captures over time, stacked: pages, others, failures; with its figures in a table that opens.
replay::Markup line_chart(const TimeLine& line);
// One bar of a table: `part` of the row's width, from 0 to 1.
replay::Markup bar(double part);

// "1d 2h", "3 min 20 s", "0.25 s": for people.
std::string span_text(double seconds);

}  // namespace vellum::cli
