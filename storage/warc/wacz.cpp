#include "storage/warc/wacz.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "storage/warc/wacz_signature.h"

namespace vellum::warc {
namespace {

constexpr std::string_view kPackage = "datapackage.json";
constexpr std::string_view kPackageDigest = "datapackage-digest.json";
constexpr std::size_t kMostPackageBytes = 16u << 20;

// The open entry of a ZIP file as the place where a WARC goes.
class EntrySink final : public ByteSink {
 public:
  explicit EntrySink(ZipWriter& zip) : zip_(zip) {}
  Result<void> write(std::string_view bytes) override { return zip_.write(bytes); }
  Result<void> finish() override { return {}; }

 private:
  ZipWriter& zip_;
};

// Lines that wait in a nameless file until the WARC's entry is done.
class Spool {
 public:
  Spool() : file_(std::tmpfile()) {}
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool() {
    if (file_ != nullptr) std::fclose(file_);
  }
  Result<void> add(std::string_view bytes) {
    if (file_ != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file_) == bytes.size()) return {};
    return fail(ErrorKind::kStorage, "cannot write a temporary file");
  }
  Result<void> copy_to(ZipWriter& zip) {
    std::vector<char> buffer(64 * 1024);
    if (file_ == nullptr || std::fflush(file_) != 0) return fail(ErrorKind::kStorage, "cannot write a temporary file");
    std::rewind(file_);
    for (;;) {
      const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file_);
      if (count == 0) break;
      VELLUM_CHECK(zip.write({buffer.data(), count}));
    }
    return std::ferror(file_) == 0 ? Result<void>() : fail(ErrorKind::kStorage, "cannot read a temporary file");
  }

 private:
  std::FILE* file_;
};

std::string page_line(const WaczPage& page, std::uint64_t number) {
  Json json;
  json["id"] = "page-" + std::to_string(number);
  json["url"] = page.url;
  json["ts"] = to_rfc3339(page.captured);
  if (!page.title.empty()) json["title"] = page.title;
  if (!page.text.empty()) json["text"] = page.text;
  return to_line(json) + "\n";
}

class Package {
 public:
  Package(ZipWriter zip, const WaczOptions& options) : zip_(std::move(zip)), options_(options) {}

  Result<ExportCounts> write(const storage::Archive& archive, ExportOptions selection, const PageOf& page_of) {
    selection.filename = "data.warc.gz";
    VELLUM_CHECK(zip_.begin("archive/data.warc.gz", false));
    EntrySink sink(zip_);
    WarcWriter writer(sink, {options_.warc_version, true});
    Exporter exporter(archive, writer, std::move(selection));
    exporter.on_index([&](const IndexLine& line) { return index_.add(cdxj_line(line)); });
    exporter.on_capture([&](const storage::Capture& capture, const std::string& payload) {
      const auto page = page_of(capture, payload);
      return page ? add_page(*page) : Result<void>();
    });
    VELLUM_CHECK(
        pages_.add("{\"format\":\"json-pages-1.0\",\"id\":\"pages\",\"title\":\"All pages\",\"hasText\":true}\n"));
    VELLUM_TRY(ExportCounts counts, exporter.run());
    VELLUM_CHECK(end_entry());
    VELLUM_CHECK(add_spool("indexes/index.cdxj", false, index_));
    VELLUM_CHECK(add_spool("pages/pages.jsonl", true, pages_));
    VELLUM_CHECK(write_package());
    VELLUM_CHECK(zip_.finish());
    return counts;
  }

 private:
  Result<void> add_page(const WaczPage& page) {
    if (page_count_++ == 0) main_page_ = {page.url, "", "", page.captured};
    return pages_.add(page_line(page, page_count_));
  }

  Result<void> end_entry() {
    VELLUM_TRY(ZipWriter::Entry entry, zip_.end());
    entries_.push_back(std::move(entry));
    return {};
  }

  Result<void> add_spool(const std::string& name, bool compressed, Spool& spool) {
    VELLUM_CHECK(zip_.begin(name, compressed));
    VELLUM_CHECK(spool.copy_to(zip_));
    return end_entry();
  }

  Result<void> add_text(std::string_view name, const std::string& text) {
    VELLUM_CHECK(zip_.begin(std::string(name), true));
    VELLUM_CHECK(zip_.write(text));
    return end_entry();
  }

  Result<void> write_package() {
    Json json;
    json["profile"] = "data-package";
    json["wacz_version"] = "1.1.1";
    if (!options_.title.empty()) json["title"] = options_.title;
    json["created"] = to_rfc3339(options_.created);
    json["software"] = options_.software;
    if (page_count_ > 0) {
      json["mainPageUrl"] = main_page_.url;
      json["mainPageDate"] = to_rfc3339(main_page_.captured);
    }
    json["resources"] = Json::array();
    for (const ZipWriter::Entry& entry : entries_) {
      Json resource;
      resource["name"] = entry.name.substr(entry.name.rfind('/') + 1);
      resource["path"] = entry.name;
      resource["hash"] = entry.digest.to_text();
      resource["bytes"] = entry.bytes;
      json["resources"].push_back(std::move(resource));
    }
    VELLUM_CHECK(add_text(kPackage, to_line(json) + "\n"));
    Json digest;
    digest["path"] = kPackage;
    digest["hash"] = entries_.back().digest.to_text();
    if (options_.key != nullptr) {
      digest["signedData"] = signed_data(*options_.key, text_of(digest, "hash"), options_.created, options_.software);
    }
    return add_text(kPackageDigest, to_line(digest) + "\n");
  }

