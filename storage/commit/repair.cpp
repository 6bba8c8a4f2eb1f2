#include "storage/commit/repair.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "storage/archive/archive_check.h"
#include "storage/commit/forget_again.h"
#include "storage/rocks/database.h"
#include "storage/rocks/folder_lock.h"
#include "storage/rocks/mark.h"

namespace vellum::storage {
namespace {

namespace fs = std::filesystem;
using rocks::Batch;
using rocks::Database;
using rocks::Family;

constexpr std::size_t kBatchBytes = std::size_t{8} << 20;

// Writes rows in batches.
class Rows {
 public:
  Rows(Database& database, std::uint64_t sequence) : database_(database), sequence_(sequence) {}
  Result<void> put(Family family, std::string_view key, std::string_view value) {
    batch_.put(family, std::string(key), std::string(value));
    return batch_.bytes() < kBatchBytes ? Result<void>() : flush();
  }
  void erase(Family family, std::string_view key) { batch_.erase(family, std::string(key)); }
  Result<void> flush() { return database_.write(std::exchange(batch_, Batch()), ++sequence_); }

 private:
  Database& database_;
  Batch batch_;
  std::uint64_t sequence_;
};

// First half: rows that read, and the backup's in the gaps between.
class Merge {
 public:
  Merge(const Database* damaged, const Database* backup, Rows& rows, RepairReport& report)
      : damaged_(damaged), backup_(backup), rows_(rows), report_(report) {}

  Result<void> run() {
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Family::kCount); ++i) {
      VELLUM_CHECK(merge(static_cast<Family>(i)));
    }
    return rows_.flush();
  }

 private:
  Result<void> merge(Family family) {
    if (damaged_ == nullptr) return take_from_backup(family, {}, {});
    std::string next;  // all before it is done
    for (;;) {
      VELLUM_TRY(const bool is_whole, copy_from(family, next));
      if (is_whole) return {};
      ++report_.gaps;
      if (family != Family::kPayloads && family != Family::kHeaders) ++report_.list_gaps;
      const std::string end = end_of_gap(family, next);
      VELLUM_CHECK(take_from_backup(family, next, end));
      if (end.empty()) return {};
      next = end;
    }
  }

  bool reads_at(Family family, const std::string& key) const {
    return damaged_->scan(family, key, {}, [](std::string_view, std::string_view) { return false; }).has_value();
  }

  // The first place behind `from` where the damaged archive reads again, found by halving, byte after byte; "" if it
  // does not. A row that does not read at `from` is in a block of some kilobytes, whose keys nobody knows.
  std::string end_of_gap(Family family, const std::string& from) const {
    constexpr std::size_t kFurther = 8;
    std::string end, inside;  // what starts with `inside` and is not behind `from` does not read
    while (inside.size() <= from.size() + kFurther) {
      const bool is_prefix = inside.size() < from.size() && from.starts_with(inside);
      int fails = is_prefix ? static_cast<unsigned char>(from[inside.size()]) : -1;
      int reads = 256;
      while (reads - fails > 1) {
        const int middle = fails + (reads - fails) / 2;
        (reads_at(family, inside + static_cast<char>(middle)) ? reads : fails) = middle;
      }
      if (reads < 256) end = inside + static_cast<char>(reads);
      if (fails < 0) break;
      inside.push_back(static_cast<char>(fails));
    }
    return end;
  }

  // False where a row does not read; `next` is behind the last one that did.
  Result<bool> copy_from(Family family, std::string& next) {
    Result<void> written;
    const auto read = damaged_->scan(family, std::string(next), {}, [&](std::string_view key, std::string_view value) {
      next.assign(key).push_back('\0');
      if (!is_kept_by_write(family, key)) written = rows_.put(family, key, value);
      return written.has_value();
    });
    VELLUM_CHECK(std::move(written));
    return read.has_value();
  }

  Result<void> take_from_backup(Family family, const std::string& from, const std::string& to) {
    Result<void> written;
    if (backup_ == nullptr) return {};
    VELLUM_CHECK(backup_->scan(family, from, to, [&](std::string_view key, std::string_view value) {
      if (is_kept_by_write(family, key)) return true;
      ++report_.rows;
      written = rows_.put(family, key, value);
      return written.has_value();
    }));
    return written;
  }

  static bool is_kept_by_write(Family family, std::string_view key) {
    return family == Family::kMeta && key == "sequence";
  }

  const Database* damaged_;
  const Database* backup_;  // may be null
  Rows& rows_;
  RepairReport& report_;
};

