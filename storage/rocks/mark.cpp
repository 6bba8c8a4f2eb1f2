#include "storage/rocks/mark.h"

#include <fmt/format.h>
#include <rocksdb/env.h>

#include <charconv>

#include "base/digest.h"
#include "storage/rocks/status.h"

namespace vellum::rocks {
namespace {

constexpr std::string_view kPrefix = "vellum acknowledged ";
constexpr std::size_t kDigits = 20, kSum = 16;
constexpr std::size_t kLength = kPrefix.size() + kDigits + 1 + kSum + 1;

std::string sum_of(std::string_view text) {
  return to_hex(sha256(text).view().substr(0, kSum / 2));
}

}  // namespace

Mark::Mark() = default;
Mark::~Mark() = default;
Mark::Mark(Mark&&) noexcept = default;
Mark& Mark::operator=(Mark&&) noexcept = default;

std::string Mark::encode(std::uint64_t sequence) {
  const std::string text = fmt::format("{}{:020}", kPrefix, sequence);
  return fmt::format("{} {}\n", text, sum_of(text));
}

Result<std::uint64_t> Mark::decode(std::string_view text) {
  std::uint64_t sequence = 0;
  if (text.size() == kLength && text.starts_with(kPrefix)) {
    const char* digits = text.data() + kPrefix.size();
    const auto read = std::from_chars(digits, digits + kDigits, sequence);
    if (read.ec == std::errc() && read.ptr == digits + kDigits && encode(sequence) == text) return sequence;
  }
  return fail(ErrorKind::kCorrupt, "the mark of acknowledged writes is damaged");
}

Result<std::uint64_t> Mark::read(rocksdb::Env& env, const std::filesystem::path& file) {
  std::string text;
  const auto status = rocksdb::ReadFileToString(&env, file.string(), &text);
  if (status.IsNotFound() || status.IsPathNotFound()) {
    return fail(ErrorKind::kCorrupt, "the mark of acknowledged writes is missing: " + file.string());
  }
  VELLUM_CHECK(check(status, "cannot read " + file.string()));
  auto sequence = decode(text);
  if (!sequence) return fail(sequence.error().kind, sequence.error().message + ": " + file.string());
  return sequence;
}

Result<std::uint64_t> Mark::read(const std::filesystem::path& file) {
  return read(*rocksdb::Env::Default(), file);
}

Result<void> Mark::create(rocksdb::Env& env, const std::filesystem::path& file) {
  const std::string fresh = file.string() + ".new";
  VELLUM_CHECK(check(rocksdb::WriteStringToFile(&env, encode(0), fresh, true), "cannot write " + fresh));
  VELLUM_CHECK(check(env.RenameFile(fresh, file.string()), "cannot name " + file.string()));
  std::unique_ptr<rocksdb::Directory> folder;
  VELLUM_CHECK(
      check(env.NewDirectory(file.parent_path().string(), &folder), "cannot open the folder of " + file.string()));
  return check(folder->Fsync(), "cannot sync the folder of " + file.string());
}

Result<Mark> Mark::open(rocksdb::Env& env, const std::filesystem::path& file) {
  Mark mark;
  VELLUM_CHECK(
      check(env.NewRandomRWFile(file.string(), &mark.file_, rocksdb::EnvOptions()), "cannot open " + file.string()));
  return mark;
}

Result<void> Mark::raise(std::uint64_t sequence) {
  VELLUM_CHECK(check(file_->Write(0, encode(sequence)), "cannot write the mark of acknowledged writes"));
  return check(file_->Sync(), "cannot sync the mark of acknowledged writes");
}

}  // namespace vellum::rocks
