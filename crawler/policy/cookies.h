// Cookies as RFC 6265 section 5 has user agents keep them. A crawl keeps none unless a site rule asks for it.
//
//   CookieJar jar;
//   jar.take(url, header_block, now);                       // every Set-Cookie of an answer
//   const std::string header = jar.header_for(url, now);    // "a=b; c=d", "" for none
//
// Bounded (section 6.1 names the least that must be kept): 4096 bytes a cookie, 50 a domain, 3000 in all; where there
// is one too many, the one that was used longest ago goes. Cookies are kept in memory only: they end with the run.
//
// Threads: one.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/http_message.h"
#include "base/url.h"

namespace vellum::policy {

struct Cookie {
  std::string name, value;
  std::string domain;  // lower case, without a leading dot
  std::string path;
  std::optional<Timestamp> expires;  // nullopt: a session cookie
  bool host_only = true;
  bool secure = false;
  bool http_only = false;
  std::uint64_t number = 0;  // in the order of creation
  Timestamp used{};
};

// Section 5.1.1: the lenient dates of the field's Expires; nullopt where it is none.
std::optional<Timestamp> parse_cookie_date(std::string_view text);
// Section 5.1.4: "/a/b" for a URL of "/a/b/c".
std::string default_cookie_path(const Url& url);

class CookieJar {
 public:
  // One Set-Cookie value received from `url`; what section 5.3 tells to ignore is ignored.
  void take(const Url& url, std::string_view set_cookie, Timestamp now);
  void take(const Url& url, const HeaderBlock& answer, Timestamp now);
  // The Cookie header of a request, section 5.4: longer paths first, then the older.
  std::string header_for(const Url& url, Timestamp now);
  std::size_t size() const { return cookies_.size(); }

 private:
  void store(Cookie cookie, Timestamp now);
  void make_room(const std::string& domain);

  std::vector<Cookie> cookies_;
  std::uint64_t next_number_ = 1;
};

}  // namespace vellum::policy
