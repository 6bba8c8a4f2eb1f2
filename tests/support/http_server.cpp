#include "tests/support/http_server.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace vellum::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Socket = std::shared_ptr<tcp::socket>;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// What the connection does after a step.
enum class Next { kGoOn, kEnd };

asio::awaitable<bool> send_all(Socket socket, std::string_view bytes) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  const auto [error, sent] = co_await asio::async_write(*socket, buffer, kAwait);
  co_return !error;
}

// Until the peer closes or resets.
asio::awaitable<void> wait_for_peer_to_go(Socket socket) {
  std::array<char, 1024> ignored;
  const auto buffer = asio::buffer(ignored);
  for (;;) {
    const auto [error, count] = co_await socket->async_read_some(buffer, kAwait);
    if (error) co_return;
  }
}

void reset(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

asio::awaitable<void> pump(Socket from, Socket to) {
  std::array<char, 16384> bytes;
  const auto room = asio::buffer(bytes);
  for (;;) {
    const auto [error, count] = co_await from->async_read_some(room, kAwait);
    const std::string_view received(bytes.data(), count);
    if (error || !co_await send_all(to, received)) break;
  }
  error_code ignored;
  from->shutdown(tcp::socket::shutdown_both, ignored);
  to->shutdown(tcp::socket::shutdown_both, ignored);
}

asio::awaitable<void> tunnel(Socket client, std::uint16_t port) {
  const auto executor = client->get_executor();
  const auto upstream = std::make_shared<tcp::socket>(executor);
  const tcp::endpoint target(asio::ip::address_v4::loopback(), port);
  const auto [error] = co_await upstream->async_connect(target, kAwait);
  if (error) co_return;
  asio::co_spawn(executor, pump(upstream, client), asio::detached);
  co_await pump(client, upstream);
}

SeenRequest parse_request(std::string head, int connection) {
  SeenRequest request;
  const std::size_t method_end = head.find(' ');
  const std::size_t target_end = head.find(' ', method_end + 1);
  if (method_end != std::string::npos && target_end != std::string::npos) {
    request.method = head.substr(0, method_end);
    request.target = head.substr(method_end + 1, target_end - method_end - 1);
  }
  request.head = std::move(head);
  request.connection = connection;
  return request;
}

// The names under which a handler may have been set, the most exact first.
std::vector<std::string> names_of(const std::string& target) {
  std::vector<std::string> names = {target};
  std::string local = target;
  if (const std::size_t scheme = target.find("://"); scheme != std::string::npos && target[0] != '/') {
    const std::size_t path = target.find('/', scheme + 3);
    local = path == std::string::npos ? "/" : target.substr(path);
    names.push_back(local);
  }
  names.push_back(local.substr(0, local.find('?')));
  return names;
}

}  // namespace

std::string SeenRequest::header(std::string_view name) const {
  return HeaderBlock(head).first(name).value_or("");
}

struct HttpServer::Impl {
  struct Gate {
    explicit Gate(asio::io_context& io) : timer(io, asio::steady_timer::time_point::max()) {}
    asio::steady_timer timer;
    bool open = false;
  };

  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  std::map<std::string, Handler> handlers;  // these four: under the mutex
  Handler fallback = [](const SeenRequest&) { return Reply::page("no such page", {}, 404); };
  std::vector<SeenRequest> requests;
  int accepted = 0, ended = 0;

  asio::io_context io{1};
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  const std::uint16_t port = acceptor.local_endpoint().port();
  std::map<std::string, Gate> gates;  // server thread only
  std::thread thread;

  Gate& gate(const std::string& name) { return gates.try_emplace(name, io).first->second; }

  Reply answer(const SeenRequest& request) {
    Handler handler;
    {
      const std::lock_guard guard(mutex);
      requests.push_back(request);
      handler = fallback;
      for (const std::string& name : names_of(request.target)) {
        if (const auto found = handlers.find(name); found != handlers.end()) {
          handler = found->second;
          break;
        }
      }
    }
    changed.notify_all();
    return handler(request);
  }