// Second half: what rows alone do not heal, since a payload may lie elsewhere in the backup.
class Heal {
 public:
  Heal(const Database& made, const Archive& backup, Rows& rows, RepairReport& report)
      : made_(made), reader_(made), backup_(backup), rows_(rows), report_(report) {}

  Result<void> run() {
    VELLUM_TRY(next_row_, last_id(made_, Family::kPayloads));
    VELLUM_TRY(taken_down_, digests_taken_down(made_));
    VELLUM_CHECK(made_.scan(Family::kDigests, {}, {}, [this](std::string_view key, std::string_view value) {
      done_ = heal_payload(key, value);
      return done_.has_value();
    }));
    VELLUM_CHECK(std::move(done_));
    VELLUM_CHECK(rows_.flush());  // what is lost is seen below
    VELLUM_CHECK(made_.scan(Family::kFeed, {}, {}, [this](std::string_view id, std::string_view key) {
      done_ = heal_headers(rocks::from_big_endian(id), key);
      return done_.has_value();
    }));
    VELLUM_CHECK(std::move(done_));
    for (const auto& [digest, refs] : lost_) VELLUM_CHECK(restore_payload(digest, refs));
    return rows_.flush();
  }

 private:
  // Of which not even the locator is left.
  Result<void> restore_payload(const Digest& digest, std::uint64_t refs) {
    const auto bytes = backup_.payload(digest);
    if (!bytes) return {};
    Locator locator;
    locator.bytes = bytes->size();
    locator.refs = refs;
    return put_payload(digest.view(), locator, *bytes);
  }

  Result<void> put_payload(std::string_view key, Locator& locator, std::string_view bytes) {
    const std::string frame = encode_alone(reader_.zstd(), bytes, kZstdOnlineLevel);
    locator.id = ++next_row_;
    locator.codec = static_cast<int>(frame.front());
    locator.base = locator.offset = 0;
    ++report_.payloads;
    VELLUM_CHECK(rows_.put(Family::kPayloads, id_key(locator.id), frame));
    VELLUM_CHECK(rows_.put(Family::kPlaces, pair_key(locator.id, 0), key));
    return rows_.put(Family::kDigests, key, locator.encode());
  }

  Result<void> heal_payload(std::string_view key, std::string_view value) {
    VELLUM_TRY(const Digest digest, Digest::from_bytes(key));
    auto locator = Locator::decode(value);
    if (!locator) return {};
    if (reader_.payload(digest, *locator)) return {};
    const bool came_back = taken_down_.contains(digest);  // another capture may have it: then it is lost
    const auto bytes = came_back ? Result<std::string>(std::string()) : backup_.payload(digest);
    if (!bytes) return {};
    rows_.erase(Family::kPlaces, pair_key(locator->id, locator->offset));
    if (came_back) rows_.erase(Family::kDigests, key);
    if (came_back) return {};
    return put_payload(key, *locator, *bytes);
  }

  Result<void> heal_headers(CaptureId id, std::string_view key) {
    VELLUM_TRY(const auto row, made_.find(Family::kCaptures, key));
    const auto capture = row ? decode_capture(*row) : Result<Capture>(fail(ErrorKind::kNotFound, ""));
    if (!capture) return {};  // for the check to name
    VELLUM_TRY(const auto locator, made_.find(Family::kDigests, capture->digest.view()));
    if (!locator) ++lost_[capture->digest];
    VELLUM_TRY(const auto value, made_.find(Family::kHeaders, id_key(id)));
    if (value && reader_.header_block(*value)) return {};
    const auto blocks = headers_of_same(*capture);
    if (!blocks) return {};
    ++report_.headers;
    return rows_.put(Family::kHeaders, id_key(id),
                     encode_alone(reader_.zstd(), header_block(*blocks), kZstdOnlineLevel));
  }

  Result<HeaderBlocks> headers_of_same(const Capture& capture) const {
    VELLUM_TRY(const Url url, Url::parse(capture.url));
    VELLUM_TRY(const std::vector<Capture> others, backup_.captures(url));
    for (const Capture& other : others) {
      const bool is_same =
          other.url == capture.url && other.captured == capture.captured && other.digest == capture.digest;
      if (is_same) return backup_.headers(other.id);
    }
    return fail(ErrorKind::kNotFound, "");
  }

