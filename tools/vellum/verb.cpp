#include "tools/vellum/verb.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <tuple>

#include "base/text.h"

namespace vellum::cli {
namespace {

// These go on when the reader of their output goes away (`vellum crawl --json | head`); the others end at once,
// quietly, as filters do.
bool outlives_its_reader(std::string_view verb) {
  constexpr std::array<std::string_view, 6> kVerbs = {"crawl", "import", "replay", "serve", "repack", "takedown"};
  return std::find(kVerbs.begin(), kVerbs.end(), verb) != kVerbs.end();
}

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid:
      return kWrongUse;
    case ErrorKind::kCorrupt:
      return kDamaged;
    case ErrorKind::kCancelled:
      return kStoppedEarly;
    default:
      return kFailures;
  }
}

// "localhost:8080/x" and "example.org:443" are hosts with a port, although "localhost:" reads like a scheme.
bool begins_with_host_and_port(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 >= text.size()) return false;
  const std::string_view rest = text.substr(colon + 1);
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  return digits > 0 && (digits == rest.size() || rest[digits] == '/' || rest[digits] == '?');
}

}  // namespace

CLI::App* add_verb(CLI::App& parent, Context& context, const std::string& name, const std::string& summary,
                   std::function<int()> body) {
  CLI::App* verb = parent.add_subcommand(name, summary);
  verb->callback([&context, name, body = std::move(body)] {
    std::signal(SIGPIPE, outlives_its_reader(name) ? SIG_IGN : SIG_DFL);
    context.exit_code = body();
    if (context.exit_code == kDone && context.has_failed_aside) context.exit_code = kFailures;
  });
  return verb;
}

CLI::Option* add_words(CLI::App& verb, const std::string& name, std::vector<std::string>& into,
                       const std::string& description) {
  CLI::Option* words = verb.add_option(name, into, description);
  words->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  // Words are only taken apart where their number is open, so it is not: there are at most as many as arguments are
  // left.
  verb.preparse_callback(
      [words](std::size_t left) { words->expected(static_cast<int>(left))->allow_extra_args(false); });
  return words;
}

int report(const Error& error) {
  warn(error.message);
  return exit_code_of(error.kind);
}

void warn(std::string_view message) {
  fmt::print(stderr, "vellum: {}\n", message);
}

Result<std::unique_ptr<storage::Archive>> open_archive(const Context& context) {
  auto archive = storage::Archive::open(context.archive);
  if (archive) {
    for (const std::string& warning : (*archive)->warnings()) warn(warning);
    if (!(*archive)->warnings().empty()) context.has_failed_aside = true;  // what follows may lack something
    return archive;
  }
  if (archive.error().kind != ErrorKind::kNotFound) return archive;
  return fail(ErrorKind::kInvalid,
              fmt::format("no archive in {}; name one with -C DIR or make one with `vellum init DIR`",
                          context.archive.string()));
}

Result<Url> parse_url_argument(std::string_view text) {
  text = trim(text);
  auto url = Url::parse(text);
  const bool bare = !url && !text.empty() && text.front() != '/' && text.find("://") == std::string_view::npos;
  if (!bare && !begins_with_host_and_port(text)) return url;
  auto guess = Url::parse("https://" + std::string(text));
  return guess ? guess : url;
}

Result<std::optional<Timestamp>> parse_at(const std::string& text) {
  if (text.empty()) return std::optional<Timestamp>();
  VELLUM_TRY(const Timestamp at, parse_timestamp_end(text));
  return std::optional(at);
}

Result<storage::Capture> find_capture(const storage::Archive& archive, const Url& url,
                                      const storage::Archive::Wish& wish) {
  VELLUM_TRY(storage::Capture found, archive.find(url, wish));
  if (!wish.at || found.captured <= *wish.at) return found;
  // The nearest is later: one under another spelling of the address, or a quarantined one, may be in time.
  VELLUM_TRY(std::vector<storage::Capture> all, archive.captures(url));
  std::erase_if(all, [&](const storage::Capture& one) {
    return (wish.only_success && !one.is_success()) || (one.quarantined && !wish.even_quarantined);
  });
  Timestamp first = found.captured;
  const storage::Capture* best = nullptr;
  const auto rank = [](const storage::Capture& one) { return std::tuple(!one.quarantined, one.captured); };
  for (const storage::Capture& one : all) {
    first = std::min(first, one.captured);
    if (one.captured <= *wish.at && (best == nullptr || rank(one) > rank(*best))) best = &one;
  }
  if (best != nullptr) return *best;
  return fail(ErrorKind::kNotFound, "no capture of " + url.href() + " at or before " + to_rfc3339(*wish.at) +
                                        "; the first is of " + to_rfc3339(first));
}

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  constexpr std::array<const char*, 6> kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace vellum::cli
