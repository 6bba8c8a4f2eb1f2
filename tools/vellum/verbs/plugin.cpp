// vellum plugin list|test|try|new|promote|score|docs: the plugins of this installation, for those who write them. No
// network.

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/digest.h"
#include "base/text.h"
#include "crawler/engine/article_desk.h"
#include "plugins/host/authoring.h"
#include "plugins/host/cleaners.h"
#include "plugins/host/record_shape.h"
#include "plugins/host/registry.h"
#include "plugins/host/rule_schema.h"
#include "plugins/host/trial.h"
#include "tools/vellum/authoring/plugin_check.h"
#include "tools/vellum/authoring/plugin_drift.h"
#include "tools/vellum/authoring/plugin_score.h"
#include "tools/vellum/authoring/plugin_set.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

using plugins::Registry;

struct Options {
  std::string id, url, page, at, name, into, plugin;
  std::string accepted;
  const CLI::Option* accept = nullptr;
  bool schema = false;

  bool accepts() const { return accept != nullptr && accept->count() > 0; }
};

std::string joined(const std::vector<std::string>& parts) {
  return join(parts, " ");
}

Json to_json(const plugins::PluginInfo& info) {
  Json row = {{"id", info.id}, {"label", info.label}, {"version", info.version}, {"priority", info.priority}};
  row["hosts"] = info.hosts;
  row["layouts"] = info.layouts;
  row["tests"] = info.tests;
  row["file"] = info.file.string();
  row["channel"] = info.channel;
  row["policy"] = info.policy;
  row["basis"] = info.basis;
  row["volatile"] = info.volatile_parts;
  row["native"] = info.native;
  return row;
}

Result<int> run_list(const Context& context) {
  VELLUM_TRY(const Registry registry, load_plugins(context));
  Table table({"ID", ">VERSION", ">TESTS", "KIND", "LAYOUTS", "HOSTS"});
  for (const plugins::PluginInfo& info : registry.list()) {
    if (context.json) {
      std::cout << to_line(to_json(info)) << '\n';
    } else {
      table.add({info.id, std::to_string(info.version), std::to_string(info.tests), info.native ? "native" : "rules",
                 joined(info.layouts), joined(info.hosts)});
    }
  }
  return kDone;
}

void print(const plugins::PluginTestResult& result, const Context& context) {
  const double ms = static_cast<double>(result.took.count()) / 1000;
  if (context.json) {
    Json row = {{"plugin", result.plugin}, {"test", result.name}, {"passed", result.passed}, {"ms", ms}};
    row["differences"] = result.differences;
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << fmt::format("{}  {}: {} ({:.1f} ms)\n", result.passed ? "ok  " : "FAIL", result.plugin, result.name, ms);
  for (const std::string& difference : result.differences) std::cout << "        " << printable(difference) << '\n';
}

// With --accept: what is read now is what the test expects from now on.
Result<bool> accept(const Registry& registry, const plugins::PluginTestResult& result, const Options& options) {
  const bool is_meant = options.accepted.empty() || options.accepted == result.name;
  if (!options.accepts() || result.passed || !is_meant) return false;
  VELLUM_CHECK(plugins::accept_record(registry, result.plugin, result.name));
  std::cerr << "accepted " << result.plugin << ": " << result.name << '\n';
  return true;
}

Result<void> check_accepted(const std::vector<plugins::PluginTestResult>& results, const Options& options) {
  std::vector<std::string> names;
  for (const plugins::PluginTestResult& result : results) names.push_back(result.name);
  const bool is_there = std::find(names.begin(), names.end(), options.accepted) != names.end();
  if (names.empty() || options.accepted.empty() || is_there) return {};
  const std::string near = nearest_word(options.accepted, names);
  return fail(ErrorKind::kNotFound, options.id + " has no test `" + options.accepted + "`" +
                                        (near.empty() ? "" : ", did you mean `" + near + "`?"));
}

Result<int> run_test(const Options& options, const Context& context) {
  if (options.accepts() && options.id.empty()) {
    return fail(ErrorKind::kInvalid, "plugin test: --accept takes the records of one plugin: name its ID");
  }
  VELLUM_TRY(const Registry registry, load_plugins(context, options.id));
  const auto results = plugins::run_plugin_tests(registry, options.id);
  std::size_t failed = 0;
  for (const plugins::PluginTestResult& result : results) {
    print(result, context);
    VELLUM_TRY(const bool is_accepted, accept(registry, result, options));
    failed += result.passed || is_accepted ? 0 : 1;
  }
  VELLUM_CHECK(check_accepted(results, options));
  if (results.empty() && options.id.empty()) return fail(ErrorKind::kNotFound, "no plugin has tests");
  if (results.empty()) {
    if (!registry.has(options.id)) return registry.no_plugin(options.id);
    return fail(ErrorKind::kNotFound, "no tests of plugin `" + options.id + "`; `vellum plugin promote` makes one");
  }
  if (!context.json) std::cout << results.size() - failed << " of " << results.size() << " tests passed\n";
  return failed == 0 ? kDone : kFailures;
}

Result<plugins::PageInput> page_from_file(const Options& options) {
  VELLUM_TRY(Url url, parse_url_argument(options.url));
  std::ifstream in(options.page, std::ios::binary);
  if (!in) return fail(ErrorKind::kInvalid, "cannot open page: " + options.page);
  std::string body(std::istreambuf_iterator<char>(in), {});
  const Digest digest = sha256(body);
  plugins::Answer answer{std::move(url), SystemClock().now(), digest, 200, HeaderBlock(), std::move(body), "page"};
  return plugins::PageInput{std::move(answer), {}};
}

Result<plugins::PageInput> page_from_archive(const Options& options, const Context& context) {
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  VELLUM_TRY(const std::optional<Timestamp> at, parse_at(options.at));
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const storage::Capture capture, find_capture(*archive, url, {.at = at, .even_quarantined = true}));
  return engine::load_page(*archive, capture);
}

