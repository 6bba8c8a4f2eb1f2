// An SST file against what the MANIFEST says of it: the checksum of all its bytes. Private to storage/rocks.

#pragma once

#include <rocksdb/env.h>
#include <rocksdb/metadata.h>

namespace vellum::rocks {

// Reads the file whole. A file of an older archive has no checksum in the MANIFEST: then its blocks are verified.
rocksdb::Status verify_file(const rocksdb::LiveFileMetaData& file, rocksdb::Env& env);

}  // namespace vellum::rocks
