#include "tools/replay/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "tests/tools/replay/sample_archive.h"

namespace vellum::replay {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class ServerTest : public testing::Test {
 protected:
  ServerTest() : archive_(sample_.open()) {
    auto server = Server::open(*archive_, {"127.0.0.1", 0});
    if (!server) throw std::runtime_error(server.error().message);
    server_ = *std::move(server);
    runner_ = std::thread([this] { server_->run(); });
  }
  ~ServerTest() override {
    server_->stop();
    runner_.join();
  }

  // Everything that the server sends until it closes.
  std::string talk(const std::string& bytes) {
    asio::io_context io;
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), server_->port()});
    boost::system::error_code error;
    asio::write(socket, asio::buffer(bytes), error);
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), error);
    return answer;
  }
  std::string request(const std::string& line, const std::string& fields = "") {
    return talk(line + "\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n");
  }

  SampleArchive sample_;
  std::unique_ptr<storage::Archive> archive_;
  std::unique_ptr<Server> server_;
  std::thread runner_;
};

TEST_F(ServerTest, AnswersOverASocket) {
  sample_.add({"https://a.test/", "2020", "hello"});
  const std::string answer = request("GET /web/20200101000000/https://a.test/ HTTP/1.1");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: sandbox;"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nhello"));
}

TEST_F(ServerTest, HeadHasTheFieldsOfGetAndNoBody) {
  sample_.add({"https://a.test/", "2020", "hello"});
  const std::string answer = request("HEAD /web/20200101000000/https://a.test/ HTTP/1.1");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, AnswersSeveralRequestsOnOneConnection) {
  const std::string one = "GET /favicon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string last = "GET /nope HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  const std::string answer = talk(one + one + last);
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 404"));
  EXPECT_EQ(answer.find("HTTP/1.1 200"), 0u);
  EXPECT_NE(answer.find("HTTP/1.1 200", 1), std::string::npos);
}

TEST_F(ServerTest, WhatIsNoRequestIsRefusedWithAPolicy) {
  EXPECT_THAT(talk("\x16\x03\x01 hello\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(talk("GET /" + std::string(40'000, 'a') + " HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(request("GET / HTTP/1.1", "Content-Length: 5\r\n\r\nhello"), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(talk("nonsense\r\n\r\n"), HasSubstr("Content-Security-Policy: default-src 'none'"));
}

TEST_F(ServerTest, RefusesOtherMethodsAndOtherNames) {
  EXPECT_THAT(request("DELETE / HTTP/1.1"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(request("POST / HTTP/1.1", "Content-Length: 5\r\n\r\nhello"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(talk("GET / HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n"), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(talk("GET / HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 403"));
}

TEST_F(ServerTest, NeverAnswersFromTheFileSystem) {
  for (const char* path :
       {"/../../../../etc/passwd", "/web/2020/file:///etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/vellum.toml"}) {
    const std::string answer = request("GET " + std::string(path) + " HTTP/1.1");
    EXPECT_THAT(answer, testing::AnyOf(StartsWith("HTTP/1.1 404"), StartsWith("HTTP/1.1 400"))) << path;
  }
}

TEST_F(ServerTest, AStoredStatusLineOrFieldCannotSplitTheAnswer) {
  sample_.add({"https://a.test/",
               "2020",
               "x",
               "text/html",
               200,
               {"Server: a\x01"
                "b",
                "ETag: \"x\"\rSet-Cookie: a=b"}});
  const std::string answer = request("GET /web/20200101000000/https://a.test/ HTTP/1.1");
  EXPECT_EQ(answer.find("\r\nSet-Cookie"), std::string::npos);
  EXPECT_EQ(answer.find('\x01'), std::string::npos);
}

TEST_F(ServerTest, APortThatIsTakenIsNamed) {
  const auto second = Server::open(*archive_, {"127.0.0.1", server_->port()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kNetwork);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(server_->port())));
}

TEST_F(ServerTest, AnAddressThatIsNoneIsNamed) {
  const auto server = Server::open(*archive_, {"no such host", 0});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, ErrorKind::kInvalid);
}

TEST_F(ServerTest, StopsWhileAConnectionIsOpen) {
  asio::io_context io;
  tcp::socket socket(io);
  socket.connect({asio::ip::address_v4::loopback(), server_->port()});
  asio::write(socket, asio::buffer(std::string("GET / HT")));
}

}  // namespace
}  // namespace vellum::replay
