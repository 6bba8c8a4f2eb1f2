#include "tools/vellum/exchange/wacz_import.h"

#include "storage/warc/wacz.h"

namespace vellum::cli {

Result<std::string> import_wacz(WarcImport& import, const std::filesystem::path& file) {
  VELLUM_TRY(const warc::ZipReader zip, warc::ZipReader::open(file));
  VELLUM_TRY(const warc::WaczContents contents, warc::inspect_wacz(zip));
  for (const std::string& fault : contents.faults) import.failed(file.string() + ": " + fault);
  for (const std::string& name : contents.warcs) {
    VELLUM_TRY(std::unique_ptr<warc::ByteSource> source, zip.read(name));
    VELLUM_CHECK(import.add_source(std::move(source), file.string() + ":" + name));
  }
  return contents.signer;
}

Result<std::string> import_file(WarcImport& import, const std::filesystem::path& file) {
  if (file.extension() == ".wacz") return import_wacz(import, file);
  VELLUM_CHECK(import.add_file(file));
  return std::string();
}

}  // namespace vellum::cli
