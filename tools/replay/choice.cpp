#include "tools/replay/choice.h"

#include <tuple>

namespace vellum::replay {
namespace {

auto second_of(Timestamp at) {
  return std::chrono::floor<std::chrono::seconds>(at);
}

Duration distance(Timestamp captured, const std::optional<Timestamp>& at) {
  if (!at) return -captured.time_since_epoch();  // the newest is nearest
  return captured > *at ? captured - *at : *at - captured;
}

}  // namespace

const storage::Capture* choose_capture(const std::vector<storage::Capture>& captures, const Url& url,
                                       std::optional<Timestamp> at,
                                       const std::function<bool(const storage::Capture&)>& fits) {
  const auto rank = [&](const storage::Capture& capture) {
    const bool is_exact = capture.url == url.href();
    const bool is_that_one = is_exact && at && second_of(capture.captured) == second_of(*at);
    return std::tuple(!is_that_one, capture.quarantined, !is_exact, distance(capture.captured, at));
  };
  const storage::Capture* best = nullptr;
  for (const storage::Capture& capture : captures) {
    if (fits(capture) && (best == nullptr || rank(capture) <= rank(*best))) best = &capture;
  }
  return best;
}

bool is_success(const storage::Capture& capture) {
  return capture.is_success();
}

bool is_redirect(const storage::Capture& capture) {
  return capture.status == 301 || capture.status == 302 || capture.status == 303 || capture.status == 307 ||
         capture.status == 308;
}

}  // namespace vellum::replay
