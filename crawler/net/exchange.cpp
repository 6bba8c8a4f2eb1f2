#include "crawler/net/exchange.h"

#include <sys/socket.h>

#include <algorithm>
#include <limits>
#include <type_traits>

#include "base/text.h"
#include "crawler/net/curl_error.h"

namespace vellum::net {
namespace {

constexpr char kAllCodings[] = "Accept-Encoding: gzip, br, zstd, deflate";
constexpr char kNoCoding[] = "Accept-Encoding: identity";
constexpr long kDnsCacheSeconds = 300;  // getaddrinfo gives no TTL

// RFC 9110 section 5.6.2.
bool is_token(std::string_view name) {
  const auto is_fine = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_fine);
}

bool has_control(std::string_view value) {
  return std::any_of(value.begin(), value.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

// curl knows no zero: it stands for "no limit" or for a default of minutes; and it refuses what its fields cannot hold.
long clamped(std::chrono::milliseconds::rep count, long most) {
  return static_cast<long>(std::clamp<std::chrono::milliseconds::rep>(count, 1, most));
}

// What the URL alone tells: an address, or a name that always means the machine that resolves it (RFC 6761
// section 6.3). Through a proxy this is all that we can judge.
std::optional<Address> literal_address(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost")) return parse_address("127.0.0.1");
  return parse_address(host);
}

// What a proxy says to CONNECT; timeouts, floods and gateway errors may pass, the rest is its last word.
bool is_final_refusal(long status) {
  const bool may_pass = status == 408 || status == 425 || status == 429 || status >= 502;
  return status >= 400 && !may_pass;
}

// RFC 9112 section 7.4: without a TE field only chunked is acceptable. curl would pass such a body on as it is, for it
// skips the undoing of transfer codings together with that of content codings. Section 6.3: lengths that differ make
// the framing invalid; curl takes the last.
Result<void> check_framing(const HeaderBlock& block) {
  std::optional<std::string_view> length;
  const std::vector<std::string> lengths = block.all("Content-Length");
  for (const std::string& field : lengths) {
    for (const std::string_view part : split(field, ',')) {
      if (length && *length != trim(part) && !block.first("Transfer-Encoding"))
        return fail(ErrorKind::kProtocol, "two values of Content-Length: " + field.substr(0, 64));
      length = trim(part);
    }
  }
  for (const std::string& field : block.all("Transfer-Encoding")) {
    for (const std::string_view part : split(field, ',')) {
      const std::string_view coding = trim(part);
      if (coding.empty() || equals_ignore_case(coding, "chunked") || equals_ignore_case(coding, "identity")) continue;
      return fail(ErrorKind::kProtocol, "a transfer coding that was not asked for: " + field.substr(0, 64));
    }
  }
  return {};
}

}  // namespace

// ---- options ----

Result<std::unique_ptr<Exchange>> Exchange::prepare(std::shared_ptr<const Settings> settings, FetchRequest request) {
  if (!request.url.is_http()) return fail(ErrorKind::kInvalid, "not an http or https URL: " + request.url.href());
  const std::string host = request.url.hostname();
  const auto address = settings->has_proxy() ? literal_address(host) : std::nullopt;
  if (address) {
    const std::string_view reason = settings->guard.refuses(*address, host);
    if (!reason.empty()) return fail(ErrorKind::kRefused, host + ": address not allowed: " + std::string(reason));
  }
  std::unique_ptr<Exchange> exchange(new Exchange(std::move(settings), std::move(request)));
  VELLUM_CHECK(exchange->set_options());
  return exchange;
}

Exchange::Exchange(std::shared_ptr<const Settings> settings, FetchRequest request)
    : settings_(std::move(settings)),
      request_(std::move(request)),
      easy_(curl_easy_init()),
      headers_(request_.limits.max_header_bytes) {
  VELLUM_ASSERT(easy_ != nullptr, "curl starts unless memory is out, and then nothing goes on");
}

template <class T>
void Exchange::set(CURLoption option, T value) {
  static_assert(std::is_same_v<T, long> || std::is_same_v<T, curl_off_t> || std::is_pointer_v<T>,
                "curl_easy_setopt takes these through its ellipsis and checks nothing");
  const CURLcode code = (curl_easy_setopt)(easy_.get(), option, value);
  if (option_failure_ == CURLE_OK) option_failure_ = code;
}

Result<void> Exchange::set_options() {
  VELLUM_CHECK(add_headers());
  set_request();
  set_network();
  set_limits();
  set_callbacks();
  if (option_failure_ != CURLE_OK) {
    return fail(ErrorKind::kBug, host() + ": curl refuses an option: " + curl_easy_strerror(option_failure_),
                option_failure_);
  }
  return {};
}

Result<void> Exchange::add_headers() {
  header_lines_.add(request_.accept_codings ? kAllCodings : kNoCoding);
  for (const auto& [name, value] : request_.headers) {
    if (!is_token(name) || has_control(value)) {
      return fail(ErrorKind::kInvalid, host() + ": request header cannot be sent: " + name);
    }
    const bool is_empty = trim(value).empty();
    header_lines_.add(is_empty ? name + ";" : name + ": " + value);  // curl reads "Name:" as "leave it out"
  }
  if (has_control(request_.user_agent)) return fail(ErrorKind::kInvalid, "user agent has control characters");
  return {};
}

void Exchange::set_request() {
  const Url& url = request_.url;
  set(CURLOPT_URL, url.without_fragment().href().c_str());
  // In what it writes to a proxy curl loses an empty query ("/?").
  const std::string target = "http://" + url.host() + url.path_and_query();
  if (settings_->has_proxy() && url.scheme() == "http") set(CURLOPT_REQUEST_TARGET, target.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PATH_AS_IS, 1L);  // Url has resolved what there is to resolve
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_HTTP09_ALLOWED, 0L);
  set(CURLOPT_HTTP_CONTENT_DECODING, 0L);  // the coded bytes are what the archive accounts for
  set(CURLOPT_HTTPHEADER, header_lines_.head());
  if (!request_.user_agent.empty()) set(CURLOPT_USERAGENT, request_.user_agent.c_str());
}

void Exchange::set_network() {
  const NetworkOptions& options = settings_->options;
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // law 9
  set(CURLOPT_DNS_CACHE_TIMEOUT, kDnsCacheSeconds);
  set(CURLOPT_PROXY, options.proxy.c_str());  // "" also keeps http_proxy of the environment out
  set(CURLOPT_NOPROXY, "");                   // and no_proxy
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_CONNECT_TO, settings_->connect_to.head());
  if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
}

