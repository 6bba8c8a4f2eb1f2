// The style sheet of the replay's own pages. It stands in each page, so that nothing else needs to be asked for.
#pragma once

#include <string_view>

namespace vellum::replay {

std::string_view style_sheet();

}  // namespace vellum::replay
