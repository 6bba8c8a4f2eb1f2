// A crawl over everything that the fault server plays: it ends, each fault is an outcome, and the archive is whole.

#include "tests/crawler/engine/crawl_fixture.h"
#include "tests/support/fault_table.h"

namespace vellum::test {
namespace {

TEST_F(CrawlTest, EveryFaultOfAServerIsAnOutcomeAndTheArchiveStaysWhole) {
  const auto faults = load_faults(std::string(VELLUM_TEST_DATA) + "/crawler/net/faults.tsv");
  config.network.timeout = std::chrono::milliseconds(1500);
  config.network.max_body = 1u << 20;
  config.politeness.robots = false;
  config.network.max_visits = 4;  // what hangs holds its connection to the proxy, and those are few
  config.seeds.clear();
  std::map<std::string, const Fault*> by_url;
  for (const Fault& fault : faults) {
    // A host each, so that one that hangs holds up no other.
    const std::string url =
        "http://f" + std::to_string(by_url.size()) + ".h" + std::to_string(by_url.size()) + ".test/";
    server.on(url, fault.reply);
    config.seeds.push_back(url);
    by_url[url] = &fault;
  }
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "finished");
  std::map<std::string, std::string> failed;
  for (const std::string& line : told.failures)
    failed[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);
  for (const auto& [url, fault] : by_url) {
    const bool is_number = fault->outcome[0] >= '0' && fault->outcome[0] <= '9';
    const bool is_unasked =
        fault->outcome.starts_with("304");  // the exchange is whole, and no answer to what was asked
    const bool is_answer = is_number && !is_unasked;
    const bool captured = told.of(url).size() == 1;
    EXPECT_EQ(captured, is_answer) << fault->name << ": " << failed[url];
    EXPECT_EQ(failed[url].empty(), is_answer) << fault->name << ": " << failed[url];
    if (is_unasked) {
      EXPECT_EQ(failed[url], "status 304 to a request without a condition");
    } else if (!is_answer) {
      EXPECT_TRUE(failed[url].starts_with(fault->outcome + ": ")) << fault->name << ": " << failed[url];
    }
  }
  const auto report = catalog->archive().check(true);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->faults.empty());
}

}  // namespace
}  // namespace vellum::test
