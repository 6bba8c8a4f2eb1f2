// The tables that say how far a crawl goes beyond its pages, and where it ends: [follow], [files], [budget].

#include <algorithm>

#include "base/link.h"
#include "base/text.h"
#include "crawler/policy/config_load.h"

namespace vellum::policy {
namespace {

constexpr std::int64_t kMany = std::int64_t{1} << 53;

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "\"" : ", \"") + std::string(word) + "\"";
  return text;
}

}  // namespace

void read_words(ConfigReader& in, const std::string& pointer, std::span<const std::string_view> known,
                std::vector<std::string>& into) {
  std::vector<std::string> words = into;
  in.texts(pointer, words);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string item = pointer_to(pointer, std::to_string(i));
    if (std::find(known.begin(), known.end(), words[i]) == known.end())
      return in.complain(item, "`" + words[i].substr(0, 80) + "` must be one of " + listed(known));
    if (std::find(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i), words[i]) !=
        words.begin() + static_cast<std::ptrdiff_t>(i))
      return in.complain(item, "`" + words[i] + "` stands there twice");
  }
  into = std::move(words);
}

void read_limit(ConfigReader& in, const std::string& pointer, std::uint64_t& into) {
  const Json::json_pointer at(pointer);
  const Json& root = in.file().root();
  if (root.contains(at) && root[at].is_number_integer() && root[at].get<std::int64_t>() == 0) {
    into = 0;
    return;
  }
  in.size(pointer, into);
}

void read_follow(ConfigReader& in, FollowConfig& follow) {
  in.flag("/follow/dois", follow.dois);
  read_words(in, "/follow/places", kLinkPlaces, follow.places);
  in.text("/follow/resolver", follow.resolver);
  const auto resolver = Url::parse(follow.resolver);
  if (!resolver || !resolver->is_http() || follow.resolver.back() != '/')
    return in.complain("/follow/resolver", "must be a URL that ends in a slash, such as \"https://doi.org/\"");
  follow.resolver = resolver->href();
  in.number("/follow/max_followed", 0, kMany, follow.max_followed);
  in.number("/follow/max_per_article", 1, kMany, follow.max_per_article);
}

void read_files(ConfigReader& in, FilesConfig& files) {
  read_words(in, "/files/kinds", kFileKinds, files.kinds);
  in.number("/files/max_files", 0, kMany, files.max_files);
  in.number("/files/max_per_article", 1, kMany, files.max_per_article);
  in.size("/files/max_file_size", files.max_file_size);
}

void read_budget(ConfigReader& in, BudgetConfig& budget) {
  read_limit(in, "/budget/bytes", budget.bytes);
  in.duration("/budget/time", budget.time);
  in.number("/budget/per_host_pages", 0, kMany, budget.per_host.pages);
  read_limit(in, "/budget/per_host_bytes", budget.per_host.bytes);
  in.duration("/budget/per_host_time", budget.per_host.time);
}

}  // namespace vellum::policy
