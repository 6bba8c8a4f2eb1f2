// URLs as browsers read them.
//
// Url::parse is the WHATWG "basic URL parser" (https://url.spec.whatwg.org, steps quoted in url.cpp), because an
// archive must follow the links a browser would follow: Boost.URL is RFC 3986 and refuses or keeps apart what pages
// really hold (docs/decisions/0002-whatwg-urls.md). A Url that exists is valid and serialised.
//
//   auto base = Url::parse("https://pubmed.ncbi.nlm.nih.gov/30526772/");
//   auto refs = Url::parse("references/?page=2", &*base);   // .../30526772/references/?page=2
//   Url::parse("http://[::1");                              // kInvalid: names the part
//
// Memory: owns its text; accessors view it and live as long as the Url. Threads: immutable.

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

class Url {
 public:
  // `text` is UTF-8 (invalid bytes become U+FFFD). `base` resolves relative references.
  static Result<Url> parse(std::string_view text, const Url* base = nullptr);

  const std::string& href() const { return href_; }
  // The parts by their WHATWG API names, so "https:", "?q", "#f", "" where absent.
  std::string protocol() const;
  std::string username() const;
  std::string password() const;
  std::string host() const;  // with a non-default port
  std::string hostname() const;
  std::string port() const;
  std::string pathname() const;
  std::string search() const;
  std::string hash() const;
  std::string origin() const;  // "null" for opaque origins

  std::string scheme() const;  // "https"
  bool is_http() const;        // http or https
  bool has_opaque_path() const { return opaque_path_; }
  std::uint16_t effective_port() const;  // explicit, else the scheme's, else 0
  std::string path_and_query() const;    // what a request line carries

  // The same URL without its fragment; what is fetched and keyed.
  Url without_fragment() const;

  bool operator==(const Url& other) const { return href_ == other.href_; }
  auto operator<=>(const Url& other) const { return href_ <=> other.href_; }

 private:
  friend class UrlParser;
  Url() = default;
  void serialise();

  std::string scheme_, username_, password_;
  std::optional<std::string> host_;
  std::optional<std::uint16_t> port_;
  std::string path_;  // serialised, percent-encoded
  bool opaque_path_ = false;
  std::optional<std::string> query_, fragment_;
  std::string href_;
};

// WHATWG percent-decoding of any bytes; invalid sequences pass through.
std::string percent_decode(std::string_view text);

}  // namespace vellum
