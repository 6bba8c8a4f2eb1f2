#include "storage/rocks/options.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>

#include <string>

namespace vellum::rocks {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

// Does not write a file: RocksDB's LOG says nothing that our errors do not, and a reader must leave no trace.
class SilentLogger final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::BlockBasedTableOptions table_options(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 * 1024;  // records of one URL lie together and compress together
  table.format_version = 5;
  // Index and filter blocks count against the cache, so that memory does not grow with the archive.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.pin_top_level_index_and_filter = true;
  table.checksum = rocksdb::kXXH3;
  return table;
}

// Families that are asked for keys which are often not there.
bool wants_filter(Family family) {
  return family == Family::kDigests || family == Family::kSeen || family == Family::kKnown;
}

// zstd where nothing speaks against it; ldd shows both linked into Debian's librocksdb.
rocksdb::CompressionType compression_of(Family family) {
  switch (family) {
    case Family::kPayloads:
      return rocksdb::kNoCompression;  // frames are zstd already
    case Family::kSeen:
    case Family::kQueue:
      return rocksdb::kLZ4Compression;  // rows move down the levels all the time while a crawl grows
    default:
      return rocksdb::kZSTD;
  }
}

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  auto table = table_options(cache);
  if (wants_filter(family)) {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    // In parts: a whole filter of 2 MiB does not fit a shard of the cache and would be read anew for every look-up.
    table.partition_filters = true;
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    options.memtable_prefix_bloom_size_ratio = 0.1;
    options.memtable_whole_key_filtering = true;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = compression_of(family);
  // Most of a long queue lies in the last level, where rows come to rest; above it they are rewritten again and again.
  if (family == Family::kQueue) options.bottommost_compression = rocksdb::kZSTD;
  options.write_buffer_size = 16 * kMiB;  // a shallow skip list takes rows faster than what larger files save later
  options.level_compaction_dynamic_level_bytes = true;
  options.paranoid_file_checks = true;  // reads each new SST back: a bad write is found while its source still exists
  options.memtable_protection_bytes_per_key = 8;
  // The head of a queue is a field of tombstones: compact a file that holds many of them, so that seeks stay short.
  if (family == Family::kQueue) {
    options.table_properties_collector_factories.push_back(rocksdb::NewCompactOnDeletionCollectorFactory(4096, 1024));
  }
  return options;
}

}  // namespace

rocksdb::DBOptions database_options(Mode mode, rocksdb::Env* env) {
  rocksdb::DBOptions options;
  if (env != nullptr) options.env = env;
  options.create_if_missing = mode == Mode::kCreate;
  options.create_missing_column_families = mode != Mode::kSecondary;  // an older format may lack some
  options.info_log = std::make_shared<SilentLogger>();
  // The default mode opens happily with half of the acknowledged keys after a flipped bit in mid-WAL; this one refuses.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.paranoid_checks = true;
  // Block checksums leave out parts of an SST file; with this the MANIFEST keeps one of all its bytes.
  options.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  options.atomic_flush = false;              // the WAL is always on, so families need not be flushed together
  options.db_write_buffer_size = 48 * kMiB;  // of all families together
  options.max_total_wal_size = 96 * kMiB;    // bounds the replay at open
  options.max_background_jobs = 2;
  // A secondary must keep every file open: the writer may delete it. The writer itself must not grow with the archive.
  options.max_open_files = mode == Mode::kSecondary ? -1 : 1024;
  options.allow_mmap_reads = false;  // 7.8.3 hands out corrupt blocks that way
  options.stats_dump_period_sec = 0;
  options.skip_stats_update_on_db_open = true;
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors() {
  constexpr int kCacheShardBits = 2;  // few and large shards: filters and index blocks must fit
  const auto cache = rocksdb::NewLRUCache(48 * kMiB, kCacheShardBits);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Family::kCount); ++i) {
    const auto family = static_cast<Family>(i);
    descriptors.emplace_back(std::string(name_of(family)), family_options(family, cache));
  }
  return descriptors;
}

rocksdb::ReadOptions read_options() {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  return options;
}

}  // namespace vellum::rocks
