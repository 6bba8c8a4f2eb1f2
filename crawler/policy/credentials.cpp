#include "crawler/policy/credentials.h"

#include <algorithm>
#include <fstream>

#include "base/base64.h"
#include "base/text.h"

namespace vellum::policy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongest = 4096;

// Visible characters and the space between them: what a header may carry and a terminal can show.
bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Result<std::string> read_secret(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (error || status.type() != fs::file_type::regular)
    return fail(ErrorKind::kInvalid, "is not there: " + file.string());
  constexpr fs::perms kOthers = fs::perms::group_all | fs::perms::others_all;
  if ((status.permissions() & kOthers) != fs::perms::none)
    return fail(ErrorKind::kInvalid, "may be read by others; chmod 600 " + file.string());
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) return fail(ErrorKind::kInvalid, "cannot be read or is empty: " + file.string());
  const std::string secret(trim(line));
  if (secret.empty() || secret.size() > kLongest || !is_printable(secret))
    return fail(ErrorKind::kInvalid, "needs a first line of printable ASCII: " + file.string());
  return secret;
}

}  // namespace

Result<std::string> authorization_of(const Credentials& credentials) {
  const bool basic = !credentials.user.empty() || !credentials.password_file.empty();
  if (basic && !credentials.token_file.empty())
    return fail(ErrorKind::kInvalid, "has a user and a token_file; a request carries one of them");
  if (basic && (credentials.user.empty() || credentials.password_file.empty()))
    return fail(ErrorKind::kInvalid, "user and password_file go together");
  if (!basic) {
    VELLUM_TRY(const std::string token, read_secret(credentials.token_file));
    return "Bearer " + token;
  }
  // RFC 7617, 2: the first colon ends the user name.
  if (credentials.user.find(':') != std::string::npos || !is_printable(credentials.user))
    return fail(ErrorKind::kInvalid, "user must be printable ASCII without a colon");
  VELLUM_TRY(const std::string password, read_secret(credentials.password_file));
  return "Basic " + to_base64(credentials.user + ":" + password);
}

bool may_carry_credentials(const Url& url) {
  if (url.protocol() == "https:") return true;
  const std::string host = url.hostname();
  const bool is_ipv4 = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || (is_ipv4 && host.substr(0, 4) == "127.");
}

}  // namespace vellum::policy
