// The answer that a capture stands for: its own, or of a revisit that of the capture which it refers to.
//
// A revisit (docs/formats.md, "Revisits") keeps the 304 as it came. Whoever shows or reads the page wants the status
// and the header block that came with the payload: media type, character set, rights.
//
// Threads: any; no state.

#pragma once

#include <string>

#include "storage/archive/archive.h"

namespace vellum::storage {

struct ShownAnswer {
  int status = 0;
  std::string response;  // header block
};

// Where what a revisit refers to is gone, a block made of the revisit's own media type. Errors as Archive::headers.
Result<ShownAnswer> shown_answer(const Archive& archive, const Capture& capture);

// What a revisit of `capture` refers to: `capture`, or what that refers to itself.
Reference reference_to(const Capture& capture);

}  // namespace vellum::storage
