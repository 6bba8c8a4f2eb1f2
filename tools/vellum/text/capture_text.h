// A stored page as readable text.
#pragma once

#include <string>

#include "storage/archive/archive.h"

namespace vellum::cli {

// HTML as its plain text, other text decoded to UTF-8. kNotFound: it is no text.
Result<std::string> text_of_capture(const storage::Archive& archive, const storage::Capture& capture);

}  // namespace vellum::cli
