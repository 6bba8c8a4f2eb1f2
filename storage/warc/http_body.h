// An HTTP message in pieces: where its header ends, and its body with and without chunked transfer coding. Lenient: a
// body that says "chunked" and is not comes through as it stands.
//
// Threads: one. Memory: the header, at most 1 MiB. Spec: RFC 9112 sections 2.1, 6 and 7.1.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace vellum::warc {

// Splits a message into header block and body.
class HttpSplitter {
 public:
  // Gives what of `piece` belongs to the body; the rest goes to head().
  std::string_view add(std::string_view piece);
  // No more is to come: a header without an empty line is a header all the same.
  bool has_head() const { return is_done_; }
  const std::string& head() const { return head_; }  // with its empty line
  static constexpr std::size_t kMostHeadBytes = 1u << 20;

 private:
  std::string head_;
  bool is_done_ = false;
};

// Undoes chunked transfer coding.
class Dechunker {
 public:
  using Sink = std::function<void(std::string_view)>;
  void add(std::string_view piece, const Sink& sink);
  // All chunks were whole and the last one was there; what follows it is not looked at.
  bool is_whole() const { return state_ == State::kDone; }
  bool is_broken() const { return state_ == State::kBroken; }

 private:
  enum class State { kSize, kExtension, kData, kDataEnd, kTrailer, kDone, kBroken };
  void step(char c);
  void step_size(char c);

  State state_ = State::kSize;
  std::uint64_t left_ = 0;
  std::size_t digits_ = 0;
  std::size_t line_ = 0;  // characters of the trailer line
};

}  // namespace vellum::warc
