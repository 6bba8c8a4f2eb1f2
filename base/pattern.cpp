#include "base/pattern.h"

#include <re2/re2.h>

#include "base/text.h"

namespace vellum {
namespace {

constexpr std::int64_t kMaxProgramBytes = 1 << 20;

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

RE2::Options options_for(Pattern::Case letters) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxProgramBytes);
  options.set_case_sensitive(letters == Pattern::Case::kSensitive);
  return options;
}

}  // namespace

struct Pattern::Program {
  RE2 re;
  Program(std::string_view source, Case letters) : re(piece(source), options_for(letters)) {}
};

Result<Pattern> Pattern::compile(std::string_view source, Case letters) {
  auto program = std::make_shared<const Program>(source, letters);
  if (!program->re.ok()) {
    return fail(ErrorKind::kInvalid,
                "bad pattern `" + std::string(source.substr(0, 200)) + "`: " + program->re.error());
  }
  Pattern pattern;
  pattern.program_ = std::move(program);
  return pattern;
}

std::optional<std::string_view> Pattern::Match::group(std::size_t index) const {
  return index < groups_.size() ? groups_[index] : std::nullopt;
}

std::optional<std::string_view> Pattern::Match::named(std::string_view name) const {
  const auto& numbers = pattern_->program_->re.NamedCapturingGroups();
  const auto found = numbers.find(std::string(name));
  return found == numbers.end() ? std::nullopt : group(static_cast<std::size_t>(found->second));
}

bool Pattern::matches(std::string_view text) const {
  return RE2::PartialMatch(piece(text), program_->re);
}
bool Pattern::matches_whole(std::string_view text) const {
  return RE2::FullMatch(piece(text), program_->re);
}

std::optional<Pattern::Match> Pattern::search(std::string_view text, std::size_t from) const {
  if (from > text.size()) return std::nullopt;
  std::vector<re2::StringPiece> found(group_count() + 1);
  if (!program_->re.Match(piece(text), from, text.size(), RE2::UNANCHORED, found.data(),
                          static_cast<int>(found.size()))) {
    return std::nullopt;
  }
  Match match;
  match.pattern_ = this;
  match.offset_ = static_cast<std::size_t>(found.front().data() - text.data());
  for (const auto& group : found) {
    match.groups_.push_back(group.data() == nullptr ? std::nullopt
                                                    : std::optional(std::string_view(group.data(), group.size())));
  }
  return match;
}

std::vector<Pattern::Match> Pattern::search_all(std::string_view text) const {
  std::vector<Match> all;
  std::size_t from = 0;
  while (auto match = search(text, from)) {
    const std::size_t end = match->offset() + match->text().size();
    from = end;
    if (match->text().empty()) from += end < text.size() ? next_utf8(text.substr(end)).bytes : 1;
    all.push_back(*std::move(match));
  }
  return all;
}

std::string Pattern::replace(std::string_view text, std::string_view rewrite) const {
  std::string out(text);
  RE2::GlobalReplace(&out, program_->re, piece(rewrite));
  return out;
}

Result<void> Pattern::check_rewrite(std::string_view rewrite) const {
  std::string problem;
  if (program_->re.CheckRewriteString(piece(rewrite), &problem)) return {};
  return fail(ErrorKind::kInvalid, "bad replacement `" + std::string(rewrite.substr(0, 200)) + "`: " + problem);
}

const std::string& Pattern::source() const {
  return program_->re.pattern();
}
std::size_t Pattern::group_count() const {
  return static_cast<std::size_t>(program_->re.NumberOfCapturingGroups());
}

}  // namespace vellum
