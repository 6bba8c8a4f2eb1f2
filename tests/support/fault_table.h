// The fault server's repertoire: what a broken or hostile server sends, as a table that says what becomes of it.
//
//   for (const Fault& fault : load_faults(path)) { server.on("/" + fault.name, fault.reply); ... }
//
// A row of the table (tests/data/crawler/net/faults.tsv): name, outcome, reason, bytes, end; tabs between them.
//   outcome   kind of error as name_of() has it, or status and body (* for any body)
//   reason    words of the message (or of the coding fault of an answer) that belong to this fault alone; "" for none
//   bytes     with \r \n \t \0 \\ \xHH, {file:NAME} for a file beside the table, {repeat:COUNT:TEXT} for many of a text
//   end       keep, close, reset, hang, or "forever TEXT": sent again and again until the peer goes
//
// Threads: plain values.

#pragma once

#include <string>
#include <vector>

#include "tests/support/http_server.h"

namespace vellum::test {

struct Fault {
  std::string name, outcome, reason;
  Reply reply;
};

// Throws std::runtime_error naming the line that cannot be read: a test without its table is no test.
std::vector<Fault> load_faults(const std::string& path);

}  // namespace vellum::test
