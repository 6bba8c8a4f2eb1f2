#include "tools/vellum/care/warc_repair.h"

#include "tools/vellum/exchange/wacz_import.h"

namespace vellum::cli {
namespace {

namespace fs = std::filesystem;

// Beside the archive, where the room is; gone when the repair has ended.
class Scratch {
 public:
  explicit Scratch(fs::path folder) : folder_(std::move(folder)) { clear(); }
  ~Scratch() { clear(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& folder() const { return folder_; }

 private:
  void clear() {
    std::error_code error;
    fs::remove_all(folder_, error);
  }
  fs::path folder_;
};

Result<void> import_into(const fs::path& folder, const fs::path& file) {
  storage::OpenOptions options;
  options.now = SystemClock().now();
  options.create = true;
  VELLUM_TRY(const auto catalog, storage::Catalog::open(folder, options));
  VELLUM_TRY(const plugins::Registry registry, plugins::Registry::load({}));
  const auto ignore_capture = [](const storage::Capture&) {};
  const auto ignore_record = [](const storage::Capture&, const plugins::Extraction&) {};
  WarcImport import(*catalog, registry, ignore_capture, ignore_record, [](const std::string& line) { warn(line); });
  VELLUM_CHECK(import_file(import, file));
  VELLUM_CHECK(import.finish());
  if (import.counts().captures > 0) return {};
  return fail(ErrorKind::kInvalid, file.string() + ": no capture can be read from it, so that it heals nothing");
}

}  // namespace

Result<storage::RepairReport> repair_from_warc(const fs::path& archive, const fs::path& file) {
  std::error_code error;
  const fs::path place = fs::canonical(archive, error);
  if (error) return fail(ErrorKind::kNotFound, "no archive in " + archive.string());
  const Scratch scratch(place.string() + ".from-warc");
  VELLUM_CHECK(import_into(scratch.folder(), file));
  VELLUM_TRY(const auto source, storage::Archive::open(scratch.folder()));
  return storage::repair_payloads(place, *source);
}

}  // namespace vellum::cli
