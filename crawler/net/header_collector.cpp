#include "crawler/net/header_collector.h"

namespace vellum::net {
namespace {

bool is_interim(const HeaderBlock& block) {
  return block.status() >= 100 && block.status() < 200;
}

}  // namespace

Result<void> HeaderCollector::add(std::string_view line) {
  if (line.size() > max_bytes_ - seen_bytes_) {
    return fail(ErrorKind::kTooLarge, "header block is over " + std::to_string(max_bytes_) + " bytes");
  }
  seen_bytes_ += line.size();
  if (block_) return {};  // a trailer
  open_ += line;
  // As curl sees it: a line that begins with CR or LF ends the block.
  if (!line.starts_with('\r') && !line.starts_with('\n')) return {};
  HeaderBlock whole(std::move(open_));
  open_.clear();
  if (!is_interim(whole)) block_ = std::move(whole);
  return {};
}

}  // namespace vellum::net
