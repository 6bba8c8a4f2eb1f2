// What WARC 1.1 says of a record's fields, rule by rule. The block is block_rules.h's.
//
// Threads: pure functions.

#pragma once

#include "storage/warc/record_reader.h"

namespace vellum::warc {

// Reports every rule that the fields break. Records of ARC files, and those whose type the standard does not know, are
// only held to what all have in common.
void check_fields(const Record& record, const FaultSink& sink);

// A URI by the grammar of RFC 3986 section 3, as far as a validator should mind: a scheme, no spaces, controls or
// angle brackets.
bool is_uri(std::string_view text);
// W3CDTF in UTC: a year, a month, a day, or a time with Z; at most 9 digits of fraction.
bool is_warc_date(std::string_view text);

}  // namespace vellum::warc
