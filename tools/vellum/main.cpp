// The program: global options, help, and one line for each way of calling it wrongly.

#include <malloc.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iostream>

#include "base/text.h"
#include "tools/vellum/verb.h"

// The verbs that this build has; tools/vellum/CMakeLists.txt makes the list from the file names.
namespace vellum::cli {
#define VELLUM_VERB(name) void add_##name(CLI::App& app, Context& context);
#include "verbs.inc"
#undef VELLUM_VERB
}  // namespace vellum::cli

namespace vellum::cli {
namespace {

struct Group {
  const char* title;
  std::vector<const char*> verbs;
};

// Order of `vellum --help`. A verb that is named nowhere here is listed last.
const std::vector<Group>& groups() {
  static const std::vector<Group> table = {
      {"Crawl", {"init", "crawl", "serve", "status", "pause", "resume", "frontier", "report"}},
      {"Read", {"log", "cat", "extract", "links", "diff", "replay", "explain", "ledger"}},
      {"Move", {"import", "export", "warc", "backup", "restore"}},
      {"Keep", {"stats", "check", "repair", "repack", "prove", "takedown"}},
      {"Write plugins", {"plugin", "url", "doi", "robots"}},
  };
  return table;
}

class Help final : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {
    if (app->get_parent() == nullptr) return "usage: vellum [-C DIR] [--json] VERB [ARGUMENT...]\n";
    return CLI::Formatter::make_usage(app, std::move(name));
  }

  std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const override {
    if (app->get_parent() != nullptr) return CLI::Formatter::make_subcommands(app, mode);
    std::vector<const CLI::App*> left = app->get_subcommands([](const CLI::App*) { return true; });
    std::string text;
    for (const Group& group : groups()) {
      std::string lines;
      for (const char* name : group.verbs) {
        const auto found = std::find_if(left.begin(), left.end(), [&](const auto* v) { return v->get_name() == name; });
        if (found == left.end()) continue;
        lines += line(**found);
        left.erase(found);
      }
      if (!lines.empty()) text += std::string("\n") + group.title + ":\n" + lines;
    }
    if (!left.empty()) text += "\nFurther:\n";
    for (const CLI::App* verb : left) text += line(*verb);
    return text;
  }

  std::string make_footer(const CLI::App* app) const override {
    if (app->get_parent() == nullptr) return CLI::Formatter::make_footer(app);
    return CLI::Formatter::make_footer(app) + "\n-C DIR and --json: see `vellum --help`.\n";
  }

 private:
  static std::string line(const CLI::App& verb) {
    std::string name = verb.get_name();
    name.resize(std::max<std::size_t>(name.size() + 2, 11), ' ');
    return "  " + name + verb.get_description() + "\n";
  }
};

constexpr const char* kFooter =
    "\n`vellum VERB --help` tells more. Rows go to standard output, one a line; with --json one JSON object a line.\n"
    "Exit codes: 0 done, 1 done with failures (named), 2 wrong use, 3 archive damaged, 4 stopped early.";

void add_global_options(CLI::App& app, Context& context) {
  app.add_option("-C,--archive", context.archive, "The archive's folder; else VELLUM_ARCHIVE, else the current one")
      ->envname("VELLUM_ARCHIVE")
      ->type_name("DIR")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_flag("--json", context.json, "Print one JSON object a line, with stable keys");
  app.set_version_flag("--version", "vellum " VELLUM_VERSION, "Print the version and stop");
  app.set_help_flag("-h,--help", "Print this and stop");
  app.fallthrough();
}

// The verb that was recognised, or its innermost sub-verb; the program itself if there was none.
const CLI::App& innermost(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  return *at;
}

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(verb->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
      for (const auto& name : option->get_snames()) names.push_back("-" + name);
    }
  }
  return names;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known, const std::string& help) {
  const std::string near = nearest_word(word, known);
  return near.empty() ? "see `" + help + " --help`" : "did you mean `" + near + "`?";
}

std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? "vellum" : full_name(*app.get_parent()) + " " + app.get_name();
}

// What CLI11 could not place: an unknown verb, an unknown option, an argument too many. "" if it placed everything.
std::string leftover(const CLI::App& app) {
  const CLI::App& at = innermost(app);
  const std::string name = full_name(at);
  for (const std::string& word : app.remaining(true)) {
    if (word == "--") continue;
    if (word.size() > 1 && word[0] == '-') {
      const std::string option = word.substr(0, word.find('='));
      return name.substr(std::min<std::size_t>(name.size(), 7)) + (at.get_parent() == nullptr ? "" : ": ") +
             "unknown option " + option + "; " + did_you_mean(option, option_names(&at), name);
    }
    const auto verbs = verb_names(at);
    if (!verbs.empty()) return "unknown verb `" + word + "`; " + did_you_mean(word, verbs, name);
    return name.substr(7) + ": one argument too many: `" + word + "`; see `" + name + " --help`";
  }
  return {};
}

std::string in_one_line(const CLI::App& app, const CLI::ParseError& error) {
  if (std::string text = leftover(app); !text.empty()) return text;
  const CLI::App& at = innermost(app);
  std::string what = error.what();
  std::replace(what.begin(), what.end(), '\n', ' ');
  if (!verb_names(at).empty()) return "which verb? see `" + full_name(at) + " --help`";
  return full_name(at).substr(7) + ": " + what + "; see `" + full_name(at) + " --help`";
}

// `vellum help crawl` is `vellum crawl --help`. CLI11 wants the words last first.
std::vector<std::string> words_of(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.push_back("--help");
  }
  std::reverse(words.begin(), words.end());
  return words;
}

int parse_and_run(CLI::App& app, const Context& context, std::vector<std::string> words) {
  try {
    app.parse(std::move(words));
  } catch (const CLI::Success& wish) {  // --help, --version
    return app.exit(wish);
  } catch (const CLI::ParseError& error) {
    warn(in_one_line(app, error));
    return kWrongUse;
  }
  return context.exit_code;
}

// What was printed must have arrived: a full disk behind `>` is a failure. A reader that went away is not.
int flush_output(int exit_code) {
  std::cout.flush();
  const bool failed = std::fflush(stdout) != 0 || !std::cout;
  if (!failed || errno == EPIPE) return exit_code;
  warn("cannot write to standard output");
  return exit_code == kDone ? kFailures : exit_code;
}

int run(int argc, char** argv) {
  CLI::App app("Vellum archives the scholarly web: crawls it politely, keeps every snapshot, replays it offline.",
               "vellum");
  Context context;
  context.archive = ".";
  app.formatter(std::make_shared<Help>());
  app.footer(kFooter);
  app.require_subcommand(1);
  add_global_options(app, context);
#define VELLUM_VERB(name) add_##name(app, context);
#include "verbs.inc"
#undef VELLUM_VERB
  if (argc < 2) {
    std::cerr << app.help();
    return kWrongUse;
  }
  return flush_output(parse_and_run(app, context, words_of(argc, argv)));
}

}  // namespace
}  // namespace vellum::cli

int main(int argc, char** argv) {
  // glibc raises this bound by itself as large blocks come and go; memtables then lie among small things, and memory
  // that they gave back stays with the program.
  constexpr int kMapFrom = 256 * 1024;
  mallopt(M_MMAP_THRESHOLD, kMapFrom);
  try {
    return vellum::cli::run(argc, argv);
  } catch (const std::exception& fault) {
    vellum::cli::warn(std::string("internal error, please report it: ") + fault.what());
    return vellum::cli::kFailures;
  }
}
