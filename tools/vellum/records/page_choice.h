// One capture an address: which pages `extract --all` reads.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "storage/archive/archive.h"

namespace vellum::cli {

// For each address (http and https are one) under `prefix` the newest page capture at or before `at` that was answered
// well and is not quarantined; if there is none, the newest quarantined one. In replay-key order, in little memory.
Result<void> choose_pages(const storage::Archive& archive, std::string_view prefix, std::optional<Timestamp> at,
                          const std::function<void(storage::CaptureId)>& visit);

}  // namespace vellum::cli
