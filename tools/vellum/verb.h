// What every verb of the program shares. One file a verb: verbs/<name>.cpp defines add_<name>(), main.cpp calls it.
//
// A verb parses its options with CLI11, calls the library, prints rows to stdout (or NDJSON with --json), diagnostics
// to stderr, and returns an exit code:
//   0 done   1 done with failures (named)   2 wrong use   3 archive damaged   4 stopped early by a limit or a signal

#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/url.h"
#include "storage/archive/archive.h"

namespace vellum::cli {

inline constexpr int kDone = 0, kFailures = 1, kWrongUse = 2, kDamaged = 3, kStoppedEarly = 4;

struct Context {
  std::filesystem::path archive;  // -C, else $VELLUM_ARCHIVE, else "."
  bool json = false;              // --json
  int exit_code = kDone;
  // What a verb met on its way and told, without being stopped by it: the exit code is at least kFailures.
  mutable bool has_failed_aside = false;
};

// Adds `name` under `parent` and runs `body` if it is the one; its return value becomes the exit code.
// Options live in a struct that the body's closure shares: see verbs/url.cpp for the shape.
CLI::App* add_verb(CLI::App& parent, Context& context, const std::string& name, const std::string& summary,
                   std::function<int()> body);

// A list of words that are taken exactly as they were typed. CLI11's own list options take "[a,b]" apart.
CLI::Option* add_words(CLI::App& verb, const std::string& name, std::vector<std::string>& into,
                       const std::string& description);

// Prints "vellum: <message>" on stderr and returns the exit code that the kind means.
int report(const Error& error);
void warn(std::string_view message);

// The archive, read-only beside whoever holds it; prints its warnings.
Result<std::unique_ptr<storage::Archive>> open_archive(const Context& context);
// A URL as the user typed it: "pubmed.ncbi.nlm.nih.gov/1/" without a scheme is taken as https.
Result<Url> parse_url_argument(std::string_view text);
Result<std::optional<Timestamp>> parse_at(const std::string& text);  // "" is nullopt

// The capture that answers for `url` as Archive::find has it, but none after wish.at: kNotFound "no capture of U at or
// before T; the first is of T2". (Replay takes the nearest instead.)
Result<storage::Capture> find_capture(const storage::Archive& archive, const Url& url,
                                      const storage::Archive::Wish& wish);

// "1.2 MB", for people.
std::string human_bytes(std::uint64_t bytes);

void add_init(CLI::App& app, Context& context);
void add_crawl(CLI::App& app, Context& context);
void add_cat(CLI::App& app, Context& context);
void add_log(CLI::App& app, Context& context);
void add_diff(CLI::App& app, Context& context);
void add_extract(CLI::App& app, Context& context);
void add_links(CLI::App& app, Context& context);
void add_stats(CLI::App& app, Context& context);
void add_check(CLI::App& app, Context& context);
void add_import(CLI::App& app, Context& context);
void add_repack(CLI::App& app, Context& context);
void add_backup(CLI::App& app, Context& context);
void add_restore(CLI::App& app, Context& context);
void add_repair(CLI::App& app, Context& context);
void add_replay(CLI::App& app, Context& context);
void add_url(CLI::App& app, Context& context);
void add_doi(CLI::App& app, Context& context);
void add_robots(CLI::App& app, Context& context);
void add_explain(CLI::App& app, Context& context);
void add_plugin(CLI::App& app, Context& context);

}  // namespace vellum::cli
