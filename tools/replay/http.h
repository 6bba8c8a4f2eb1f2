// One question to the replay and its answer, free of sockets, so that every page can be tested without any.
//
// Threads: plain values.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vellum::replay {

struct Request {
  std::string method;  // "GET"
  std::string target;  // as on the request line: "/web/2020/https://example.org/?a=b"
  std::string host;    // the Host field, "" if there was none
  std::string referer;
  std::string origin;       // "null" when an archived (sandboxed) page asks for a font
  std::string destination;  // Sec-Fetch-Dest, "" from what is no browser
  bool is_local = true;     // asked from this machine
};

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // Sets a field, replacing what it said before. A value with control characters is left out altogether: stored header
  // values are hostile and must never become fields of their own.
  void set(std::string_view name, std::string value);
  // The value of a field, "" if it is not set. Names compare without case.
  std::string field(std::string_view name) const;
};

// 302 to a path of this server.
Reply redirect_to(std::string path);

// "a=1&b=x+y" -> the decoded value of `name`, "" if absent.
std::string query_value(std::string_view query, std::string_view name);
std::string encode_query_value(std::string_view text);

// True if `host_field` ("localhost:8080", "[::1]", "127.0.0.1") names this machine's loopback, or the host that the
// server was told to listen on. Any other name may be a page elsewhere that rebound its own name to us (DNS rebinding).
// A wildcard listener (0.0.0.0, ::) also answers to any address literal, since only names can be rebound.
bool is_own_host(std::string_view host_field, std::string_view listen_host);

}  // namespace vellum::replay
