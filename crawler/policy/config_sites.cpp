// The [[site]] tables of a crawl's configuration.

#include "base/text.h"
#include "crawler/policy/calendar.h"
#include "crawler/policy/config_load.h"

namespace vellum::policy {
namespace {

const std::vector<std::string>& site_keys() {
  static const std::vector<std::string> keys = {"hosts", "prefix", "group", "delay", "concurrency", "hours", "timezone",
                                                "cookies", "drop_parameters", "user", "password_file", "token_file",
                                                // what a prefix may differ in too
                                                "scope", "traps", "requisites", "follow_dois", "files",
                                                "per_host_pages", "per_host_bytes", "per_host_time", "noarchive",
                                                "noarchive_reason"};
  return keys;
}

// What belongs to a host or its group cannot differ by prefix.
void read_prefix(ConfigReader& in, const std::string& at, SiteRule& site) {
  in.text(at + "/prefix", site.prefix);
  const auto url = Url::parse(site.prefix);
  if (!url || !url->is_http() || url->href().find_first_of("?#") != std::string::npos)
    return in.complain(at + "/prefix", "must be how URLs begin, such as \"https://www.example.org/journal/\"");
  site.prefix = url->href();
  for (const char* key : {"hosts", "group", "delay", "concurrency", "hours", "timezone", "cookies", "drop_parameters",
                          "user", "password_file", "token_file", "per_host_pages", "per_host_bytes", "per_host_time"}) {
    if (in.has(at + "/" + key))
      in.complain(at + "/" + key, "belongs to a host and cannot stand beside prefix; put it in a [[site]] with hosts");
  }
}

void read_hosts(ConfigReader& in, const std::string& at, SiteRule& site) {
  if (in.has(at + "/prefix")) return read_prefix(in, at, site);
  in.texts(at + "/hosts", site.hosts);
  if (site.hosts.empty())
    return in.complain(at, "needs hosts = [\"...\"] or prefix = \"https://...\": what it is about");
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

void read_switch(ConfigReader& in, const std::string& pointer, std::optional<bool>& into) {
  if (in.has(pointer)) in.flag(pointer, into.emplace(false));
}

void read_noarchive(ConfigReader& in, const std::string& at, SiteRule& site) {
  std::string word;
  in.text(at + "/noarchive", word);
  in.text(at + "/noarchive_reason", site.noarchive_reason);
  if (word == "restrict") site.noarchive = Noarchive::kRestrict;
  if (word == "open") site.noarchive = Noarchive::kOpen;
  if (word == "drop") site.noarchive = Noarchive::kDrop;
  if (in.has(at + "/noarchive") && !site.noarchive)
    return in.complain(at + "/noarchive", "must be \"restrict\", \"open\" or \"drop\"");
  const bool has_reason = !trim(site.noarchive_reason).empty();
  if (site.noarchive == Noarchive::kOpen && !has_reason)
    in.complain(at + "/noarchive", "= \"open\" needs noarchive_reason = \"why\"; it is recorded with each capture");
  if (has_reason && !site.noarchive) in.complain(at + "/noarchive_reason", "stands there without noarchive");
}

// What a URL may differ in.
void read_overlay(ConfigReader& in, const std::string& at, SiteRule& site) {
  std::string scope;
  in.text(at + "/scope", scope);
  if (in.has(at + "/scope") && scope != "in" && scope != "out") in.complain(at + "/scope", "must be \"in\" or \"out\"");
  if (in.has(at + "/scope")) site.in_scope = scope == "in";
  read_switch(in, at + "/traps", site.traps);
  read_switch(in, at + "/requisites", site.requisites);
  read_switch(in, at + "/follow_dois", site.follow_dois);
  if (in.has(at + "/files")) read_words(in, at + "/files", kFileKinds, site.file_kinds.emplace());
  if (in.has(at + "/per_host_pages"))
    in.number(at + "/per_host_pages", 0, std::int64_t{1} << 53, site.host_pages.emplace(0));
  if (in.has(at + "/per_host_bytes")) read_limit(in, at + "/per_host_bytes", site.host_bytes.emplace(0));
  if (in.has(at + "/per_host_time")) in.duration(at + "/per_host_time", site.host_time.emplace());
  read_noarchive(in, at, site);
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
    read_overlay(in, at, site);
    for (const SiteRule& other : sites) {
      if (!site.prefix.empty() && site.prefix == other.prefix)
        in.complain(at + "/prefix", "`" + site.prefix + "` stands in another [[site]] too");
    }
    // Two rules of one group would have to agree on everything; one rule may list many hosts.
    for (const SiteRule& other : sites) {
      if (!site.group.empty() && site.group != kEachHost && site.group == other.group)
        in.complain(at + "/group", "`" + site.group + "` stands in another [[site]] too; list all its hosts in one");
    }
    sites.push_back(std::move(site));
  }
}

}  // namespace vellum::policy
