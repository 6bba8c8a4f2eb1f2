// One exchange: an easy handle with its options, what its callbacks gather, and the answer made of it.
//
// Threads: the io thread. Memory: stays where it is made, for curl holds its address.

#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/net/body_receiver.h"
#include "crawler/net/curl_multi.h"
#include "crawler/net/fetcher.h"
#include "crawler/net/header_collector.h"
#include "crawler/net/settings.h"

namespace vellum::net {

class Exchange {
 public:
  // kInvalid for a URL that is not http(s) or a header that cannot be sent, kRefused for a host that is an
  // address of the wrong kind when a proxy would connect to it for us.
  static Result<std::unique_ptr<Exchange>> prepare(std::shared_ptr<const Settings> settings, FetchRequest request);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  CURL* easy() const { return easy_.get(); }
  std::chrono::milliseconds total_timeout() const { return request_.limits.total_timeout; }

  // Once, when the transfer is over: the answer but for its times, or the first thing that went wrong.
  Result<FetchAnswer> conclude(TransferEnd end);

 private:
  Exchange(std::shared_ptr<const Settings> settings, FetchRequest request);

  template <class T>
  void set(CURLoption option, T value);
  Result<void> set_options();
  void set_request();
  void set_network();
  void set_limits();
  void set_callbacks();
  Result<void> add_headers();

  static std::size_t on_header(char* line, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self) noexcept;
  static int before_sending(void* self, char* remote, char* local, int remote_port, int local_port) noexcept;
  static int on_debug(CURL*, curl_infotype type, char* bytes, std::size_t size, void* self) noexcept;
  static curl_socket_t on_open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept;

  bool accept(Result<void> step);
  void note_request(std::string_view bytes);
  bool has_left() const;  // the request itself, whole
  BodyReceiver& receiver();
  std::string_view phase() const;
  Result<void> check_end(TransferEnd end) const;
  Error failure(CURLcode code) const;
  std::string host() const { return request_.url.hostname(); }
  std::string remote_address() const;
  std::string protocol() const;

  struct Free {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  std::shared_ptr<const Settings> settings_;  // before the handle, which points into it
  FetchRequest request_;
  CurlList header_lines_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  std::unique_ptr<CURL, Free> easy_;
  CURLcode option_failure_ = CURLE_OK;

  std::string request_head_;
  HeaderCollector headers_;
  std::optional<BodyReceiver> body_;  // from the first byte on
  std::optional<Error> fault_;        // ours, which curl only reports as a write error
  std::string_view refusal_;          // why the guard refused the last address
  bool any_address_permitted_ = false;
};

}  // namespace vellum::net
