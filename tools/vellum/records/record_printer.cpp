#include "tools/vellum/records/record_printer.h"

#include <iostream>

#include "tools/vellum/records/export_formats.h"

namespace vellum::cli {

bool RecordPrinter::print(const Json& record) {
  if (format_ == "json") {
    std::cout << to_line(record) << '\n';
    return true;
  }
  if (!is_citable(record)) return false;
  if (format_ == "csl") std::cout << (printed_ == 0 ? "[\n" : ",\n") << to_line(to_csl(record));
  if (format_ == "bibtex") std::cout << (printed_ == 0 ? "" : "\n") << to_bibtex(record, unique_key(record));
  if (format_ == "ris") std::cout << (printed_ == 0 ? "" : "\r\n") << to_ris(record);
  if (format_ == "schema") std::cout << (printed_ == 0 ? "[\n" : ",\n") << to_line(to_schema_org(record));
  if (format_ == "jats") {
    if (printed_ == 0) begin_jats();
    std::cout << to_jats(record, !is_set_);
  }
  ++printed_;
  return true;
}

void RecordPrinter::finish() {
  if (format_ == "csl" || format_ == "schema") std::cout << (printed_ == 0 ? "[]\n" : "\n]\n");
  if (format_ != "jats" || !is_set_) return;
  if (printed_ == 0) begin_jats();
  std::cout << "</pmc-articleset>\n";
}

// JATS has no element for many articles; this is what PubMed Central wraps them in.
void RecordPrinter::begin_jats() {
  std::cout << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  if (is_set_) std::cout << "<pmc-articleset xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n";
}

// "kim2019cellular", "kim2019cellular-2", ...
std::string RecordPrinter::unique_key(const Json& record) {
  const std::string key = citation_key(record);
  const int count = ++keys_[key];
  return count == 1 ? key : key + "-" + std::to_string(count);
}

}  // namespace vellum::cli
