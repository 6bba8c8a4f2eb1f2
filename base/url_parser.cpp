// The basic URL parser of https://url.spec.whatwg.org/#concept-basic-url-parser: one function a state, named and
// ordered as there. Validation errors that the standard only reports are passed over; failures end the parsing.
//
// The input is walked byte by byte: every character that the standard gives a meaning is ASCII, and percent-encoding
// works on UTF-8 bytes. Bytes that a state would only copy, one after another, are copied in one go.

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/text.h"
#include "base/url.h"
#include "base/url_host.h"
#include "base/url_percent.h"
#include "base/url_scheme.h"
#include "base/url_segment.h"

namespace vellum {
namespace {

using namespace url_detail;

constexpr int kEnd = -1;  // the EOF code point

bool is_alpha(int c) {
  return c >= 0 && (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
bool is_digit(int c) {
  return c >= '0' && c <= '9';
}
bool is_scheme_character(int c) {
  return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

}  // namespace

class UrlParser {
 public:
  // `input` must outlive the parser.
  UrlParser(std::string_view input, const Url* base) : input_(input), base_(base) {}

  Result<Url> parse() {
    for (;; ++at_) {
      if (auto done = (this->*state_)(); !done) return fail(std::move(done).error());
      if (at_ == static_cast<std::ptrdiff_t>(input_.size())) break;
    }
    url_.serialise();
    return std::move(url_);
  }

 private:
  using Step = Result<void>;
  using State = Step (UrlParser::*)();

  // c of the standard.
  int c() const { return at_ < size() ? static_cast<unsigned char>(input_[static_cast<std::size_t>(at_)]) : kEnd; }
  std::ptrdiff_t size() const { return static_cast<std::ptrdiff_t>(input_.size()); }
  std::string_view from_here() const { return input_.substr(static_cast<std::size_t>(std::min(at_, size()))); }
  // remaining of the standard: what follows c.
  std::string_view remaining() const { return at_ < size() ? from_here().substr(1) : std::string_view(); }
  bool is_special() const { return url_detail::is_special(url_.scheme_); }
  bool ends_authority() const {
    return c() == kEnd || c() == '/' || c() == '?' || c() == '#' || (c() == '\\' && is_special());
  }
  // Copies what lies before the next byte that means something here, and goes behind it.
  void take_plain(std::string& out, PercentSet set, std::string_view stops) {
    const std::size_t n = url_detail::plain_prefix(from_here(), set, stops);
    out.append(from_here().substr(0, n));
    at_ += static_cast<std::ptrdiff_t>(n);
  }
  // Sets the state for the next character, or, having gone back by one, for this one again.
  Step go(State next) {
    state_ = next;
    return {};
  }
  Step again(State next) {
    state_ = next;
    --at_;
    return {};
  }
  static Failure broken(const char* what) { return fail(ErrorKind::kInvalid, what); }

  Step scheme_start() {
    if (is_alpha(c())) {
      buffer_ += static_cast<char>(c() | 0x20);
      return go(&UrlParser::scheme);
    }
    return again(&UrlParser::no_scheme);
  }

  Step scheme() {
    for (; is_scheme_character(c()); ++at_) {
      buffer_ += is_alpha(c()) ? static_cast<char>(c() | 0x20) : static_cast<char>(c());
    }
    if (c() != ':') {  // start over from the first code point
      buffer_.clear();
      at_ = -1;
      return go(&UrlParser::no_scheme);
    }
    url_.scheme_ = std::exchange(buffer_, {});
    if (url_.scheme_ == "file") return go(&UrlParser::file);
    if (is_special()) {
      const bool same = base_ != nullptr && base_->scheme_ == url_.scheme_;
      return go(same ? &UrlParser::special_relative_or_authority : &UrlParser::special_authority_slashes);
    }
    if (remaining().starts_with('/')) {
      ++at_;
      return go(&UrlParser::path_or_authority);
    }
    url_.opaque_path_ = true;
    return go(&UrlParser::opaque_path);
  }

  Step no_scheme() {
    if (base_ == nullptr) return broken("it has no scheme and there is no base");
    if (!base_->opaque_path_) return again(base_->scheme_ == "file" ? &UrlParser::file : &UrlParser::relative);
    if (c() != '#') return broken("it has no scheme, and the base's path is opaque");
    url_ = *base_;
    return query_or_fragment();
  }

  Step special_relative_or_authority() {
    if (c() != '/' || !remaining().starts_with('/')) return again(&UrlParser::relative);
    ++at_;
    return go(&UrlParser::special_authority_ignore_slashes);
  }

  Step path_or_authority() { return c() == '/' ? go(&UrlParser::authority) : again(&UrlParser::path); }

  Step relative() {
    url_.scheme_ = base_->scheme_;
    if (c() == '/' || (is_special() && c() == '\\')) return go(&UrlParser::relative_slash);
    copy_authority();
    url_.path_ = base_->path_;
    url_.query_ = base_->query_;
    return after_base_path();
  }

  Step query_or_fragment() {
    if (c() == '?') {
      url_.query_ = "";
      return go(&UrlParser::query);
    }
    url_.fragment_ = "";
    return go(&UrlParser::fragment);
  }

  // The end of relative and file state: what a query, a fragment or a path do to the base's.
  Step after_base_path() {
    if (c() == '?' || c() == '#') return query_or_fragment();
    if (c() == kEnd) return {};
    url_.query_.reset();
    if (url_.scheme_ == "file" && starts_with_drive_letter(from_here())) {
      url_.path_.clear();
    } else {
      shorten_path();
    }
    return again(&UrlParser::path);
  }

  Step relative_slash() {
    if (is_special() && (c() == '/' || c() == '\\')) return go(&UrlParser::special_authority_ignore_slashes);
    if (c() == '/') return go(&UrlParser::authority);
    copy_authority();
    return again(&UrlParser::path);
  }

  Step special_authority_slashes() {
    if (c() != '/' || !remaining().starts_with('/')) return again(&UrlParser::special_authority_ignore_slashes);
    ++at_;
    return go(&UrlParser::special_authority_ignore_slashes);
  }

  Step special_authority_ignore_slashes() { return c() == '/' || c() == '\\' ? Step() : again(&UrlParser::authority); }

  Step authority() {
    if (c() == '@') {
      take_userinfo();
      return {};
    }
    for (; !ends_authority() && c() != '@'; ++at_) buffer_ += static_cast<char>(c());
    if (c() == '@') {
      --at_;
      return {};
    }
    if (at_sign_seen_ && buffer_.empty()) return broken("a user name but no host");
    at_ -= static_cast<std::ptrdiff_t>(buffer_.size()) + 1;
    buffer_.clear();
    return go(&UrlParser::host);
  }

  // An '@': what lies before it is user name and password, and so is an earlier '@'.
  void take_userinfo() {
    if (at_sign_seen_) buffer_.insert(0, "%40");
    at_sign_seen_ = true;
    for (char character : buffer_) {
      if (character == ':' && !password_token_seen_) {
        password_token_seen_ = true;
        continue;
      }
      url_detail::append_encoded(password_token_seen_ ? url_.password_ : url_.username_, PercentSet::kUserinfo,
                                 static_cast<unsigned char>(character));
    }
    buffer_.clear();
  }

  Step host() {
    for (; !ends_authority() && c() != ':' && c() != '[' && c() != ']'; ++at_) buffer_ += static_cast<char>(c());
    if (c() == ':' && !inside_brackets_) {
      if (buffer_.empty()) return broken("a port but no host");
      VELLUM_CHECK(take_host());
      return go(&UrlParser::port);
    }
    if (ends_authority()) {
      if (is_special() && buffer_.empty()) return broken("the host is empty");
      VELLUM_CHECK(take_host());
      return again(&UrlParser::path_start);
    }
    if (c() == '[') inside_brackets_ = true;
    if (c() == ']') inside_brackets_ = false;
    buffer_ += static_cast<char>(c());
    return {};
  }

  Step take_host() {
    VELLUM_TRY(url_.host_, url_detail::parse_host(buffer_, !is_special()));
    buffer_.clear();
    return {};
  }

  Step port() {
    if (is_digit(c())) {
      buffer_ += static_cast<char>(c());
      return {};
    }
    if (!ends_authority()) return broken("the port is not a number");
    if (!buffer_.empty()) {
      std::uint32_t number = 0;
      for (char digit : buffer_) {
        number = number * 10 + static_cast<std::uint32_t>(digit - '0');
        if (number > 65535) return broken("the port is over 65535");
      }
      if (number == 0 || number != url_detail::default_port(url_.scheme_))
        url_.port_ = static_cast<std::uint16_t>(number);
      buffer_.clear();
    }
    return again(&UrlParser::path_start);
  }

  Step file() {
    url_.scheme_ = "file";
    url_.host_ = "";
    if (c() == '/' || c() == '\\') return go(&UrlParser::file_slash);
    if (base_ == nullptr || base_->scheme_ != "file") return again(&UrlParser::path);
    url_.host_ = base_->host_;
    url_.path_ = base_->path_;
    url_.query_ = base_->query_;
    return after_base_path();
  }

  Step file_slash() {
    if (c() == '/' || c() == '\\') return go(&UrlParser::file_host);
    if (base_ != nullptr && base_->scheme_ == "file") {
      url_.host_ = base_->host_;
      const std::string_view first = std::string_view(base_->path_).substr(0, base_->path_.find('/', 1));
      if (!starts_with_drive_letter(from_here()) && !first.empty() && is_normalised_drive_letter(first.substr(1))) {
        url_.path_ = first;
      }
    }
    return again(&UrlParser::path);
  }

  Step file_host() {
    if (c() != kEnd && c() != '/' && c() != '\\' && c() != '?' && c() != '#') {
      buffer_ += static_cast<char>(c());
      return {};
    }
    // A drive letter is the beginning of a path: the buffer goes on to the path state as it is.
    if (is_windows_drive_letter(buffer_)) return again(&UrlParser::path);
    if (buffer_.empty()) {
      url_.host_ = "";
    } else {
      VELLUM_CHECK(take_host());
      if (url_.host_ == "localhost") url_.host_ = "";
    }
    return again(&UrlParser::path_start);
  }

  Step path_start() {
    if (is_special()) return c() == '/' || c() == '\\' ? go(&UrlParser::path) : again(&UrlParser::path);
    if (c() == '?' || c() == '#') return query_or_fragment();
    if (c() == kEnd) return {};
    return c() == '/' ? go(&UrlParser::path) : again(&UrlParser::path);
  }

  Step path() {
    take_plain(buffer_, PercentSet::kPath, "/\\");
    const bool slash = c() == '/' || (c() == '\\' && is_special());
    if (!slash && c() != kEnd && c() != '?' && c() != '#') {
      url_detail::append_encoded(buffer_, PercentSet::kPath, static_cast<unsigned char>(c()));
      return {};
    }
    end_segment(slash);
    if (c() == '?' || c() == '#') return query_or_fragment();
    return {};
  }

  void end_segment(bool slash) {
    if (is_double_dot(buffer_)) {
      shorten_path();
      if (!slash) url_.path_ += '/';
    } else if (is_single_dot(buffer_)) {
      if (!slash) url_.path_ += '/';
    } else {
      if (url_.scheme_ == "file" && url_.path_.empty() && is_windows_drive_letter(buffer_)) buffer_[1] = ':';
      url_.path_ += '/';
      url_.path_ += buffer_;
    }
    buffer_.clear();
  }

  Step opaque_path() {
    if (c() == '?' || c() == '#') return query_or_fragment();
    if (c() == ' ') {
      const std::string_view rest = remaining();
      url_.path_ += rest.starts_with('?') || rest.starts_with('#') ? "%20" : " ";
    } else if (c() != kEnd) {
      url_detail::append_encoded(url_.path_, PercentSet::kC0Control, static_cast<unsigned char>(c()));
    }
    return {};
  }

  Step query() {
    const PercentSet set = is_special() ? PercentSet::kSpecialQuery : PercentSet::kQuery;
    take_plain(*url_.query_, set, "");
    if (c() == '#') return query_or_fragment();
    if (c() != kEnd) url_detail::append_encoded(*url_.query_, set, static_cast<unsigned char>(c()));
    return {};
  }

  Step fragment() {
    take_plain(*url_.fragment_, PercentSet::kFragment, "");
    if (c() != kEnd)
      url_detail::append_encoded(*url_.fragment_, PercentSet::kFragment, static_cast<unsigned char>(c()));
    return {};
  }

  void copy_authority() {
    url_.username_ = base_->username_;
    url_.password_ = base_->password_;
    url_.host_ = base_->host_;
    url_.port_ = base_->port_;
  }

  // https://url.spec.whatwg.org/#shorten-a-urls-path; path_ is the serialised list, each segment behind its slash.
  void shorten_path() {
    std::string& path = url_.path_;
    if (path.empty()) return;
    if (url_.scheme_ == "file" && path.size() == 3 && is_normalised_drive_letter(std::string_view(path).substr(1)))
      return;
    path.resize(path.rfind('/'));
  }

  std::string_view input_;
  const Url* base_;
  Url url_;
  State state_ = &UrlParser::scheme_start;
  std::ptrdiff_t at_ = 0;
  std::string buffer_;
  bool at_sign_seen_ = false, inside_brackets_ = false, password_token_seen_ = false;
};

Result<Url> Url::parse(std::string_view text, const Url* base) {
  // 1: leading and trailing C0 controls and spaces go; 2: tabs and newlines go wherever they are.
  const auto is_stripped = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && is_stripped(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_stripped(text.back())) text.remove_suffix(1);
  const auto is_removed = [](char c) { return c == '\t' || c == '\n' || c == '\r'; };
  std::string mended;
  std::string_view input = text;
  if (!is_valid_utf8(text) || std::any_of(text.begin(), text.end(), is_removed)) {
    mended = repair_utf8(text);
    std::erase_if(mended, is_removed);
    input = mended;
  }
  auto url = UrlParser(input, base).parse();
  if (!url) return fail(wrap(std::move(url).error(), "bad url `" + repair_utf8(text.substr(0, 200)) + "`"));
  return url;
}

}  // namespace vellum
