#include "tools/vellum/text/capture_text.h"

#include "base/http_message.h"
#include "base/media_type.h"
#include "plugins/html/charset.h"
#include "plugins/html/plain_text.h"
#include "storage/archive/revisit.h"

namespace vellum::cli {

Result<std::string> text_of_capture(const storage::Archive& archive, const storage::Capture& capture) {
  VELLUM_TRY(const storage::ShownAnswer answer, storage::shown_answer(archive, capture));
  VELLUM_TRY(const std::string body, archive.payload(capture.digest));
  const std::string declared = HeaderBlock(answer.response).first("Content-Type").value_or("");
  const std::string charset = parse_media_type(declared).charset;
  const MediaType type = parse_media_type(capture.mime);
  if (type.is_html()) {
    html::ParseOptions options;
    options.content_type_charset = charset;
    VELLUM_TRY(const html::Document page, html::Document::parse(body, options));
    return html::plain_text(page);
  }
  if (type.is_text()) return html::decode_html(body, charset).utf8;
  return fail(ErrorKind::kNotFound, "no text in " + capture.url + ": it is " + capture.mime);
}

}  // namespace vellum::cli
