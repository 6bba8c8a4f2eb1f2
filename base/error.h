// Results and errors: how every Vellum function that can fail in an expected way says so.
//
// Result<T> holds a T or an Error. The kind of an error says what the CALLER should do; the message says what went
// wrong and where, lower case, no full stop: "cannot open warc file: /a/b.warc.gz: permission denied".
// Expected failures are values; exceptions come only from the standard library and Asio and are stopped in three
// places (one visit, one pool task, main). A broken belief of our own ends the process through VELLUM_ASSERT.
//
//   Result<Page> load(Url url) {
//     VELLUM_TRY(auto body, fetch(url));     // returns the error, or declares `body`
//     return Page{std::move(body)};
//   }
//
// Threads: plain values.

#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace vellum {

enum class ErrorKind {
  kInvalid = 1,  // fix the input: bad URL, option, config key, file
  kNotFound,     // it is not there; asking again will not help
  kRefused,      // a rule says no: robots, scope, a lost lease
  kTimeout,      // try again later
  kNetwork,      // try again later: DNS, connect, reset, TLS
  kProtocol,     // the other side broke its protocol
  kTooLarge,     // over a limit; raise the limit or leave it
  kOverload,     // the server asks for a pause (429, 503)
  kCorrupt,      // stored data is damaged: stop, run `vellum check`
  kStorage,      // the store cannot write: stop leasing
  kCancelled,    // somebody asked for the stop
  kBug,          // a plugin or we misbehaved; report it
};

// "invalid", "not-found", ... : stable words for JSON output and logs.
std::string_view name_of(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::kBug;
  std::string message;
  // curl's, errno's or RocksDB's own number, 0 if none; for logs and for tables such as policy/retry.
  int code = 0;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

using Failure = tl::unexpected<Error>;

// return fail(ErrorKind::kInvalid, "port is not a number: " + text);
inline Failure fail(ErrorKind kind, std::string message, int code = 0) {
  return Failure(Error{kind, std::move(message), code});
}
inline Failure fail(Error error) {
  return Failure(std::move(error));
}

// Prefixes what the caller was doing: wrap(error, "cannot read config") -> "cannot read config: <message>".
Error wrap(Error error, std::string_view doing);

// Swallowing an error is spelt out, with the reason, so that it can be searched for.
template <class T>
void ignore(const Result<T>&, const char* /*why*/) {}

[[noreturn]] void assertion_failed(const char* condition, const char* belief, const char* file, int line);

}  // namespace vellum

#define VELLUM_CONCAT_(a, b) a##b
#define VELLUM_CONCAT(a, b) VELLUM_CONCAT_(a, b)

// VELLUM_TRY(auto x, expression);  declares x from the value, or returns the error. Not inside coroutines.
#define VELLUM_TRY_(result, declaration, ...)                    \
  auto result = (__VA_ARGS__);                                   \
  if (!result) return ::vellum::fail(std::move(result).error()); \
  declaration = *std::move(result)
#define VELLUM_TRY(declaration, ...) VELLUM_TRY_(VELLUM_CONCAT(vellum_try_, __LINE__), declaration, __VA_ARGS__)

// VELLUM_CHECK(expression);  for Result<void>: returns the error.
#define VELLUM_CHECK_(result, ...) \
  if (auto result = (__VA_ARGS__); !result) return ::vellum::fail(std::move(result).error())
#define VELLUM_CHECK(...) VELLUM_CHECK_(VELLUM_CONCAT(vellum_check_, __LINE__), __VA_ARGS__)

// The same in coroutines (a GNU statement expression crashes g++ 12.2, so only the declaring form exists).
#define VELLUM_CO_TRY_(result, declaration, ...)                    \
  auto result = (__VA_ARGS__);                                      \
  if (!result) co_return ::vellum::fail(std::move(result).error()); \
  declaration = *std::move(result)
#define VELLUM_CO_TRY(declaration, ...) VELLUM_CO_TRY_(VELLUM_CONCAT(vellum_try_, __LINE__), declaration, __VA_ARGS__)
#define VELLUM_CO_CHECK_(result, ...) \
  if (auto result = (__VA_ARGS__); !result) co_return ::vellum::fail(std::move(result).error())
#define VELLUM_CO_CHECK(...) VELLUM_CO_CHECK_(VELLUM_CONCAT(vellum_check_, __LINE__), __VA_ARGS__)

// Always on. `belief` says why it cannot be false.
#define VELLUM_ASSERT(condition, belief) \
  ((condition) ? void(0) : ::vellum::assertion_failed(#condition, belief, __FILE__, __LINE__))
