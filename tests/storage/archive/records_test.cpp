#include "storage/archive/records.h"

#include <gmock/gmock.h>

#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using std::chrono::seconds;
using namespace test;

TEST(Records, SortCapturesByReplayKeyThenTimeThenId) {
  const auto key = [](const std::string& url, int at, CaptureId id) {
    return capture_key(replay_key(url), kStart + seconds(at), id);
  };
  EXPECT_LT(key("https://a.org/", 5, 9), key("https://a.org/", 6, 1));
  EXPECT_LT(key("https://a.org/", 5, 1), key("https://a.org/", 5, 2));
  EXPECT_LT(key("https://a.org/", 99, 1), key("https://a.org/x", 1, 1));
  EXPECT_LT(key("https://a.org/x", 99, 1), key("https://a.org/x1", 1, 1));
}

TEST(Records, SortTimesBefore1970FirstToo) {
  EXPECT_LT(time_key(Timestamp(seconds(-5))), time_key(Timestamp(seconds(-4))));
  EXPECT_LT(time_key(Timestamp(seconds(-1))), time_key(Timestamp(seconds(1))));
}

TEST(Records, HeaderBlocksComeBackAsTheyWere) {
  for (const HeaderBlocks& blocks : {HeaderBlocks{}, HeaderBlocks{"", "HTTP/1.1 200 OK\r\n\r\n"},
                                     HeaderBlocks{std::string(5000, 'q'), std::string("\0\xff", 2)}}) {
    const auto back = split_header_block(header_block(blocks));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->request, blocks.request);
    EXPECT_EQ(back->response, blocks.response);
  }
  EXPECT_FALSE(split_header_block(""));
  EXPECT_FALSE(split_header_block("\xff\xff\xff\xff"));
}

TEST(Records, RunsAndEventsComeBackAsTheyWere) {
  storage::Run run;
  run.id = 7;
  run.crawl = "abc";
  run.state = "limited";
  run.started = kStart;
  run.ended = kStart + seconds(1);
  run.config = "x = 1\n";
  run.pages = 3;
  EXPECT_EQ(storage::Run::from_json(run.to_json())->to_json(), run.to_json());
  const Event event{kStart, 7, "failed", "https://a.org/", "timeout", "https://a.org/via"};
  EXPECT_EQ(Event::from_json(event.to_json())->to_json(), event.to_json());
  EXPECT_EQ(storage::Run::from_json(Json::object()).error().kind, ErrorKind::kCorrupt);
  EXPECT_EQ(Event::from_json(Json::object()).error().kind, ErrorKind::kCorrupt);
  EXPECT_EQ(Capture::from_json(Json::object()).error().kind, ErrorKind::kCorrupt);
}

TEST(Records, RolesHaveNames) {
  for (const Role role : {Role::kPage, Role::kRequisite, Role::kFragment, Role::kFile, Role::kRobots}) {
    EXPECT_EQ(role_from_name(name_of(role)), role);
  }
  EXPECT_FALSE(role_from_name("banana"));
}

}  // namespace
}  // namespace vellum::storage
