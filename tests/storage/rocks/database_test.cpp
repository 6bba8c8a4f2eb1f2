#include "storage/rocks/database.h"

#include <gmock/gmock.h>

#include "storage/rocks/mark.h"
#include "storage/rocks/transaction.h"
#include "tests/support/temp_dir.h"

namespace vellum::rocks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DatabaseTest : public testing::Test {
 protected:
  void SetUp() override { database = Database::open(folder.path(), Mode::kCreate).value(); }
  void reopen() {
    database.reset();
    database = Database::open(folder.path(), Mode::kReadWrite).value();
  }
  void put(std::initializer_list<const char*> keys) {
    Batch batch;
    for (const char* key : keys) batch.put(Family::kQueue, key, std::string("value of ") + key);
    ASSERT_TRUE(database->write(std::move(batch), ++sequence));
  }
  template <class Source>
  std::vector<std::string> keys(const Source& source, std::string_view from, std::string_view to) {
    std::vector<std::string> found;
    EXPECT_TRUE(source.scan(Family::kQueue, from, to, [&](std::string_view key, std::string_view) {
      found.emplace_back(key);
      return true;
    }));
    return found;
  }
  std::vector<std::string> keys_back(std::string_view from, std::string_view to) {
    std::vector<std::string> found;
    EXPECT_TRUE(database->scan_back(Family::kQueue, from, to, [&](std::string_view key, std::string_view) {
      found.emplace_back(key);
      return true;
    }));
    return found;
  }

  test::TempDir folder;
  std::unique_ptr<Database> database;
  std::uint64_t sequence = 0;
};

TEST_F(DatabaseTest, FindsWhatWasWrittenAlsoAfterReopening) {
  put({"a", "b"});
  EXPECT_EQ(database->find(Family::kQueue, "a").value(), "value of a");
  EXPECT_EQ(database->find(Family::kSeen, "a").value(), std::nullopt);
  reopen();
  EXPECT_EQ(database->find(Family::kQueue, "b").value(), "value of b");
  EXPECT_EQ(database->sequence().value(), 1u);
  EXPECT_EQ(database->acknowledged(), 1u);
}

