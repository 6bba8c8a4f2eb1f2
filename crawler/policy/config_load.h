// Parts of load_config that lie in files of their own; see config.h.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/policy/config.h"
#include "crawler/policy/config_reader.h"

namespace vellum::policy {

// Each reads its table and complains to `in` about the first thing that is wrong.
void read_scope(ConfigReader& in, ScopeConfig& scope);
void read_politeness(ConfigReader& in, PolitenessConfig& politeness);
void read_network(ConfigReader& in, const std::filesystem::path& folder, NetworkConfig& network);
void read_schedule(ConfigReader& in, CrawlConfig& config);
void read_follow(ConfigReader& in, FollowConfig& follow);
void read_files(ConfigReader& in, FilesConfig& files);
void read_budget(ConfigReader& in, BudgetConfig& budget);
void read_sites(ConfigReader& in, const std::filesystem::path& folder, std::vector<SiteRule>& sites);
// A list of which each is one of `known`, without repetitions.
void read_words(ConfigReader& in, const std::string& pointer, std::span<const std::string_view> known,
                std::vector<std::string>& into);
// A size or a number that may be 0 for "no limit".
void read_limit(ConfigReader& in, const std::string& pointer, std::uint64_t& into);
// A host name with stars as URLs spell it (lower case, IDNA); kInvalid says what is wrong with it.
Result<std::string> normal_host_glob(std::string_view glob);

// "+pattern", "-pattern" or a host glob.
Result<void> apply_scope_option(const std::string& option, ScopeConfig& scope, std::vector<ScopeRule>& first_rules);

// The configuration as a file that load_config reads back, without the proxy's password.
std::string to_toml(const CrawlConfig& config);

}  // namespace vellum::policy
