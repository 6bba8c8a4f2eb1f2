// Keys and values of the database's rows. The first byte of an input says which; what decodes is encoded and decoded
// again without a difference.

#include "storage/archive/records.h"
#include "storage/frontier/queue_records.h"

namespace {

using namespace vellum;
using namespace vellum::storage;

template <class Row>
void stays(std::string_view bytes) {
  const auto row = Row::decode(bytes);
  if (!row) return;
  const std::string once = row->encode();
  const auto again = Row::decode(once);
  VELLUM_ASSERT(again && again->encode() == once, "what was encoded is decoded to the same");
}

void capture(std::string_view bytes) {
  const auto row = decode_capture(bytes);
  if (!row) return;
  const std::string once = encode_capture(*row);
  const auto again = decode_capture(once);
  VELLUM_ASSERT(again && encode_capture(*again) == once, "a capture stays as it was");
}

void article(std::string_view bytes) {
  const auto row = decode_article(bytes);
  if (!row) return;
  static_cast<void>(ids_of(row->article.record));  // any JSON may stand where a record belongs
}

void task(std::string_view bytes) {
  const Place place{11, 0, 7};
  const auto row = decode_task(bytes, place, "example.org");
  if (!row) return;
  const std::string once = encode_task(*row);
  const auto again = decode_task(once, place, "example.org");
  VELLUM_ASSERT(again && encode_task(*again) == once, "a task stays as it was");
}

void key(std::string_view bytes) {
  if (const auto queued = parse_queue_key(bytes)) {
    const std::string again = queue_prefix(queued->run, queued->group) + encode_place(queued->place);
    VELLUM_ASSERT(again == bytes, "a queue's key is its parts");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'c':
      capture(bytes);
      break;
    case 'a':
      article(bytes);
      break;
    case 'd':
      stays<Locator>(bytes);
      break;
    case 'b':
      stays<Base>(bytes);
      break;
    case 'm':
      stays<Counters>(bytes);
      break;
    case 's':
      stays<SeenRow>(bytes);
      break;
    case 'g':
      stays<GroupRow>(bytes);
      break;
    case 'l':
      stays<BacklogRow>(bytes);
      break;
    case 't':
      task(bytes);
      break;
    default:
      key(bytes);
  }
  return 0;
}
