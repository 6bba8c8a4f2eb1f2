#include "tools/vellum/crawl/service_notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace vellum::cli {
namespace {

std::optional<std::int64_t> number_in(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text, text + std::strlen(text), value);
  return fault == std::errc() && *end == '\0' ? std::optional(value) : std::nullopt;
}

}  // namespace

ServiceNotify::ServiceNotify() {
  if (const char* name = std::getenv("NOTIFY_SOCKET")) socket_ = name;
  const auto micros = number_in("WATCHDOG_USEC");
  const auto pid = number_in("WATCHDOG_PID");
  if (micros && *micros > 0 && (!pid || *pid == ::getpid())) watchdog_ = Duration(*micros);
}

void ServiceNotify::alive(Timestamp now) {
  if (!watchdog_ || now - last_alive_ < *watchdog_ / 4) return;
  last_alive_ = now;
  send("WATCHDOG=1");
}

void ServiceNotify::send(const std::string& state) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';  // Linux's abstract names
  const int sender = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (sender < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const auto sent =
      ::sendto(sender, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length);
  static_cast<void>(sent);
  ::close(sender);
}

}  // namespace vellum::cli
