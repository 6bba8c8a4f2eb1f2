#include "tools/replay/session.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <memory>
#include <optional>

namespace vellum::replay {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::uint32_t kMostHeadBytes = 32 * 1024;
constexpr auto kIdle = std::chrono::seconds(30);
constexpr auto kWrite = std::chrono::seconds(60);
constexpr auto kLinger = std::chrono::seconds(2);

std::string text(beast::string_view view) {
  return std::string(view.data(), view.size());
}

bool comes_from_here(const tcp::socket& socket) {
  beast::error_code error;
  const auto peer = socket.remote_endpoint(error).address();
  if (error) return false;
  const bool is_mapped = peer.is_v6() && peer.to_v6().is_v4_mapped();
  return is_mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6()).is_loopback() : peer.is_loopback();
}

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const SessionPlaces& places)
      : stream_(std::move(socket)), buffer_(kMostHeadBytes), places_(places) {
    ++places_.open_sessions;
    is_local_ = comes_from_here(stream_.socket());
  }
  ~Session() { --places_.open_sessions; }

  void read() {
    parser_.emplace();
    parser_->header_limit(kMostHeadBytes);
    parser_->body_limit(0);
    stream_.expires_after(kIdle);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) { self->got_request(error); });
  }

 private:
  void got_request(beast::error_code error) {
    if (error) {
      refuse(error);
      return;
    }
    stream_.expires_never();
    asio::post(places_.pool, [self = shared_from_this(), request = request()] {
      Reply reply = self->places_.site.answer(request);
      asio::post(self->stream_.get_executor(), [self, reply = std::move(reply)]() mutable {
        self->write(std::move(reply), self->parser_->get().keep_alive());
      });
    });
  }

  Request request() const {
    const auto& message = parser_->get();
    return {text(message.method_string()),
            text(message.target()),
            text(message[http::field::host]),
            text(message[http::field::referer]),
            text(message[http::field::origin]),
            text(message["Sec-Fetch-Dest"]),
            is_local_};
  }

  // Tells the other side what was wrong with its request, where there is still somebody to tell.
  void refuse(beast::error_code error) {
    const bool is_bad = error.category() == make_error_code(http::error::bad_method).category();
    if (!is_bad || error == http::error::end_of_stream || error == http::error::partial_message) {
      close();
    } else if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      write(refusal(431, "The head of the request is too long."), false);
    } else if (error != http::error::body_limit && error != http::error::unexpected_body) {
      write(refusal(400, "That is not a request in HTTP/1.1."), false);
    } else if (Request with_body = request(); with_body.method == "GET" || with_body.method == "HEAD") {
      write(refusal(413, "The replay takes no request bodies."), false);
    } else {
      write(places_.site.answer(with_body), false);  // which says that the method is not allowed
    }
  }

  void write(Reply reply, bool keep_alive) {
    const bool is_head = parser_->is_header_done() && parser_->get().method() == http::verb::head;
    response_.emplace();
    response_->version(11);
    response_->result(static_cast<unsigned>(reply.status));
    for (const auto& [name, value] : reply.headers) response_->set(name, value);
    response_->keep_alive(keep_alive);
    response_->content_length(reply.body.size());
    if (!is_head) response_->body() = std::move(reply.body);
    serializer_.emplace(*response_);
    stream_.expires_after(kWrite);
    const auto done = [self = shared_from_this(), keep_alive](beast::error_code error, std::size_t) {
      self->wrote(error, keep_alive);
    };
    if (is_head) {
      http::async_write_header(stream_, *serializer_, done);
    } else {
      http::async_write(stream_, *serializer_, done);
    }
  }

  void wrote(beast::error_code error, bool keep_alive) {
    serializer_.reset();
    response_.reset();
    if (error || !keep_alive) {
      close();
    } else {
      read();
    }
  }

  // What the other side still sends is read and thrown away for a while: closing over it would reset the connection,
  // and the answer with it.
  void close() {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLinger);
    drain();
  }

  void drain() {
    stream_.async_read_some(asio::buffer(rest_), [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->drain();
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  SessionPlaces places_;
  bool is_local_ = false;
  std::array<char, 4096> rest_{};
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::optional<http::response<http::string_body>> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
};

}  // namespace

void start_session(tcp::socket socket, const SessionPlaces& places) {
  std::make_shared<Session>(std::move(socket), places)->read();
}

}  // namespace vellum::replay
