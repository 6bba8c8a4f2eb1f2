// The record of one page as a plugin emits it, value by value, in the worker.
//
// Threads: one. Spec: JSON pointer, RFC 6901

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"

namespace vellum::worker {

class RecordBuilder {
 public:
  // Sets the value at `path`, making what lies above it. kInvalid: no JSON pointer, a gap in a list, or what lies
  // above is a value; kTooLarge: over 8 levels, or 8 MiB in all.
  Result<void> set(std::string_view path, Json value);

  const Json& record() const { return record_; }
  Json take() { return std::move(record_); }

 private:
  Json record_ = Json::object();
  std::size_t bytes_ = 0;
};

}  // namespace vellum::worker
