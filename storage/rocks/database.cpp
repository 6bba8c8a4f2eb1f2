#include "storage/rocks/database.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/sst_file_reader.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <atomic>
#include <mutex>

#include "storage/rocks/batch.h"
#include "storage/rocks/folder_lock.h"
#include "storage/rocks/handle.h"
#include "storage/rocks/mark.h"
#include "storage/rocks/options.h"
#include "storage/rocks/status.h"

namespace vellum::rocks {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSequenceKey = "sequence";
constexpr std::string_view kFormatKey = "format";

fs::path mark_file(const fs::path& folder) {
  return folder / "ACKNOWLEDGED";
}
fs::path lock_file(const fs::path& folder) {
  return folder / "LOCK";
}
fs::path db_folder(const fs::path& folder) {
  return folder / "db";
}

bool has_database(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(db_folder(folder) / "CURRENT", ignored);
}

// A mark above 0 says that there was a database; a mark of 0 alone is an `init` that did not come to its end.
bool had_database(const fs::path& folder, rocksdb::Env& env) {
  const auto mark = Mark::read(env, mark_file(folder));
  return has_database(folder) || (mark && *mark > 0);
}

Result<void> check_is_archive(const fs::path& folder, rocksdb::Env& env) {
  if (has_database(folder)) return {};
  if (!had_database(folder, env)) {
    return fail(ErrorKind::kNotFound, "no archive in " + folder.string() + "; `vellum init` makes one");
  }
  return fail(ErrorKind::kCorrupt, "the database is missing: " + db_folder(folder).string());
}

Result<std::uint64_t> number_in_meta(const Handle& handle, std::string_view key) {
  std::string value;
  const auto status =
      handle.db().Get(read_options(), handle.family(Family::kMeta), rocksdb::Slice(key.data(), key.size()), &value);
  if (status.IsNotFound()) return std::uint64_t{0};
  VELLUM_CHECK(check(status, "cannot read the archive's " + std::string(key)));
  if (value.size() != 8) return fail(ErrorKind::kCorrupt, "the archive's " + std::string(key) + " is not a number");
  return from_big_endian(value);
}

Result<void> check_format(const Handle& handle) {
  VELLUM_TRY(const std::uint64_t format, number_in_meta(handle, kFormatKey));
  if (format <= kFormat) return {};
  return fail(ErrorKind::kInvalid,
              "archive has format " + std::to_string(format) + ", this program reads up to " + std::to_string(kFormat));
}

std::string lost_writes(std::uint64_t mark, std::uint64_t held) {
  return "archive lost acknowledged writes: the mark says batch " + std::to_string(mark) + ", the database holds " +
         std::to_string(held) + "; restore the WAL or run `vellum check`";
}

// All that can be known before the database is opened for writing, which would already change files.
Result<std::uint64_t> inspect(const fs::path& folder, rocksdb::Env& env) {
  VELLUM_TRY(const Handle handle, Handle::peek(db_folder(folder), &env));
  VELLUM_CHECK(check_format(handle));
  VELLUM_TRY(const std::uint64_t mark, Mark::read(env, mark_file(folder)));
  VELLUM_TRY(const std::uint64_t held, number_in_meta(handle, kSequenceKey));
  if (held < mark) return fail(ErrorKind::kCorrupt, lost_writes(mark, held));
  return mark;
}

Result<fs::path> make_scratch() {
  std::error_code error;
  fs::path base = fs::temp_directory_path(error);
  if (error) base = "/tmp";
  std::string name = (base / "vellum-secondary-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    return fail(ErrorKind::kStorage, "cannot make a temporary folder: " + name, errno);
  return fs::path(name);
}

rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace

struct Database::Impl {
  fs::path folder, scratch;
  Mode mode = Mode::kSecondary;
  rocksdb::Env* env = nullptr;
  FolderLock lock;  // released last
  Handle handle;
  Mark mark;
  std::atomic<std::uint64_t> acknowledged{0};
  std::optional<Error> failed;  // first failed write
  std::vector<std::string> warnings;
  bool salvaged = false;  // a secondary in name only: it cannot catch up

  ~Impl() {
    handle = Handle();
    std::error_code ignored;
    if (!scratch.empty()) fs::remove_all(scratch, ignored);
  }

  Result<void> open_for_writing(bool create);
  Result<void> open_as_secondary();
  void compare_with_mark();
  Result<void> scan(Family family, std::string from, const std::string& to, const Visit& visit,
                    std::string* reached) const;
};

Result<void> Database::Impl::open_for_writing(bool create) {
  if (create) {
    std::error_code error;
    fs::create_directories(db_folder(folder), error);
    if (error) return fail(ErrorKind::kStorage, "cannot make " + db_folder(folder).string() + ": " + error.message());
  } else {
    VELLUM_CHECK(check_is_archive(folder, *env));
  }
  VELLUM_TRY(lock, FolderLock::take(lock_file(folder)));
  if (create && has_database(folder))
    return fail(ErrorKind::kInvalid, "there is an archive already: " + folder.string());
  if (create) VELLUM_CHECK(Mark::create(*env, mark_file(folder)));
  std::uint64_t known = 0;
  if (!create) {
    VELLUM_TRY(known, inspect(folder, *env));
  }
  VELLUM_TRY(handle, Handle::open(db_folder(folder), mode, env, {}));
  VELLUM_TRY(mark, Mark::open(*env, mark_file(folder)));
  acknowledged = known;
  return {};
}

Result<void> Database::Impl::open_as_secondary() {
  VELLUM_CHECK(check_is_archive(folder, *env));
  VELLUM_TRY(scratch, make_scratch());
  auto opened = Handle::open(db_folder(folder), mode, env, scratch);
  for (int i = 0; i < 3 && !opened && FolderLock::is_held(lock_file(folder)); ++i) {  // files moved away under it
    opened = Handle::open(db_folder(folder), mode, env, scratch);
  }
  if (!opened && opened.error().kind == ErrorKind::kCorrupt) {
    warnings.push_back(opened.error().message + "; reading what is whole");
    opened = Handle::salvage(db_folder(folder), env);
    salvaged = opened.has_value();
  }
  if (!opened) return fail(std::move(opened).error());
  handle = *std::move(opened);
  VELLUM_CHECK(check_format(handle));
  compare_with_mark();
  return {};
}

// The mark is read first: what it says was written before it, so a healthy writer's database is never behind.
void Database::Impl::compare_with_mark() {
  Result<std::uint64_t> mark_found = 0, held = 0;
  for (int i = 0; i < 5; ++i) {
    mark_found = Mark::read(*env, mark_file(folder));
    if (!salvaged) handle.db().TryCatchUpWithPrimary().PermitUncheckedError();
    held = number_in_meta(handle, kSequenceKey);
    if (mark_found && held && *held >= *mark_found) break;
    if (!FolderLock::is_held(lock_file(folder))) break;
  }
  if (!mark_found) warnings.push_back(mark_found.error().message);
  if (!held) warnings.push_back(held.error().message);
  if (mark_found) acknowledged = *mark_found;
  if (mark_found && held && *held < *mark_found) warnings.push_back(lost_writes(*mark_found, *held));
}

Result<std::unique_ptr<Database>> Database::open(const fs::path& folder, Mode mode, rocksdb::Env* env) {
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  impl->mode = mode;
  impl->env = env != nullptr ? env : rocksdb::Env::Default();
  VELLUM_CHECK(mode == Mode::kSecondary ? impl->open_as_secondary() : impl->open_for_writing(mode == Mode::kCreate));
  return std::unique_ptr<Database>(new Database(std::move(impl)));
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Result<std::optional<std::string>> Database::find(Family family, std::string_view key) const {
  auto* handle = impl_->handle.family(family);
  if (handle == nullptr) return std::optional<std::string>();
  std::string value;
  auto status = impl_->handle.db().Get(read_options(), handle, slice(key), &value);
  if (!status.ok() && !status.IsNotFound() && is_secondary()) {  // a file moved away under it
    VELLUM_CHECK(catch_up());
    status = impl_->handle.db().Get(read_options(), handle, slice(key), &value);
  }
  if (status.IsNotFound()) return std::optional<std::string>();
  VELLUM_CHECK(check(status, "cannot read " + std::string(name_of(family))));
  return std::optional<std::string>(std::move(value));
}

Result<void> Database::Impl::scan(Family family, std::string from, const std::string& to, const Visit& visit,
                                  std::string* reached) const {
  auto options = read_options();
  const rocksdb::Slice upper = slice(to);
  if (!to.empty()) options.iterate_upper_bound = &upper;
  std::unique_ptr<rocksdb::Iterator> rows(handle.db().NewIterator(options, handle.family(family)));
  for (rows->Seek(from); rows->Valid(); rows->Next()) {
    reached->assign(rows->key().data(), rows->key().size());
    if (!visit(view(rows->key()), view(rows->value()))) return {};
  }
  return check(rows->status(), "cannot read " + std::string(name_of(family)));
}

Result<void> Database::scan(Family family, std::string_view from, std::string_view to, const Visit& visit) const {
  if (impl_->handle.family(family) == nullptr) return {};
  std::string reached;
  auto done = impl_->scan(family, std::string(from), std::string(to), visit, &reached);
  if (done || !is_secondary()) return done;
  VELLUM_CHECK(catch_up());
  const std::string again = reached.empty() ? std::string(from) : reached + '\0';
  return impl_->scan(family, again, std::string(to), visit, &reached);
}

Result<void> Database::scan_back(Family family, std::string_view from, std::string_view to, const Visit& visit) const {
  auto* handle = impl_->handle.family(family);
  if (handle == nullptr) return {};
  auto options = read_options();
  const rocksdb::Slice lower = slice(from);
  options.iterate_lower_bound = &lower;
  std::unique_ptr<rocksdb::Iterator> rows(impl_->handle.db().NewIterator(options, handle));
  if (to.empty()) {
    rows->SeekToLast();
  } else {
    rows->SeekForPrev(slice(to));
    if (rows->Valid() && view(rows->key()) == to) rows->Prev();
  }
  for (; rows->Valid(); rows->Prev()) {
    if (!visit(view(rows->key()), view(rows->value()))) return {};
  }
  return check(rows->status(), "cannot read " + std::string(name_of(family)));
}

namespace {

Result<void> add_step(rocksdb::WriteBatch& to, rocksdb::ColumnFamilyHandle* family, const Batch::Impl::Step& step) {
  switch (step.kind) {
    case Batch::Impl::Kind::kPut:
      return check(to.Put(family, step.key, step.value), "cannot batch a put");
    case Batch::Impl::Kind::kErase:
      return check(to.Delete(family, step.key), "cannot batch an erase");
    case Batch::Impl::Kind::kEraseRange:
      return check(to.DeleteRange(family, step.key, step.value), "cannot batch an erase");
  }
  return {};
}

}  // namespace

Result<void> Database::write(Batch batch, std::uint64_t sequence) {
  if (impl_->failed) return fail(*impl_->failed);
  if (is_secondary()) return fail(ErrorKind::kRefused, "this archive is open for reading only");
  constexpr std::size_t kProtectionBytes = 8;  // a checksum per entry on its way through memory
  rocksdb::WriteBatch steps(batch.bytes() + 4096, 0, kProtectionBytes, 0);
  for (const auto& step : batch.impl_->steps) VELLUM_CHECK(add_step(steps, impl_->handle.family(step.family), step));
  VELLUM_CHECK(check(steps.Put(impl_->handle.family(Family::kMeta), slice(kSequenceKey), big_endian(sequence)),
                     "cannot batch a put"));
  rocksdb::WriteOptions options;
  options.sync = true;
  auto written = check(impl_->handle.db().Write(options, &steps), "cannot write to the archive");
  if (written) written = impl_->mark.raise(sequence);
  if (!written) {
    impl_->failed = Error{ErrorKind::kStorage, written.error().message, written.error().code};
    return fail(*impl_->failed);
  }
  impl_->acknowledged = sequence;
  return {};
}

Result<std::uint64_t> Database::sequence() const {
  return number_in_meta(impl_->handle, kSequenceKey);
}
std::uint64_t Database::acknowledged() const {
  return impl_->acknowledged;
}
bool Database::is_secondary() const {
  return impl_->mode == Mode::kSecondary;
}
const std::vector<std::string>& Database::warnings() const {
  return impl_->warnings;
}

Result<void> Database::catch_up() const {
  if (!is_secondary() || impl_->salvaged) return {};
  auto status = impl_->handle.db().TryCatchUpWithPrimary();
  if (!status.ok()) status = impl_->handle.db().TryCatchUpWithPrimary();  // once more: a file moved away under it
  return check(status, "cannot catch up with the writer");
}

Result<std::vector<FileFault>> Database::verify_checksums() const {
  std::vector<rocksdb::LiveFileMetaData> files;
  impl_->handle.db().GetLiveFilesMetaData(&files);
  std::vector<FileFault> faults;
  rocksdb::Options options;
  options.env = impl_->env;
  for (const auto& file : files) {
    const std::string path = file.db_path + file.name;
    rocksdb::SstFileReader reader(options);
    rocksdb::Status status = reader.Open(path);
    if (status.ok()) status = reader.VerifyChecksum();
    const bool gone = !fs::exists(path);  // compacted away by the writer meanwhile
    if (!status.ok() && !(gone && FolderLock::is_held(lock_file(impl_->folder)))) {
      faults.push_back({fs::path(file.name).filename().string(), status.ToString()});
    }
  }
  return faults;
}

std::uint64_t Database::disk_bytes() const {
  std::uint64_t bytes = 0;
  std::error_code error;
  const auto count = [&](const fs::path& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) == 0) bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
  };
  count(impl_->folder);
  fs::recursive_directory_iterator entry(impl_->folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) count(entry->path());
  return bytes;
}

}  // namespace vellum::rocks
