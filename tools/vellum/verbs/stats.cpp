// vellum stats: what the archive holds, in figures.

#include <fmt/format.h>

#include <iostream>

#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

Json row_of(const storage::ArchiveStats& stats) {
  Json row;
  row["captures"] = stats.captures;
  row["urls"] = stats.urls;
  row["payloads"] = stats.payloads;
  row["raw_bytes"] = stats.raw_bytes;
  row["stored_bytes"] = stats.stored_bytes;
  row["disk_bytes"] = stats.disk_bytes;
  row["queued"] = stats.queued;
  row["hosts"] = stats.hosts;
  row["articles"] = stats.articles;
  row["dois"] = stats.dois;
  return row;
}

std::string times_smaller(const storage::ArchiveStats& stats) {
  if (stats.stored_bytes == 0 || stats.raw_bytes == 0) return "";
  return fmt::format(" ({:.1f} times smaller)",
                     static_cast<double>(stats.raw_bytes) / static_cast<double>(stats.stored_bytes));
}

void print(const storage::ArchiveStats& stats) {
  const auto row = [](std::string_view name, std::string_view value) {
    std::cout << fmt::format("{:<14}{:>12}\n", name, value);
  };
  const auto bytes = [](std::string_view name, std::uint64_t value, std::string_view note) {
    std::cout << fmt::format("{:<14}{:>12}{}\n", name, human_bytes(value), note);
  };
  row("captures", std::to_string(stats.captures));
  row("urls", std::to_string(stats.urls));
  row("hosts", std::to_string(stats.hosts));
  row("articles", std::to_string(stats.articles));
  row("DOIs", std::to_string(stats.dois));
  row("payloads", std::to_string(stats.payloads));
  bytes("raw", stats.raw_bytes, "");
  bytes("stored", stats.stored_bytes, times_smaller(stats));
  bytes("on disk", stats.disk_bytes, "");
  row("queued", std::to_string(stats.queued));
}

Result<int> run(const Context& context) {
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const storage::ArchiveStats stats, archive->stats());
  if (context.json) {
    std::cout << to_line(row_of(stats)) << '\n';
  } else {
    print(stats);
  }
  return kDone;
}

}  // namespace

void add_stats(CLI::App& app, Context& context) {
  CLI::App* verb = add_verb(app, context, "stats", "What the archive holds, in figures", [&context] {
    const auto code = run(context);
    return code ? *code : report(code.error());
  });
  verb->footer(
      "\n`raw` is the size of all captured payloads; `stored` counts payload frames, dictionaries and header blocks "
      "as\n"
      "encoded; `on disk` is what du sees.\n"
      "Example: vellum -C archive stats --json");
}

}  // namespace vellum::cli
