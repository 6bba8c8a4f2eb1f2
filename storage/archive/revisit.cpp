#include "storage/archive/revisit.h"

namespace vellum::storage {

Result<ShownAnswer> shown_answer(const Archive& archive, const Capture& capture) {
  const CaptureId id = capture.refers_to ? capture.refers_to->capture : capture.id;
  auto blocks = archive.headers(id);
  if (blocks) return ShownAnswer{capture.answer_status(), std::move(blocks->response)};
  if (!capture.refers_to || blocks.error().kind != ErrorKind::kNotFound) return fail(std::move(blocks).error());
  return ShownAnswer{capture.answer_status(), "HTTP/1.1 200 OK\r\nContent-Type: " + capture.mime + "\r\n\r\n"};
}

Reference reference_to(const Capture& capture) {
  if (capture.refers_to) return *capture.refers_to;
  return {capture.id, capture.url, capture.captured, capture.status};
}

}  // namespace vellum::storage
