#include "storage/frontier/queue_records.h"

#include <gmock/gmock.h>

#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using std::chrono::seconds;

UrlTask full_task() {
  UrlTask task = task_of("https://a.org/x", "a.org", 2, kStart);
  task.seen = "https://a.org/X";
  task.role = Role::kFragment;
  task.depth = 300;
  task.attempts = 2;
  task.redirects = 4;
  task.via = "https://a.org/";
  task.hop = "redirect";
  task.root = "https://a.org/root";
  task.rule = "include[3]";
  task.root_capture = 1'000'000'007;
  return task;
}

void expect_same(const UrlTask& got, const UrlTask& expected) {
  EXPECT_EQ(got.url, expected.url);
  EXPECT_EQ(got.seen, expected.seen);
  EXPECT_EQ(got.group, expected.group);
  EXPECT_EQ(got.role, expected.role);
  EXPECT_EQ(got.priority, expected.priority);
  EXPECT_EQ(got.depth, expected.depth);
  EXPECT_EQ(got.attempts, expected.attempts);
  EXPECT_EQ(got.redirects, expected.redirects);
  EXPECT_EQ(got.via, expected.via);
  EXPECT_EQ(got.hop, expected.hop);
  EXPECT_EQ(got.root, expected.root);
  EXPECT_EQ(got.rule, expected.rule);
  EXPECT_EQ(got.root_capture, expected.root_capture);
  EXPECT_EQ(got.not_before, expected.not_before);
  EXPECT_EQ(got.throttled, expected.throttled);
}

TEST(QueueRecords, KeepEveryFieldOfATask) {
  UrlTask task = full_task();
  expect_same(decode_task(encode_task(task), place_of(task, 9), task.group).value(), task);
  task.throttled = 3;
  expect_same(decode_task(encode_task(task), place_of(task, 9), task.group).value(), task);
  task.root = task.via;
  expect_same(decode_task(encode_task(task), place_of(task, 9), task.group).value(), task);
  task = task_of("https://a.org/", "a.org");
  expect_same(decode_task(encode_task(task), place_of(task, 9), task.group).value(), task);
}

TEST(QueueRecords, ACutTaskIsCorruptWhereverItIsCut) {
  UrlTask task = full_task();
  task.throttled = 3;
  const std::string value = encode_task(task);
  for (std::size_t size = 0; size < value.size(); ++size) {
    const auto cut = decode_task(std::string_view(value).substr(0, size), place_of(task, 9), task.group);
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().kind, ErrorKind::kCorrupt);
  }
  EXPECT_FALSE(decode_task(value + "x", place_of(task, 9), task.group));
}

TEST(QueueRecords, OrderAGroupByPriorityThenWhatWaitedThenInsertion) {
  const auto key = [](int priority, Timestamp not_before, std::uint64_t number) {
    return encode_place(place_of(task_of("https://a.org/", "a.org", priority, not_before), number));
  };
  EXPECT_LT(key(1, {}, 9), key(2, {}, 1));
  EXPECT_LT(key(2, kStart, 9), key(2, {}, 1));
  EXPECT_LT(key(2, kStart, 9), key(2, kStart + seconds(1), 1));
  EXPECT_LT(key(2, {}, 1), key(2, {}, 2));
  EXPECT_EQ(decode_place(key(2, kStart, 9)), place_of(task_of("u", "g", 2, kStart), 9));
}

TEST(QueueRecords, ReadTheirKeysBack) {
  const Place place{11, 0, 77};
  const std::string key = queue_prefix(5, "nih.gov") + encode_place(place);
  const auto parts = parse_queue_key(key);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->run, 5u);
  EXPECT_EQ(parts->group, "nih.gov");
  EXPECT_EQ(parts->place, place);
  EXPECT_FALSE(parse_queue_key(""));
  EXPECT_FALSE(parse_queue_key(key.substr(0, key.size() - 1)));
  EXPECT_FALSE(parse_queue_key(queue_prefix(5, "nih.gov") + encode_place({99, 0, 1})));
}

TEST(QueueRecords, KeepUrlsOfOneHostTogether) {
  const auto host = [](std::string_view seen) { return seen_key_row(1, seen).substr(0, 8); };
  EXPECT_EQ(host("https://a.org/1"), host("https://a.org/2?x=https://b.org/"));
  EXPECT_NE(host("https://a.org/1"), host("https://b.org/1"));
  EXPECT_NE(seen_key_row(1, "https://a.org/1"), seen_key_row(1, "https://a.org/2"));
  EXPECT_NE(seen_key_row(1, "https://a.org/1"), seen_key_row(2, "https://a.org/1"));
  EXPECT_EQ(seen_key_row(1, "x").size(), 20u);
}

TEST(QueueRecords, KeepStatesAndReasons) {
  const SeenRow queued{0, {5, 7, 9}, {}}, failed{static_cast<std::uint8_t>(TaskState::kFailed), {}, "timeout"};
  EXPECT_EQ(SeenRow::decode(queued.encode())->place, queued.place);
  EXPECT_EQ(SeenRow::decode(failed.encode())->reason, "timeout");
  EXPECT_FALSE(SeenRow::decode(""));
  EXPECT_FALSE(SeenRow::decode(std::string(1, '\x09')));
  GroupRow group{-5, 6, 7, 8, 9};
  EXPECT_EQ(GroupRow::decode(group.encode())->next_at, -5);
  EXPECT_EQ(GroupRow::decode(group.encode())->leased_by, 9u);
  EXPECT_FALSE(GroupRow::decode("short"));
  group.spacing = 3;
  group.spacing_until = 4;
  EXPECT_EQ(GroupRow::decode(group.encode())->spacing, 3);
  EXPECT_EQ(GroupRow::decode(group.encode())->spacing_until, 4);
}

}  // namespace
}  // namespace vellum::storage
