#include "storage/archive/withheld.h"

#include "storage/archive/records.h"

namespace vellum::storage {

Withheld::Withheld(const std::vector<Embargo>& embargoes) {
  for (const Embargo& embargo : embargoes) {
    if (embargo.capture != 0) {
      captures_[embargo.capture] = embargo;
    } else if (embargo.range.is_prefix) {
      prefixes_.push_back(embargo);
    } else {
      addresses_[replay_key(embargo.range.address)] = embargo;
    }
  }
}

const Embargo* Withheld::over(const Capture& capture, Timestamp now) const {
  const Embargo* last = nullptr;
  const auto consider = [&](const Embargo& embargo) {
    if (embargo.until > now && (last == nullptr || embargo.until > last->until)) last = &embargo;
  };
  const auto consider_capture = [&](CaptureId id) {
    if (const auto found = captures_.find(id); found != captures_.end()) consider(found->second);
  };
  const auto consider_address = [&](const std::string& url) {
    const auto found = addresses_.empty() ? addresses_.end() : addresses_.find(replay_key(url));
    if (found != addresses_.end()) consider(found->second);
    for (const Embargo& embargo : prefixes_) {
      if (url.starts_with(embargo.range.address)) consider(embargo);
    }
  };
  consider_capture(capture.id);
  if (capture.refers_to) consider_capture(capture.refers_to->capture);
  consider_address(capture.url);
  const bool is_part = capture.role == Role::kFragment || capture.role == Role::kFile;
  if (is_part && capture.root_capture != 0) consider_capture(capture.root_capture);
  if (is_part && !capture.root.empty()) consider_address(capture.root);
  return last;
}

}  // namespace vellum::storage
