#include "storage/rocks/secondary.h"

#include <stdlib.h>

#include <algorithm>
#include <set>
#include <thread>

#include "storage/rocks/folder.h"
#include "storage/rocks/folder_lock.h"
#include "storage/rocks/mark.h"
#include "storage/rocks/status.h"

namespace vellum::rocks {
namespace {

namespace fs = std::filesystem;

constexpr int kLooks = 5;

Result<fs::path> make_scratch() {
  std::error_code error;
  fs::path base = fs::temp_directory_path(error);
  if (error) base = "/tmp";
  std::string name = (base / "vellum-secondary-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    return fail(ErrorKind::kStorage, "cannot make a temporary folder: " + name, errno);
  return fs::path(name);
}

std::set<std::string> wals_in(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".log") names.insert(entry->path().filename().string());
  }
  return names;
}

}  // namespace

Result<std::unique_ptr<Secondary>> Secondary::open(const fs::path& folder, rocksdb::Env& env) {
  VELLUM_CHECK(check_is_archive(folder, env));
  std::unique_ptr<Secondary> secondary(new Secondary(folder, env));
  VELLUM_CHECK(secondary->begin());
  return secondary;
}

Secondary::~Secondary() {
  handle_.reset();
  std::error_code ignored;
  if (!scratch_.empty()) fs::remove_all(scratch_, ignored);
}

bool Secondary::writer_lives() const {
  return FolderLock::is_held(lock_file(folder_));
}

Result<Handle> Secondary::open_handle() {
  const fs::path own = scratch_ / std::to_string(opened_++);
  auto opened = Handle::open(db_folder(folder_), Mode::kSecondary, &env_, own);
  for (int i = 0; i < kLooks && !opened && writer_lives(); ++i) {  // files moved away under it
    opened = Handle::open(db_folder(folder_), Mode::kSecondary, &env_, own);
  }
  return opened;
}

Result<void> Secondary::begin() {
  VELLUM_TRY(scratch_, make_scratch());
  auto opened = open_handle();
  if (!opened && opened.error().kind == ErrorKind::kCorrupt) {
    warnings_.push_back(opened.error().message + "; reading what is whole");
    opened = Handle::salvage(db_folder(folder_), &env_);
    salvaged_ = opened.has_value();
  }
  if (!opened) return fail(std::move(opened).error());
  warn_of_missing_files();
  handle_ = std::make_shared<const Handle>(*std::move(opened));
  VELLUM_CHECK(check_format(*handle_));
  auto caught_up = catch_up();
  if (!caught_up) warnings_.push_back(caught_up.error().message);
  damaged_ = !warnings_.empty();
  if (const auto mark = Mark::read(env_, mark_file(folder_))) mark_ = *mark;
  return {};
}

// A secondary passes over a file that is not there, or that does not open, with all others of its family: it takes it
// for one that the writer has just moved away.
void Secondary::warn_of_missing_files() {
  if (!warnings_.empty() || writer_lives()) return;
  const auto whole = Handle::inspect(db_folder(folder_), &env_);
  if (whole || writer_lives()) return;
  warnings_.push_back(whole.error().message + "; reading what is whole");
}

std::shared_ptr<const Handle> Secondary::handle() const {
  const std::lock_guard lock(mutex_);
  return handle_;
}

// The mark is read first: what it says was written before it, so a database that is whole is never behind. After a look
// during which no WAL vanished, what earlier WALs held has been found in the MANIFEST.
Result<Secondary::Standing> Secondary::look(const Handle& handle) const {
  VELLUM_TRY(const std::uint64_t mark, Mark::read(env_, mark_file(folder_)));
  Result<std::uint64_t> held = 0;
  for (int i = 0; i < kLooks; ++i) {
    const auto before = wals_in(db_folder(folder_));
    if (!salvaged_) VELLUM_CHECK(check(handle.db().TryCatchUpWithPrimary(), "cannot catch up with the writer"));
    const auto after = wals_in(db_folder(folder_));
    held = sequence_of(handle);
    VELLUM_CHECK(std::move(held));
    if (!std::includes(after.begin(), after.end(), before.begin(), before.end())) continue;
    return *held >= mark ? Standing::kWhole : Standing::kBehind;
  }
  return Standing::kBehind;
}

Result<void> Secondary::catch_up() {
  const std::lock_guard one(catching_up_);
  auto current = handle();
  for (int attempt = 0; attempt < kLooks; ++attempt) {
    const auto standing = look(*current);
    if (standing && *standing == Standing::kWhole) return {};
    if (damaged_ || salvaged_) return {};
    if (!standing && standing.error().kind == ErrorKind::kCorrupt) return fail(standing.error());
    if (attempt > 0 && !writer_lives()) break;  // opened anew, and nobody writes: it will not get better
    VELLUM_TRY(Handle fresh, open_handle());
    current = std::make_shared<const Handle>(std::move(fresh));
    const std::lock_guard lock(mutex_);
    handle_ = current;
  }
  if (writer_lives()) return {};  // very busy; the next call will see more
  VELLUM_TRY(const std::uint64_t mark, Mark::read(env_, mark_file(folder_)));
  VELLUM_TRY(const std::uint64_t held, sequence_of(*current));
  if (held < mark) return fail(ErrorKind::kCorrupt, lost_writes(mark, held));
  return {};
}

}  // namespace vellum::rocks
