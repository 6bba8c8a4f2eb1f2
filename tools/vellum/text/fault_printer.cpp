#include "tools/vellum/text/fault_printer.h"

#include <iostream>

#include "tools/vellum/text/table.h"

namespace vellum::cli {

void print_faults(const std::vector<storage::Fault>& faults, const Context& context) {
  for (const storage::Fault& fault : faults) {
    if (!context.json) {
      std::cout << printable(fault.where) << ": " << printable(fault.what) << '\n';
      continue;
    }
    Json row;
    row["event"] = "fault";
    row["where"] = fault.where;
    row["what"] = fault.what;
    std::cout << to_line(row) << '\n';
  }
}

}  // namespace vellum::cli
