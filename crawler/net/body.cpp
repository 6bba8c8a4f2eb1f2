#include "crawler/net/body.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>

namespace vellum::net {
namespace {

Failure storage_failure(const std::string& doing) {
  const int code = errno;
  return fail(ErrorKind::kStorage, doing + ": " + std::generic_category().message(code), code);
}

// A file without a name. Between mkostemp and unlink a crash could leave it behind; that window holds no other call.
Result<int> open_unlinked_file() {
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  if (error) return fail(ErrorKind::kStorage, "no folder for temporary files: " + error.message(), error.value());
  std::string path = (folder / "vellum-body-XXXXXX").string();
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return storage_failure("cannot make temporary file in " + folder.string());
  ::unlink(path.c_str());
  return fd;
}

}  // namespace

struct Body::Spill {
  explicit Spill(int f) : fd(f) {}
  ~Spill() {
    unmap();
    ::close(fd);
  }
  Spill(const Spill&) = delete;
  Spill& operator=(const Spill&) = delete;

  // At an offset of our own, so that a failed write leaves no trace for the next one.
  Result<void> write(std::string_view bytes, std::uint64_t at) const {
    while (!bytes.empty()) {
      const ssize_t done = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return storage_failure("cannot write temporary file");
      bytes.remove_prefix(static_cast<std::size_t>(done));
      at += static_cast<std::uint64_t>(done);
    }
    return {};
  }

  Result<std::string_view> view(std::size_t size) {
    const std::lock_guard guard(lock);
    if (mapped_bytes != size) {
      unmap();
      void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
      if (at == MAP_FAILED) return storage_failure("cannot map temporary file");
      map = at;
      mapped_bytes = size;
    }
    return std::string_view(static_cast<const char*>(map), size);
  }

  void unmap() {
    if (map != nullptr) ::munmap(map, mapped_bytes);
    map = nullptr;
    mapped_bytes = 0;
  }

  const int fd;
  std::mutex lock;  // readers on several threads may be the first to look
  void* map = nullptr;
  std::size_t mapped_bytes = 0;
};

Body::Body() = default;
Body::Body(std::string bytes) : memory_(std::make_unique<std::string>(std::move(bytes))), size_(memory_->size()) {}
Body::~Body() = default;

Body::Body(Body&& other) noexcept
    : memory_(std::move(other.memory_)), size_(std::exchange(other.size_, 0)), spill_(std::move(other.spill_)) {}

Body& Body::operator=(Body&& other) noexcept {
  memory_ = std::move(other.memory_);
  size_ = std::exchange(other.size_, 0);
  spill_ = std::move(other.spill_);
  return *this;
}

Result<void> Body::append(std::string_view bytes) {
  if (spill_ == nullptr && size_ + bytes.size() <= kMemoryBytes) {
    if (memory_ == nullptr) memory_ = std::make_unique<std::string>();
    memory_->append(bytes);
    size_ += bytes.size();
    return {};
  }
  if (spill_ == nullptr) {
    VELLUM_TRY(const int fd, open_unlinked_file());
    auto spill = std::make_unique<Spill>(fd);
    if (memory_ != nullptr) VELLUM_CHECK(spill->write(*memory_, 0));
    VELLUM_CHECK(spill->write(bytes, size_));
    spill_ = std::move(spill);
    memory_.reset();
  } else {
    VELLUM_CHECK(spill_->write(bytes, size_));
  }
  size_ += bytes.size();
  return {};
}

Result<std::string_view> Body::view() const {
  if (spill_ != nullptr) return spill_->view(static_cast<std::size_t>(size_));
  return memory_ == nullptr ? std::string_view() : std::string_view(*memory_);
}

}  // namespace vellum::net
