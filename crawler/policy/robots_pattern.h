// The path patterns of robots.txt (RFC 9309, 2.2.2 and 2.2.3): what "Disallow: /a*b$" means for a path.
//
// Both sides are compared in one normal form, so that "/%7Ejoe" and "/~joe" are the same and "/a%2Fb" and "/a/b" are
// not. Matching takes time linear in path and pattern, whatever the wildcards.
//
// Threads: immutable, any. Memory: owns its pieces.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vellum::policy {

// A path and query in the form that patterns are compared with; made once, for many patterns.
class RobotsPath {
 public:
  explicit RobotsPath(std::string_view path_and_query);
  const std::string& text(bool by_query_rules) const { return by_query_rules ? query_form_ : path_form_; }

 private:
  std::string path_form_;   // "%2F" stays apart from "/" everywhere
  std::string query_form_;  // in the query both are "/"
};

class RobotsPattern {
 public:
  // `value` as it stands after "Allow:", trimmed. One that begins with neither '/' nor '*' matches nothing.
  explicit RobotsPattern(std::string_view value);

  bool matches(const RobotsPath& path) const;
  // Octets of the pattern as RFC 9309 encodes it: the measure of "most specific".
  std::size_t octets() const { return octets_; }

 private:
  std::vector<std::string> pieces_;  // literal stretches between the stars
  bool anchored_ = false;            // ended with '$'
  bool has_query_ = false;           // a '?' stands in it
  bool absolute_ = false;
  std::size_t octets_ = 0;
};

}  // namespace vellum::policy
