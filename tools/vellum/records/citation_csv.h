// Links and citations as CSV (RFC 4180: CRLF, quotes doubled), safe to open in a spreadsheet.
//
// Threads: any. Spec: https://www.rfc-editor.org/rfc/rfc4180; OpenCitations' CSV of COCI and its identifiers (OCI).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vellum::cli {

// One line with its CRLF. A cell that a spreadsheet would take for a formula (=, +, -, @, tab or return first) gets an
// apostrophe before it.
std::string csv_line(const std::vector<std::string>& cells);

// "oci:0200...-0200..." of two DOIs; "" where one has a character outside ASCII, for which OpenCitations' own table
// must be asked.
std::string oci_of(std::string_view citing, std::string_view cited);

// From the cited work's date to the citing one's, as precise as the less precise of the two: "P8Y", "P1Y2M", "-P3D"
// (days within the month only). "" where one is unknown.
std::string timespan_between(std::string_view cited, std::string_view citing);

}  // namespace vellum::cli
