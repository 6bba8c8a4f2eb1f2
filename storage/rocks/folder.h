// Where things lie in an archive's folder, and what can be told from the outside. Private to storage/rocks.

#pragma once

#include <filesystem>
#include <string>

#include "storage/rocks/handle.h"

namespace vellum::rocks {

std::filesystem::path mark_file(const std::filesystem::path& folder);
std::filesystem::path lock_file(const std::filesystem::path& folder);
std::filesystem::path db_folder(const std::filesystem::path& folder);

// True if a database is there, or was: a mark above 0 says so; a mark of 0 alone is an `init` that did not come to its
// end.
bool had_database(const std::filesystem::path& folder, rocksdb::Env& env);
// kNotFound: there never was an archive. kCorrupt: its database is gone.
Result<void> check_is_archive(const std::filesystem::path& folder, rocksdb::Env& env);

// The row of kMeta that Database::write keeps, 0 if there is none yet.
Result<std::uint64_t> sequence_of(const Handle& handle);
inline constexpr std::string_view kSequenceKey = "sequence";
// kInvalid: a format newer than ours.
Result<void> check_format(const Handle& handle);

// "archive lost acknowledged writes: ..."
std::string lost_writes(std::uint64_t mark, std::uint64_t held);

}  // namespace vellum::rocks
