// The network: Fetcher over libcurl's multi interface, driven by Asio descriptors and timers on the io thread.
//
// Connections are kept alive and reused; HTTP/2 is spoken where a TLS server offers it, one exchange at a time on a
// connection (libcurl 7.88 stalls streams that share one); names are resolved in libcurl's threads. Addresses are
// checked at every socket that is opened (address_guard.h): all that are not public are refused unless `allow` names
// them; the proxy's own address is exempt, and behind a proxy addresses written in a URL are checked.
//
// The laws that make libcurl and Asio agree are in docs/decisions/0005-curl-on-asio.md; curl is included only in this
// folder.
//
// Threads: construct, use and destroy on the io thread. Destroying it fails what is in flight with kCancelled.

#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "crawler/net/fetcher.h"

namespace vellum::net {

struct NetworkOptions {
  std::string proxy;                    // "http://[user:password@]127.0.0.1:3128", "" for none; not the environment's
  std::vector<std::string> connect_to;  // "HOST:PORT:CONNECT-HOST:CONNECT-PORT", libcurl's form
  std::string ca_file;                  // "" for the system's
  std::vector<std::string> allow;       // addresses, CIDR blocks or host names exempt from the address guard
  long max_connections = 64;            // open at once
  long max_connections_per_host = 6;    // further transfers wait; their total_timeout runs meanwhile
};

class CurlFetcher final : public Fetcher {
 public:
  // kInvalid for a proxy, connect_to, ca_file or allow entry that cannot be used. `io` and `clock` must live longer.
  static Result<std::unique_ptr<CurlFetcher>> open(boost::asio::io_context& io, const Clock& clock,
                                                   NetworkOptions options);
  ~CurlFetcher() override;
  Task<FetchAnswer> fetch(FetchRequest request) override;
  void cancel_all() override;

 private:
  struct Impl;
  explicit CurlFetcher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vellum::net
