// Regular expressions: RE2's syntax and promises (time linear in the text, bounded memory). The one wrapper over RE2.
//
//   VELLUM_TRY(auto pages, Pattern::compile(R"(^(?P<first>\d+)[-–](?P<last>\d+)$)"));
//   if (auto match = pages.search(text)) use(match->named("first"));
//
// Patterns and texts are UTF-8; bytes that are not match nothing but \C.
//
// Memory: a Pattern owns its program (at most 1 MiB, shared by copies); matches view the text.
// Threads: immutable, any number may match at once.     Syntax: https://github.com/google/re2/wiki/Syntax

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace vellum {

class Pattern {
 public:
  enum class Case { kSensitive, kIgnored };

  // kInvalid with RE2's reason and the pattern, also where the program would be over the memory limit.
  static Result<Pattern> compile(std::string_view source, Case letters = Case::kSensitive);

  // A stretch of the text that fits. Views the text and the Pattern, and must not outlive either.
  class Match {
   public:
    std::string_view text() const { return *groups_.front(); }
    std::size_t offset() const { return offset_; }  // bytes from the beginning of the searched text
    std::size_t group_count() const { return groups_.size() - 1; }
    // Group 0 is the whole match. nullopt if the group took no part, or there is none of that number or name.
    std::optional<std::string_view> group(std::size_t index) const;
    std::optional<std::string_view> named(std::string_view name) const;

   private:
    friend class Pattern;
    const Pattern* pattern_ = nullptr;
    std::size_t offset_ = 0;
    std::vector<std::optional<std::string_view>> groups_;
  };

  bool matches(std::string_view text) const;        // somewhere in the text; anchor with ^ and $
  bool matches_whole(std::string_view text) const;  // from its first byte to its last
  // The leftmost match at or after byte `from`; ^ is the beginning of the text all the same.
  std::optional<Match> search(std::string_view text, std::size_t from = 0) const;
  // Every match in order, none overlapping; after an empty match the search goes on one character later.
  std::vector<Match> search_all(std::string_view text) const;
  // Every match replaced. In `rewrite`, \0 is the match and \1 to \9 its groups; a backslash is written twice.
  std::string replace(std::string_view text, std::string_view rewrite) const;
  // kInvalid if `rewrite` names a group that the pattern does not have; replace() would then change nothing.
  Result<void> check_rewrite(std::string_view rewrite) const;

  const std::string& source() const;
  std::size_t group_count() const;

 private:
  struct Program;
  Pattern() = default;
  std::shared_ptr<const Program> program_;
};

}  // namespace vellum
