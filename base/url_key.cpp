#include "base/url_key.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

namespace vellum {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_letter(c);
}

template <class Predicate>
bool all_of(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}

// ------------------------------------------------------------------------------------------------ seen key

// A session's name as an argument or path parameter. "sid" is also an ordinary word: only a token of 32 makes it one.
bool is_session(std::string_view argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string name = to_lower_ascii(argument.substr(0, equals));
  const std::string_view value = argument.substr(equals + 1);
  if (name == "sid") return value.size() == 32 && all_of(value, is_alphanumeric);
  return name == "jsessionid" || name == "phpsessid" || name == "cfid" || name == "cftoken" ||
         name.starts_with("aspsessionid");
}

// "/a;jsessionid=1;v=2/b" -> "/a;v=2/b"
std::string without_session_parameters(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find_first_of(";/", 1), path.size());
    const std::string_view piece = path.substr(0, end);
    if (!(piece.front() == ';' && is_session(piece.substr(1)))) out += piece;
    path.remove_prefix(end);
  }
  return out;
}

std::string without_session_arguments(std::string_view query) {
  std::string out;
  bool first = true;
  for (std::string_view argument : split(query, '&')) {
    if (is_session(argument)) continue;
    if (!std::exchange(first, false)) out += '&';
    out += argument;
  }
  return out;
}

// ------------------------------------------------------------------------------------------------ SURT

// Percent-decoding again and again until nothing is left to decode, in one pass: a decoded byte may complete a sequence
// with what stands before it.
std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    out += c;
    while (out.size() >= 3 && out[out.size() - 3] == '%') {
      const std::string decoded = percent_decode(std::string_view(out).substr(out.size() - 3));
      if (decoded.size() != 1) break;
      out.replace(out.size() - 3, 3, decoded);
    }
  }
  return out;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F && c != '#' && c != '%') {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

// "www.", "www2." in front of another name.
std::string_view without_www(std::string_view host) {
  if (!host.starts_with("www")) return host;
  const std::size_t dot = host.find_first_not_of("0123456789", 3);
  return dot != std::string_view::npos && host[dot] == '.' ? host.substr(dot + 1) : host;
}

std::string reversed_host(std::string_view hostname) {
  if (hostname.starts_with('[')) return std::string(hostname.substr(1, hostname.size() - 2));
  std::vector<std::string> labels;
  for (std::string_view label : split(hostname, '.')) {
    if (!label.empty()) labels.emplace_back(label);
  }
  std::string name = join(labels, ".");
  std::string out;
  const auto massaged = split(without_www(name), '.');
  for (auto label = massaged.rbegin(); label != massaged.rend(); ++label) {
    if (!out.empty()) out += ',';
    out += *label;
  }
  return out;
}

// Dot segments and doubled slashes, which decoding may have brought to light, folded away.
std::string folded_path(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(1, end - 1);
    const bool is_last = end == path.size();
    if (segment == "..") {
      out.resize(out.rfind('/') == std::string::npos ? 0 : out.rfind('/'));
      if (is_last) out += '/';
    } else if (segment == "." || segment.empty()) {
      if (is_last) out += '/';
    } else {
      out += '/';
      out += segment;
    }
    path.remove_prefix(end);
  }
  return out.empty() ? "/" : out;
}

// "(4hqa0555fwsecu455xqckv45)" or "(s(4hqa0555fwsecu455xqckv45)f(...))".
bool is_aspx_session(std::string_view segment) {
  constexpr std::size_t kTokenLength = 24;
  if (segment.size() < kTokenLength + 2 || segment.front() != '(' || segment.back() != ')') return false;
  std::string_view inner = segment.substr(1, segment.size() - 2);
  if (inner.size() == kTokenLength) return all_of(inner, is_alphanumeric);
  constexpr std::size_t kNamed = kTokenLength + 3;
  if (inner.size() % kNamed != 0) return false;
  for (; !inner.empty(); inner.remove_prefix(kNamed)) {
    if (!is_letter(inner[0]) || inner[1] != '(' || inner[kNamed - 1] != ')') return false;
    if (!all_of(inner.substr(2, kTokenLength), is_alphanumeric)) return false;
  }
  return true;
}

// ASP.NET keeps sessions in a directory: "/(s(4hqa0555fwsecu455xqckv45))/a.aspx". The last such goes.
std::string without_aspx_session(std::string path) {
  const std::size_t page = path.substr(0, path.find('?')).rfind(".aspx");
  if (page == std::string::npos) return path;
  std::size_t end = path.rfind('/', page);
  if (end != std::string::npos && end + 1 == page) end = end == 0 ? std::string::npos : path.rfind('/', end - 1);
  while (end != std::string::npos && end > 0) {
    const std::size_t begin = path.rfind('/', end - 1);
    if (begin == std::string::npos) break;
    if (is_aspx_session(std::string_view(path).substr(begin + 1, end - begin - 1))) {
      path.erase(begin, end - begin);
      break;
    }
    end = begin;
  }
  return path;
}