  ZipWriter zip_;
  const WaczOptions& options_;
  Spool index_, pages_;
  std::vector<ZipWriter::Entry> entries_;
  std::uint64_t page_count_ = 0;
  WaczPage main_page_;
};

struct Measure {
  std::uint64_t bytes = 0;
  Digest digest;
};

Result<Measure> measure(const ZipReader& zip, const std::string& name) {
  VELLUM_TRY(const std::unique_ptr<ByteSource> source, zip.read(name));
  std::vector<char> buffer(64 * 1024);
  Measure measure;
  Sha256 hasher;
  for (;;) {
    VELLUM_TRY(const std::size_t count, source->read(buffer.data(), buffer.size()));
    if (count == 0) break;
    measure.bytes += count;
    hasher.update({buffer.data(), count});
  }
  measure.digest = hasher.finish();
  return measure;
}

Result<Json> read_json(const ZipReader& zip, std::string_view name) {
  VELLUM_TRY(const std::unique_ptr<ByteSource> source, zip.read(std::string(name)));
  std::string text;
  std::vector<char> buffer(64 * 1024);
  for (;;) {
    VELLUM_TRY(const std::size_t count, source->read(buffer.data(), buffer.size()));
    if (count == 0) break;
    text.append(buffer.data(), count);
    if (text.size() > kMostPackageBytes)
      return fail(ErrorKind::kTooLarge, std::string(name) + " is larger than 16 MiB");
  }
  VELLUM_TRY(Json json, parse_json(text));
  if (!json.is_object()) return fail(ErrorKind::kInvalid, std::string(name) + " is no JSON object");
  return json;
}

std::string wrong_with(const ZipReader& zip, const std::string& path, const Json& resource) {
  const auto found = measure(zip, path);
  if (!found) return path + ": " + found.error().message;
  const std::string hash = text_of(resource, "hash");
  if (hash.starts_with("sha256:") && to_lower_ascii(hash) != found->digest.to_text()) {
    return path + ": its digest is " + found->digest.to_text() + ", datapackage.json says " + hash.substr(0, 80);
  }
  if (resource.contains("bytes") && integer_of(resource, "bytes", -1) != static_cast<std::int64_t>(found->bytes)) {
    return path + ": it has " + std::to_string(found->bytes) + " bytes, datapackage.json says another length";
  }
  return {};
}

void check_resources(const ZipReader& zip, const Json& package, std::vector<std::string>& faults) {
  std::set<std::string> listed = {std::string(kPackage), std::string(kPackageDigest)};
  const auto resources = package.find("resources");
  if (resources == package.end() || !resources->is_array()) {
    faults.push_back("datapackage.json lists no resources");
    return;
  }
  for (const Json& resource : *resources) {
    const std::string path = text_of(resource, "path");
    if (!listed.insert(path).second) continue;
    const std::string wrong = wrong_with(zip, path, resource);
    if (!wrong.empty()) faults.push_back(wrong);
  }
  for (const ZipReader::Entry& entry : zip.entries()) {
    const bool is_folder = entry.name.ends_with('/');
    if (!is_folder && listed.count(entry.name) == 0)
      faults.push_back(entry.name + ": datapackage.json does not list it");
  }
}

void check_package_digest(const ZipReader& zip, WaczContents& contents) {
  const auto digest = read_json(zip, kPackageDigest);
  if (!digest && digest.error().kind == ErrorKind::kNotFound) return;  // optional
  const auto package = measure(zip, std::string(kPackage));
  const bool fits = digest && package && text_of(*digest, "hash") == package->digest.to_text();
  if (!fits) contents.faults.push_back("datapackage-digest.json does not hold the digest of datapackage.json");
  const auto verdict = digest ? judge_signature(*digest) : std::nullopt;
  if (!verdict) return;
  if (verdict->fault.empty()) contents.signer = verdict->signer;
  if (!verdict->fault.empty()) contents.faults.push_back(verdict->fault);
}

}  // namespace

Result<ExportCounts> write_wacz(const storage::Archive& archive, const std::filesystem::path& file,
                                ExportOptions selection, const WaczOptions& options, const PageOf& page_of) {
  VELLUM_TRY(ZipWriter zip, ZipWriter::create(file));
  return Package(std::move(zip), options).write(archive, std::move(selection), page_of);
}

Result<WaczContents> inspect_wacz(const ZipReader& zip) {
  WaczContents contents;
  for (const ZipReader::Entry& entry : zip.entries()) {
    const bool is_warc = entry.name.ends_with(".warc") || entry.name.ends_with(".warc.gz");
    if (entry.name.starts_with("archive/") && is_warc) contents.warcs.push_back(entry.name);
  }
  const auto package = read_json(zip, kPackage);
  if (package) {
    check_resources(zip, *package, contents.faults);
    check_package_digest(zip, contents);
  } else {
    contents.faults.push_back("datapackage.json: " + package.error().message);
  }
  if (contents.warcs.empty()) contents.faults.push_back("no WARC file under archive/");
  return contents;
}

}  // namespace vellum::warc
