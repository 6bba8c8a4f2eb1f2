// What `backup` and `restore` share: a verified copy of a whole archive.
#pragma once

#include <filesystem>
#include <string_view>

#include "tools/vellum/verb.h"

namespace vellum::cli {

// Says in one row what was copied, beginning with `done`: "backup of", "restored". Returns the exit code.
int copy_archive(const std::filesystem::path& from, const std::filesystem::path& to, std::string_view done,
                 const Context& context);

}  // namespace vellum::cli
