#include "base/url.h"

#include "base/url_scheme.h"

namespace vellum {

// https://url.spec.whatwg.org/#concept-url-serializer
void Url::serialise() {
  const auto size = [](const std::optional<std::string>& part) { return part ? part->size() : 0; };
  href_.clear();
  href_.reserve(scheme_.size() + username_.size() + password_.size() + size(host_) + path_.size() + size(query_) +
                size(fragment_) + 16);
  href_.append(scheme_).append(":");
  if (host_) {
    href_ += "//";
    if (!username_.empty() || !password_.empty()) {
      href_ += username_;
      if (!password_.empty()) href_.append(":").append(password_);
      href_ += '@';
    }
    href_ += *host_;
    if (port_) href_.append(":").append(std::to_string(*port_));
  } else if (!opaque_path_ && path_.starts_with("//")) {
    href_ += "/.";  // 3: or the path would read as a host
  }
  href_ += path_;
  if (query_) href_.append("?").append(*query_);
  if (fragment_) href_.append("#").append(*fragment_);
}

std::string Url::protocol() const {
  return scheme_ + ":";
}
std::string Url::username() const {
  return username_;
}
std::string Url::password() const {
  return password_;
}
std::string Url::host() const {
  return port_ ? hostname() + ":" + std::to_string(*port_) : hostname();
}
std::string Url::hostname() const {
  return host_.value_or("");
}
std::string Url::port() const {
  return port_ ? std::to_string(*port_) : std::string();
}
std::string Url::pathname() const {
  return path_;
}
std::string Url::search() const {
  return query_ && !query_->empty() ? "?" + *query_ : std::string();
}
std::string Url::hash() const {
  return fragment_ && !fragment_->empty() ? "#" + *fragment_ : std::string();
}

// https://url.spec.whatwg.org/#concept-url-origin
std::string Url::origin() const {
  if (scheme_ == "blob") {
    const auto inner = parse(path_);
    return inner && inner->is_http() ? inner->origin() : "null";
  }
  return url_detail::default_port(scheme_) != 0 ? scheme_ + "://" + host() : "null";
}

std::string Url::scheme() const {
  return scheme_;
}
bool Url::is_http() const {
  return scheme_ == "http" || scheme_ == "https";
}
std::uint16_t Url::effective_port() const {
  return port_.value_or(url_detail::default_port(scheme_));
}

std::string Url::path_and_query() const {
  std::string out = path_.empty() ? "/" : path_;
  if (query_) out += "?" + *query_;
  return out;
}

Url Url::without_fragment() const {
  Url url = *this;
  url.fragment_.reset();
  url.serialise();
  return url;
}

}  // namespace vellum
