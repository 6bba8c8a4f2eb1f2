#include "crawler/policy/config_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace vellum::policy {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 3653);

// "/scope/max_depth" -> "scope.max_depth", "/seeds/0" -> "seeds[0]".
std::string spoken(std::string_view pointer) {
  std::string name;
  for (std::string_view part : split(pointer.substr(std::min<std::size_t>(1, pointer.size())), '/')) {
    const bool index = !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    if (index) {
      name += fmt::format("[{}]", part);
    } else {
      name += (name.empty() ? "" : ".") + std::string(part);
    }
  }
  return name;
}

// "64MiB", "500 kB", "1024".
std::optional<std::uint64_t> read_size(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 9> kUnits = {{{"", 1},
                                                                                 {"b", 1},
                                                                                 {"kb", 1'000},
                                                                                 {"mb", 1'000'000},
                                                                                 {"gb", 1'000'000'000},
                                                                                 {"k", 1u << 10},
                                                                                 {"kib", 1u << 10},
                                                                                 {"mib", 1u << 20},
                                                                                 {"gib", 1u << 30}}};
  text = trim(text);
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc()) return std::nullopt;
  const std::string_view unit = trim(text.substr(static_cast<std::size_t>(end - text.data())));
  for (const auto& [name, bytes] : kUnits) {
    if (equals_ignore_case(unit, name) && !__builtin_mul_overflow(value, bytes, &value)) return value;
  }
  return std::nullopt;
}

}  // namespace

const std::vector<KnownKeys>& known_keys() {
  static const std::vector<KnownKeys> tables = {
      {"",
       {"seeds", "seeds_file", "sitemaps", "user_agent", "requisites", "scope", "politeness", "network", "schedule",
        "site", "follow", "files", "budget"}},
      {"/scope", {"hosts", "include", "exclude", "rules", "max_depth", "max_pages", "max_requisites", "traps"}},
      {"/follow", {"dois", "places", "resolver", "max_followed", "max_per_article"}},
      {"/files", {"kinds", "max_files", "max_per_article", "max_file_size"}},
      {"/budget", {"bytes", "time", "per_host_pages", "per_host_bytes", "per_host_time"}},
      {"/politeness",
       {"delay", "concurrency", "after_crash", "retries", "retry_delay", "max_back_off", "max_retry_after",
        "forgive_after", "robots", "robots_reason"}},
      {"/network",
       {"proxy", "connect_to", "ca_file", "allow", "timeout", "connect_timeout", "max_body", "coding", "max_visits",
        "conditional"}},
      {"/schedule", {"every", "cron", "adaptive", "min_interval", "max_interval"}},
  };
  return tables;
}

ConfigReader::ConfigReader(const TomlFile& file) : file_(file) {
  for (const KnownKeys& known : known_keys()) {
    if (first_fault_) first_fault_ = file.check_keys(known.table, known.keys);
  }
}

const Json* ConfigReader::find(std::string_view pointer) const {
  const Json::json_pointer at{std::string(pointer)};
  return first_fault_ && file_.root().contains(at) ? &file_.root()[at] : nullptr;
}

bool ConfigReader::has(std::string_view pointer) const {
  return find(pointer) != nullptr;
}

std::size_t ConfigReader::tables(std::string_view pointer, const std::vector<std::string>& known) {
  const Json* value = find(pointer);
  if (value == nullptr) return 0;
  const std::string name(pointer.substr(1));
  if (!value->is_array()) {
    complain(pointer, "must be written as [[" + name + "]], once for each");
    return 0;
  }
  for (std::size_t i = 0; i < value->size() && first_fault_; ++i)
    first_fault_ = file_.check_keys(pointer_to(pointer, std::to_string(i)), known);
  return first_fault_ ? value->size() : 0;
}

void ConfigReader::complain(std::string_view pointer, std::string_view message) {
  if (first_fault_) first_fault_ = file_.complaint(pointer, spoken(pointer) + " " + std::string(message));
}

void ConfigReader::text(std::string_view pointer, std::string& into) {
  const Json* value = find(pointer);
  if (value == nullptr) return;
  if (!value->is_string()) return complain(pointer, "must be text in quotes");
  into = value->get<std::string>();
}

void ConfigReader::flag(std::string_view pointer, bool& into) {
  const Json* value = find(pointer);
  if (value == nullptr) return;
  if (!value->is_boolean()) return complain(pointer, "must be true or false");
  into = value->get<bool>();
}

void ConfigReader::whole(std::string_view pointer, std::int64_t low, std::int64_t high, std::int64_t& into) {
  const Json* value = find(pointer);
  if (value == nullptr) return;
  const std::string range = fmt::format("must be a whole number from {} to {}, without quotes", low, high);
  if (!value->is_number_integer()) return complain(pointer, range);
  const auto number = value->get<std::int64_t>();
  if (number < low || number > high) return complain(pointer, range);
  into = number;
}

void ConfigReader::size(std::string_view pointer, std::uint64_t& into) {
  const Json* value = find(pointer);
  if (value == nullptr) return;
  const auto bytes = value->is_string()           ? read_size(value->get<std::string>())
                     : value->is_number_integer() ? read_size(std::to_string(value->get<std::int64_t>()))
                                                  : std::nullopt;
  if (!bytes || *bytes == 0) return complain(pointer, "must be a size, such as \"64MiB\" or a number of bytes");
  into = *bytes;
}

void ConfigReader::duration(std::string_view pointer, Duration& into) {
  const Json* value = find(pointer);
  if (value == nullptr) return;
  if (!value->is_string())
    return complain(pointer, "must be a duration in quotes with its unit, such as \"1s\" or \"250ms\"");
  const auto parsed = parse_duration(value->get<std::string>());
  if (!parsed) return complain(pointer, "is " + parsed.error().message);
  if (*parsed < Duration::zero() || *parsed > kLongest) return complain(pointer, "must be from \"0s\" to ten years");
  into = *parsed;
}

void ConfigReader::texts(std::string_view pointer, std::vector<std::string>& into) {
  const Json* value = find(pointer);
  if (value == nullptr) return;
  if (!value->is_array()) return complain(pointer, "must be a list of texts, such as [\"...\"]");
  std::vector<std::string> items;
  for (const Json& item : *value) {
    if (!item.is_string()) return complain(pointer_to(pointer, std::to_string(items.size())), "must be text in quotes");
    items.push_back(item.get<std::string>());
  }
  into = std::move(items);
}

}  // namespace vellum::policy