void Exchange::set_limits() {
  const FetchLimits& limits = request_.limits;
  // The total is the bridge's deadline: curl's own does not run while a transfer waits for a free connection.
  set(CURLOPT_CONNECTTIMEOUT_MS, clamped(limits.connect_timeout.count(), std::numeric_limits<int>::max()));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, clamped(std::chrono::ceil<std::chrono::seconds>(limits.stall_timeout).count(), 65'535));
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<curl_off_t>::max());
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(std::clamp<std::uint64_t>(limits.max_body_bytes, 1, most)));
}

void Exchange::set_callbacks() {
  set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &Exchange::on_open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_VERBOSE, 1L);  // the debug callback is the only way to see the request head as sent
  set(CURLOPT_DEBUGFUNCTION, &Exchange::on_debug);
  set(CURLOPT_DEBUGDATA, this);
  set(CURLOPT_PREREQFUNCTION, &Exchange::before_sending);
  set(CURLOPT_PREREQDATA, this);
  set(CURLOPT_ERRORBUFFER, detail_.data());
}

// ---- callbacks: they gather, and never call curl ----

std::size_t Exchange::on_header(char* line, std::size_t size, std::size_t count, void* self) noexcept {
  auto& exchange = *static_cast<Exchange*>(self);
  const std::size_t bytes = size * count;
  return exchange.accept(exchange.headers_.add({line, bytes})) ? bytes : 0;
}

std::size_t Exchange::on_body(char* bytes, std::size_t size, std::size_t count, void* self) noexcept {
  auto& exchange = *static_cast<Exchange*>(self);
  const std::size_t length = size * count;
  if (exchange.headers_.block() == nullptr) return 0;  // a body of an interim response: nothing we asked for
  if (!exchange.body_ && !exchange.accept(check_framing(*exchange.headers_.block()))) return 0;
  return exchange.accept(exchange.receiver().write({bytes, length})) ? length : 0;
}

int Exchange::on_debug(CURL*, curl_infotype type, char* bytes, std::size_t size, void* self) noexcept {
  if (type == CURLINFO_HEADER_OUT) static_cast<Exchange*>(self)->note_request({bytes, size});
  return 0;
}

curl_socket_t Exchange::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  auto& exchange = *static_cast<Exchange*>(self);
  if (!exchange.settings_->has_proxy()) {  // else every socket is the proxy's, which its owner named
    const auto parsed = address_of(address->addr);
    const std::string_view reason =
        parsed ? exchange.settings_->guard.refuses(*parsed, exchange.host()) : "not an IP address";
    if (!reason.empty()) {
      exchange.refusal_ = reason;
      return CURL_SOCKET_BAD;
    }
  }
  exchange.any_address_permitted_ = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool Exchange::accept(Result<void> step) {
  if (!step) fault_ = std::move(step.error());
  return fault_ == std::nullopt;
}