Result<plugins::PageInput> page_of(const Options& options, const Context& context) {
  return options.page.empty() ? page_from_archive(options, context) : page_from_file(options);
}

// For a cell of a table.
std::string cut(const std::string& text, std::size_t most) {
  std::string line = printable(text);
  if (line.size() <= most) return line;
  while (most > 0 && (static_cast<unsigned char>(line[most]) & 0xC0) == 0x80) --most;
  return line.substr(0, most) + "...";
}

Result<int> run_try(const Options& options, const Context& context) {
  VELLUM_TRY(const Registry registry, load_plugins(context, options.id));
  VELLUM_TRY(const plugins::PageInput input, page_of(options, context));
  VELLUM_TRY(const plugins::Trial trial, plugins::try_plugin(registry, options.id, input));
  if (!context.json && !trial.layout.empty()) std::cout << "layout " << trial.layout << '\n';
  Table table({"", "FIELD", ">HITS", "SOURCE", "FIRST"});
  for (const plugins::SourceTrial& source : trial.sources) {
    if (context.json) {
      std::cout << to_line({{"field", source.field},
                            {"source", source.source},
                            {"hits", source.hits},
                            {"chosen", source.chosen},
                            {"first", source.first}})
                << '\n';
      continue;
    }
    table.add({source.chosen ? "*" : " ", source.field, std::to_string(source.hits), cut(source.source, 60),
               cut(source.first, 70)});
  }
  for (const std::string& line : trial.log) std::cerr << "log: " << printable(line) << '\n';
  if (!trial.fault) return kDone;
  return fail(ErrorKind::kBug, "plugin " + trial.fault->plugin + " failed in " + trial.fault->step + " (" +
                                   trial.fault->cause + "): " + trial.fault->detail);
}

// Where a new plugin goes: never among those that came with the program.
std::filesystem::path folder_for_new(const Options& options, const Context& context) {
  if (!options.into.empty()) return options.into;
  const char* named = std::getenv("VELLUM_PLUGINS");
  const bool has_own = named != nullptr && *named != '\0';
  return has_own ? plugins::default_site_folders().front() : context.archive / "plugins";
}

// Do the programs look there of themselves?
bool is_loaded(const std::filesystem::path& folder, const Context& context) {
  const auto folders = plugins::site_folders_of(context.archive);
  return std::any_of(folders.begin(), folders.end(), [&](const std::filesystem::path& known) {
    std::error_code ignored;
    return std::filesystem::equivalent(known, folder, ignored);
  });
}

Result<int> run_new(const Options& options, const Context& context) {
  VELLUM_TRY(const Registry registry, load_plugins(context));
  VELLUM_TRY(const plugins::PageInput input, page_of(options, context));
  VELLUM_TRY(const plugins::NewPlugin made, plugins::draft_plugin(registry, options.id, input));
  const std::filesystem::path folder = folder_for_new(options, context);
  VELLUM_TRY(const auto file, plugins::write_plugin(folder, made, input));
  std::cout << "made    " << file.string() << "\nextends " << made.platform << ", which finds " << joined(made.found)
            << '\n';
  if (!made.missing.empty()) std::cout << "missing " << joined(made.missing) << '\n';
  for (const std::string& key : made.found) {
    const Json& value = made.record[key];
    const std::string many = value.is_array() ? fmt::format(" ({})", value.size()) : "";
    const Json& first = value.is_array() ? value.front() : value;
    std::cout << "  " << key << many << ": " << cut(first.is_string() ? first.get<std::string>() : to_line(first), 100)
              << '\n';
  }
  std::cerr << "its first test expects this record; read the record above before you trust it\n";
  if (!is_loaded(folder, context)) {
    std::cerr << "to use it: export VELLUM_PLUGINS=" << std::filesystem::absolute(folder).lexically_normal().string()
              << ":\n";
  }
  return kDone;
}