  asio::awaitable<Next> take_step(Socket socket, const Reply::Step& step) {
    using Kind = Reply::Step::Kind;
    switch (step.kind) {
      case Kind::kSend:
        co_return co_await send_all(socket, step.text) ? Next::kGoOn : Next::kEnd;
      case Kind::kRepeat:
        while (co_await send_all(socket, step.text)) {
        }
        co_return Next::kEnd;
      case Kind::kWait:
        co_await pass(gate(step.text));
        co_return Next::kGoOn;
      case Kind::kHang:
        co_await wait_for_peer_to_go(socket);
        co_return Next::kEnd;
      case Kind::kTunnel:
        co_await tunnel(socket, step.port);
        co_return Next::kEnd;
      case Kind::kReset:
        reset(*socket);
        co_return Next::kEnd;
      case Kind::kClose:
        co_return Next::kEnd;
    }
    co_return Next::kEnd;
  }

  asio::awaitable<void> pass(Gate& gate) {
    while (!gate.open) co_await gate.timer.async_wait(kAwait);
  }

  asio::awaitable<Next> converse(Socket socket, std::string& buffer, int number) {
    auto into = asio::dynamic_buffer(buffer);
    const auto [error, length] = co_await asio::async_read_until(*socket, into, "\r\n\r\n", kAwait);
    if (error) co_return Next::kEnd;
    const SeenRequest request = parse_request(buffer.substr(0, length), number);
    buffer.erase(0, length);
    const Reply reply = answer(request);
    for (const Reply::Step& step : reply.steps()) {
      if (co_await take_step(socket, step) == Next::kEnd) co_return Next::kEnd;
    }
    co_return request.header("Connection") == "close" ? Next::kEnd : Next::kGoOn;
  }

  asio::awaitable<void> serve(Socket socket, int number) {
    std::string buffer;
    while (co_await converse(socket, buffer, number) == Next::kGoOn) {
    }
    error_code ignored;
    socket->close(ignored);
    {
      const std::lock_guard guard(mutex);
      ++ended;
    }
    changed.notify_all();
  }

  asio::awaitable<void> listen() {
    for (;;) {
      auto [error, accepted_socket] = co_await acceptor.async_accept(kAwait);
      if (error) co_return;
      const Socket socket = std::make_shared<tcp::socket>(std::move(accepted_socket));
      int number = 0;
      {
        const std::lock_guard guard(mutex);
        number = ++accepted;
      }
      asio::co_spawn(io, serve(socket, number), asio::detached);
    }
  }

  template <class Condition>
  bool wait_until(std::chrono::seconds limit, Condition condition) const {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, limit, condition);
  }
};

HttpServer::HttpServer() : impl_(std::make_unique<Impl>()) {
  asio::co_spawn(impl_->io, impl_->listen(), asio::detached);
  impl_->thread = std::thread([this] { impl_->io.run(); });
}

HttpServer::~HttpServer() {
  impl_->io.stop();
  impl_->thread.join();
}

std::uint16_t HttpServer::port() const {
  return impl_->port;
}

std::string HttpServer::url(std::string_view path_and_query) const {
  return "http://127.0.0.1:" + std::to_string(impl_->port) + std::string(path_and_query);
}

void HttpServer::on(std::string path, Reply reply) {
  on(std::move(path), [reply = std::move(reply)](const SeenRequest&) { return reply; });
}

void HttpServer::on(std::string path, Handler handler) {
  const std::lock_guard guard(impl_->mutex);
  impl_->handlers[std::move(path)] = std::move(handler);
}

void HttpServer::otherwise(Handler handler) {
  const std::lock_guard guard(impl_->mutex);
  impl_->fallback = std::move(handler);
}

void HttpServer::open_gate(const std::string& gate) {
  asio::post(impl_->io, [this, gate] {
    impl_->gate(gate).open = true;
    impl_->gate(gate).timer.cancel();
  });
}

std::vector<SeenRequest> HttpServer::requests() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->requests;
}

int HttpServer::connections() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->accepted;
}

int HttpServer::open_connections() const {
  const std::lock_guard guard(impl_->mutex);
  return impl_->accepted - impl_->ended;
}

bool HttpServer::wait_for_requests(std::size_t count, std::chrono::seconds limit) const {
  return impl_->wait_until(limit, [&] { return impl_->requests.size() >= count; });
}

bool HttpServer::wait_until_idle(std::chrono::seconds limit) const {
  return impl_->wait_until(limit, [&] { return impl_->accepted == impl_->ended; });
}

}  // namespace vellum::test
