#include "tools/demo/server.h"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/content_coding.h"
#include "base/http_message.h"
#include "tests/support/temp_dir.h"

namespace vellum::demo {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Answer {
  HeaderBlock head;
  std::string body;
};

class DemoServer : public ::testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.log = folder / "log";
    auto opened = Server::open(site, options);
    ASSERT_TRUE(opened) << opened.error().message;
    server = *std::move(opened);
    thread = std::thread([this] { server->run(); });
  }
  void TearDown() override {
    if (server) server->stop();
    if (thread.joinable()) thread.join();
  }

  // Everything that the server sends until it closes.
  std::string exchange(const std::string& request) const {
    asio::io_context io;
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), server->port()});
    asio::write(socket, asio::buffer(request));
    socket.shutdown(tcp::socket::shutdown_send);
    std::string answer;
    boost::system::error_code end;
    asio::read(socket, asio::dynamic_buffer(answer), end);
    return answer;
  }
  Answer get(const std::string& target, const std::string& headers = "") const {
    auto bytes = exchange("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers + "\r\n");
    auto end = std::min(bytes.find("\r\n\r\n"), bytes.size() - 4) + 4;
    return {HeaderBlock(bytes.substr(0, end)), bytes.substr(end)};
  }
  std::string log_text() const {
    std::ifstream in(folder / "log");
    return {std::istreambuf_iterator<char>(in), {}};
  }

  test::TempDir folder;
  Site site{1, 40};
  std::unique_ptr<Server> server;
  std::thread thread;
};

TEST_F(DemoServer, AnswersUnderItsOwnAddress) {
  auto answer = get("/30526772/");
  EXPECT_EQ(answer.head.status(), 200);
  EXPECT_NE(answer.body.find("Cellular Senescence in Cancer"), std::string::npos);
  EXPECT_EQ(answer.head.first("Content-Length"), std::to_string(answer.body.size()));
}

TEST_F(DemoServer, AnswersAsAProxyForTheHostInTheTarget) {
  EXPECT_EQ(get("http://pmc.ncbi.nlm.nih.gov/articles/PMC90000002/").head.status(), 200);
  EXPECT_EQ(get("http://pubmed.ncbi.nlm.nih.gov:80/articles/PMC90000002/").head.status(), 404);
  EXPECT_EQ(get("http://pubmed.ncbi.nlm.nih.gov").head.status(), 200);
  EXPECT_EQ(get("http://pubmed.ncbi.nlm.nih.gov?term=30526772").head.status(), 302);
}

TEST_F(DemoServer, CodesTextOnlyWhenAsked) {
  auto coded = get("/help/", "Accept-Encoding: gzip\r\n");
  ASSERT_EQ(coded.head.first("Content-Encoding"), "gzip");
  auto decoded = decode_content("gzip", coded.body, 1 << 20);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_NE(decoded->find("<h1>Help</h1>"), std::string::npos);
  EXPECT_FALSE(get("/help/").head.first("Content-Encoding"));
  EXPECT_FALSE(get("/x.png", "Accept-Encoding: gzip\r\n").head.first("Content-Encoding"));
}

TEST_F(DemoServer, KnowsWhatTheClientHasAlready) {
  auto tag = get("/robots.txt").head.first("ETag");
  ASSERT_TRUE(tag);
  auto again = get("/robots.txt", "Accept-Encoding: gzip\r\nIf-None-Match: " + *tag + "\r\n");
  EXPECT_EQ(again.head.status(), 304);
  EXPECT_EQ(again.body, "");
}

TEST_F(DemoServer, SendsNoBodyToHead) {
  auto bytes = exchange("HEAD /help/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(bytes.starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n"));
}

TEST_F(DemoServer, KeepsTheConnection) {
  auto bytes = exchange(
      "GET /help/ HTTP/1.1\r\nHost: x\r\n\r\nGET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(bytes.find("User-agent"), std::string::npos);
}

TEST_F(DemoServer, RefusesWhatItDoesNotSpeak) {
  EXPECT_TRUE(exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").starts_with("HTTP/1.1 405"));
  EXPECT_TRUE(exchange("CONNECT pubmed.ncbi.nlm.nih.gov:443 HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 501"));
  EXPECT_TRUE(exchange("nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(exchange("GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_EQ(exchange(""), "");
  EXPECT_EQ(get("/help/").head.status(), 200) << "and goes on";
}

TEST_F(DemoServer, LogsOneLineARequest) {
  get("http://pubmed.ncbi.nlm.nih.gov/help/");
  get("/nowhere/");
  auto text = log_text();
  EXPECT_NE(text.find("\tpubmed.ncbi.nlm.nih.gov\t/help/\t200\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\t127.0.0.1\t/nowhere/\t404\n"), std::string::npos) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST_F(DemoServer, SaysSoIfThePortIsTaken) {
  ServerOptions options;
  options.port = server->port();
  auto second = Server::open(site, options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kNetwork);
  EXPECT_NE(second.error().message.find(std::to_string(options.port)), std::string::npos);
}

TEST_F(DemoServer, SaysSoIfTheLogCannotBeWritten) {
  ServerOptions options;
  options.log = folder / "no such folder" / "log";
  auto opened = Server::open(site, options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kInvalid);
}

}  // namespace
}  // namespace vellum::demo
