// Every RocksDB option that Vellum sets, with its reason in options.cpp. Private to storage/rocks.

#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <vector>

#include "storage/rocks/database.h"

namespace vellum::rocks {

rocksdb::DBOptions database_options(Mode mode, rocksdb::Env* env);
// The default family, which stays empty, and then one for each Family in order.
std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors();
rocksdb::ReadOptions read_options();

}  // namespace vellum::rocks
