#include "tools/demo/server.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"
#include "tools/demo/gzip.h"
#include "tools/demo/routes.h"

namespace vellum::demo {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t kMostConnections = 512;
constexpr std::size_t kRequestBytes = 64 * 1024;
constexpr std::chrono::seconds kIdle{60};
constexpr std::chrono::seconds kLinger{1};
constexpr std::size_t kMostReadAway = std::size_t{1} << 20;

// "Host: a.example:80" and "GET http://a.example/x" both name the host; the latter wins (RFC 9112 section 3.2.2).
SiteRequest site_request(const Request& request) {
  std::string target(request.target()), host(request[http::field::host]);
  if (starts_with_ignore_case(target, "http://")) {
    auto slash = std::min(target.find_first_of("/?", 7), target.size());
    host = target.substr(7, slash - 7);
    target = target.substr(slash);
    if (!target.starts_with('/')) target = "/" + target;
  }
  if (auto colon = host.find(':'); colon != std::string::npos) host.resize(colon);
  return {to_lower_ascii(host), target};
}

bool wants_gzip(const Request& request, const SiteResponse& page) {
  bool is_text = page.content_type.starts_with("text/") || page.content_type.ends_with("+xml");
  return is_text && std::string_view(request[http::field::accept_encoding]).find("gzip") != std::string_view::npos;
}

Response make_response(const Request& request, SiteResponse page) {
  Response response(static_cast<http::status>(page.status), request.version());
  response.set(http::field::server, "vellum-demo-site");
  response.set(http::field::date, to_http_date(SystemClock().now()));
  response.set(http::field::content_type, page.content_type);
  if (!page.location.empty()) response.set(http::field::location, page.location);
  if (!page.session.empty()) response.set(http::field::set_cookie, "ncbi_sid=" + page.session + "; path=/");
  if (page.is_static) {
    auto tag = "\"" + to_hex(sha256(page.body).view().substr(0, 8)) + "\"";
    response.set(http::field::etag, tag);
    response.set(http::field::cache_control, "public, max-age=86400");
    if (request[http::field::if_none_match] == tag) {
      response.result(http::status::not_modified);
      page.body.clear();
    }
  }
  if (!page.body.empty() && wants_gzip(request, page)) {
    page.body = gzip(page.body);
    response.set(http::field::content_encoding, "gzip");
    response.set(http::field::vary, "Accept-Encoding");
  }
  response.body() = std::move(page.body);
  response.keep_alive(request.keep_alive());
  response.prepare_payload();
  return response;
}

Response refusal(http::status status, unsigned version, std::string text) {
  Response response(status, version);
  response.set(http::field::server, "vellum-demo-site");
  response.set(http::field::content_type, "text/plain");
  response.body() = std::move(text);
  response.keep_alive(false);
  response.prepare_payload();
  return response;
}

}  // namespace

struct Server::Impl {
  Impl(const Site& s, const ServerOptions& o) : site(s), options(o), acceptor(io), signals(io) {}

  const Site& site;
  ServerOptions options;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  asio::signal_set signals;
  std::ofstream log;
  std::uint64_t loads = 0;
  std::size_t connections = 0;

  Result<void> listen();
  asio::awaitable<void> accept_loop();
  asio::awaitable<void> serve(tcp::socket socket);
  asio::awaitable<void> end(beast::tcp_stream& stream);
  asio::awaitable<bool> answer_one(beast::tcp_stream& stream, beast::flat_buffer& buffer);
  asio::awaitable<Response> answer(const Request& request);
  asio::awaitable<void> wait(std::chrono::milliseconds time);
  void write_log(const SiteRequest& request, int status);
};

Result<void> Server::Impl::listen() {
  boost::system::error_code error;
  tcp::endpoint endpoint(asio::ip::address_v4::loopback(), options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  return fail(ErrorKind::kNetwork, fmt::format("cannot listen on 127.0.0.1:{}: {}", options.port, error.message()),
              error.value());
}

asio::awaitable<void> Server::Impl::accept_loop() {
  while (acceptor.is_open()) {
    boost::system::error_code error;
    auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) break;
    if (error || connections >= kMostConnections) continue;  // the socket closes with its scope
    auto session = serve(std::move(socket));
    asio::co_spawn(io, std::move(session), asio::detached);
  }
}

