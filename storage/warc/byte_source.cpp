#include "storage/warc/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace vellum::warc {
namespace {

class FileSource final : public ByteSource {
 public:
  FileSource(int file, std::uint64_t length, std::string name) : file_(file), left_(length), name_(std::move(name)) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override { ::close(file_); }

  Result<std::size_t> read(char* into, std::size_t room) override {
    room = static_cast<std::size_t>(std::min<std::uint64_t>(room, left_));
    if (room == 0) return std::size_t{0};
    ssize_t count = 0;
    do count = ::read(file_, into, room);
    while (count < 0 && errno == EINTR);
    if (count < 0) return fail(ErrorKind::kInvalid, "cannot read " + name_ + ": " + std::strerror(errno), errno);
    left_ -= static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
  }

 private:
  int file_;
  std::uint64_t left_;
  std::string name_;
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  Result<std::size_t> read(char* into, std::size_t room) override {
    const std::size_t count = std::min(room, bytes_.size());
    std::copy_n(bytes_.data(), count, into);
    bytes_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view bytes_;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& file, std::uint64_t offset,
                                              std::uint64_t length) {
  const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  const bool is_folder = handle >= 0 && ::fstat(handle, &status) == 0 && S_ISDIR(status.st_mode);
  const bool is_there = handle >= 0 && !is_folder;
  const bool is_placed = is_there && (offset == 0 || ::lseek(handle, static_cast<off_t>(offset), SEEK_SET) >= 0);
  if (is_placed) return std::make_unique<FileSource>(handle, length, file.string());
  const std::string why = is_folder ? "it is a folder" : std::strerror(errno);
  if (handle >= 0) ::close(handle);
  return fail(ErrorKind::kInvalid, "cannot read " + file.string() + ": " + why);
}

std::unique_ptr<ByteSource> over_bytes(std::string_view bytes) {
  return std::make_unique<MemorySource>(bytes);
}

}  // namespace vellum::warc
