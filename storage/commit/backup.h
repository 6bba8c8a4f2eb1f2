// Copies of whole archives: `vellum backup` and `vellum restore`.
//
// A copy is an archive like any other, made row by row from what a reader beside the writer sees at one moment, so a
// crawl may go on meanwhile. It is made in a folder beside its place, every payload of it is rebuilt and hashed, and
// only then does it get its name: a folder of that name is a whole copy, whatever happens on the way.
//
// Threads: any; blocks.

#pragma once

#include <filesystem>

#include "storage/archive/archive.h"

namespace vellum::storage {

// kInvalid: `to` is there already and not an empty folder. kCorrupt: `from` has warnings, or a payload of the copy does
// not rebuild (names the first fault); nothing is left at `to` then. kNotFound: no archive at `from`.
Result<CheckReport> copy_archive(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace vellum::storage
