#include "plugins/worker/frame.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace vellum::worker {
namespace {

constexpr std::string_view kKinds = "PSYLRF";
constexpr std::size_t kGrowth = std::size_t{64} << 10;  // room is made as bytes come, not as a length promises

// Milliseconds for poll(): -1 without a deadline, else rounded up, so that it does not spin before the deadline.
int poll_time(SteadyTime deadline) {
  if (deadline == kNever) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 60'000));
}

Result<void> wait_for(int fd, short events, SteadyTime deadline) {
  while (true) {
    if (deadline != kNever && std::chrono::steady_clock::now() >= deadline) {
      return fail(ErrorKind::kTimeout, "no answer in time");
    }
    pollfd watched{fd, events, 0};
    const int ready = ::poll(&watched, 1, poll_time(deadline));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return fail(ErrorKind::kNetwork, std::strerror(errno), errno);
  }
}

Result<void> send_all(int fd, std::string_view bytes, SteadyTime deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      VELLUM_CHECK(wait_for(fd, POLLOUT, deadline));
    } else if (errno != EINTR) {
      return fail(ErrorKind::kNetwork, std::strerror(errno), errno);
    }
  }
  return {};
}

// Fills `out` up to `wanted`; less only at the end of the stream.
Result<void> receive_up_to(int fd, std::size_t wanted, std::string& out, SteadyTime deadline) {
  while (out.size() < wanted) {
    VELLUM_CHECK(wait_for(fd, POLLIN, deadline));
    const std::size_t had = out.size();
    out.resize(had + std::min(wanted - had, kGrowth));
    const ssize_t got = ::recv(fd, out.data() + had, out.size() - had, MSG_DONTWAIT);
    const int error = errno;
    out.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return {};
    if (got < 0 && error != EINTR && error != EAGAIN && error != EWOULDBLOCK) {
      return fail(error == ECONNRESET ? ErrorKind::kNotFound : ErrorKind::kNetwork, std::strerror(error), error);
    }
  }
  return {};
}

}  // namespace

std::string frame_head(FrameKind kind, std::size_t bytes) {
  std::string head;
  for (int shift = 0; shift < 32; shift += 8) head += static_cast<char>((bytes >> shift) & 0xFF);
  head += static_cast<char>(kind);
  return head;
}

Result<void> send_frame(int fd, FrameKind kind, std::initializer_list<std::string_view> parts, SteadyTime deadline) {
  std::size_t bytes = 0;
  for (const std::string_view part : parts) bytes += part.size();
  if (bytes > kMaxPageBytes) return fail(ErrorKind::kTooLarge, "a message of " + std::to_string(bytes) + " bytes");
  VELLUM_CHECK(send_all(fd, frame_head(kind, bytes), deadline));
  for (const std::string_view part : parts) VELLUM_CHECK(send_all(fd, part, deadline));
  return {};
}

Result<Frame> receive_frame(int fd, std::size_t max_bytes, SteadyTime deadline) {
  std::string head;
  VELLUM_CHECK(receive_up_to(fd, kFrameHead, head, deadline));
  if (head.empty()) return fail(ErrorKind::kNotFound, "the other side closed");
  if (head.size() < kFrameHead) return fail(ErrorKind::kNetwork, "the other side closed within a message");
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < 4; ++i) bytes |= std::size_t{static_cast<unsigned char>(head[i])} << (8 * i);
  if (kKinds.find(head[4]) == std::string_view::npos) return fail(ErrorKind::kProtocol, "bytes that are no message");
  if (bytes > max_bytes) return fail(ErrorKind::kTooLarge, "a message of " + std::to_string(bytes) + " bytes");
  Frame frame{static_cast<FrameKind>(head[4]), {}};
  VELLUM_CHECK(receive_up_to(fd, bytes, frame.payload, deadline));
  if (frame.payload.size() < bytes) return fail(ErrorKind::kNetwork, "the other side closed within a message");
  return frame;
}

}  // namespace vellum::worker
