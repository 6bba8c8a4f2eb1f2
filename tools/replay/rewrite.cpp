#include "tools/replay/rewrite.h"

#include "base/text.h"

namespace vellum::replay {

std::optional<std::string> replay_path(std::string_view reference, const RewriteContext& context) {
  const std::string_view trimmed = trim(reference);
  if (trimmed.empty() || trimmed.front() == '#') return std::nullopt;
  const auto resolved = Url::parse(trimmed, &context.page);
  if (!resolved || !resolved->is_http()) return std::nullopt;
  return "/web/" + context.time + "/" + resolved->href();
}

}  // namespace vellum::replay
