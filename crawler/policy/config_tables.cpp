// The tables of a crawl's configuration, one function each.

#include <fmt/format.h>

#include <algorithm>

#include "base/pattern.h"
#include "base/text.h"
#include "crawler/policy/config_load.h"
#include "crawler/policy/schedule.h"

namespace vellum::policy {
namespace {

using std::chrono::milliseconds;

}  // namespace

Result<std::string> normal_host_glob(std::string_view glob) {
  const bool plain = !glob.empty() && glob.find_first_of("/@?# ") == std::string_view::npos;
  const auto url = plain ? Url::parse("http://" + std::string(glob) + "/") : fail(ErrorKind::kInvalid, "");
  if (!url || !url->port().empty())
    return fail(ErrorKind::kInvalid, fmt::format("`{}`: write a host name such as \"*.example.org\", without scheme, "
                                                 "port or path",
                                                 glob));
  return url->hostname();
}

namespace {

void read_hosts(ConfigReader& in, std::vector<std::string>& hosts) {
  in.texts("/scope/hosts", hosts);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    auto host = normal_host_glob(hosts[i]);
    if (!host) return in.complain(pointer_to("/scope/hosts", std::to_string(i)), host.error().message);
    hosts[i] = *std::move(host);
  }
}

int line_of(const ConfigReader& in, std::string_view pointer) {
  return in.file().line_of(pointer).value_or(0);
}

void read_rule(ConfigReader& in, const std::string& pointer, bool include, std::string pattern, ScopeConfig& scope) {
  if (const auto compiled = Pattern::compile(pattern); !compiled)
    return in.complain(pointer, "is a " + compiled.error().message);
  scope.rules.push_back({include, std::move(pattern), line_of(in, pointer)});
}

// include = [...] or exclude = [...].
void read_list(ConfigReader& in, const std::string& pointer, bool include, ScopeConfig& scope) {
  std::vector<std::string> patterns;
  in.texts(pointer, patterns);
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const std::string item = pointer_to(pointer, std::to_string(i));
    if (patterns[i].empty()) return in.complain(item, "is empty and would match every URL");
    read_rule(in, item, include, std::move(patterns[i]), scope);
  }
  // Whoever lists what to include means that nothing else is.
  if (include && !patterns.empty()) scope.rules.push_back({false, "", line_of(in, pointer)});
}

// rules = ["+ pattern", "- pattern"].
void read_mixed(ConfigReader& in, ScopeConfig& scope) {
  std::vector<std::string> lines;
  in.texts("/scope/rules", lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string item = pointer_to("/scope/rules", std::to_string(i));
    const std::string& line = lines[i];
    if (line.size() < 2 || (line[0] != '+' && line[0] != '-') || line[1] != ' ')
      return in.complain(item, fmt::format("`{}` must be \"+ \" or \"- \" and a pattern", line.substr(0, 80)));
    read_rule(in, item, line[0] == '+', line.substr(2), scope);
  }
}

