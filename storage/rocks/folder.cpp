#include "storage/rocks/folder.h"

#include "storage/rocks/mark.h"
#include "storage/rocks/options.h"
#include "storage/rocks/status.h"

namespace vellum::rocks {
namespace {

namespace fs = std::filesystem;

bool has_database(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(db_folder(folder) / "CURRENT", ignored);
}

Result<std::uint64_t> number_in_meta(const Handle& handle, std::string_view key) {
  auto* meta = handle.family(Family::kMeta);
  std::string value;
  const auto status = meta == nullptr
                          ? rocksdb::Status::NotFound()
                          : handle.db().Get(read_options(), meta, rocksdb::Slice(key.data(), key.size()), &value);
  if (status.IsNotFound()) return std::uint64_t{0};
  VELLUM_CHECK(check(status, "cannot read the archive's " + std::string(key)));
  if (value.size() != 8) return fail(ErrorKind::kCorrupt, "the archive's " + std::string(key) + " is not a number");
  return from_big_endian(value);
}

}  // namespace

fs::path mark_file(const fs::path& folder) {
  return folder / "ACKNOWLEDGED";
}
fs::path lock_file(const fs::path& folder) {
  return folder / "LOCK";
}
fs::path db_folder(const fs::path& folder) {
  return folder / "db";
}

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

Result<std::uint64_t> sequence_of(const Handle& handle) {
  return number_in_meta(handle, kSequenceKey);
}

Result<void> check_format(const Handle& handle) {
  VELLUM_TRY(const std::uint64_t format, number_in_meta(handle, "format"));
  if (format <= kFormat) return {};
  return fail(ErrorKind::kInvalid,
              "archive has format " + std::to_string(format) + ", this program reads up to " + std::to_string(kFormat));
}

std::string lost_writes(std::uint64_t mark, std::uint64_t held) {
  return "archive lost acknowledged writes: the mark says batch " + std::to_string(mark) + ", the database holds " +
         std::to_string(held) + "; restore the WAL or run `vellum check`";
}

}  // namespace vellum::rocks
