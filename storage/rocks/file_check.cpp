#include "storage/rocks/file_check.h"

#include <rocksdb/env.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/sst_file_reader.h>

namespace vellum::rocks {
namespace {

constexpr std::size_t kStep = std::size_t{1} << 20;

rocksdb::Status verify_blocks(const std::string& path, rocksdb::Env& env) {
  rocksdb::Options options;
  options.env = &env;
  rocksdb::SstFileReader reader(options);
  const rocksdb::Status opened = reader.Open(path);
  return opened.ok() ? reader.VerifyChecksum() : opened;
}

}  // namespace

rocksdb::Status verify_file(const rocksdb::LiveFileMetaData& file, rocksdb::Env& env) {
  const std::string path = file.db_path + file.name;
  const auto factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  const auto sum = factory->CreateFileChecksumGenerator({path, file.file_checksum_func_name});
  if (sum == nullptr || sum->Name() != file.file_checksum_func_name) return verify_blocks(path, env);
  std::unique_ptr<rocksdb::SequentialFile> bytes;
  rocksdb::Status status = env.NewSequentialFile(path, &bytes, rocksdb::EnvOptions());
  std::string buffer(kStep, '\0');
  while (status.ok()) {
    rocksdb::Slice step;
    status = bytes->Read(kStep, &step, buffer.data());
    if (!status.ok() || step.empty()) break;
    sum->Update(step.data(), step.size());
  }
  if (!status.ok()) return status;
  sum->Finalize();
  if (sum->GetChecksum() == file.file_checksum) return status;
  return rocksdb::Status::Corruption("its bytes do not have the checksum that the MANIFEST says");
}

}  // namespace vellum::rocks
