#include "storage/rocks/database.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <sys/stat.h>

#include <atomic>

#include "storage/rocks/batch.h"
#include "storage/rocks/file_check.h"
#include "storage/rocks/folder.h"
#include "storage/rocks/folder_lock.h"
#include "storage/rocks/handle.h"
#include "storage/rocks/mark.h"
#include "storage/rocks/options.h"
#include "storage/rocks/secondary.h"
#include "storage/rocks/status.h"

namespace vellum::rocks {
namespace {

namespace fs = std::filesystem;

// All that can be known before the database is opened for writing, which would already change files.
Result<std::uint64_t> inspect(const fs::path& folder, rocksdb::Env& env) {
  VELLUM_TRY(const Handle handle, Handle::peek(db_folder(folder), &env));
  VELLUM_CHECK(check_format(handle));
  VELLUM_TRY(const std::uint64_t mark, Mark::read(env, mark_file(folder)));
  VELLUM_TRY(const std::uint64_t held, sequence_of(handle));
  if (held < mark) return fail(ErrorKind::kCorrupt, lost_writes(mark, held));
  return mark;
}

rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

Result<std::optional<std::string>> find_in(const Handle& handle, Family family, std::string_view key) {
  if (handle.family(family) == nullptr) return std::optional<std::string>();
  std::string value;
  const auto status = handle.db().Get(read_options(), handle.family(family), slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  VELLUM_CHECK(check(status, "cannot read " + std::string(name_of(family))));
  return std::optional<std::string>(std::move(value));
}

Result<std::vector<bool>> has_in(const Handle& handle, Family family, const std::vector<std::string_view>& keys) {
  std::vector<bool> has(keys.size(), false);
  if (keys.empty() || handle.family(family) == nullptr) return has;
  std::vector<rocksdb::Slice> slices;
  for (const std::string_view key : keys) slices.push_back(slice(key));
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> found(keys.size());
  constexpr bool kSorted = true;
  handle.db().MultiGet(read_options(), handle.family(family), slices.size(), slices.data(), values.data(), found.data(),
                       kSorted);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].IsNotFound()) VELLUM_CHECK(check(found[i], "cannot read " + std::string(name_of(family))));
    has[i] = found[i].ok();
  }
  return has;
}

// `reached` is the last key that was visited.
Result<void> scan_in(const Handle& handle, Family family, const std::string& from, const std::string& to,
                     const Database::Visit& visit, std::string& reached) {
  if (handle.family(family) == nullptr) return {};
  auto options = read_options();
  const rocksdb::Slice upper = slice(to);
  if (!to.empty()) options.iterate_upper_bound = &upper;
  std::unique_ptr<rocksdb::Iterator> rows(handle.db().NewIterator(options, handle.family(family)));
  for (rows->Seek(from); rows->Valid(); rows->Next()) {
    reached.assign(rows->key().data(), rows->key().size());
    if (!visit(view(rows->key()), view(rows->value()))) return {};
  }
  return check(rows->status(), "cannot read " + std::string(name_of(family)));
}

}  // namespace

struct Database::Impl {
  fs::path folder;
  rocksdb::Env* env = nullptr;
  FolderLock lock;                        // released last
  std::shared_ptr<const Handle> primary;  // one of these two
  std::unique_ptr<Secondary> secondary;
  Mark mark;
  std::atomic<std::uint64_t> acknowledged{0};
  std::optional<Error> failed;  // first failed write

  std::shared_ptr<const Handle> handle() const { return secondary != nullptr ? secondary->handle() : primary; }
  Result<void> open_for_writing(Mode mode);
};

Result<void> Database::Impl::open_for_writing(Mode mode) {
  const bool create = mode == Mode::kCreate;
  if (create) {
    std::error_code error;
    fs::create_directories(db_folder(folder), error);
    if (error) return fail(ErrorKind::kStorage, "cannot make " + db_folder(folder).string() + ": " + error.message());
  } else {
    VELLUM_CHECK(check_is_archive(folder, *env));
  }
  VELLUM_TRY(lock, FolderLock::take(lock_file(folder)));
  if (create && had_database(folder, *env))
    return fail(ErrorKind::kInvalid, "there is an archive already: " + folder.string());
  std::uint64_t known = 0;
  if (create) {
    VELLUM_CHECK(Mark::create(*env, mark_file(folder)));
  } else {
    VELLUM_TRY(known, inspect(folder, *env));
  }
  VELLUM_TRY(Handle opened, Handle::open(db_folder(folder), mode, env, {}));
  primary = std::make_shared<const Handle>(std::move(opened));
  VELLUM_TRY(mark, Mark::open(*env, mark_file(folder)));
  acknowledged = known;
  return {};
}

