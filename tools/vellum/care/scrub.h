// `check --read-data --budget`: every stored byte is read in the course of many calls. Where the last one ended stands
// in the file SCRUB beside the database, which is replaced by renaming, so that a call only reads the archive and a
// crawl may go on beside it. See docs/formats.md.
#pragma once

#include "tools/vellum/verb.h"

namespace vellum::cli {

// Reads for about `budget` from where the last call ended, prints the faults and one line, and returns the exit code:
// kDone also where the pass goes on.
Result<int> scrub_for(const storage::Archive& archive, Duration budget, const Context& context);

}  // namespace vellum::cli