  const Database& made_;
  PayloadReader reader_;
  const Archive& backup_;
  Rows& rows_;
  RepairReport& report_;
  std::uint64_t next_row_ = 0;
  std::set<Digest> taken_down_;
  std::map<Digest, std::uint64_t> lost_;  // payloads without a locator, and how many captures have them
  Result<void> done_;
};

Result<bool> has_row_at(const Database& made, Family family, const std::string& prefix) {
  bool any = false;
  VELLUM_CHECK(made.scan(family, prefix, rocks::prefix_end(prefix), [&](std::string_view, std::string_view) {
    any = true;
    return false;
  }));
  return any;
}

// Notes of rows that are gone, or lean on another row now.
Result<void> drop_stale_leans(const Database& made, Rows& rows) {
  Result<void> done;
  VELLUM_CHECK(made.scan(Family::kLeans, {}, {}, [&](std::string_view key, std::string_view) {
    const auto leaner = made.find(Family::kPayloads, key.substr(std::min<std::size_t>(8, key.size())));
    if (!leaner) done = fail(leaner.error());
    if (!leaner) return false;
    const auto frame = *leaner ? parse_frame(**leaner) : Result<Frame>(fail(ErrorKind::kNotFound, ""));
    if (!frame || frame->lean.row != rocks::from_big_endian(key)) rows.erase(Family::kLeans, key);
    return true;
  }));
  VELLUM_CHECK(std::move(done));
  return rows.flush();
}

// Rows of payloads that nothing names and nothing leans on: the backup's where a repack moved them since, and those
// whose payloads were healed elsewhere. True: there were some, and what they leaned on may be loose now.
Result<bool> drop_loose_rows(const Database& made, Rows& rows) {
  Result<void> done;
  bool any = false;
  VELLUM_CHECK(made.scan(Family::kPayloads, {}, {}, [&](std::string_view id, std::string_view) {
    const std::string key(id);
    const auto is_named = has_row_at(made, Family::kPlaces, key), is_leaned_on = has_row_at(made, Family::kLeans, key);
    if (!is_named || !is_leaned_on) done = fail(is_named ? is_leaned_on.error() : is_named.error());
    const bool is_loose = done && !*is_named && !*is_leaned_on;
    if (is_loose) rows.erase(Family::kPayloads, id);
    any = any || is_loose;
    return done.has_value();
  }));
  VELLUM_CHECK(std::move(done));
  VELLUM_CHECK(rows.flush());
  return any;
}

Result<void> drop_what_is_loose(const Database& made, Rows& rows) {
  for (bool any = true; any;) {
    VELLUM_CHECK(drop_stale_leans(made, rows));
    VELLUM_TRY(any, drop_loose_rows(made, rows));
  }
  return {};
}

// What the rows of the damaged archive held and the new one may lack: nothing refers to a capture that is gone from all
// lists, so the check of the new archive cannot name it. `copy`: the backup; null for WARC files.
std::optional<Fault> what_may_lack(const fs::path& archive, const Result<std::unique_ptr<Database>>& damaged,
                                   const Database* copy, const RepairReport& report) {
  std::string reason = report.list_gaps > 0 ? std::to_string(report.list_gaps) + " places did not read" : "";
  if (!damaged) reason = damaged.error().message;
  for (const std::string& warning : damaged ? (*damaged)->warnings() : std::vector<std::string>()) {
    if (!warning.starts_with("the mark")) reason = warning;
  }
  if (reason.empty()) return std::nullopt;
  if (copy == nullptr)
    return Fault{"archive", "captures may be missing, and only a backup can give their rows: " + reason};
  const std::uint64_t kept = copy->acknowledged();
  const auto mark = rocks::Mark::read(archive / "ACKNOWLEDGED");
  const std::uint64_t held = damaged ? (*damaged)->sequence().value_or(0) : 0;
  const std::uint64_t newest = std::max(mark.value_or(0), held);
  if (mark && newest <= kept) return std::nullopt;
  const std::string last = mark ? std::to_string(newest) : "one that the mark cannot tell";
  return Fault{"archive", fmt::format("what was written after the backup, batches {} to {}, may be missing: {}",
                                      kept + 1, last, reason)};
}

struct Sources {
  Result<std::unique_ptr<Database>> damaged;
  const Database* copy;  // gives rows for gaps; may be null
  const Archive& kept;   // gives payloads
};

