// Ordinary answers for the tests of the plugin host.
#pragma once

#include <string>
#include <utility>

#include "base/digest.h"
#include "base/url.h"
#include "plugins/host/page.h"

namespace vellum::plugins {

inline Answer answer(std::string body, const std::string& url = "https://example.org/article/1", int status = 200) {
  Digest digest = sha256(body);
  std::string block = "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";
  return Answer{
      *Url::parse(url), *parse_timestamp("2020-03-01"), digest, status, HeaderBlock(block), std::move(body), "page"};
}

inline PageInput page(std::string body, const std::string& url = "https://example.org/article/1", int status = 200) {
  return PageInput{answer(std::move(body), url, status), {}};
}

}  // namespace vellum::plugins
