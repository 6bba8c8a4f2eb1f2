// Which capture answers for an address at an instant.
//
// Threads: any; pure functions.

#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/url.h"
#include "storage/archive/capture.h"

namespace vellum::replay {

// The best of `captures` (all of one replay key) that `fits`; nullptr if none does. In order:
//   1. the capture of exactly that second and address, even a quarantined one: somebody asked for this very one;
//   2. good ones before quarantined ones, the exact address before others of the same replay key;
//   3. the nearest in time, the later of two equally near; without `at` the newest.
const storage::Capture* choose_capture(const std::vector<storage::Capture>& captures, const Url& url,
                                       std::optional<Timestamp> at,
                                       const std::function<bool(const storage::Capture&)>& fits);

bool is_success(const storage::Capture& capture);   // status 200-299
bool is_redirect(const storage::Capture& capture);  // 301, 302, 303, 307, 308

}  // namespace vellum::replay
