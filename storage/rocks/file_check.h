// Every SST file of a database against what the MANIFEST says of it: that it is there, its size, and the checksum of
// all its bytes. Private to storage/rocks.

#pragma once

#include <rocksdb/metadata.h>

#include <filesystem>
#include <vector>

#include "storage/rocks/database.h"

namespace vellum::rocks {

// Of a database that nobody writes to. A reader leaves out without a word what it does not find, so this opens the
// database once more as RocksDB's own recovery would; files that are missing or cut are then named.
std::vector<FileFault> missing_files(const std::filesystem::path& db, rocksdb::Env& env);

// Reads the file whole. A file of an older archive has no checksum in the MANIFEST: then its blocks are verified.
rocksdb::Status verify_file(const rocksdb::LiveFileMetaData& file, rocksdb::Env& env);

}  // namespace vellum::rocks
