#include "storage/warc/zip.h"

#include <minizip/unzip.h>
#include <minizip/zip.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace vellum::warc {

namespace {

// Each entry may outgrow 4 GiB, so its local header has a ZIP64 field. ReplayWeb.page takes a local header for bare
// where the directory's entry has no extra field, and would read that field as content; with one here, an extended
// timestamp of 1980-01-01, it looks.
constexpr std::array<unsigned char, 9> kDirectoryExtra = {0x55, 0x54, 5, 0, 1, 0x00, 0xa6, 0xce, 0x12};

}  // namespace

struct ZipWriter::Impl {
  zipFile file = nullptr;
  std::filesystem::path name, temporary;
  Entry entry;
  std::unique_ptr<Sha256> hasher;
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (file == nullptr) return;
    zipClose(file, nullptr);
    std::error_code ignored;  // nothing more can be done about it
    std::filesystem::remove(temporary, ignored);
  }
  Failure failed() const { return fail(ErrorKind::kStorage, "cannot write " + name.string()); }
};

ZipWriter::ZipWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipWriter::~ZipWriter() = default;
ZipWriter::ZipWriter(ZipWriter&&) noexcept = default;
ZipWriter& ZipWriter::operator=(ZipWriter&&) noexcept = default;

Result<ZipWriter> ZipWriter::create(const std::filesystem::path& file) {
  auto impl = std::make_unique<Impl>();
  impl->name = file;
  impl->temporary = file.string() + ".part";
  impl->file = zipOpen64(impl->temporary.c_str(), APPEND_STATUS_CREATE);
  if (impl->file == nullptr) return fail(ErrorKind::kInvalid, "cannot write " + file.string());
  return ZipWriter(std::move(impl));
}

Result<void> ZipWriter::begin(const std::string& name, bool compressed) {
  zip_fileinfo info{};
  info.dosDate = 0x21u << 16;  // 1980-01-01: times of entries say nothing
  const int method = compressed ? Z_DEFLATED : 0;
  const int code = zipOpenNewFileInZip64(impl_->file, name.c_str(), &info, nullptr, 0, kDirectoryExtra.data(),
                                         kDirectoryExtra.size(), nullptr, method, 6, 1);
  if (code != ZIP_OK) return impl_->failed();
  impl_->entry = {name, 0, {}};
  impl_->hasher = std::make_unique<Sha256>();
  return {};
}

Result<void> ZipWriter::write(std::string_view bytes) {
  impl_->hasher->update(bytes);
  impl_->entry.bytes += bytes.size();
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), 1u << 30);
    if (zipWriteInFileInZip(impl_->file, bytes.data(), static_cast<unsigned>(count)) != ZIP_OK) return impl_->failed();
    bytes.remove_prefix(count);
  }
  return {};
}

Result<ZipWriter::Entry> ZipWriter::end() {
  if (zipCloseFileInZip(impl_->file) != ZIP_OK) return impl_->failed();
  impl_->entry.digest = impl_->hasher->finish();
  return impl_->entry;
}

Result<void> ZipWriter::finish() {
  std::error_code bad;
  if (zipClose(std::exchange(impl_->file, nullptr), nullptr) == ZIP_OK) {
    std::filesystem::rename(impl_->temporary, impl_->name, bad);
    if (!bad) return {};
  }
  std::filesystem::remove(impl_->temporary, bad);
  return impl_->failed();
}

struct ZipReader::Impl {
  unzFile file = nullptr;
  std::string name;
  std::vector<Entry> entries;
  struct Place {
    unz64_file_pos position{};
    std::uint64_t bytes = 0;
  };
  std::unordered_map<std::string, Place> places;
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (file != nullptr) unzClose(file);
  }

  // Reads the directory; false where it is damaged or unreasonable.
  bool list() {
    int code = unzGoToFirstFile(file);
    for (; code == UNZ_OK; code = unzGoToNextFile(file)) {
      unz_file_info64 info{};
      std::string entry(kMostNameBytes, '\0');
      const auto room = static_cast<uLong>(entry.size());
      if (unzGetCurrentFileInfo64(file, &info, entry.data(), room, nullptr, 0, nullptr, 0) != UNZ_OK) return false;
      if (info.size_filename >= kMostNameBytes || entries.size() >= kMostEntries) return false;
      entry.resize(info.size_filename);
      Place place{{}, info.uncompressed_size};
      if (unzGetFilePos64(file, &place.position) != UNZ_OK) return false;
      places.emplace(entry, place);
      entries.push_back({std::move(entry), info.uncompressed_size});
    }
    return code == UNZ_END_OF_LIST_OF_FILE;
  }
};

namespace {

class EntrySource final : public ByteSource {
 public:
  EntrySource(unzFile file, std::string name, std::uint64_t bytes)
      : file_(file), name_(std::move(name)), left_(bytes) {}
  EntrySource(const EntrySource&) = delete;
  EntrySource& operator=(const EntrySource&) = delete;
  ~EntrySource() override { unzCloseCurrentFile(file_); }

  Result<std::size_t> read(char* into, std::size_t room) override {
    room = static_cast<std::size_t>(std::min<std::uint64_t>({room, left_, 1u << 30}));
    if (room == 0) return std::size_t{0};
    const int count = unzReadCurrentFile(file_, into, static_cast<unsigned>(room));
    if (count < 0) return fail(ErrorKind::kInvalid, name_ + ": this entry is damaged");
    left_ -= static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
  }

 private:
  unzFile file_;
  std::string name_;
  std::uint64_t left_;
};

}  // namespace

ZipReader::ZipReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipReader::~ZipReader() = default;
ZipReader::ZipReader(ZipReader&&) noexcept = default;
ZipReader& ZipReader::operator=(ZipReader&&) noexcept = default;

Result<ZipReader> ZipReader::open(const std::filesystem::path& file) {
  auto impl = std::make_unique<Impl>();
  impl->name = file.string();
  impl->file = unzOpen64(file.c_str());
  if (impl->file == nullptr || !impl->list()) {
    return fail(ErrorKind::kInvalid, file.string() + ": it is not there, or no whole ZIP file");
  }
  return ZipReader(std::move(impl));
}

const std::vector<ZipReader::Entry>& ZipReader::entries() const {
  return impl_->entries;
}

Result<std::unique_ptr<ByteSource>> ZipReader::read(const std::string& name) const {
  const auto found = impl_->places.find(name);
  if (found == impl_->places.end()) return fail(ErrorKind::kNotFound, impl_->name + ": no " + name + " in it");
  const bool is_open =
      unzGoToFilePos64(impl_->file, &found->second.position) == UNZ_OK && unzOpenCurrentFile(impl_->file) == UNZ_OK;
  if (!is_open) return fail(ErrorKind::kInvalid, impl_->name + ": " + name + " cannot be read");
  return std::make_unique<EntrySource>(impl_->file, impl_->name + ":" + name, found->second.bytes);
}

}  // namespace vellum::warc
