// Answers that are broken on the wire: a table of what the server sends and what becomes of it.

#include <gtest/gtest.h>

#include <fstream>

#include "base/text.h"
#include "tests/crawler/net/fetching.h"
#include "tests/support/http_server.h"

namespace vellum::net {
namespace {

using test::HttpServer;
using test::Reply;

// \r \n \t \0 \\ of the data file.
std::string unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    const char c = text[++i];
    bytes += c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c;
  }
  return bytes;
}

Reply script(std::string_view bytes, std::string_view end) {
  Reply reply = Reply::raw(unescape(bytes));
  if (end == "close")
    reply.then_close();
  else if (end == "reset")
    reply.then_reset();
  else if (end == "hang")
    reply.then_hang();
  else
    EXPECT_EQ(end, "keep");
  return reply;
}

std::string outcome(const Fetching::Answer& answer) {
  if (!answer) return std::string(name_of(answer.error().kind));
  return std::to_string(answer->status) + " " + text_of(answer->body);
}

TEST(FetchFault, EndsAsTheTableSays) {
  HttpServer server;
  Fetching fetching;
  std::ifstream file(std::string(VELLUM_TEST_DATA) + "/crawler/net/faults.tsv");
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto columns = split(line, '\t');
    ASSERT_EQ(columns.size(), 4u) << line;
    server.on("/", script(columns[2], columns[3]));
    const auto answer = fetching.fetch(server.url("/"));
    EXPECT_EQ(outcome(answer), columns[1]) << line << (answer ? "" : "\n  " + answer.error().message);
    if (!answer) {
      EXPECT_TRUE(answer.error().message.starts_with("127.0.0.1: ")) << answer.error().message;
      EXPECT_EQ(answer.error().message.find_first_of("\r\n"), std::string::npos);
    }
    ++cases;
  }
  EXPECT_GT(cases, 30);
  // The next fetch finds nothing spoilt.
  server.on("/", Reply::page("fine"));
  EXPECT_EQ(outcome(fetching.fetch(server.url("/"))), "200 fine");
}

}  // namespace
}  // namespace vellum::net