// Erases query[at, end) and the '&' behind it, if `end` is the end of an argument.
bool erase_argument(std::string& query, std::size_t at, std::size_t end) {
  if (end > query.size() || (end < query.size() && query[end] != '&')) return false;
  query.erase(at, std::min(end + 1, query.size()) - at);
  return true;
}

// Where a session's token that begins at `at` would end; 0 if there is none.
using TokenEnd = std::size_t (*)(std::string_view query, std::size_t at);

std::size_t token_of_32(std::string_view query, std::size_t at) {
  at = query.find('=', at) + 1;
  return all_of(query.substr(at, 32), is_alphanumeric) ? at + 32 : 0;
}

std::size_t aspsession_end(std::string_view query, std::size_t at) {
  const std::string_view rest = query.substr(at + std::string_view("aspsessionid").size());
  if (rest.size() < 33 || rest[8] != '=' || !all_of(rest.substr(0, 8), is_letter)) return 0;
  return all_of(rest.substr(9, 24), is_letter) ? query.size() - rest.size() + 33 : 0;
}

std::size_t coldfusion_end(std::string_view query, std::size_t at) {
  const std::size_t value = at + std::string_view("cfid=").size(), next = query.find('&', value);
  if (next == std::string_view::npos || next == value || !query.substr(next).starts_with("&cftoken=")) return 0;
  const std::size_t token = next + std::string_view("&cftoken=").size();
  const std::size_t end = std::min(query.find('&', token), query.size());
  return end > token ? end : 0;
}

// The last session of each kind goes, the rest stays as it is: what IA's tools have always done.
std::string without_sessions(std::string query) {
  constexpr std::pair<std::string_view, TokenEnd> kKinds[] = {{"jsessionid=", token_of_32},
                                                              {"phpsessid=", token_of_32},
                                                              {"sid=", token_of_32},
                                                              {"aspsessionid", aspsession_end},
                                                              {"cfid=", coldfusion_end}};
  for (const auto& [name, token_end] : kKinds) {
    for (std::size_t at = query.rfind(name); at != std::string::npos; at = query.rfind(name, at - 1)) {
      const std::size_t end = token_end(query, at);
      if ((end != 0 && erase_argument(query, at, end)) || at == 0) break;
    }
  }
  return query;
}

std::string sorted_query(const std::string& query) {
  struct Argument {
    std::string_view name, rest;
  };
  std::vector<Argument> arguments;
  for (std::string_view part : split(query, '&')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    arguments.push_back({part.substr(0, equals), part.substr(equals)});
  }
  std::stable_sort(arguments.begin(), arguments.end(), [](const Argument& a, const Argument& b) {
    return a.name != b.name ? a.name < b.name : a.rest < b.rest;
  });
  std::string out;
  for (const Argument& argument : arguments) {
    if (&argument != &arguments.front()) out += '&';
    out += argument.name;
    out += argument.rest;
  }
  return out;
}

std::string surt_path(const Url& url) {
  std::string path = unescaped(url.pathname());
  if (!url.has_opaque_path()) path = folded_path(path);
  path = without_aspx_session(to_lower_ascii(escaped(path)));
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

std::string surt_query(const Url& url) {
  const std::string search = url.search();
  if (search.empty()) return {};
  const std::string query = without_sessions(to_lower_ascii(escaped(unescaped(std::string_view(search).substr(1)))));
  return query.empty() ? std::string() : "?" + sorted_query(query);
}

}  // namespace

std::string seen_key(const Url& url) {
  std::string key = url.scheme() + ":";
  const std::string credentials = url.password().empty() ? url.username() : url.username() + ":" + url.password();
  const std::string path = without_session_parameters(url.pathname());
  if (!url.host().empty()) {
    key += "//";
    if (!credentials.empty()) key += credentials + "@";
    key += url.host();
  }
  key += path;
  const std::string search = url.search();
  const std::string query = search.empty() ? search : without_session_arguments(std::string_view(search).substr(1));
  return query.empty() ? key : key + "?" + query;
}

std::string surt(const Url& url) {
  if (url.scheme() == "filedesc" || url.scheme() == "warcinfo") return url.href();  // heads of ARC and WARC files
  if (url.hostname().empty()) return url.scheme() + ":" + surt_path(url) + surt_query(url);
  std::string key = reversed_host(to_lower_ascii(url.hostname()));
  if (!url.port().empty()) key += ":" + url.port();
  return key + ")" + surt_path(url) + surt_query(url);
}

}  // namespace vellum
