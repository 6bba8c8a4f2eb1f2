// store_bench's figures of real pages. FOLDER has a sub-folder a page, its files are the captures in order of their
// names.

#pragma once

#include <filesystem>

namespace vellum::storage {

// Ingest, check and reads, online and repacked, of so many copies of every page, on hosts of their own: 16 for speeds,
// so that they are of seconds; 1 for sizes, since a repack finds copies alike.
int bench_pages(const std::filesystem::path& folder, unsigned copies);
// The curve of levels against size and speed, without a database.
int bench_levels(const std::filesystem::path& folder);

}  // namespace vellum::storage
