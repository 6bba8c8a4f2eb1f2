#include "base/error.h"

#include <cstdio>
#include <cstdlib>

namespace vellum {

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid:
      return "invalid";
    case ErrorKind::kNotFound:
      return "not-found";
    case ErrorKind::kRefused:
      return "refused";
    case ErrorKind::kTimeout:
      return "timeout";
    case ErrorKind::kNetwork:
      return "network";
    case ErrorKind::kProtocol:
      return "protocol";
    case ErrorKind::kTooLarge:
      return "too-large";
    case ErrorKind::kOverload:
      return "overload";
    case ErrorKind::kCorrupt:
      return "corrupt";
    case ErrorKind::kStorage:
      return "storage";
    case ErrorKind::kCancelled:
      return "cancelled";
    case ErrorKind::kBug:
      return "bug";
  }
  return "unknown";
}

Error wrap(Error error, std::string_view doing) {
  error.message = std::string(doing) + ": " + error.message;
  return error;
}

void assertion_failed(const char* condition, const char* belief, const char* file, int line) {
  std::fprintf(stderr, "vellum: broken assumption at %s:%d: %s (%s)\n", file, line, belief, condition);
  std::abort();
}

}  // namespace vellum
