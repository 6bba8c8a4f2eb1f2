#include "crawler/net/curl_error.h"

#include <algorithm>
#include <string>

namespace vellum::net {
namespace {

bool mentions(std::string_view detail, std::string_view words) {
  return detail.find(words) != std::string_view::npos;
}

// One code stands for a reset, for a bad chunk, and for headers over curl's own limit of 300 KiB; only the text tells
// them apart.
ErrorKind kind_of_receive_error(std::string_view detail) {
  if (mentions(detail, "chunked-encoding")) return ErrorKind::kProtocol;
  return mentions(detail, "Too large response headers") ? ErrorKind::kTooLarge : ErrorKind::kNetwork;
}

// A table. Everything that is not named is kNetwork: DNS, connect, TLS, resets, an early close.
ErrorKind kind_of(CURLcode code, std::string_view detail) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorKind::kTimeout;
    case CURLE_URL_MALFORMAT:
      return ErrorKind::kInvalid;
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_OUT_OF_MEMORY:
      return ErrorKind::kTooLarge;
    case CURLE_UNSUPPORTED_PROTOCOL:  // an answer in HTTP/0.9 or with a status line of its own kind
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
      return ErrorKind::kProtocol;
    case CURLE_RECV_ERROR:
      return kind_of_receive_error(detail);
    case CURLE_FAILED_INIT:
    case CURLE_ABORTED_BY_CALLBACK:
      return ErrorKind::kBug;
    default:
      return ErrorKind::kNetwork;
  }
}

std::string_view cause_of(CURLcode code, std::string_view detail) {
  if (code == CURLE_OUT_OF_MEMORY) return "a header line over 100 KiB";  // what 7.88 means by it
  return detail.empty() ? std::string_view(curl_easy_strerror(code)) : detail;
}

// One printable line that begins in lower case; the text may quote the server.
std::string plain(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  const bool is_word = line.size() > 1 && line[1] >= 'a' && line[1] <= 'z';
  if (is_word && line[0] >= 'A' && line[0] <= 'Z') line[0] = static_cast<char>(line[0] - 'A' + 'a');
  return line;
}

}  // namespace

Error transfer_error(CURLcode code, std::string_view host, std::string_view detail) {
  return {kind_of(code, detail), std::string(host) + ": " + plain(cause_of(code, detail)), static_cast<int>(code)};
}

}  // namespace vellum::net
