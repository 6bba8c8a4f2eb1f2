// Who we are to a site that asks: HTTP Basic (RFC 7617) or Bearer (RFC 6750) credentials that a [[site]] table names.
//
// The secret lies in a file of its own, so that a configuration can be shown, kept with each run and put under version
// control. It is read once, when the configuration is loaded.
//
// Threads: pure but for reading the file, any.

#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/url.h"

namespace vellum::policy {

struct Credentials {
  std::string user;                     // Basic; needs password_file
  std::filesystem::path password_file;  // first line: the password
  std::filesystem::path token_file;     // Bearer; first line: the token
  bool is_set() const { return !user.empty() || !password_file.empty() || !token_file.empty(); }
};

// The value of the Authorization header. kInvalid says what is wrong: both kinds or half of one, a user name with a
// colon, a file that is missing, empty, holds what no header can carry, or may be read by others than its owner.
Result<std::string> authorization_of(const Credentials& credentials);

// Over https; over http only to this machine, for what is tried out.
bool may_carry_credentials(const Url& url);

}  // namespace vellum::policy
