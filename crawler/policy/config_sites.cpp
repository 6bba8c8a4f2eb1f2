// The [[site]] tables of a crawl's configuration.

#include "base/text.h"
#include "crawler/policy/calendar.h"
#include "crawler/policy/config_load.h"

namespace vellum::policy {
namespace {

const std::vector<std::string>& site_keys() {
  static const std::vector<std::string> keys = {"hosts", "group",         "delay",     "concurrency",
                                                "hours", "timezone",      "cookies",   "drop_parameters",
                                                "user",  "password_file", "token_file"};
  return keys;
}

void read_hosts(ConfigReader& in, const std::string& at, SiteRule& site) {
  in.texts(at + "/hosts", site.hosts);
  if (site.hosts.empty()) return in.complain(at, "needs hosts = [\"...\"]: whom it is about");
  for (std::size_t i = 0; i < site.hosts.size(); ++i) {
    auto host = normal_host_glob(site.hosts[i]);
    if (!host) return in.complain(pointer_to(at + "/hosts", std::to_string(i)), host.error().message);
    site.hosts[i] = *std::move(host);
  }
}

// A group's name lies in keys and in reports.
bool is_group_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name.find_first_of(std::string_view("\0\r\n\t", 4)) == name.npos;
}

void read_manners(ConfigReader& in, const std::string& at, SiteRule& site) {
  in.text(at + "/group", site.group);
  if (in.has(at + "/group") && !is_group_name(site.group))
    return in.complain(at + "/group", "must be a name, or \"each host\"");
  if (in.has(at + "/delay")) in.duration(at + "/delay", site.delay.emplace());
  if (in.has(at + "/concurrency")) in.number(at + "/concurrency", 1, 64, site.concurrency.emplace(1));
  in.texts(at + "/hours", site.hours);
  in.text(at + "/timezone", site.timezone);
  for (std::size_t i = 0; i < site.hours.size(); ++i) {
    const auto window = Calendar::parse({site.hours[i]}, "UTC");
    if (!window)
      return in.complain(pointer_to(at + "/hours", std::to_string(i)), "is wrong: " + window.error().message);
  }
  const auto zone = TimeZone::find(site.timezone);
  if (!zone) return in.complain(at + "/timezone", "is wrong: " + zone.error().message);
  const bool has_manners = site.delay || site.concurrency || !site.hours.empty();
  if (has_manners && site.group.empty())
    in.complain(at,
                "has a delay, concurrency or hours, which belong to a group; add group = \"NAME\" or \"each host\"");
}

void read_credentials(ConfigReader& in, const std::string& at, const std::filesystem::path& folder, SiteRule& site) {
  const auto file = [&](const std::string& key) {
    std::string name;
    in.text(at + key, name);
    return name.empty() ? std::filesystem::path() : folder / name;
  };
  Credentials& credentials = site.credentials;
  in.text(at + "/user", credentials.user);
  credentials.password_file = file("/password_file");
  credentials.token_file = file("/token_file");
  if (!credentials.is_set()) return;
  auto authorization = authorization_of(credentials);
  if (!authorization) return in.complain(at, authorization.error().message);
  site.authorization = *std::move(authorization);
}

}  // namespace

void read_sites(ConfigReader& in, const std::filesystem::path& folder, std::vector<SiteRule>& sites) {
  const std::size_t count = in.tables("/site", site_keys());
  for (std::size_t i = 0; i < count; ++i) {
    const std::string at = pointer_to("/site", std::to_string(i));
    SiteRule site;
    site.line = in.file().line_of(at).value_or(0);
    read_hosts(in, at, site);
    read_manners(in, at, site);
    in.flag(at + "/cookies", site.cookies);
    read_credentials(in, at, folder, site);
    in.texts(at + "/drop_parameters", site.drop_parameters);
    // Two rules of one group would have to agree on everything; one rule may list many hosts.
    for (const SiteRule& other : sites) {
      if (!site.group.empty() && site.group != kEachHost && site.group == other.group)
        in.complain(at + "/group", "`" + site.group + "` stands in another [[site]] too; list all its hosts in one");
    }
    sites.push_back(std::move(site));
  }
}

}  // namespace vellum::policy
