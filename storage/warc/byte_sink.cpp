#include "storage/warc/byte_sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vellum::warc {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;

class FileSink final : public ByteSink {
 public:
  FileSink(int file, std::filesystem::path name, std::filesystem::path temporary)
      : file_(file), name_(std::move(name)), temporary_(std::move(temporary)) {}
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;
  ~FileSink() override {
    if (file_ < 0) return;
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    if (file_ != STDOUT_FILENO) ::close(file_);
  }

  Result<void> write(std::string_view bytes) override {
    buffer_ += bytes;
    return buffer_.size() < kBufferBytes ? Result<void>() : flush();
  }

  Result<void> finish() override {
    VELLUM_CHECK(flush());
    const int file = std::exchange(file_, -1);
    if (temporary_.empty()) return {};
    bool is_safe = ::fsync(file) == 0;
    is_safe = ::close(file) == 0 && is_safe;
    is_safe = is_safe && ::rename(temporary_.c_str(), name_.c_str()) == 0;
    if (is_safe) return {};
    const int code = errno;
    ::unlink(temporary_.c_str());
    return failed(code);
  }

 private:
  Failure failed(int code) const {
    return fail(ErrorKind::kStorage, "cannot write " + name_.string() + ": " + std::strerror(code), code);
  }

  Result<void> flush() {
    std::string_view left = buffer_;
    while (!left.empty()) {
      const ssize_t count = ::write(file_, left.data(), left.size());
      if (count < 0 && errno != EINTR) return failed(errno);
      if (count > 0) left.remove_prefix(static_cast<std::size_t>(count));
    }
    buffer_.clear();
    return {};
  }

  int file_;
  std::filesystem::path name_, temporary_;
  std::string buffer_;
};

class Nothing final : public ByteSink {
 public:
  Result<void> write(std::string_view) override { return {}; }
  Result<void> finish() override { return {}; }
};

class Text final : public ByteSink {
 public:
  explicit Text(std::string& text) : text_(text) {}
  Result<void> write(std::string_view bytes) override {
    text_ += bytes;
    return {};
  }
  Result<void> finish() override { return {}; }

 private:
  std::string& text_;
};

}  // namespace

Result<std::unique_ptr<ByteSink>> create_file(const std::filesystem::path& file) {
  if (file == "-") return std::make_unique<FileSink>(STDOUT_FILENO, "standard output", std::filesystem::path());
  std::error_code ignored;  // a name that is nothing yet
  const bool is_device = std::filesystem::exists(file, ignored) && !std::filesystem::is_regular_file(file, ignored);
  const std::filesystem::path temporary =
      is_device ? std::filesystem::path() : std::filesystem::path(file.string() + ".part");
  const int handle =
      ::open(is_device ? file.c_str() : temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (handle >= 0) return std::make_unique<FileSink>(handle, file, temporary);
  return fail(ErrorKind::kInvalid, "cannot write " + file.string() + ": " + std::strerror(errno), errno);
}

std::unique_ptr<ByteSink> into_nothing() {
  return std::make_unique<Nothing>();
}

std::unique_ptr<ByteSink> into_text(std::string& text) {
  return std::make_unique<Text>(text);
}

}  // namespace vellum::warc
