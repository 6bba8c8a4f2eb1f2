#include "plugins/worker/fault.h"

#include <array>
#include <cstddef>

namespace vellum::worker {
namespace {

constexpr std::array<std::string_view, 5> kSteps = {"start", "load", "create", "match", "extract"};
constexpr std::array<std::string_view, 11> kCauses = {"deadline", "memory",      "crashed", "exited",
                                                      "threw",    "failed",      "garbled", "too-large",
                                                      "record",   "unavailable", "resting"};

// The place of `name` in `names`, counted from 1, as the enumerations are; 0 if it is none of them.
template <std::size_t N>
std::size_t number_of(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return i + 1;
  }
  return 0;
}

}  // namespace

std::string_view name_of(Step step) {
  return kSteps[static_cast<std::size_t>(step) - 1];
}
std::string_view name_of(Cause cause) {
  return kCauses[static_cast<std::size_t>(cause) - 1];
}

Step step_of(std::string_view name) {
  const std::size_t number = number_of(kSteps, name);
  return number == 0 ? Step::kStart : static_cast<Step>(number);
}
Cause cause_of(std::string_view name) {
  const std::size_t number = number_of(kCauses, name);
  return number == 0 ? Cause::kGarbled : static_cast<Cause>(number);
}

}  // namespace vellum::worker
