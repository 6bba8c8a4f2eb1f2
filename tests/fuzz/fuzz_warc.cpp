// Any bytes as a WARC or ARC file: the checker and the reader of exchanges must come to an end and stay in bounds.

#include "storage/warc/checker.h"
#include "storage/warc/exchange_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vellum;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto result = warc::check_source(warc::over_bytes(bytes));
  VELLUM_ASSERT(result.has_value(), "memory can always be read");
  warc::ExchangeReader reader(
      [](warc::ImportedExchange exchange) -> Result<void> {
        if (exchange.revisit) return {};
        const auto wire = warc::Wire::decode(exchange.capture.wire);
        VELLUM_ASSERT(wire.has_value(), "what encode() made is decoded");
        const auto body = rebuild_body(*wire, exchange.payload, exchange.capture.coded_digest);
        VELLUM_ASSERT(body.has_value(), "an import proves its recipe");
        return {};
      },
      [](const std::string&) {});
  VELLUM_ASSERT(reader.read(warc::over_bytes(bytes), "input").has_value(), "what is wrong in a file ends no import");
  VELLUM_ASSERT(reader.finish().has_value(), "nor does its end");
  return 0;
}
