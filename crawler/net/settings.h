// NetworkOptions once they are checked and in the form that curl takes; shared by all exchanges of a fetcher, which may
// outlive it by a turn of the io loop.
//
// Threads: immutable.

#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "crawler/net/address_guard.h"
#include "crawler/net/curl_fetcher.h"

namespace vellum::net {

// A curl_slist that frees itself.
class CurlList {
 public:
  CurlList() = default;
  void add(const std::string& line);
  curl_slist* head() const { return head_.get(); }

 private:
  struct Free {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, Free> head_;
};

struct Settings {
  // kInvalid for a proxy, connect_to, ca_file or allow entry that cannot be used.
  static Result<std::shared_ptr<const Settings>> make(NetworkOptions options);
  ~Settings();
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;

  bool has_proxy() const { return !options.proxy.empty(); }

  NetworkOptions options;
  AddressGuard guard;
  CurlList connect_to;

 private:
  Settings();  // counts a user of libcurl's global state, which the destructor gives back
};

}  // namespace vellum::net