Result<std::unique_ptr<Database>> Database::open(const fs::path& folder, Mode mode, rocksdb::Env* env) {
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  impl->env = env != nullptr ? env : rocksdb::Env::Default();
  if (mode == Mode::kSecondary) {
    VELLUM_TRY(impl->secondary, Secondary::open(folder, *impl->env));
    impl->acknowledged = impl->secondary->mark();
  } else {
    VELLUM_CHECK(impl->open_for_writing(mode));
  }
  return std::unique_ptr<Database>(new Database(std::move(impl)));
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Result<std::optional<std::string>> Database::find(Family family, std::string_view key) const {
  auto found = find_in(*impl_->handle(), family, key);
  if (found || !is_secondary()) return found;
  VELLUM_CHECK(catch_up());  // a file moved away under it
  return find_in(*impl_->handle(), family, key);
}

Result<std::vector<bool>> Database::has(Family family, const std::vector<std::string_view>& keys) const {
  auto found = has_in(*impl_->handle(), family, keys);
  if (found || !is_secondary()) return found;
  VELLUM_CHECK(catch_up());
  return has_in(*impl_->handle(), family, keys);
}

Result<void> Database::scan(Family family, std::string_view from, std::string_view to, const Visit& visit) const {
  std::string reached;
  auto done = scan_in(*impl_->handle(), family, std::string(from), std::string(to), visit, reached);
  if (done || !is_secondary()) return done;
  VELLUM_CHECK(catch_up());
  const std::string again = reached.empty() ? std::string(from) : reached + '\0';
  return scan_in(*impl_->handle(), family, again, std::string(to), visit, reached);
}

Result<void> Database::scan_back(Family family, std::string_view from, std::string_view to, const Visit& visit) const {
  const auto handle = impl_->handle();
  if (handle->family(family) == nullptr) return {};
  auto options = read_options();
  const rocksdb::Slice lower = slice(from);
  if (!from.empty()) options.iterate_lower_bound = &lower;  // a bound without bytes is refused
  std::unique_ptr<rocksdb::Iterator> rows(handle->db().NewIterator(options, handle->family(family)));
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
  constexpr std::size_t kStepBytes = 16;       // of kind, family and lengths
  rocksdb::WriteBatch steps(batch.bytes() + batch.impl_->steps.size() * kStepBytes + 4096, 0, kProtectionBytes, 0);
  const Handle& handle = *impl_->primary;
  for (const auto& step : batch.impl_->steps) VELLUM_CHECK(add_step(steps, handle.family(step.family), step));
  VELLUM_CHECK(
      check(steps.Put(handle.family(Family::kMeta), slice(kSequenceKey), big_endian(sequence)), "cannot batch a put"));
  rocksdb::WriteOptions options;
  options.sync = true;
  auto written = check(handle.db().Write(options, &steps), "cannot write to the archive");
  if (written) written = impl_->mark.raise(sequence);
  if (!written) {
    impl_->failed = Error{ErrorKind::kStorage, written.error().message, written.error().code};
    return fail(*impl_->failed);
  }
  impl_->acknowledged = sequence;
  return {};
}

Result<std::uint64_t> Database::sequence() const {
  return sequence_of(*impl_->handle());
}
std::uint64_t Database::acknowledged() const {
  return impl_->acknowledged;
}
bool Database::is_secondary() const {
  return impl_->secondary != nullptr;
}

const std::vector<std::string>& Database::warnings() const {
  static const std::vector<std::string> kNone;
  return is_secondary() ? impl_->secondary->warnings() : kNone;
}

Result<void> Database::catch_up() const {
  if (!is_secondary()) return {};
  return impl_->secondary->catch_up();
}

Result<void> Database::flush() {
  if (is_secondary() || impl_->failed) return {};
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Family::kCount); ++i) {
    families.push_back(impl_->primary->family(static_cast<Family>(i)));
  }
  return check(impl_->primary->db().Flush(rocksdb::FlushOptions(), families), "cannot flush the archive");
}

Result<void> Database::compact(Family family, Compaction how) {
  if (is_secondary() || impl_->failed) return {};
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  if (how == Compaction::kWhole)
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  return check(impl_->primary->db().CompactRange(options, impl_->primary->family(family), nullptr, nullptr),
               "cannot compact the archive");
}

Result<std::vector<FileFault>> Database::verify_files() const {
  const auto has_writer = [this] { return FolderLock::is_held(lock_file(impl_->folder)); };
  std::vector<rocksdb::LiveFileMetaData> files;
  impl_->handle()->db().GetLiveFilesMetaData(&files);
  std::vector<FileFault> faults;
  for (const auto& file : files) {
    const rocksdb::Status status = verify_file(file, *impl_->env);
    const bool gone = !fs::exists(file.db_path + file.name);  // compacted away by the writer meanwhile
    if (!status.ok() && !(gone && has_writer())) {
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