TEST_F(DatabaseTest, ScansHalfOpenRangesBothWays) {
  put({"a", "b", "c", "d"});
  EXPECT_THAT(keys(*database, "b", "d"), ElementsAre("b", "c"));
  EXPECT_THAT(keys(*database, "", ""), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(keys_back("b", "d"), ElementsAre("c", "b"));
  EXPECT_THAT(keys_back("", ""), ElementsAre("d", "c", "b", "a"));
  EXPECT_THAT(keys_back("aa", "cc"), ElementsAre("c", "b"));
}

TEST_F(DatabaseTest, ErasesKeysAndRanges) {
  put({"a", "b", "c", "d"});
  Batch batch;
  batch.erase(Family::kQueue, "a");
  batch.erase_range(Family::kQueue, "b", "d");
  ASSERT_TRUE(database->write(std::move(batch), ++sequence));
  EXPECT_THAT(keys(*database, "", ""), ElementsAre("d"));
}

TEST_F(DatabaseTest, ASecondaryLeavesNothingBehindAndWritesNothing) {
  put({"a"});
  const auto secondary = Database::open(folder.path(), Mode::kSecondary).value();
  EXPECT_THAT(keys(*secondary, "", ""), ElementsAre("a"));
  EXPECT_THAT(secondary->warnings(), IsEmpty());
  Batch batch;
  batch.put(Family::kQueue, "x", "y");
  EXPECT_EQ(secondary->write(std::move(batch), 9).error().kind, ErrorKind::kRefused);
  put({"b"});
  EXPECT_TRUE(secondary->catch_up());
  EXPECT_THAT(keys(*secondary, "", ""), ElementsAre("a", "b"));
}

TEST_F(DatabaseTest, ATransactionReadsItsOwnWritesInOrder) {
  put({"a", "c", "e"});
  Transaction group(*database, 2);
  group.put(Family::kQueue, "b", "new");
  group.erase(Family::kQueue, "c");
  group.put(Family::kQueue, "e", "changed");
  group.put(Family::kQueue, "f", "last");
  EXPECT_THAT(keys(group, "", ""), ElementsAre("a", "b", "e", "f"));
  EXPECT_THAT(keys(group, "b", "f"), ElementsAre("b", "e"));
  EXPECT_EQ(group.find(Family::kQueue, "e").value(), "changed");
  EXPECT_EQ(group.find(Family::kQueue, "c").value(), std::nullopt);
  EXPECT_EQ(group.find(Family::kQueue, "a").value(), "value of a");
  std::vector<std::string> first;
  EXPECT_TRUE(group.scan(Family::kQueue, "b", "", [&](std::string_view key, std::string_view) {
    first.emplace_back(key);
    return false;
  }));
  EXPECT_THAT(first, ElementsAre("b"));
}

TEST_F(DatabaseTest, ATransactionUndoesTheJobThatFailedAlone) {
  put({"a", "b"});
  Transaction group(*database, 2);
  group.begin_job();
  group.put(Family::kQueue, "a", "first job");
  group.begin_job();
  group.put(Family::kQueue, "a", "second job");
  group.put(Family::kQueue, "a", "second job again");
  group.erase(Family::kQueue, "b");
  group.put(Family::kQueue, "c", "second job");
  group.roll_back();
  EXPECT_EQ(group.find(Family::kQueue, "a").value(), "first job");
  EXPECT_THAT(keys(group, "", ""), ElementsAre("a", "b"));
  ASSERT_TRUE(database->write(group.take_batch(), 2));
  EXPECT_THAT(keys(*database, "", ""), ElementsAre("a", "b"));
  EXPECT_EQ(database->find(Family::kQueue, "a").value(), "first job");
}

TEST_F(DatabaseTest, ATransactionHidesAnErasedRangeButNotWhatIsPutIntoItLater) {
  put({"a", "b", "c"});
  Transaction group(*database, 2);
  group.put(Family::kQueue, "bb", "before");
  group.erase_range(Family::kQueue, "b", "d");
  group.put(Family::kQueue, "c", "after");
  EXPECT_THAT(keys(group, "", ""), ElementsAre("a", "c"));
  EXPECT_EQ(group.find(Family::kQueue, "b").value(), std::nullopt);
  ASSERT_TRUE(database->write(group.take_batch(), 2));
  EXPECT_THAT(keys(*database, "", ""), ElementsAre("a", "c"));
}

TEST(Keys, EndOfAPrefixIsTheNextKeyBeyondIt) {
  EXPECT_EQ(prefix_end("ab"), "ac");
  EXPECT_EQ(prefix_end("a\xff"), "b");
  EXPECT_EQ(prefix_end("\xff\xff"), "");
  EXPECT_EQ(prefix_end(""), "");
}

TEST(Keys, BigEndianNumbersSortAsNumbers) {
  EXPECT_LT(big_endian(255), big_endian(256));
  EXPECT_EQ(from_big_endian(big_endian(0x0123456789abcdef)), 0x0123456789abcdefu);
}

TEST(MarkFormat, IsALineOfFixedLengthThatProvesItself) {
  const std::string line = Mark::encode(1234);
  EXPECT_EQ(line.substr(0, 41), "vellum acknowledged 00000000000000001234 ");
  EXPECT_EQ(line.size(), Mark::encode(0).size());
  EXPECT_EQ(Mark::decode(line).value(), 1234u);
  EXPECT_FALSE(Mark::decode(line + "x"));
  EXPECT_FALSE(Mark::decode("vellum acknowledged 00000000000000001235" + line.substr(40)));
}

}  // namespace
}  // namespace vellum::rocks
