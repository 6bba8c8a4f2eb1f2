// Any line as CDXJ; what is read is written and read again as the same.

#include "base/text.h"
#include "storage/warc/cdx.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vellum;
  for (std::string_view text : split({reinterpret_cast<const char*>(data), size}, '\n')) {
    const auto line = warc::parse_cdxj_line(text);
    if (!line) continue;
    const auto again = warc::parse_cdxj_line(cdxj_line(*line));
    VELLUM_ASSERT(again.has_value(), "a line that was written can be read");
    VELLUM_ASSERT(again->offset == line->offset && again->length == line->length, "numbers stay");
    VELLUM_ASSERT(cdx_line(*line).find('\n') + 1 == cdx_line(*line).size(), "a line is one line");
  }
  return 0;
}
