#include "storage/commit/rocks_catalog.h"

#include <algorithm>
#include <utility>

#include "storage/archive/work_rows.h"

namespace vellum::storage {

using rocks::Family;
using rocks::Transaction;

namespace {

// What counts against `max_pages`: a page that answered for itself. Redirects, throttles and server errors do not.
bool is_page(const Capture& capture) {
  const bool answered = capture.is_success() || capture.status == 404 || capture.status == 410;
  return capture.role == Role::kPage && answered;
}

// Fetched along for a page.
bool is_requisite(const Capture& capture) {
  return capture.role == Role::kRequisite || capture.role == Role::kFragment || capture.role == Role::kFile;
}

// What format 2 has more than format 1: where each payload lies, by row; articles by address. Format 3 has families
// more, which opening makes.
Result<void> upgrade(const rocks::Database& database, ArchiveWriter& writer, Transaction& group, std::uint64_t from) {
  group.put(Family::kMeta, kFormatKey, rocks::big_endian(rocks::kFormat));
  if (from >= 2) return {};
  Result<void> read;
  VELLUM_CHECK(database.scan(Family::kDigests, {}, {}, [&](std::string_view digest, std::string_view row) {
    const auto locator = Locator::decode(row);
    if (!locator) read = fail(locator.error());
    if (locator) group.put(Family::kPlaces, pair_key(locator->id, locator->offset), std::string(digest));
    return locator.has_value();
  }));
  VELLUM_CHECK(std::move(read));
  return writer.count_articles(group, database);
}

}  // namespace

Result<std::unique_ptr<Catalog>> Catalog::open(const std::filesystem::path& folder, const OpenOptions& options) {
  const auto mode = options.create ? rocks::Mode::kCreate : rocks::Mode::kReadWrite;
  VELLUM_TRY(auto database, rocks::Database::open(folder, mode, options.env));
  VELLUM_TRY(ArchiveWriter archive, ArchiveWriter::open(*database));
  VELLUM_TRY(auto frontier, FrontierState::load(*database));
  VELLUM_TRY(const std::uint64_t sequence, database->sequence());
  auto catalog =
      std::make_unique<RocksCatalog>(folder, std::move(database), std::move(archive), std::move(frontier), sequence);
  VELLUM_CHECK(catalog->begin(options));
  return std::unique_ptr<Catalog>(std::move(catalog));
}

RocksCatalog::RocksCatalog(std::filesystem::path folder, std::unique_ptr<rocks::Database> database,
                           ArchiveWriter archive, std::unique_ptr<FrontierState> frontier, std::uint64_t sequence)
    : folder_(std::move(folder)),
      database_(std::move(database)),
      reader_(*database_),
      encoder_(*database_, reader_),
      repacker_(*database_, reader_),
      archive_writer_(std::move(archive)),
      frontier_state_(std::move(frontier)),
      archive_(Archive::over(*database_)),
      writer_(*database_, sequence, [this](Transaction& group) { finish_batch(group); }),
      frontier_(*frontier_state_, writer_) {}

Result<void> RocksCatalog::begin(const OpenOptions& options) {
  VELLUM_TRY(const auto format, database_->find(Family::kMeta, kFormatKey));
  const std::uint64_t known = format ? rocks::from_big_endian(*format) : 0;
  VELLUM_CHECK(writer_.run([&](Transaction& group) -> Result<void> {
    if (known < rocks::kFormat) VELLUM_CHECK(upgrade(*database_, archive_writer_, group, known));
    return frontier_state_->recover(group, options.now + options.after_crash);
  }));
  VELLUM_CHECK(forget_takedown());
  return finish_takedown();
}

void RocksCatalog::close() {
  writer_.close();
  ignore(database_->flush(), "the WAL has it all; the next open writes it out");
}

void RocksCatalog::finish_batch(Transaction& group) {
  frontier_state_->put_touched(group);
  archive_writer_.put_counters(group);
}

Result<PreparedPayload> RocksCatalog::prepare(std::string_view payload, const PayloadHint& hint) const {
  return encoder_.prepare(payload, hint);
}

Result<RepackStep> RocksCatalog::repack() {
  constexpr int kTries = 3;  // a commit came between
  for (int i = 0; i < kTries; ++i) {
    VELLUM_TRY(const RepackUnit unit, repacker_.plan());
    bool is_done = false;
    VELLUM_CHECK(writer_.run([&](Transaction& group) -> Result<void> {
      const Counters before = archive_writer_.counters();
      auto done = unit.apply(group, archive_writer_.mutable_counters());
      if (!done) archive_writer_.restore(before);
      VELLUM_TRY(is_done, std::move(done));
      return {};
    }));
    if (!is_done) continue;
    RepackStep step{unit.pages, unit.payloads.size(), unit.raw_bytes, unit.unreadable, unit.cursor.empty()};
    moved_ += step.payloads;
    if (step.is_end && std::exchange(moved_, 0) != 0) VELLUM_CHECK(database_->compact(Family::kPayloads));
    return step;
  }
  return fail(ErrorKind::kTimeout, "repack: commits moved the same captures again and again; try later");
}

Task<CommitAck> RocksCatalog::commit(Commit commit) {
  return writer_.submit<CommitAck>([this, commit = std::move(commit)](Transaction& group) -> Result<CommitAck> {
    const Counters before = archive_writer_.counters();
    auto ack = apply(group, commit);
    if (!ack) archive_writer_.restore(before);
    return ack;
  });
}

// Everything that may refuse the commit stands before the first change of the frontier.
Result<CommitAck> RocksCatalog::apply(Transaction& group, const Commit& commit) {
  if (commit.lease) VELLUM_CHECK(frontier_state_->check(*commit.lease));
  VELLUM_CHECK(FrontierState::check(commit.outcomes, commit.lease));
  VELLUM_CHECK(FrontierState::check(commit.discovered));
  VELLUM_CHECK(FrontierState::check(commit.policy));
  Run run;
  if (commit.run != 0) {
    VELLUM_TRY(run, archive_writer_.find_run(group, commit.run));
  } else if (!commit.discovered.empty()) {
    return fail(ErrorKind::kInvalid, "discovered tasks need a run");
  }
  CommitAck ack;
  ack.sequence = group.sequence();
  const std::uint64_t before = archive_writer_.counters().last_capture;
  VELLUM_CHECK(apply_captures(group, commit, ack));
  for (const StoredArticle& article : commit.articles) VELLUM_CHECK(archive_writer_.add_article(group, article));
  for (const PageVisit& visit : commit.visits) VELLUM_CHECK(add_page_visit(group, visit));
  for (const Event& event : commit.events) archive_writer_.add_event(group, event);
  std::uint64_t failures = 0;
  for (const Outcome& outcome : commit.outcomes) {
    VELLUM_TRY(const bool settled, frontier_state_->settle(group, outcome));
    if (settled && outcome.state == TaskState::kFailed) ++failures;
  }
  VELLUM_TRY(ack.discovered_new, frontier_state_->add(group, commit.run, commit.discovered));
  for (const GroupUpdate& update : commit.policy) frontier_state_->update(group, update);
  if (commit.run != 0) count_in_run(group, std::move(run), before, ack, failures);
  return ack;
}

Result<void> RocksCatalog::apply_captures(Transaction& group, const Commit& commit, CommitAck& ack) {
  for (const NewCapture& fresh : commit.captures) {
    Capture capture = fresh.capture;
    VELLUM_CHECK(archive_writer_.add_capture(group, capture, fresh.payload, fresh.headers, fresh.wants_extraction));
    ack.captures.push_back(std::move(capture));
  }
  return {};
}

void RocksCatalog::count_in_run(Transaction& group, Run run, CaptureId counted, const CommitAck& ack,
                                std::uint64_t failures) {
  std::uint64_t pages = 0, requisites = 0;
  for (const Capture& capture : ack.captures) {
    if (capture.id <= counted) continue;  // stored by an earlier commit
    counted = capture.id;
    pages += is_page(capture) ? 1u : 0u;
    requisites += is_requisite(capture) ? 1u : 0u;
  }
  if (pages + requisites + failures == 0) return;
  run.pages += pages;
  run.requisites += requisites;
  run.failures += failures;
  archive_writer_.put_run(group, run);
}

Result<std::optional<Run>> RocksCatalog::unfinished_run(std::string_view crawl) const {
  VELLUM_TRY(const auto runs, archive_->runs());
  const auto found = std::find_if(runs.rbegin(), runs.rend(), [&](const Run& run) { return run.crawl == crawl; });
  if (found == runs.rend() || found->state != "running") return std::optional<Run>();
  return std::optional<Run>(*found);
}

Task<Run> RocksCatalog::start_run(std::string crawl, std::string config, Timestamp now) {
  return writer_.submit<Run>(
      [this, crawl = std::move(crawl), config = std::move(config), now](Transaction& group) -> Result<Run> {
        return archive_writer_.start_run(group, crawl, config, now);
      });
}

Result<std::vector<CaptureId>> RocksCatalog::pending_extractions() const {
  std::vector<CaptureId> ids;
  VELLUM_CHECK(database_->scan(Family::kPending, {}, {}, [&](std::string_view key, std::string_view) {
    ids.push_back(rocks::from_big_endian(key));
    return true;
  }));
  return ids;
}

}  // namespace vellum::storage