// HOST:PORT:CONNECT-HOST:CONNECT-PORT, where each part may be empty and hosts may be in brackets.
bool is_connect_to(std::string_view text) {
  std::vector<std::string> parts(1);
  bool in_brackets = false;
  for (char c : text) {
    if (c == '[' || c == ']') in_brackets = c == '[';
    if (c == ':' && !in_brackets) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  const auto is_port = [](const std::string& part) {
    return part.size() <= 5 && part.find_first_not_of("0123456789") == std::string::npos;
  };
  return parts.size() == 4 && is_port(parts[1]) && is_port(parts[3]);
}

bool is_proxy(const std::string& text) {
  const auto url = Url::parse(text);
  if (!url || url->hostname().empty() || text.find("://") == std::string::npos) return false;
  constexpr std::string_view kSchemes[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
  return std::find(std::begin(kSchemes), std::end(kSchemes), url->scheme()) != std::end(kSchemes);
}

// An address, a block of them, or a host name.
bool is_allowed_address(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view prefix = slash == std::string_view::npos ? "0" : text.substr(slash + 1);
  const bool number =
      !prefix.empty() && prefix.size() <= 3 && prefix.find_first_not_of("0123456789") == std::string_view::npos;
  std::string host(text.substr(0, slash));
  if (host.find(':') != std::string::npos && host.front() != '[') host = "[" + host + "]";
  const auto url = Url::parse("http://" + host + "/");
  return number && url && !host.empty() && url->port().empty() && url->pathname() == "/" && url->username().empty();
}

void read_milliseconds(ConfigReader& in, std::string_view pointer, milliseconds& into) {
  Duration value = into;
  in.duration(pointer, value);
  if (value < milliseconds(1)) return in.complain(pointer, "must be at least \"1ms\"");
  into = std::chrono::duration_cast<milliseconds>(value);
}

}  // namespace

void read_scope(ConfigReader& in, ScopeConfig& scope) {
  read_hosts(in, scope.hosts);
  read_mixed(in, scope);
  const std::size_t mixed = scope.rules.size();
  read_list(in, "/scope/exclude", false, scope);
  read_list(in, "/scope/include", true, scope);
  if (mixed > 0 && scope.rules.size() > mixed)
    in.complain("/scope/rules", "stands beside include or exclude; use the one or the others");
  in.number("/scope/max_depth", 0, 1'000'000, scope.max_depth);
  in.number("/scope/max_pages", 0, std::int64_t{1} << 53, scope.max_pages);
  in.number("/scope/max_requisites", 0, std::int64_t{1} << 53, scope.max_requisites);
  in.flag("/scope/traps", scope.traps);
}

void read_politeness(ConfigReader& in, PolitenessConfig& politeness) {
  in.duration("/politeness/delay", politeness.delay);
  in.number("/politeness/concurrency", 1, 64, politeness.concurrency);
  in.duration("/politeness/after_crash", politeness.after_crash);
  in.number("/politeness/retries", 0, 20, politeness.retries);
  in.duration("/politeness/retry_delay", politeness.retry_delay);
  in.duration("/politeness/max_back_off", politeness.max_back_off);
  in.duration("/politeness/max_retry_after", politeness.max_retry_after);
  in.duration("/politeness/forgive_after", politeness.forgive_after);
  in.flag("/politeness/robots", politeness.robots);
  in.text("/politeness/robots_reason", politeness.robots_reason);
  if (!politeness.robots && trim(politeness.robots_reason).empty())
    in.complain("/politeness/robots", "= false needs robots_reason = \"why\"; it is recorded with the run");
}

void read_network(ConfigReader& in, const std::filesystem::path& folder, NetworkConfig& network) {
  in.text("/network/proxy", network.proxy);
  if (!network.proxy.empty() && !is_proxy(network.proxy))
    in.complain("/network/proxy", "must be a URL such as \"http://127.0.0.1:3128\" or \"socks5h://127.0.0.1:1080\"");
  in.texts("/network/connect_to", network.connect_to);
  for (std::size_t i = 0; i < network.connect_to.size(); ++i) {
    if (!is_connect_to(network.connect_to[i]))
      in.complain(pointer_to("/network/connect_to", std::to_string(i)),
                  "must be \"HOST:PORT:CONNECT-HOST:CONNECT-PORT\"");
  }
  in.text("/network/ca_file", network.ca_file);
  if (!network.ca_file.empty()) {
    network.ca_file = (folder / network.ca_file).string();
    if (!std::filesystem::is_regular_file(network.ca_file))
      in.complain("/network/ca_file", "is not there: " + network.ca_file);
  }
  in.texts("/network/allow", network.allow);
  for (std::size_t i = 0; i < network.allow.size(); ++i) {
    if (!is_allowed_address(network.allow[i]))
      in.complain(pointer_to("/network/allow", std::to_string(i)),
                  "must be an address, a block such as \"10.0.0.0/8\" or a host name");
  }
  read_milliseconds(in, "/network/timeout", network.timeout);
  read_milliseconds(in, "/network/connect_timeout", network.connect_timeout);
  in.size("/network/max_body", network.max_body);
  in.text("/network/coding", network.coding);
  if (network.coding != "any" && network.coding != "identity")
    in.complain("/network/coding", "must be \"any\" or \"identity\"");
  in.number("/network/max_visits", 1, 10'000, network.max_visits);
  in.flag("/network/conditional", network.conditional);
}

namespace {

void read_revisits(ConfigReader& in, CrawlConfig& config) {
  in.flag("/schedule/adaptive", config.adaptive);
  in.duration("/schedule/min_interval", config.revisit.min);
  in.duration("/schedule/max_interval", config.revisit.max);
  if (config.revisit.min < std::chrono::minutes(1)) in.complain("/schedule/min_interval", "must be at least \"1m\"");
  if (config.revisit.max < config.revisit.min) in.complain("/schedule/max_interval", "is less than min_interval");
}

}  // namespace

void read_schedule(ConfigReader& in, CrawlConfig& config) {
  read_revisits(in, config);
  in.text("/schedule/every", config.schedule_every);
  in.text("/schedule/cron", config.schedule_cron);
  if (!config.schedule_every.empty() && !config.schedule_cron.empty())
    return in.complain("/schedule/cron", "stands beside every; use one of them");
  if (!config.schedule_every.empty()) {
    Duration every = std::chrono::hours(1);
    in.duration("/schedule/every", every);
    if (every < std::chrono::minutes(1)) in.complain("/schedule/every", "must be at least \"1m\"");
  }
  if (config.schedule_cron.empty()) return;
  const auto cron = Schedule::parse("", config.schedule_cron);
  if (!cron) in.complain("/schedule/cron", "is wrong: " + cron.error().message);
}

Result<void> apply_scope_option(const std::string& option, ScopeConfig& scope, std::vector<ScopeRule>& first_rules) {
  const auto wrong = [&](const Error& error) { return fail(wrap(error, "--scope " + option)); };
  if (option.empty()) return wrong({ErrorKind::kInvalid, "write +pattern, -pattern or a host name", 0});
  if (option[0] == '+' || option[0] == '-') {
    const std::string pattern(trim(std::string_view(option).substr(1)));
    if (pattern.empty()) return wrong({ErrorKind::kInvalid, "the pattern is missing", 0});
    if (const auto compiled = Pattern::compile(pattern); !compiled) return wrong(compiled.error());
    first_rules.push_back({option[0] == '+', pattern, 0});
    return {};
  }
  auto host = normal_host_glob(option);
  if (!host) return wrong(host.error());
  scope.hosts.push_back(*std::move(host));
  return {};
}

}  // namespace vellum::policy
