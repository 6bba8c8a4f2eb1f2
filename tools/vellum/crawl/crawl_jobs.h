// The crawls that a daemon makes. When each is due: crawler/policy/agenda.h.
//
// Threads: plain values and pure functions.

#pragma once

#include <string>
#include <vector>

#include "crawler/policy/config.h"
#include "crawler/policy/schedule.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {

struct CrawlJob {
  std::string name;  // the file
  policy::CrawlConfig config;
  policy::Schedule schedule;
};

// One a file; none named: the archive's vellum.toml. kInvalid: a bad file, or one without a [schedule].
Result<std::vector<CrawlJob>> load_crawl_jobs(std::vector<std::string> files, const Context& context);

}  // namespace vellum::cli