Result<std::optional<Fault>> build(const fs::path& archive, const Sources& sources, const fs::path& made,
                                   RepairReport& report) {
  const auto& [damaged, copy, kept] = sources;
  if (!damaged && copy == nullptr) return fail(damaged.error());
  if (!damaged) ++report.gaps;  // nothing of it reads
  VELLUM_TRY(const auto target, Database::open(made, rocks::Mode::kCreate));
  // Sequences are never used twice: behind all that either of them, or the mark, says.
  std::uint64_t sequence = copy != nullptr ? copy->acknowledged() : 0;
  if (damaged) sequence = std::max(sequence, (*damaged)->acknowledged());
  if (damaged) sequence = std::max(sequence, (*damaged)->sequence().value_or(0));
  Rows rows(*target, sequence);
  VELLUM_CHECK(Merge(damaged ? damaged->get() : nullptr, copy, rows, report).run());
  VELLUM_CHECK(Heal(*target, kept, rows, report).run());
  VELLUM_CHECK(drop_what_is_loose(*target, rows));
  VELLUM_CHECK(forget_again(*target, {[&](Family family, std::string_view key, std::string_view value) {
                                        return rows.put(family, key, value);
                                      },
                                      [&](Family family, std::string_view key) { rows.erase(family, key); }}));
  VELLUM_CHECK(rows.flush());
  VELLUM_CHECK(recount(
      *target, [&](std::string_view key, std::string_view value) { return rows.put(Family::kMeta, key, value); }));
  VELLUM_CHECK(rows.flush());
  VELLUM_CHECK(target->flush());
  return what_may_lack(archive, damaged, copy, report);
}

Result<void> copy_other_files(const fs::path& archive, const fs::path& made) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(archive, error)) {
    const std::string name = entry.path().filename().string();
    if (name == "db" || name == "ACKNOWLEDGED" || name == "LOCK") continue;
    fs::copy(entry.path(), made / name, fs::copy_options::recursive, error);
    if (error) return fail(ErrorKind::kStorage, "cannot copy " + entry.path().string() + ": " + error.message());
  }
  if (error) return fail(ErrorKind::kStorage, "cannot read " + archive.string() + ": " + error.message());
  return {};
}

Result<void> change_places(const fs::path& archive, const fs::path& made) {
  if (::renameat2(AT_FDCWD, archive.c_str(), AT_FDCWD, made.c_str(), RENAME_EXCHANGE) == 0) return {};
  return fail(ErrorKind::kStorage, "cannot put the repaired archive in its place; it is in " + made.string(), errno);
}

Result<RepairReport> repair_from(const fs::path& folder, const Database* copy, const Archive& kept) {
  std::error_code error;
  const fs::path archive = fs::canonical(folder, error);
  if (error) return fail(ErrorKind::kNotFound, "no archive in " + folder.string());
  // Opened before the lock is taken: a reader takes whoever holds it for a living writer, and excuses what is missing.
  const Sources sources{Database::open(archive, rocks::Mode::kSecondary), copy, kept};
  VELLUM_TRY(const auto lock, rocks::FolderLock::take(archive / "LOCK"));
  RepairReport report;
  const fs::path made = archive.string() + ".repaired";
  fs::remove_all(made, error);  // of a repair that did not come to its end
  auto built = build(archive, sources, made, report);
  const auto copied = built ? copy_other_files(archive, made) : Result<void>(fail(built.error()));
  if (!copied) {
    fs::remove_all(made, error);
    return fail(copied.error());
  }
  {
    VELLUM_TRY(const auto archived, Archive::open(made));
    VELLUM_TRY(report.check, archived->check(true));
  }
  if (*built) report.check.faults.push_back(*std::move(*built));
  VELLUM_CHECK(change_places(archive, made));
  report.damaged = archive.string() + ".damaged";
  for (int i = 2; fs::exists(report.damaged, error); ++i)
    report.damaged = fmt::format("{}.damaged-{}", archive.string(), i);
  fs::rename(made, report.damaged, error);
  if (error) report.damaged = made;
  return report;
}

}  // namespace

Result<RepairReport> repair_archive(const fs::path& archive, const fs::path& backup) {
  VELLUM_TRY(const auto copy, Database::open(backup, rocks::Mode::kSecondary));
  if (!copy->warnings().empty()) return fail(ErrorKind::kCorrupt, "the backup: " + copy->warnings().front());
  VELLUM_TRY(const auto kept, Archive::open(backup));
  return repair_from(archive, copy.get(), *kept);
}

Result<RepairReport> repair_payloads(const fs::path& archive, const Archive& source) {
  return repair_from(archive, nullptr, source);
}

}  // namespace vellum::storage
