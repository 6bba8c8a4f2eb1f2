// RFC 6265 section 5, step by step. Departures are marked NOTE.

#include "crawler/policy/cookies.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/url_key.h"

namespace vellum::policy {
namespace {

constexpr std::size_t kMaxCookieBytes = 4096, kMaxPerDomain = 50, kMaxCookies = 3000;

std::string_view trim_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// What a Set-Cookie value says, section 5.2.
struct Parsed {
  std::string_view name, value;
  std::optional<Timestamp> expires;  // of Expires
  std::optional<Timestamp> max_age;  // wins over Expires
  std::string domain;
  std::optional<std::string> path;  // nullopt: the default
  bool secure = false, http_only = false;
};

// 5.2.2: "If delta-seconds is less than or equal to zero, let expiry-time be the earliest representable date."
void read_max_age(std::string_view value, Timestamp now, Parsed& out) {
  const std::string_view digits = value.substr(!value.empty() && value.front() == '-' ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return;
  constexpr std::int64_t kLongest = 400LL * 24 * 3600;
  std::int64_t seconds = 0;
  const auto fault = std::from_chars(value.data(), value.data() + value.size(), seconds).ec;
  if (fault != std::errc()) seconds = value.front() == '-' ? 0 : kLongest;
  out.max_age = seconds <= 0 ? Timestamp::min() : now + std::chrono::seconds(std::min(seconds, kLongest));
}

void read_attribute(std::string_view text, Timestamp now, Parsed& out) {
  const std::size_t equals = text.find('=');
  const std::string_view name = trim_blanks(text.substr(0, equals));
  const std::string_view value = equals == std::string_view::npos ? "" : trim_blanks(text.substr(equals + 1));
  if (equals_ignore_case(name, "Expires")) {
    if (const auto date = parse_cookie_date(value)) out.expires = date;
  } else if (equals_ignore_case(name, "Max-Age")) {
    read_max_age(value, now, out);
  } else if (equals_ignore_case(name, "Domain")) {
    // 5.2.3: "If the attribute-value is empty, the behavior is undefined. However, the user agent SHOULD ignore the
    // cookie-av entirely."
    if (!value.empty()) out.domain = to_lower_ascii(value.substr(value.front() == '.' ? 1 : 0));
  } else if (equals_ignore_case(name, "Path")) {
    out.path.reset();
    if (!value.empty() && value.front() == '/') out.path = std::string(value);
  } else if (equals_ignore_case(name, "Secure")) {
    out.secure = true;
  } else if (equals_ignore_case(name, "HttpOnly")) {
    out.http_only = true;
  }
}

// 5.2: name-value-pair up to the first ';', attributes after it. nullopt: "ignore the set-cookie-string entirely".
std::optional<Parsed> parse(std::string_view text, Timestamp now) {
  // NOTE: a control ends the field, as browsers have it; RFC 6265 says nothing on them.
  text = text.substr(0, text.find_first_of(std::string_view("\0\r\n", 3)));
  Parsed out;
  const std::size_t end = std::min(text.find(';'), text.size());
  const std::string_view pair = text.substr(0, end);
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  out.name = trim_blanks(pair.substr(0, equals));
  out.value = trim_blanks(pair.substr(equals + 1));
  if (out.name.empty() || out.name.size() + out.value.size() > kMaxCookieBytes) return std::nullopt;
  for (text.remove_prefix(end); !text.empty();) {
    text.remove_prefix(1);
    const std::size_t next = std::min(text.find(';'), text.size());
    read_attribute(text.substr(0, next), now, out);
    text.remove_prefix(next);
  }
  return out;
}

bool is_address(std::string_view host) {
  return host.empty() || host.front() == '[' || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// 5.1.3.
bool domain_matches(std::string_view host, std::string_view domain) {
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.' &&
         !is_address(host);
}

// 5.1.4.
bool path_matches(std::string_view path, std::string_view cookie_path) {
  if (!path.starts_with(cookie_path)) return false;
  return path.size() == cookie_path.size() || cookie_path.back() == '/' || path[cookie_path.size()] == '/';
}

// A name under which registrations are made ("org", "co.uk"): its registrable domain is itself, and it has none above.
bool is_public_suffix(const std::string& domain) {
  return domain.find('.') == std::string::npos || registrable_domain("x." + domain) != registrable_domain(domain);
}

}  // namespace

std::string default_cookie_path(const Url& url) {
  const std::string path = url.pathname();
  const std::size_t last = path.rfind('/');
  return path.empty() || path.front() != '/' || last == 0 ? "/" : path.substr(0, last);
}

void CookieJar::take(const Url& url, const HeaderBlock& answer, Timestamp now) {
  for (const std::string& value : answer.all("Set-Cookie")) take(url, value, now);
}

// 5.3, the storage model.
void CookieJar::take(const Url& url, std::string_view set_cookie, Timestamp now) {
  const auto parsed = parse(set_cookie, now);
  if (!parsed) return;
  const std::string host = url.hostname();
  Cookie cookie;
  cookie.name = parsed->name;
  cookie.value = parsed->value;
  cookie.expires = parsed->max_age ? parsed->max_age : parsed->expires;
  cookie.secure = parsed->secure;
  cookie.http_only = parsed->http_only;
  cookie.used = now;
  cookie.path = parsed->path.value_or(default_cookie_path(url));
  cookie.domain = host;
  // Step 5: a public suffix is no domain for a cookie, but of the host that is one itself.
  const bool suffix = !parsed->domain.empty() && is_public_suffix(parsed->domain);
  if (suffix && parsed->domain != host) return;
  if (!parsed->domain.empty() && !suffix) {
    if (!domain_matches(host, parsed->domain)) return;  // step 6
    cookie.domain = parsed->domain;
    cookie.host_only = false;
  }
  store(std::move(cookie), now);
}

void CookieJar::store(Cookie cookie, Timestamp now) {
  cookie.number = next_number_++;
  const auto old = std::find_if(cookies_.begin(), cookies_.end(), [&](const Cookie& other) {
    return other.name == cookie.name && other.domain == cookie.domain && other.path == cookie.path &&
           other.host_only == cookie.host_only;
  });
  if (old != cookies_.end()) {
    cookie.number = old->number;  // step 11: keeps its creation time
    cookies_.erase(old);
  }
  std::erase_if(cookies_, [&](const Cookie& kept) { return kept.expires && *kept.expires <= now; });
  if (cookie.expires && *cookie.expires <= now) return;
  make_room(cookie.domain);
  cookies_.push_back(std::move(cookie));
}

void CookieJar::make_room(const std::string& domain) {
  const auto evict = [&](auto belongs) {
    auto oldest = cookies_.end();
    for (auto it = cookies_.begin(); it != cookies_.end(); ++it) {
      if (belongs(*it) && (oldest == cookies_.end() || it->used < oldest->used)) oldest = it;
    }
    if (oldest != cookies_.end()) cookies_.erase(oldest);
  };
  const auto of_domain = [&](const Cookie& cookie) { return cookie.domain == domain; };
  if (std::count_if(cookies_.begin(), cookies_.end(), of_domain) >= static_cast<std::ptrdiff_t>(kMaxPerDomain))
    evict(of_domain);
  if (cookies_.size() >= kMaxCookies) evict([](const Cookie&) { return true; });
}

// 5.4: which cookies go with a request, and in which order.
std::string CookieJar::header_for(const Url& url, Timestamp now) {
  const std::string host = url.hostname(), path = url.pathname();
  std::vector<Cookie*> fitting;
  for (Cookie& cookie : cookies_) {
    const bool host_fits = cookie.host_only ? host == cookie.domain : domain_matches(host, cookie.domain);
    const bool alive = !cookie.expires || *cookie.expires > now;
    if (!host_fits || !alive || !path_matches(path, cookie.path)) continue;
    if (!cookie.secure || url.scheme() == "https") fitting.push_back(&cookie);
  }
  std::sort(fitting.begin(), fitting.end(), [](const Cookie* a, const Cookie* b) {
    if (a->path.size() != b->path.size()) return a->path.size() > b->path.size();
    return a->number < b->number;
  });
  std::string header;
  for (Cookie* cookie : fitting) {
    cookie->used = now;
    header += (header.empty() ? "" : "; ") + cookie->name + "=" + cookie->value;
  }
  return header;
}

}  // namespace vellum::policy
