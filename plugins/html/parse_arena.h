// The memory of one parse by a C parser, and the watch over it.
//
// Gumbo asks its caller for memory, which serves four ends here. Nodes are handed out from chunks that are dropped as a
// whole, so the parser's recursive destroy function is never needed. A limit on memory holds where a few bytes of
// markup make many nodes (re-opened formatting elements). Each tree node is looked at when the next one is asked for:
// how deep it hangs is then known whatever tricks the markup plays. And the processor time that the parse has taken is
// checked. Over a limit, or when an assertion of the parser fails (0.10.1 has some that a page can reach), the parse is
// left by longjmp to escape(): the C frames hold nothing but arena memory.
//
//   ParseArena arena(limits, layout);
//   if (setjmp(arena.escape()) != 0) return describe(arena.stop());
//   tree = parse(...allocate...);
//
// Threads: one at a time; an arena belongs to the thread that constructed it, and a thread has one at a time.

#pragma once

#include <chrono>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace vellum::html {

class ParseArena {
 public:
  struct Limits {
    std::size_t max_bytes;
    std::size_t max_depth;
    std::chrono::nanoseconds max_cpu;
  };
  // How the parser lays out a tree node: an allocation of `bytes` with the pointer to its parent at `parent_offset`.
  // The first allocation of that size must be the document node. Other allocations of the same size do no harm.
  struct NodeLayout {
    std::size_t bytes;
    std::size_t parent_offset;
  };
  enum class Stop { kNone, kMemory, kDepth, kTime, kAssertion };

  ParseArena(const Limits& limits, const NodeLayout& layout);
  ~ParseArena();
  ParseArena(const ParseArena&) = delete;
  ParseArena& operator=(const ParseArena&) = delete;

  // Aligned for any type; lives as long as the arena. Does not return when a limit is passed.
  void* allocate(std::size_t bytes);
  std::jmp_buf& escape() { return escape_; }
  [[noreturn]] void leave(Stop reason);

  Stop stop() const { return stop_; }
  std::size_t bytes_used() const { return bytes_used_; }
  // Of a failed assertion; string literals of the parser.
  void set_assertion(const char* text) { assertion_ = text; }
  const char* assertion() const { return assertion_; }

 private:
  struct FreeChunk {
    void operator()(char* chunk) const;
  };
  using Chunk = std::unique_ptr<char, FreeChunk>;
  struct NodeChunk {
    Chunk memory;
    std::unique_ptr<std::uint32_t[]> depths;  // of each slot; 0 until it hangs in the tree
  };
  struct Slot {
    std::size_t chunk;
    std::size_t index;
  };

  Chunk new_chunk(std::size_t bytes);
  void* allocate_node();
  void add_node_chunk();
  void look_at(std::size_t chunk, std::size_t index);
  bool find_slot(const char* address, Slot& slot) const;
  const char* parent_of(const Slot& slot) const;
  void check_time();

  Limits limits_;
  NodeLayout layout_;
  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t next_chunk_bytes_;
  std::vector<NodeChunk> node_chunks_;                           // in the order of their making
  std::vector<std::pair<const char*, std::size_t>> by_address_;  // start of a node chunk -> its place in node_chunks_
  std::size_t nodes_in_last_ = 0;
  std::size_t bytes_used_ = 0;
  std::uint32_t calls_ = 0;
  std::chrono::nanoseconds cpu_at_start_;
  Stop stop_ = Stop::kNone;
  const char* assertion_ = "";
  std::jmp_buf escape_;
};

}  // namespace vellum::html
