// Answers that are broken on the wire: a table of what the server sends and what becomes of it.

#include <gtest/gtest.h>

#include <set>

#include "tests/crawler/net/fetching.h"
#include "tests/support/fault_table.h"

namespace vellum::net {
namespace {

using test::Fault;
using test::HttpServer;
using test::Reply;

// Small, so that what never ends is over soon.
FetchRequest request(const std::string& url) {
  FetchRequest request = Fetching::request(url);
  request.limits.total_timeout = std::chrono::milliseconds(700);
  request.limits.max_body_bytes = 1u << 20;
  request.limits.max_header_bytes = 64u << 10;
  return request;
}

std::string outcome(const Fetching::Answer& answer) {
  if (!answer) return std::string(name_of(answer.error().kind));
  return std::to_string(answer->status) + " " + text_of(answer->body);
}

std::string reason(const Fetching::Answer& answer) {
  return answer ? answer->coding_fault : answer.error().message;
}

TEST(FetchFault, EndsAsTheTableSaysForItsOwnReason) {
  HttpServer server;
  Fetching fetching;
  const auto faults = test::load_faults(std::string(VELLUM_TEST_DATA) + "/crawler/net/faults.tsv");
  std::set<std::string> names;
  for (const Fault& fault : faults) {
    EXPECT_TRUE(names.insert(fault.name).second) << fault.name << " is there twice";
    server.on("/", fault.reply);
    const auto answer = fetching.fetch(request(server.url("/")));
    const std::string got = outcome(answer);
    const bool any_body = fault.outcome.ends_with(" *");
    EXPECT_EQ(any_body ? got.substr(0, 4) + "*" : got.substr(0, 60), fault.outcome)
        << fault.name << ": " << reason(answer);
    EXPECT_EQ(fault.reason.empty(), reason(answer).empty()) << fault.name << ": " << reason(answer);
    EXPECT_NE(reason(answer).find(fault.reason), std::string::npos) << fault.name << ": " << reason(answer);
    if (answer) continue;
    EXPECT_TRUE(answer.error().message.starts_with("127.0.0.1: ")) << answer.error().message;
    EXPECT_EQ(answer.error().message.find_first_of("\r\n"), std::string::npos);
  }
  EXPECT_GE(faults.size(), 80u);
  // The next fetch finds nothing spoilt.
  server.on("/", Reply::page("fine"));
  EXPECT_EQ(outcome(fetching.fetch(server.url("/"))), "200 fine");
}

}  // namespace
}  // namespace vellum::net
