#include "tools/replay/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "tools/replay/session.h"

namespace vellum::replay {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kReaders = 2;
constexpr int kMostSessions = 64;

Result<tcp::endpoint> endpoint_of(asio::io_context& io, const ServerOptions& options) {
  error_code bad;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, bad);
  if (!bad && !found.empty()) return found.begin()->endpoint();
  return fail(ErrorKind::kInvalid, "cannot listen on `" + options.host + "`: not an address of this machine");
}

}  // namespace

struct Server::Impl {
  Impl(storage::Archive& archive, const ServerOptions& options)

      : site(archive, options.host, options.own_pages), io(1), acceptor(io), pool(kReaders) {}

  Result<void> listen(const ServerOptions& options) {
    VELLUM_TRY(const tcp::endpoint endpoint, endpoint_of(io, options));
    error_code bad;
    acceptor.open(endpoint.protocol(), bad);
    if (!bad) acceptor.set_option(tcp::acceptor::reuse_address(true), bad);
    if (!bad) acceptor.bind(endpoint, bad);
    if (!bad) acceptor.listen(tcp::acceptor::max_listen_connections, bad);
    if (!bad) return {};
    const ErrorKind kind = bad == asio::error::address_in_use ? ErrorKind::kNetwork : ErrorKind::kInvalid;
    return fail(kind, "cannot listen on " + options.host + ":" + std::to_string(options.port) + ": " + bad.message(),
                bad.value());
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      // One too many is closed at once: the browser tries again when others are done.
      if (!error && open_sessions < kMostSessions) start_session(std::move(socket), {site, pool, open_sessions});
      accept();
    });
  }

  // Destroyed from below: the pool ends before the io_context that its tasks post to, sessions before what they count
  // in.
  Site site;
  std::atomic<int> open_sessions{0};
  asio::io_context io;
  tcp::acceptor acceptor;
  asio::thread_pool pool;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  stop();
  impl_->pool.join();
}

Result<std::unique_ptr<Server>> Server::open(storage::Archive& archive, const ServerOptions& options) {
  auto impl = std::make_unique<Impl>(archive, options);
  VELLUM_CHECK(impl->listen(options));
  impl->accept();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const {
  error_code bad;
  return impl_->acceptor.local_endpoint(bad).port();
}

void Server::run() {
  impl_->io.run();
  impl_->pool.join();
}

void Server::stop() {
  impl_->io.stop();
}

}  // namespace vellum::replay
