#include "storage/archive/header_star.h"

#include "storage/archive/payload_encoder.h"

namespace vellum::storage {
namespace {

constexpr int kLevel = 6;
constexpr std::size_t kMostHosts = 256;
constexpr std::size_t kMostBlock = 64 * 1024;

}  // namespace

std::string HeaderStar::encode(const Zstd& zstd, const std::string& host, CaptureId id, std::string_view block) {
  std::string alone = encode_alone(zstd, block, kLevel);
  const auto known = bases_.find(host);
  if (known != bases_.end() && known->second.dependents < static_cast<int>(kMostDependents)) {
    Key& key = known->second;
    std::string delta = make_frame(Encoding::kDelta, {key.id, 0, 0}, delta_body(zstd, block, key.block, kLevel));
    if (delta.size() * 2 <= alone.size()) {
      ++key.dependents;
      return delta;
    }
  }
  if (block.size() <= kMostBlock) {
    if (bases_.size() >= kMostHosts) bases_.clear();
    bases_[host] = {id, std::string(block), 0};
  }
  return alone;
}

}  // namespace vellum::storage
