// Any bytes as a WACZ file. minizip reads files, so the input goes through one.

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "storage/warc/checker.h"
#include "storage/warc/wacz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vellum;
  static const std::string folder = std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp";
  static const std::string name = folder + "/vellum-fuzz-" + std::to_string(getpid()) + ".wacz";
  std::FILE* file = std::fopen(name.c_str(), "wb");
  if (file == nullptr) return 0;
  std::fwrite(data, 1, size, file);
  std::fclose(file);
  {
    const auto zip = warc::ZipReader::open(name);
    const auto contents = zip ? warc::inspect_wacz(*zip) : fail(ErrorKind::kInvalid, "");
    if (contents && !contents->warcs.empty()) {
      auto source = zip->read(contents->warcs.front());
      if (source) ignore(warc::check_source(*std::move(source)), "a damaged entry may end it");
    }
  }
  std::remove(name.c_str());
  return 0;
}
