// Article records on standard output, one after the other, in the format that was asked for.
#pragma once

#include <map>
#include <string>

#include "base/json.h"

namespace vellum::cli {

class RecordPrinter {
 public:
  // "json" (one object a line), "csl" and "schema" (one array), "bibtex", "ris", "jats" (one document). `is_set`: of
  // any number of records, so that a document has a root around them.
  RecordPrinter(std::string format, bool is_set) : format_(std::move(format)), is_set_(is_set) {}
  // False if the record has no place in this format (a search page is not cited).
  bool print(const Json& record);
  // Ends what a format opened.
  void finish();

 private:
  void begin_jats();
  std::string unique_key(const Json& record);

  std::string format_;
  bool is_set_ = false;
  std::size_t printed_ = 0;
  std::map<std::string, int> keys_;
};

}  // namespace vellum::cli