// curl sends a request anew, at once, where a kept-alive connection closed before the first byte of an answer. The
// server may have read the first one, so the second needs a turn of its own: whoever asked decides.
int Exchange::before_sending(void* self, char*, char*, int, int) noexcept {
  auto& exchange = *static_cast<Exchange*>(self);
  if (!exchange.has_left()) return CURL_PREREQFUNC_OK;
  exchange.accept(fail(ErrorKind::kNetwork, "the kept-alive connection closed without an answer"));
  return CURL_PREREQFUNC_ABORT;
}

bool Exchange::has_left() const {
  return request_head_.ends_with("\r\n\r\n") && !request_head_.starts_with("CONNECT ");
}

// A whole head before this one was a CONNECT to a proxy.
void Exchange::note_request(std::string_view bytes) {
  if (request_head_.ends_with("\r\n\r\n")) request_head_.clear();
  request_head_ += bytes;
  if (request_.on_left && has_left()) request_.on_left();
}

BodyReceiver& Exchange::receiver() {
  if (!body_) {
    const auto codings = headers_.block()->all("Content-Encoding");
    body_.emplace(join(codings, ", "), request_.limits.max_body_bytes);
  }
  return *body_;
}

// ---- the end ----

Result<FetchAnswer> Exchange::conclude(TransferEnd end) {
  VELLUM_CHECK(check_end(end));
  auto received = receiver().finish();
  if (!received) return fail(wrap(std::move(received.error()), host()));
  FetchAnswer answer;
  answer.request_head = redact_request(request_head_);
  answer.protocol = protocol();
  answer.remote_address = remote_address();
  answer.content_coding = join(headers_.block()->all("Content-Encoding"), ", ");
  answer.response_head = headers_.take_block();
  answer.status = answer.response_head.status();
  answer.body = std::move(received->body);
  answer.digest = received->digest;
  answer.coded_bytes = received->coded_bytes;
  answer.coded_digest = received->coded_digest;
  answer.coding_fault = std::move(received->coding_fault);
  return answer;
}

Result<void> Exchange::check_end(TransferEnd end) const {
  switch (end.how) {
    case TransferEnd::How::kCancelled:
      return fail(ErrorKind::kCancelled, host() + ": cancelled");
    case TransferEnd::How::kBroken:
      return fail(ErrorKind::kNetwork, host() + ": the network layer had to start anew");
    case TransferEnd::How::kOverdue:
      return fail(ErrorKind::kTimeout, host() + ": not finished after " + std::to_string(total_timeout().count()) +
                                           " ms, " + std::string(phase()));
    case TransferEnd::How::kDone:
      break;
  }
  if (fault_) return fail(wrap(*fault_, host()));
  if (end.code != CURLE_OK) return fail(failure(end.code));
  // curl takes a connection that closes inside the header block for a whole answer.
  if (headers_.block() == nullptr) return fail(ErrorKind::kNetwork, host() + ": closed inside the header block");
  return {};
}

// How far it came.
std::string_view Exchange::phase() const {
  if (request_head_.empty()) return "not yet connected";
  if (headers_.block() != nullptr) return body_ ? "inside the body" : "before the body";
  return headers_.is_empty() ? "without an answer" : "inside the header block";
}

Error Exchange::failure(CURLcode code) const {
  if (code == CURLE_COULDNT_CONNECT && !refusal_.empty() && !any_address_permitted_) {
    return {ErrorKind::kRefused, host() + ": address not allowed: " + std::string(refusal_), static_cast<int>(code)};
  }
  if (code == CURLE_FILESIZE_EXCEEDED) {  // said before the first byte of the body
    const std::string limit = std::to_string(request_.limits.max_body_bytes);
    return {ErrorKind::kTooLarge, host() + ": body is over " + limit + " bytes", static_cast<int>(code)};
  }
  if (code == CURLE_WRITE_ERROR) return {ErrorKind::kProtocol, host() + ": a body before the final response", code};
  long tunnel_status = 0;  // the proxy's answer to CONNECT
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
  if (is_final_refusal(tunnel_status)) {
    return {ErrorKind::kRefused, host() + ": the proxy refuses a tunnel: status " + std::to_string(tunnel_status),
            static_cast<int>(code)};
  }
  return transfer_error(code, host(), detail_.data());
}

std::string Exchange::remote_address() const {
  const char* ip = nullptr;
  long port = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &ip);
  curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_PORT, &port);
  const std::string address = ip == nullptr ? "" : ip;
  const bool is_v6 = address.find(':') != std::string::npos;
  return (is_v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

std::string Exchange::protocol() const {
  long version = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_VERSION, &version);
  if (version == CURL_HTTP_VERSION_2_0) return "HTTP/2";
  return version == CURL_HTTP_VERSION_1_0 ? "HTTP/1.0" : "HTTP/1.1";
}

}  // namespace vellum::net
