#include "tools/vellum/exchange/spill_sort.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <queue>

namespace vellum::cli {
namespace {

constexpr std::size_t kRowOverhead = 64;  // of a Row and its allocation

Failure broken(const char* what) {
  return fail(ErrorKind::kStorage, std::string(what) + " a temporary file: " + std::strerror(errno), errno);
}

struct Head {
  std::int64_t key = 0;
  std::uint64_t size = 0;
};

Result<void> read_at(int file, void* to, std::size_t size, std::uint64_t at) {
  auto* bytes = static_cast<char*>(to);
  while (size > 0) {
    const ssize_t got = ::pread(file, bytes, size, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return broken("cannot read");
    bytes += got;
    at += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace

Result<void> SpillSort::add(std::int64_t key, std::string row) {
  held_ += row.size() + kRowOverhead;
  rows_.push_back({key, std::move(row)});
  return held_ < memory_ ? Result<void>() : spill();
}

void SpillSort::sort() {
  std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.key < b.key; });
}

Result<void> SpillSort::open_file() {
  const char* folder = std::getenv("TMPDIR");
  std::string name = std::string(folder == nullptr || *folder == '\0' ? "/tmp" : folder) + "/vellum-sort-XXXXXX";
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return broken("cannot make");
  ::unlink(name.c_str());
  file_.reset(::fdopen(file, "w+"));
  return file_ != nullptr ? Result<void>() : broken("cannot open");
}

Result<void> SpillSort::spill() {
  if (file_ == nullptr) VELLUM_CHECK(open_file());
  sort();
  starts_.push_back(written_);
  for (const Row& row : rows_) {
    const Head head{row.key, row.bytes.size()};
    const bool is_written = std::fwrite(&head, sizeof head, 1, file_.get()) == 1 &&
                            std::fwrite(row.bytes.data(), 1, row.bytes.size(), file_.get()) == row.bytes.size();
    if (!is_written) return broken("cannot write");
    written_ += sizeof head + row.bytes.size();
  }
  if (std::fflush(file_.get()) != 0) return broken("cannot write");
  rows_.clear();
  held_ = 0;
  return {};
}

// False at the block's end.
Result<bool> SpillSort::read_next(Block& block) const {
  if (block.at == block.end) return false;
  Head head;
  const int file = ::fileno(file_.get());
  VELLUM_CHECK(read_at(file, &head, sizeof head, block.at));
  block.row.key = head.key;
  block.row.bytes.resize(static_cast<std::size_t>(head.size));
  VELLUM_CHECK(read_at(file, block.row.bytes.data(), block.row.bytes.size(), block.at + sizeof head));
  block.at += sizeof head + head.size;
  return true;
}

Result<void> SpillSort::finish(const std::function<bool(std::string_view row)>& visit) {
  if (starts_.empty()) {
    sort();
    for (const Row& row : rows_) {
      if (!visit(row.bytes)) break;
    }
    return {};
  }
  if (!rows_.empty()) VELLUM_CHECK(spill());
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    blocks.push_back({{}, starts_[i], i + 1 < starts_.size() ? starts_[i + 1] : written_});
  }
  using Next = std::pair<std::int64_t, std::size_t>;  // key and block: earlier blocks first among equals
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    VELLUM_TRY(const bool has_row, read_next(blocks[i]));
    if (has_row) next.emplace(blocks[i].row.key, i);
  }
  while (!next.empty()) {
    const std::size_t at = next.top().second;
    next.pop();
    if (!visit(blocks[at].row.bytes)) return {};
    VELLUM_TRY(const bool has_row, read_next(blocks[at]));
    if (has_row) next.emplace(blocks[at].row.key, at);
  }
  return {};
}

}  // namespace vellum::cli
