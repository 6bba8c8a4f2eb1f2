#include "plugins/html/parse_arena.h"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/error.h"

namespace vellum::html {
namespace {

constexpr std::size_t kFirstChunkBytes = 64 << 10;
constexpr std::size_t kLargestChunkBytes = 4 << 20;
constexpr std::size_t kNodesPerChunk = 1024;
constexpr std::uint32_t kCallsBetweenClockReads = 4096;
// The adoption agency moves branches up, so the tree may for a moment be deeper than what it ends as, and the depth
// noted for what hangs on a moved branch is too high. The finished tree is measured exactly.
constexpr std::size_t with_slack(std::size_t depth) {
  return depth + depth / 4 + 32;
}

std::chrono::nanoseconds thread_cpu_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// The arena of the parse that runs on this thread. An assertion knows nothing but its text, so this is its only way
// back to the parse that it belongs to.
thread_local ParseArena* running_parse = nullptr;

}  // namespace

void ParseArena::FreeChunk::operator()(char* chunk) const {
  std::free(chunk);
}

ParseArena::ParseArena(const Limits& limits, const NodeLayout& layout)
    : limits_(limits), layout_(layout), next_chunk_bytes_(kFirstChunkBytes), cpu_at_start_(thread_cpu_time()) {
  VELLUM_ASSERT(running_parse == nullptr, "a parse does not start another one");
  running_parse = this;
}

ParseArena::~ParseArena() {
  running_parse = nullptr;
}

void ParseArena::leave(Stop reason) {
  stop_ = reason;
  std::longjmp(escape_, 1);
}

void* ParseArena::allocate(std::size_t bytes) {
  if (++calls_ % kCallsBetweenClockReads == 0) check_time();
  if (bytes == layout_.bytes) return allocate_node();
  constexpr std::size_t kAlign = alignof(std::max_align_t);
  bytes = (std::max<std::size_t>(bytes, 1) + kAlign - 1) / kAlign * kAlign;
  if (bytes > left_) {
    const std::size_t size = std::max(bytes, next_chunk_bytes_);
    chunks_.push_back(new_chunk(size));
    next_ = chunks_.back().get();
    left_ = size;
    next_chunk_bytes_ = std::min(next_chunk_bytes_ * 2, kLargestChunkBytes);
  }
  char* place = next_;
  next_ += bytes;
  left_ -= bytes;
  return place;
}

ParseArena::Chunk ParseArena::new_chunk(std::size_t bytes) {
  bytes_used_ += bytes;
  if (bytes_used_ > limits_.max_bytes) leave(Stop::kMemory);
  char* memory = static_cast<char*>(std::malloc(bytes));
  if (memory == nullptr) leave(Stop::kMemory);
  return Chunk(memory);
}

void* ParseArena::allocate_node() {
  if (node_chunks_.empty()) {
    add_node_chunk();
  } else {
    look_at(node_chunks_.size() - 1, nodes_in_last_ - 1);
    if (nodes_in_last_ == kNodesPerChunk) add_node_chunk();
  }
  char* place = node_chunks_.back().memory.get() + nodes_in_last_++ * layout_.bytes;
  std::memset(place, 0, layout_.bytes);
  return place;
}

void ParseArena::add_node_chunk() {
  const bool is_first = node_chunks_.empty();
  NodeChunk chunk{.memory = new_chunk(kNodesPerChunk * layout_.bytes),
                  .depths = std::make_unique<std::uint32_t[]>(kNodesPerChunk)};
  if (is_first) chunk.depths[0] = 1;  // the document
  const std::pair<const char*, std::size_t> entry{chunk.memory.get(), node_chunks_.size()};
  by_address_.insert(std::upper_bound(by_address_.begin(), by_address_.end(), entry), entry);
  node_chunks_.push_back(std::move(chunk));
  nodes_in_last_ = 0;
}

bool ParseArena::find_slot(const char* address, Slot& slot) const {
  // Most parents were made not long ago.
  const char* last = node_chunks_.back().memory.get();
  if (address >= last && address < last + nodes_in_last_ * layout_.bytes) {
    // A chunk is small, and 32 bits are divided much faster than 64: this is done for each node of a page.
    const auto distance = static_cast<std::uint32_t>(address - last);
    const auto bytes = static_cast<std::uint32_t>(layout_.bytes);
    slot = {node_chunks_.size() - 1, distance / bytes};
    return distance % bytes == 0;
  }
  const std::pair<const char*, std::size_t> wanted{address, node_chunks_.size()};
  auto after = std::upper_bound(by_address_.begin(), by_address_.end(), wanted);
  if (after == by_address_.begin()) return false;
  --after;
  const auto distance = static_cast<std::size_t>(address - after->first);
  slot = {after->second, distance / layout_.bytes};
  const std::size_t used = slot.chunk + 1 == node_chunks_.size() ? nodes_in_last_ : kNodesPerChunk;
  return distance % layout_.bytes == 0 && slot.index < used;
}

const char* ParseArena::parent_of(const Slot& slot) const {
  const char* parent = nullptr;
  const char* node = node_chunks_[slot.chunk].memory.get() + slot.index * layout_.bytes;
  std::memcpy(&parent, node + layout_.parent_offset, sizeof parent);
  return parent;
}

// A node that hangs in the tree gets its depth for good. One that does not yet (or is no node at all, but a string that
// happens to have the size of one) keeps 0; whoever hangs below it later walks through it.
void ParseArena::look_at(std::size_t chunk, std::size_t index) {
  Slot slot{chunk, index};
  std::uint32_t steps = 0;
  while (node_chunks_[slot.chunk].depths[slot.index] == 0) {
    if (!find_slot(parent_of(slot), slot)) return;
    if (++steps > with_slack(limits_.max_depth)) leave(Stop::kDepth);
  }
  const std::uint32_t depth = node_chunks_[slot.chunk].depths[slot.index] + steps;
  node_chunks_[chunk].depths[index] = depth;
  if (depth > with_slack(limits_.max_depth)) leave(Stop::kDepth);
}

void ParseArena::check_time() {
  if (thread_cpu_time() - cpu_at_start_ > limits_.max_cpu) leave(Stop::kTime);
}

}  // namespace vellum::html

// glibc's function for a failed assert(), taken over for the time of a parse: Debian's Gumbo has its assertions on, and
// two of them can be reached by a page of fifty bytes. Outside a parse it does what glibc's does.
extern "C" [[noreturn]] void __assert_fail(const char* condition, const char* file, unsigned int line,
                                           const char* function) noexcept {
  using vellum::html::ParseArena;
  if (ParseArena* arena = vellum::html::running_parse) {
    arena->set_assertion(condition);
    arena->leave(ParseArena::Stop::kAssertion);
  }
  std::fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, condition);
  std::abort();
}
