// Article records on standard output, one after the other, in the format that was asked for.
#pragma once

#include <map>
#include <string>

#include "base/json.h"

namespace vellum::cli {

class RecordPrinter {
 public:
  // "json" (one object a line), "csl" (one array), "bibtex", "ris".
  explicit RecordPrinter(std::string format) : format_(std::move(format)) {}
  // False if the record has no place in this format (a search page is not cited).
  bool print(const Json& record);
  // Ends what a format opened.
  void finish();

 private:
  std::string unique_key(const Json& record);

  std::string format_;
  std::size_t printed_ = 0;
  std::map<std::string, int> keys_;
};

}  // namespace vellum::cli