Result<int> run_promote(const Options& options, const Context& context) {
  VELLUM_TRY(const Registry registry, load_plugins(context, options.plugin));
  VELLUM_TRY(const plugins::PageInput input, page_of(options, context));
  const plugins::Extraction read = registry.extract(input);
  const std::string id = options.plugin.empty() ? read.plugin : options.plugin;
  const std::string day = input.page.captured == Timestamp{} ? "" : to_rfc3339(input.page.captured).substr(0, 10);
  const std::string name =
      options.name.empty() ? plugins::free_test_name(registry, id, "captured " + day) : options.name;
  VELLUM_TRY(const auto file, plugins::write_test(registry, id, name, input));
  std::cout << to_line(read.record) << '\n';
  std::cerr << "test `" << name << "` added to " << file.string() << "; read the record above before you trust it\n";
  return kDone;
}

Result<int> run_docs(const Options& options) {
  if (options.schema) {
    std::cout << plugins::rule_file_schema().dump(2) << '\n';
    return kDone;
  }
  std::cout << "Fields of [fields]:\n";
  for (const auto& field : plugins::record_fields()) std::cout << "  " << field.name << '\n';
  std::cout << "\nRepeated groups and their fields (beside `items` and `skip`):\n";
  for (const auto& group : plugins::record_groups()) {
    std::cout << "  [" << group.name << "]  " << joined(plugins::names_of(group.fields)) << '\n';
  }
  std::cout << "\nClean-up steps:\n";
  for (const auto& step : plugins::all_cleaners()) {
    std::cout << fmt::format("  {:<14} {}\n", step.name, step.summary);
  }
  std::cout << "\ndocs/plugins.md explains them.\n";
  return kDone;
}

int code_of(const Result<int>& result) {
  return result ? *result : report(result.error());
}

void add_page_options(CLI::App& verb, Options& options) {
  verb.add_option("URL", options.url, "A stored page, or the address of --page")->required();
  verb.add_option("--page", options.page, "Read this file instead of the archive")->type_name("FILE");
  verb.add_option("--at", options.at, "The capture at or before this time")->type_name("TIME");
}

void add_authoring(CLI::App& plugin, Context& context, const std::shared_ptr<Options>& options) {
  CLI::App* made =
      add_verb(plugin, context, "new", "A first plugin for the site of a stored page, with that page as its test",
               [options, &context] { return code_of(run_new(*options, context)); });
  made->add_option("ID", options->id, "Reverse DNS: org.example")->required();
  add_page_options(*made, *options);
  made->add_option("--into", options->into,
                   "The folder of plugins to write to; default the first of VELLUM_PLUGINS, else the archive's plugins")
      ->type_name("DIR");
  CLI::App* promote = add_verb(plugin, context, "promote", "Make a stored page a test of its plugin; prints the record",
                               [options, &context] { return code_of(run_promote(*options, context)); });
  add_page_options(*promote, *options);
  promote->add_option("--plugin", options->plugin, "Its plugin, where another would read it")->type_name("ID");
  promote->add_option("--name", options->name, "The test's name; default the capture's day, numbered")
      ->type_name("NAME");
}

}  // namespace

void add_plugin(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* plugin =
      app.add_subcommand("plugin", "The plugins that read pages: list them, test them, try them on a page");
  plugin->require_subcommand(1);
  add_verb(*plugin, context, "list", "All plugins with their layouts and hosts",
           [&context] { return code_of(run_list(context)); });
  CLI::App* test = add_verb(*plugin, context, "test", "Run the tests that lie beside the plugins",
                            [options, &context] { return code_of(run_test(*options, context)); });
  test->add_option("ID", options->id, "Only this plugin's");
  options->accept =
      test->add_option("--accept", options->accepted,
                       "Expect what is read now, of the failing test NAME or of all; read the differences first")
          ->type_name("[NAME]")
          ->expected(0, 1);
  CLI::App* trial = add_verb(*plugin, context, "try", "What each selector of a plugin finds on a page",
                             [options, &context] { return code_of(run_try(*options, context)); });
  trial->add_option("ID", options->id, "The plugin")->required();
  add_page_options(*trial, *options);
  trial->footer(
      "\nA star marks the source that the record's value comes from; fields of groups are read on the first item.");
  add_authoring(*plugin, context, options);
  add_plugin_score(*plugin, context);
  add_plugin_check(*plugin, context);
  add_plugin_drift(*plugin, context);
  CLI::App* docs = add_verb(*plugin, context, "docs", "What rule files can name: fields, groups, clean-up steps",
                            [options] { return code_of(run_docs(*options)); });
  docs->add_flag("--schema", options->schema, "The JSON Schema of plugin.toml, for editors");
  plugin->footer(
      "\nPlugins lie in `plugins` of the archive, and in the folders of VELLUM_PLUGINS (an empty part is the built-in "
      "ones),\nelse in share/vellum/sites beside the program. Of an id in two of these, the first holds.");
}

}  // namespace vellum::cli
