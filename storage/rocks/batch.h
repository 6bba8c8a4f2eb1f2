// What a Batch holds until it is written. Private to storage/rocks.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/rocks/database.h"

namespace vellum::rocks {

struct Batch::Impl {
  enum class Kind : std::uint8_t { kPut, kErase, kEraseRange };
  struct Step {
    Kind kind;
    Family family;
    std::string key;
    std::string value;  // of a put; the end of a range
  };
  std::vector<Step> steps;
  std::size_t bytes = 0;
};

}  // namespace vellum::rocks
