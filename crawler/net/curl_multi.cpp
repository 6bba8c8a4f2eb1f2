// "Law n" is that of docs/decisions/0005-curl-on-asio.md.

#include "crawler/net/curl_multi.h"

#include <algorithm>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/error.h"

namespace asio = boost::asio;
using boost::system::error_code;

namespace vellum::net {

// What curl wants of one socket. Waits hold it by shared_ptr: one that ends after the socket was given up finds
// want == CURL_POLL_NONE and touches nothing else (law 3).
struct CurlMulti::Watch {
  explicit Watch(asio::io_context& io, curl_socket_t s) : descriptor(io), socket(s) {}
  asio::posix::stream_descriptor descriptor;
  curl_socket_t socket;
  int want = CURL_POLL_NONE;
  bool reading = false, writing = false;
};

// Keyed by a number of its own, not by the easy handle, which may come back for another transfer.
struct CurlMulti::Transfer {
  std::uint64_t id;
  CURL* easy;
  Handler handler;
  asio::steady_timer deadline;
};

CurlMulti::CurlMulti(asio::io_context& io, Limits limits) : io_(io), limits_(limits), timer_(io) {
  open();
}

CurlMulti::~CurlMulti() {
  life_.reset();
  end_all(TransferEnd::How::kCancelled);
  close();
}

void CurlMulti::open() {
  multi_ = curl_multi_init();
  VELLUM_ASSERT(multi_ != nullptr, "curl starts unless memory is out, and then nothing goes on");
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlMulti::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlMulti::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));  // law 10
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, limits_.max_connections);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, limits_.max_connections_per_host);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, limits_.max_connections);
}

// No transfer may be left. Cleanup still calls on_socket for the connections it closes.
void CurlMulti::close() {
  curl_multi_cleanup(multi_);
  multi_ = nullptr;
  while (!watches_.empty()) unwatch(watches_.begin()->first);
  timer_.cancel();
}

void CurlMulti::start(CURL* easy, std::chrono::milliseconds deadline, Handler handler) {
  const std::uint64_t id = next_id_++;
  auto slot = asio::get_associated_cancellation_slot(handler);
  Transfer& transfer =
      transfers_.try_emplace(id, Transfer{id, easy, std::move(handler), asio::steady_timer(io_)}).first->second;
  if (slot.is_connected()) {
    slot.assign(while_alive([this, id](asio::cancellation_type) { finish(id, {TransferEnd::How::kCancelled}); }));
  }
  arm_deadline(transfer, deadline);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);  // elements of an unordered_map stay where they are
  const CURLMcode code = curl_multi_add_handle(multi_, easy);
  if (code != CURLM_OK) finish(id, {TransferEnd::How::kDone, CURLE_FAILED_INIT});
}

void CurlMulti::arm_deadline(Transfer& transfer, std::chrono::milliseconds deadline) {
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 365);  // "never" must not overflow
  transfer.deadline.expires_after(std::min(deadline, kLongest));
  transfer.deadline.async_wait(while_alive([this, id = transfer.id](error_code error) {
    if (!error) finish(id, {TransferEnd::How::kOverdue});
  }));
}

void CurlMulti::cancel_all() {
  end_all(TransferEnd::How::kCancelled);
}

// ---- what curl asks for: called inside curl, so nothing here calls curl (law 1) ----

int CurlMulti::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
  auto& multi = *static_cast<CurlMulti*>(self);
  if (what == CURL_POLL_REMOVE) {
    multi.unwatch(socket);
    return 0;
  }
  return multi.watch(socket, what) ? 0 : -1;  // -1 makes the multi fail, and law 8 takes over
}

int CurlMulti::on_timer(CURLM*, long milliseconds, void* self) noexcept {
  static_cast<CurlMulti*>(self)->arm(milliseconds);
  return 0;
}

bool CurlMulti::watch(curl_socket_t socket, int what) {
  std::shared_ptr<Watch>& watch = watches_[socket];
  if (watch == nullptr) {
    watch = std::make_shared<Watch>(io_, socket);
    error_code error;
    watch->descriptor.assign(socket, error);
    if (error) {
      watches_.erase(socket);
      return false;
    }
  }
  watch->want = what;
  wait(watch);
  return true;
}

// Law 3: the descriptor is let go, not closed; curl closes it, and the number may come back at once.
void CurlMulti::unwatch(curl_socket_t socket) {
  const auto node = watches_.extract(socket);
  if (node.empty()) return;
  node.mapped()->want = CURL_POLL_NONE;
  node.mapped()->descriptor.release();
}

// Law 5: reading and writing are waited for apart, and only where no wait is under way.
void CurlMulti::wait(const std::shared_ptr<Watch>& watch) {
  using Descriptor = asio::posix::descriptor_base;
  if ((watch->want & CURL_POLL_IN) != 0 && !watch->reading) {
    watch->reading = true;
    watch->descriptor.async_wait(Descriptor::wait_read, [this, watch](error_code error) {
      watch->reading = false;
      if (error != asio::error::operation_aborted) ready(watch, bool(error), CURL_CSELECT_IN);
    });
  }
  if ((watch->want & CURL_POLL_OUT) != 0 && !watch->writing) {
    watch->writing = true;
    watch->descriptor.async_wait(Descriptor::wait_write, [this, watch](error_code error) {
      watch->writing = false;
      if (error != asio::error::operation_aborted) ready(watch, bool(error), CURL_CSELECT_OUT);
    });
  }
}

void CurlMulti::arm(long milliseconds) {
  if (milliseconds < 0) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(
      std::chrono::milliseconds(milliseconds));  // 0 as well: through the loop, never from here (law 1)
  timer_.async_wait(while_alive([this](error_code error) {
    if (!error) act(CURL_SOCKET_TIMEOUT, 0);
  }));
}

// ---- what Asio brings ----

void CurlMulti::ready(const std::shared_ptr<Watch>& watch, bool failed, int bits) {
  const int needed = bits == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT;
  if ((watch->want & needed) == 0) return;  // no longer wanted; after release() the bridge itself may be gone
  act(watch->socket, failed ? CURL_CSELECT_ERR : bits);
  if (watch->want != CURL_POLL_NONE) wait(watch);
}

// Law 8: an error leaves the multi handle without meaning.
void CurlMulti::act(curl_socket_t socket, int bits) {
  int running = 0;
  if (curl_multi_socket_action(multi_, socket, bits, &running) == CURLM_OK) {
    reap();
    return;
  }
  end_all(TransferEnd::How::kBroken);
  close();
  open();
}

// Law 6: the message is read before remove_handle, which ends its life.
void CurlMulti::reap() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    finish(transfer->id, {TransferEnd::How::kDone, code});
  }
}

// ---- the end of a transfer ----

void CurlMulti::finish(std::uint64_t id, TransferEnd end) {
  auto node = transfers_.extract(id);
  if (node.empty()) return;  // ended already: a late deadline or cancellation
  curl_multi_remove_handle(multi_, node.mapped().easy);
  complete(std::move(node.mapped()), end);
}

// Law 7: never from inside curl, nor from inside whoever cancelled.
void CurlMulti::complete(Transfer transfer, TransferEnd end) {
  auto executor = asio::get_associated_executor(transfer.handler, io_.get_executor());
  auto resume = [handler = std::move(transfer.handler), end]() mutable { std::move(handler)(end); };
  asio::post(io_, [executor, resume = std::move(resume)]() mutable { asio::dispatch(executor, std::move(resume)); });
}

void CurlMulti::end_all(TransferEnd::How how) {
  while (!transfers_.empty()) finish(transfers_.begin()->first, {how});
}

}  // namespace vellum::net
