#include "storage/commit/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "storage/rocks/database.h"

namespace vellum::storage {
namespace {

namespace fs = std::filesystem;
using rocks::Batch;
using rocks::Database;
using rocks::Family;

constexpr std::size_t kBatchBytes = std::size_t{8} << 20;
constexpr std::string_view kSequence = "sequence";  // Database::write keeps it

// Rows on their way from one database to the other.
class Copy {
 public:
  Copy(const Database& from, Database& to) : from_(from), to_(to) {}

  Result<void> run() {
    VELLUM_TRY(const std::uint64_t sequence, from_.sequence());
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Family::kCount); ++i) {
      VELLUM_CHECK(copy(static_cast<Family>(i)));
    }
    VELLUM_TRY(const std::uint64_t after, from_.sequence());
    if (after != sequence) return fail(ErrorKind::kTimeout, "the archive moved on while it was copied; try again");
    written_ = std::max(written_, sequence - std::min<std::uint64_t>(sequence, 1));  // numbers are never used twice
    VELLUM_CHECK(write());
    return to_.flush();
  }

 private:
  Result<void> copy(Family family) {
    Result<void> written;
    VELLUM_CHECK(from_.scan(family, {}, {}, [&](std::string_view key, std::string_view value) {
      if (family == Family::kMeta && key == kSequence) return true;
      batch_.put(family, std::string(key), std::string(value));
      if (batch_.bytes() >= kBatchBytes) written = write();
      return written.has_value();
    }));
    return written;
  }
  Result<void> write() { return to_.write(std::exchange(batch_, Batch()), ++written_); }

  const Database& from_;
  Database& to_;
  Batch batch_;
  std::uint64_t written_ = 0;
};

Result<void> check_place(const fs::path& to) {
  std::error_code error;
  if (!fs::exists(to, error) || (fs::is_directory(to, error) && fs::is_empty(to, error))) return {};
  return fail(ErrorKind::kInvalid, to.string() + " is there already; name a new folder");
}

Result<void> copy_rows(const fs::path& from, const fs::path& to) {
  VELLUM_TRY(const auto source, Database::open(from, rocks::Mode::kSecondary));
  if (!source->warnings().empty()) return fail(ErrorKind::kCorrupt, source->warnings().front());
  VELLUM_TRY(const auto target, Database::open(to, rocks::Mode::kCreate));
  VELLUM_CHECK(Copy(*source, *target).run());
  std::error_code error;
  fs::copy_file(from / "vellum.toml", to / "vellum.toml", error);
  if (error && fs::exists(from / "vellum.toml"))
    return fail(ErrorKind::kStorage, "cannot copy vellum.toml: " + error.message());
  return {};
}

Result<CheckReport> verify(const fs::path& copy) {
  VELLUM_TRY(const auto archive, Archive::open(copy));
  VELLUM_TRY(CheckReport report, archive->check(true));
  if (report.faults.empty()) return report;
  const Fault& first = report.faults.front();
  return fail(ErrorKind::kCorrupt, first.where + ": " + first.what + "; run `vellum check --read-data`");
}

Result<void> sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = file >= 0 && ::fsync(file) == 0;
  const int why = errno;
  if (file >= 0) ::close(file);
  if (is_synced) return {};
  return fail(ErrorKind::kStorage, "cannot sync " + folder.string(), why);
}

Result<void> give_name(const fs::path& made, const fs::path& to) {
  VELLUM_CHECK(sync_folder(made));
  std::error_code error;
  fs::remove(to, error);  // an empty folder
  fs::rename(made, to, error);
  if (error) return fail(ErrorKind::kStorage, "cannot make " + to.string() + ": " + error.message());
  return sync_folder(fs::absolute(to).lexically_normal().parent_path());
}

}  // namespace

Result<CheckReport> copy_archive(const fs::path& from, const fs::path& to) {
  VELLUM_CHECK(check_place(to));
  const fs::path place = (to.has_filename() ? to : to.parent_path());
  const fs::path made = place.string() + ".partial";
  std::error_code error;
  fs::remove_all(made, error);  // of a copy that did not come to its end
  auto copied = copy_rows(from, made);
  auto report = copied ? verify(made) : Result<CheckReport>(fail(copied.error()));
  if (report) copied = give_name(made, place);
  if (report && copied) return report;
  fs::remove_all(made, error);
  return report ? Result<CheckReport>(fail(copied.error())) : report;
}

}  // namespace vellum::storage