asio::awaitable<void> Server::Impl::serve(tcp::socket socket) {
  ++connections;
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  while (co_await answer_one(stream, buffer)) {
  }
  co_await end(stream);
  --connections;
}

// What the client still sends is read away: closing over it would reset the connection, and an answer under way with
// it.
asio::awaitable<void> Server::Impl::end(beast::tcp_stream& stream) {
  beast::error_code error;
  stream.socket().shutdown(tcp::socket::shutdown_send, error);
  stream.expires_after(kLinger);
  std::vector<char> rest(kRequestBytes);
  for (std::size_t read = 0; !error && read < kMostReadAway;) {
    const auto room = asio::buffer(rest);
    read += co_await stream.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  }
}

// Reads one request and answers it; false when the connection is to be closed.
asio::awaitable<bool> Server::Impl::answer_one(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
  Parser parser;
  parser.body_limit(kRequestBytes);
  beast::error_code error;
  const auto& http_errors = make_error_code(http::error::end_of_stream).category();
  stream.expires_after(kIdle);
  co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  bool is_bad_request = error.category() == http_errors && error != http::error::end_of_stream;
  if (error && !is_bad_request) co_return false;  // closed, reset or idle
  Response response;
  if (is_bad_request) {
    response = refusal(http::status::bad_request, 11, "bad request: " + error.message() + "\n");
  } else {
    response = co_await answer(parser.get());
  }
  stream.expires_after(kIdle);
  bool keep = response.keep_alive();
  if (!error && parser.get().method() == http::verb::head) {
    http::response_serializer<http::string_body> serializer(response);
    co_await http::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, error));
  } else {
    co_await http::async_write(stream, response, asio::redirect_error(asio::use_awaitable, error));
  }
  co_return keep && !error;
}

asio::awaitable<Response> Server::Impl::answer(const Request& request) {
  if (request.method() == http::verb::connect) {
    co_return refusal(http::status::not_implemented, request.version(),
                      "this proxy speaks plain http only: crawl http:// addresses\n");
  }
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    co_return refusal(http::status::method_not_allowed, request.version(), "only GET and HEAD\n");
  }
  auto wanted = site_request(request);
  auto page = respond(site, wanted, loads++);
  co_await wait(options.delay + (page.is_slow ? options.slow : std::chrono::milliseconds(0)));
  auto response = make_response(request, std::move(page));
  write_log(wanted, response.result_int());
  co_return response;
}

asio::awaitable<void> Server::Impl::wait(std::chrono::milliseconds time) {
  if (time.count() == 0) co_return;
  asio::steady_timer timer(io, time);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void Server::Impl::write_log(const SiteRequest& request, int status) {
  if (!log.is_open()) return;
  auto now = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  log << fmt::format("{:.6f}\t{}\t{}\t{}\n", now, request.host, request.target, status) << std::flush;
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(const Site& site, const ServerOptions& options) {
  auto impl = std::make_unique<Impl>(site, options);
  VELLUM_CHECK(impl->listen());
  if (!options.log.empty()) {
    impl->log.open(options.log, std::ios::app);
    if (!impl->log)
      return fail(ErrorKind::kInvalid,
                  fmt::format("cannot write log: {}: {}", options.log.string(), std::strerror(errno)), errno);
  }
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const {
  return impl_->acceptor.local_endpoint().port();
}

void Server::run() {
  auto& io = impl_->io;
  if (impl_->options.stop_on_signals) {
    impl_->signals.add(SIGINT);
    impl_->signals.add(SIGTERM);
    impl_->signals.async_wait([&io](const boost::system::error_code& error, int) {
      if (!error) io.stop();
    });
  }
  auto accepting = impl_->accept_loop();
  asio::co_spawn(io, std::move(accepting), asio::detached);
  io.run();
}

void Server::stop() {
  impl_->io.stop();
}

}  // namespace vellum::demo
