#include "plugins/worker/record_builder.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "base/text.h"

namespace vellum::worker {
namespace {

constexpr std::size_t kMaxLevels = 8;
constexpr std::size_t kMaxBytes = std::size_t{8} << 20;
constexpr std::size_t kOverhead = 16;  // of a value, so that a million empty ones count

std::optional<std::string> unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      out += token[i];
    } else if (i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1')) {
      out += token[++i] == '0' ? '~' : '/';
    } else {
      return std::nullopt;
    }
  }
  return out;
}

bool is_index(const std::string& token) {
  return token == "-" || (!token.empty() && token.size() < 9 &&
                          std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

// The item that `token` names, made if it is the next one; nullptr for a gap.
Json* item_of(Json& list, const std::string& token) {
  std::size_t index = list.size();
  if (token != "-") std::from_chars(token.data(), token.data() + token.size(), index);
  if (index > list.size()) return nullptr;
  if (index == list.size()) list.push_back(nullptr);
  return &list[index];
}

// One level down from `at`, which becomes a list or an object if it is nothing yet.
Json* step(Json& at, const std::string& token) {
  if (at.is_null()) at = is_index(token) ? Json::array() : Json::object();
  if (at.is_array()) return is_index(token) ? item_of(at, token) : nullptr;
  return at.is_object() ? &at[token] : nullptr;
}

}  // namespace

Result<void> RecordBuilder::set(std::string_view path, Json value) {
  const auto wrong = [&](const char* why) {
    return fail(ErrorKind::kInvalid, "`" + repair_utf8(path.substr(0, 80)) + "` " + why);
  };
  if (path.size() < 2 || path[0] != '/') return wrong("is no JSON pointer such as /authors/0/name");
  const std::size_t size = value.is_string() ? value.get_ref<const std::string&>().size() : 0;
  if (size > kMaxBytes - std::min(kMaxBytes, bytes_) || bytes_ + path.size() + size + kOverhead > kMaxBytes) {
    return fail(ErrorKind::kTooLarge, "more than 8 MiB of results");
  }
  std::vector<std::string> tokens;
  for (const std::string_view part : split(path.substr(1), '/')) {
    auto token = unescaped(part);
    if (!token || !is_valid_utf8(*token)) return wrong("is no JSON pointer");
    tokens.push_back(*std::move(token));
    if (tokens.size() > kMaxLevels) return fail(ErrorKind::kTooLarge, "a path of more than 8 levels");
  }
  Json* at = &record_;
  for (const std::string& token : tokens) {
    at = step(*at, token);
    if (!at) return wrong("does not go on from what is there: a gap in a list, or a value");
  }
  if (at->is_structured()) return wrong("is a list or an object already");
  bytes_ += path.size() + size + kOverhead;
  *at = std::move(value);
  return {};
}

}  // namespace vellum::worker
