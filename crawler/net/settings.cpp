#include "crawler/net/settings.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "base/url.h"

namespace vellum::net {
namespace {

Result<void> check_proxy(const std::string& proxy) {
  if (proxy.empty()) return {};
  const auto url = Url::parse(proxy);
  const bool is_origin = url && url->pathname().size() <= 1 && url->search().empty();
  if (is_origin && url->scheme() == "http") return {};
  return fail(ErrorKind::kInvalid, "proxy: '" + proxy + "' is not of the form http://HOST:PORT");
}

// Four parts; a colon inside brackets belongs to an IPv6 address.
Result<void> check_connect_to(const std::string& entry) {
  int depth = 0, colons = 0;
  for (const char c : entry) {
    if (c == '[') ++depth;
    if (c == ']') --depth;
    if (c == ':' && depth == 0) ++colons;
  }
  if (colons == 3 && depth == 0) return {};
  return fail(ErrorKind::kInvalid,
              "connect_to: '" + entry + "' is not of the form HOST:PORT:CONNECT-HOST:CONNECT-PORT");
}

// curl would say so too, but at every page.
Result<void> check_ca_file(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path);
  if (!file) return fail(ErrorKind::kInvalid, "ca_file: cannot read " + path);
  for (std::string line; std::getline(file, line);) {
    if (line.find("-----BEGIN ") != std::string::npos && line.find("CERTIFICATE-----") != std::string::npos) return {};
  }
  return fail(ErrorKind::kInvalid, "ca_file: no PEM certificate in " + path);
}

}  // namespace

void CurlList::add(const std::string& line) {
  curl_slist* longer = curl_slist_append(head_.get(), line.c_str());
  VELLUM_ASSERT(longer != nullptr, "a list grows unless memory is out, and then nothing goes on");
  static_cast<void>(head_.release());
  head_.reset(longer);
}

Settings::Settings() {
  const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  VELLUM_ASSERT(code == CURLE_OK, "libcurl starts unless memory is out, and then nothing goes on");
}

Settings::~Settings() {
  curl_global_cleanup();
}

Result<std::shared_ptr<const Settings>> Settings::make(NetworkOptions options) {
  VELLUM_CHECK(check_proxy(options.proxy));
  VELLUM_CHECK(check_ca_file(options.ca_file));
  for (const std::string& entry : options.connect_to) VELLUM_CHECK(check_connect_to(entry));
  VELLUM_TRY(auto guard, AddressGuard::parse(options.allow));
  const std::shared_ptr<Settings> settings(new Settings);
  for (const std::string& entry : options.connect_to) settings->connect_to.add(entry);
  settings->guard = std::move(guard);
  settings->options = std::move(options);
  return std::shared_ptr<const Settings>(settings);
}

}  // namespace vellum::net
