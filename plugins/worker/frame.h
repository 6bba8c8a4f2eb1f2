// Frames on the socket between a program and its worker: four bytes of length (little endian), one of kind, the
// payload.
//
// Both sides check the length before they make room for it. On the program's side every wait ends at a deadline, and
// what comes is taken for hostile: the plugin shares the worker's memory and may write to the socket itself.
//
// Threads: one sender and one receiver on a socket.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum::worker {

using SteadyTime = std::chrono::steady_clock::time_point;
inline constexpr SteadyTime kNever = SteadyTime::max();

enum class FrameKind : std::uint8_t {
  kPage = 'P',   // to the worker: a page to be read (messages.h)
  kStep = 'S',   // from it, all others too: the name of the step that begins
  kReady = 'Y',  // the instance is made
  kLog = 'L',    // a line of the plugin
  kReply = 'R',  // what was found on the page
  kFault = 'F',  // the page could not be read
};

inline constexpr std::size_t kFrameHead = 5;
inline constexpr std::size_t kMaxPageBytes = std::size_t{256} << 20;  // page and fragments
inline constexpr std::size_t kMaxReplyBytes = std::size_t{12} << 20;  // 8 MiB of results and their keys
inline constexpr std::size_t kMaxLogBytes = std::size_t{64} << 10;    // of all lines for a page

struct Frame {
  FrameKind kind = FrameKind::kFault;
  std::string payload;
};

// The length and kind that stand before a payload of `bytes`.
std::string frame_head(FrameKind kind, std::size_t bytes);

// kTimeout at the deadline, kNetwork if the other side is gone.
Result<void> send_frame(int fd, FrameKind kind, std::initializer_list<std::string_view> parts, SteadyTime deadline);

// kTimeout at the deadline, kNotFound where the other side closed between frames, kNetwork where it did within one,
// kProtocol for an unknown kind, kTooLarge for a length over `max_bytes`.
Result<Frame> receive_frame(int fd, std::size_t max_bytes, SteadyTime deadline);

}  // namespace vellum::worker
