// The parts of a page that its plugin calls volatile (plugin.toml, `volatile`): tokens, counters, what changes on every
// load. Of script and style elements the start tag alone, of others all from the start tag to the end of the content.
//
// Threads: any.

#pragma once

#include <string>
#include <vector>

#include "base/volatile_spans.h"
#include "plugins/host/page.h"
#include "plugins/host/registry.h"

namespace vellum::plugins {

struct VolatileParts {
  std::string text;             // the page as UTF-8, which the spans point into
  std::vector<ByteSpan> spans;  // in no order; may overlap
  PageSource source() const { return {text, spans}; }
};

// An answer that is no page gives its body and no spans; so does a page whose plugin names none.
VolatileParts read_volatile_parts(const Registry& registry, const Answer& answer);

}  // namespace vellum::plugins
