#include "tools/vellum/crawl/crawl_jobs.h"

#include <utility>

namespace vellum::cli {

Result<std::vector<CrawlJob>> load_crawl_jobs(std::vector<std::string> files, const Context& context) {
  if (files.empty()) files.push_back(policy::find_config("", context.archive).string());
  std::vector<CrawlJob> jobs;
  for (const std::string& name : files) {
    VELLUM_TRY(policy::CrawlConfig config, policy::load_config(name, {}));
    for (const std::string& warning : config.warnings) warn(warning);
    VELLUM_TRY(policy::Schedule schedule, policy::Schedule::parse(config.schedule_every, config.schedule_cron));
    if (!schedule.is_set())
      return fail(ErrorKind::kInvalid, name + ": has no [schedule]; write every = \"7d\" or cron = \"15 3 * * 6\"");
    jobs.push_back({name, std::move(config), std::move(schedule)});
  }
  return jobs;
}

}  // namespace vellum::cli
