// Works in an archive: what joins pages, what counts as change, what stays after reopening.

#include "storage/archive/works.h"

#include <gmock/gmock.h>

#include "tests/storage/support.h"

namespace vellum::storage::test {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const std::string kPubmed = "https://pubmed.example/1/", kPmc = "https://pmc.example/PMC1/",
                  kPublisher = "https://publisher.example/1";

class WorksTest : public testing::Test {
 protected:
  WorksTest() { open(true); }
  void open(bool create) {
    catalog.reset();
    auto opened = Catalog::open(folder / "archive", options_at(kStart, create));
    if (!opened) throw std::runtime_error(opened.error().message);
    catalog = *std::move(opened);
  }
  void visit(const std::string& url, std::vector<std::string> ids, RunId run, const std::string& title,
             const std::string& reader = "p 1", bool is_unmodified = false) {
    Commit changes;
    changes.visits.push_back(
        {url, kStart + hours(run), run, std::move(ids), reader, {{"heading", title}}, is_unmodified});
    const auto ack = await(catalog->commit(std::move(changes)));
    ASSERT_TRUE(ack) << ack.error().message;
  }
  Work work_of(const std::string& url) const {
    const auto work = catalog->archive().work_of(url);
    return work && *work ? **work : Work();
  }
  std::vector<std::string> outcomes(const std::string& url) const {
    std::vector<std::string> names;
    for (const WorkVisit& visit : work_of(url).visits) names.emplace_back(name_of(visit.outcome));
    return names;
  }
  std::vector<std::string> pages(const std::string& url) const {
    std::vector<std::string> urls;
    for (const WorkPage& page : work_of(url).pages) urls.push_back(page.url);
    return urls;
  }
  TempDir folder;
  std::unique_ptr<Catalog> catalog;
};

TEST_F(WorksTest, AHistoryIsThereAfterReopening) {
  visit(kPubmed, {"pmid:1"}, 1, "a");
  visit(kPubmed, {"pmid:1"}, 2, "a");
  visit(kPubmed, {"pmid:1"}, 3, "b");
  open(false);
  EXPECT_THAT(outcomes(kPubmed), ElementsAre("first", "unchanged", "changed"));
  const Work work = work_of(kPubmed);
  EXPECT_EQ(work.visit_count, 3u);
  EXPECT_EQ(work.change_count, 1u);
  EXPECT_EQ(work.changed, kStart + hours(3));
  EXPECT_THAT(work.last_parts, ElementsAre("heading"));
  EXPECT_THAT(catalog->archive().check(true)->faults, IsEmpty());
  EXPECT_EQ(work_of("https://elsewhere.example/").id, 0u);
}

TEST_F(WorksTest, IdsJoinPagesAndARecordWithTwoOfThemJoinsWorks) {
  visit(kPubmed, {"pmid:1"}, 1, "abstract");
  visit(kPublisher, {"doi:10.1/x"}, 1, "full text");
  EXPECT_NE(work_of(kPubmed).id, work_of(kPublisher).id);
  visit(kPmc, {"pmid:1", "pmcid:PMC1", "doi:10.1/x"}, 1, "full text too");
  EXPECT_THAT(pages(kPubmed), UnorderedElementsAre(kPubmed, kPublisher, kPmc));
  EXPECT_EQ(work_of(kPubmed).id, work_of(kPmc).id);
  EXPECT_EQ(work_of(kPubmed).id, work_of(kPublisher).id);
  EXPECT_THAT(work_of(kPmc).ids, UnorderedElementsAre("pmid:1", "pmcid:PMC1", "doi:10.1/x"));
  EXPECT_THAT(outcomes(kPmc), ElementsAre("first"));
  EXPECT_THAT(catalog->archive().check(true)->faults, IsEmpty());
}

TEST_F(WorksTest, PagesAreComparedWithThemselvesAndARunIsOneVisitToTheWork) {
  for (RunId run : {1u, 2u}) {
    visit(kPubmed, {"pmid:1"}, run, "abstract");
    visit(kPmc, {"pmid:1"}, run, run == 1 ? "full text" : "full text, corrected");
  }
  EXPECT_THAT(outcomes(kPubmed), ElementsAre("first", "changed"));
  EXPECT_EQ(work_of(kPubmed).visit_count, 2u);
  EXPECT_EQ(work_of(kPubmed).change_count, 1u);
}

TEST_F(WorksTest, AnotherReaderIsNoChangeAndAnUnmodifiedPageIsUnchangedWhoeverReadsIt) {
  visit(kPubmed, {"pmid:1"}, 1, "a", "p 1");
  visit(kPubmed, {"pmid:1"}, 2, "read otherwise", "p 2");
  visit(kPubmed, {"pmid:1"}, 3, "read otherwise again", "p 3", true);
  EXPECT_THAT(outcomes(kPubmed), ElementsAre("first", "first", "unchanged"));
}

TEST_F(WorksTest, ANoticeIsSaidToBeOne) {
  visit(kPubmed, {"pmid:1"}, 1, "a");
  Commit changes;
  changes.visits.push_back(
      {kPubmed, kStart + hours(2), 2, {"pmid:1"}, "p 1", {{"heading", "a"}, {"notices", "n"}}, false});
  ASSERT_TRUE(await(catalog->commit(std::move(changes))));
  EXPECT_THAT(outcomes(kPubmed), ElementsAre("first", "noticed"));
}

TEST_F(WorksTest, AnAddressThatShowsAnotherWorkLeavesItsOldOne) {
  const std::string latest = "https://journal.example/latest";
  visit(kPmc, {"doi:10.1/a"}, 1, "a");
  visit(latest, {"doi:10.1/a"}, 1, "a");
  visit(latest, {"doi:10.1/b"}, 2, "b");
  EXPECT_THAT(pages(kPmc), ElementsAre(kPmc));
  EXPECT_THAT(pages(latest), ElementsAre(latest));
  EXPECT_THAT(outcomes(latest), ElementsAre("first"));
  EXPECT_THAT(catalog->archive().check(true)->faults, IsEmpty());
}

TEST_F(WorksTest, TheSameVisitTwiceIsOneAndOldVisitsAreForgottenNotTheirNumber) {
  visit(kPubmed, {}, 1, "a");
  visit(kPubmed, {}, 1, "a");
  EXPECT_EQ(work_of(kPubmed).visit_count, 1u);
  for (RunId run = 2; run <= kMostVisits + 5; ++run) visit(kPubmed, {}, run, "a");
  EXPECT_THAT(work_of(kPubmed).visits, SizeIs(kMostVisits));
  EXPECT_EQ(work_of(kPubmed).visit_count, kMostVisits + 5);
}

TEST_F(WorksTest, APageThatClaimsEveryIdMakesNoWorkOfThemAll) {
  for (std::size_t i = 0; i < kMostIds + 10; ++i)
    visit("https://a.example/" + std::to_string(i), {"pmid:" + std::to_string(i)}, 1, "a");
  std::vector<std::string> all;
  for (std::size_t i = 0; i < kMostIds + 10; ++i) all.push_back("pmid:" + std::to_string(i));
  visit("https://greedy.example/", all, 1, "g");
  EXPECT_LE(work_of("https://greedy.example/").pages.size(), kMostPages);
  EXPECT_LE(work_of("https://greedy.example/").ids.size(), kMostIds);
  EXPECT_THAT(catalog->archive().check(true)->faults, IsEmpty());
}

}  // namespace
}  // namespace vellum::storage::test
