// One HTTP exchange: request in, answer out. Redirects are not followed: each hop is an answer of its own, so that
// scope, robots and the archive see it.
//
// Interface: tests, offline crawls and one day a browser stand behind it as CurlFetcher does.
//
// Errors of fetch(): kTimeout, kNetwork (DNS, connect, reset, early close, TLS), kProtocol (bad framing, bad coding,
// HTTP/0.9), kTooLarge (body or header block over its limit: nothing partial is ever given out), kRefused (address
// guard, or a proxy that opens no tunnel), kInvalid (not http/https, a header that cannot be sent), kCancelled. The
// message names host and cause in one line.
// An answer of any status, 503 as well as 200, is a success here.
//
// Threads: fetch() is called and completes on the io thread.     Spec: RFC 9110, RFC 9112, RFC 9113

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/http_message.h"
#include "base/url.h"
#include "crawler/net/body.h"

namespace vellum::net {

struct FetchLimits {
  std::chrono::milliseconds connect_timeout{15'000};
  std::chrono::milliseconds total_timeout{120'000};
  std::chrono::milliseconds stall_timeout{30'000};  // no byte for that long (up to 6 s more) is kTimeout
  std::uint64_t max_body_bytes = 64u << 20;         // decoded; coded bytes may not exceed it either
  std::size_t max_header_bytes = 256u << 10;
};

struct FetchRequest {
  explicit FetchRequest(Url u) : url(std::move(u)) {}
  Url url;
  std::string user_agent;
  bool accept_codings = true;                                // false asks for identity (config coding = "identity")
  std::vector<std::pair<std::string, std::string>> headers;  // further ones, such as Accept or If-None-Match
  FetchLimits limits;
  // Called on the io thread whenever a request head was given to the socket, so perhaps again behind a proxy or after a
  // dead connection: what a server sees as the start. Must not call the fetcher.
  std::function<void()> on_left;
};

struct FetchAnswer {
  Timestamp started{};  // when the request was handed to the network
  Timestamp finished{};
  std::string request_head;   // as sent, secrets redacted
  HeaderBlock response_head;  // as received (HTTP/2: libcurl's ordered rendering); 1xx left out
  std::string protocol;       // "HTTP/1.1", "HTTP/2"
  int status = 0;
  std::string remote_address;     // "127.0.0.1:8080"; the proxy's where there is one
  Body body;                      // after transfer and content decoding
  Digest digest;                  // SHA-256 of `body`
  std::string content_coding;     // as received, "" for none
  std::uint64_t coded_bytes = 0;  // length after transfer decoding, before content decoding
  Digest coded_digest;            // SHA-256 of those bytes
  // Set where the declared coding was unknown or did not decode although the server said so: the body is then kept as
  // it came and this says why. A cut-off stream is not this: it is kProtocol.
  std::string coding_fault;
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;
  virtual Task<FetchAnswer> fetch(FetchRequest request) = 0;
  // Ends every exchange in flight with kCancelled: Ctrl-C.
  virtual void cancel_all() = 0;
};

}  // namespace vellum::net
