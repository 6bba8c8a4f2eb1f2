// Seals: what is proven holds for whoever checks it without this program, and nothing can be changed unseen.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "base/signature.h"
#include "storage/archive/records.h"
#include "storage/rocks/database.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using rocks::Family;
using std::chrono::hours;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// RFC 6962 section 2.1, word for word.
Digest tree_of(const std::vector<Digest>& leaves) {
  if (leaves.size() == 1) return leaves.front();
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(k);
  return node_of(tree_of({leaves.begin(), middle}), tree_of({middle, leaves.end()}));
}

TEST(Merkle, RootIsThatOfTheStandardForEveryNumberOfLeaves) {
  std::vector<Digest> leaves;
  for (int n = 1; n <= 40; ++n) {
    leaves.push_back(sha256(std::to_string(n)));
    EXPECT_EQ(merkle_root(leaves), tree_of(leaves)) << n;
  }
  EXPECT_EQ(to_hex(merkle_root({}).view()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

class SealTest : public testing::Test {
 protected:
  void SetUp() override { catalog = Catalog::open(archive, options_at(kStart, true)).value(); }
  Capture store(const std::string& url, RunId run) {
    at += hours(1);
    Commit commit = commit_of({capture_of(*catalog, url, "text of " + url, at)}, run);
    return await(catalog->commit(std::move(commit)))->captures.at(0);
  }
  std::vector<std::string> faults() {
    std::vector<std::string> lines;
    const auto report = catalog->archive().check(false).value();
    for (const Fault& fault : report.faults) lines.push_back(fault.where + ": " + fault.what);
    return lines;
  }
  int verify(CaptureId id, const std::string& payload, const std::string& more = {}) {
    const auto proof = catalog->archive().prove(id);
    EXPECT_TRUE(proof) << proof.error().message;
    if (!proof) return -1;
    std::ofstream(folder / "proof.json") << proof->to_json().dump();
    std::ofstream(folder / "payload") << payload;
    const std::string program = std::string(VELLUM_SOURCE_DIR) + "/tests/storage/archive/verify_proof.py";
    return std::system(("python3 '" + program + "' '" + (folder / "proof.json").string() + "' '" +
                        (folder / "payload").string() + "' " + more + " >/dev/null 2>&1")
                           .c_str());
  }
  // Changes a row behind the program's back.
  void change(Family family, const std::string& key, const std::string& value) {
    catalog.reset();
    {
      const auto database = rocks::Database::open(archive, rocks::Mode::kReadWrite).value();
      rocks::Batch batch;
      batch.put(family, key, value);
      ASSERT_TRUE(database->write(std::move(batch), database->acknowledged() + 1));
    }
    catalog = Catalog::open(archive, options_at(kStart)).value();
  }

  TempDir folder;
  const std::filesystem::path archive = folder / "archive";
  std::unique_ptr<Catalog> catalog;
  Timestamp at = kStart;
};

TEST_F(SealTest, EveryCaptureOfARunIsProvenToOthersWhenItEnds) {
  const RunId run = await(catalog->start_run("crawl", "", kStart))->id;
  std::vector<Capture> captures;
  for (int i = 0; i < 11; ++i) captures.push_back(store("https://a.org/" + std::to_string(i), run));
  EXPECT_THAT(catalog->archive().prove(captures[0].id).error().message, HasSubstr("sealed when it ends"));
  ASSERT_TRUE(await(catalog->end_run(run, "finished", at)));
  const auto seals = catalog->archive().seals().value();
  ASSERT_THAT(seals, SizeIs(1));
  EXPECT_EQ(seals[0].captures, 11u);
  for (const Capture& capture : captures)
    EXPECT_EQ(verify(capture.id, "text of " + capture.url, "--key " + to_hex(seals[0].key)), 0) << capture.id;
  EXPECT_NE(verify(captures[3].id, "another text"), 0);
  EXPECT_NE(verify(captures[3].id, "text of https://a.org/3", "--key " + std::string(64, '0')), 0);
  struct stat key {};
  ASSERT_EQ(::stat((archive / "seal-key.pem").c_str(), &key), 0);
  EXPECT_EQ(key.st_mode & 0777, 0600u);
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(SealTest, SealsAreAChainAndARunThatGoesOnIsLeftOut) {
  const RunId first = await(catalog->start_run("one", "", kStart))->id;
  const RunId second = await(catalog->start_run("two", "", kStart))->id;
  const Capture one = store("https://a.org/1", first), two = store("https://a.org/2", second);
  const Capture imported = store("https://a.org/3", 0);
  ASSERT_TRUE(await(catalog->end_run(second, "finished", at)));
  EXPECT_FALSE(catalog->archive().prove(one.id));
  EXPECT_EQ(verify(two.id, "text of https://a.org/2"), 0);
  EXPECT_EQ(verify(imported.id, "text of https://a.org/3"), 0);
  ASSERT_TRUE(await(catalog->end_run(first, "limited", at)));
  EXPECT_EQ(verify(one.id, "text of https://a.org/1"), 0);
  const auto seals = catalog->archive().seals().value();
  ASSERT_THAT(seals, SizeIs(3));
  for (std::size_t i = 1; i < seals.size(); ++i) EXPECT_EQ(seals[i].previous, sha256(seals[i - 1].statement()));
  EXPECT_EQ(*catalog->seal(at), 0u) << "nothing is left";
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(SealTest, ProofsHoldAfterATakedown) {
  const Capture gone = store("https://a.org/1", 0), other = store("https://a.org/2", 0);
  ASSERT_EQ(*catalog->seal(at), 2u);
  ASSERT_TRUE(catalog->take_down({{gone.id}, {}, "asked for", false, at}));
  EXPECT_EQ(verify(gone.id, "text of https://a.org/1"), 0) << "who kept the page can still show that it was here";
  EXPECT_EQ(catalog->archive().prove(gone.id)->removed, "asked for");
  EXPECT_EQ(verify(other.id, "text of https://a.org/2"), 0);
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(SealTest, CheckSeesWhatWasChangedUnderASeal) {
  Capture changed = store("https://a.org/1", 0);
  store("https://a.org/2", 0);
  ASSERT_EQ(*catalog->seal(at), 2u);
  Seal forged = catalog->archive().seals()->front();
  const std::string key = capture_key(replay_key(changed.url), changed.captured, changed.id);
  const std::string as_it_was = encode_capture(changed);
  changed.digest = sha256("text of https://a.org/2");
  change(Family::kCaptures, key, encode_capture(changed));
  EXPECT_THAT(faults(), testing::Contains(HasSubstr("under seal 1: is not as it was sealed")));
  EXPECT_FALSE(catalog->archive().prove(changed.id));
  change(Family::kCaptures, key, as_it_was);
  EXPECT_THAT(faults(), IsEmpty());
  forged.at += hours(1);
  change(Family::kSeals, seal_key(1), to_cbor(forged.to_json()));
  EXPECT_THAT(faults(), testing::Contains(HasSubstr("seal 1: its signature does not hold")));
}

TEST_F(SealTest, ACopyWithoutTheKeySealsWithoutASignature) {
  const Capture first = store("https://a.org/1", 0);
  ASSERT_EQ(*catalog->seal(at), 1u);
  catalog.reset();
  std::filesystem::remove(archive / "seal-key.pem");
  catalog = Catalog::open(archive, options_at(kStart)).value();
  const Capture second = store("https://a.org/2", 0);
  ASSERT_EQ(*catalog->seal(at), 1u);
  EXPECT_FALSE(std::filesystem::exists(archive / "seal-key.pem"));
  EXPECT_EQ(catalog->archive().seals()->back().signature, "");
  EXPECT_EQ(verify(first.id, "text of https://a.org/1"), 0);
  EXPECT_EQ(verify(second.id, "text of https://a.org/2"), 0);
  EXPECT_THAT(faults(), IsEmpty());
}

}  // namespace
}  // namespace vellum::storage
