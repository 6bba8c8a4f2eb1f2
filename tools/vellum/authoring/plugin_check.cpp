#include "tools/vellum/authoring/plugin_check.h"
#include "tools/vellum/authoring/plugin_set.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>

#include "crawler/engine/article_desk.h"
#include "plugins/host/field_matrix.h"
#include "plugins/host/registry.h"
#include "tools/vellum/text/table.h"

namespace vellum::cli {
namespace {

namespace fs = std::filesystem;
using plugins::FieldChange;
using plugins::FieldTally;
using plugins::Registry;
using storage::Capture;

struct Options {
  std::string id, against, prefix;
  bool all = false;
};

// What the pages are held against: an older folder of the plugin, or what one of its versions stored.
struct Before {
  std::optional<Registry> registry;
  int version = 0;  // 0: whichever stored the record
};

struct Tally {
  plugins::FieldMatrix matrix;
  std::uint64_t without = 0;  // pages that have nothing to be held against
  std::uint64_t failed = 0;
  std::map<int, std::uint64_t> other_versions;  // that made the records of these pages, where --against names one
};

// The sites of today go away, their platforms stay, unless the older folder has its own.
Result<Registry> older_registry(const fs::path& folder, const std::string& id) {
  std::error_code ignored;
  std::vector<fs::path> folders = {folder};
  if (!fs::is_directory(folder / "_platforms", ignored)) {
    for (const fs::path& known : plugins::default_site_folders()) {
      const fs::path platforms = known.filename() == "_platforms" ? known : known / "_platforms";
      if (fs::is_directory(platforms, ignored)) folders.push_back(platforms);
    }
  }
  VELLUM_TRY(Registry registry, Registry::load(folders));
  for (const plugins::PluginInfo& info : registry.list()) {
    if (info.id == id) return registry;
  }
  return fail(ErrorKind::kNotFound, "plugin check: no plugin `" + id + "` in " + folder.string());
}

Result<Before> before_of(const Options& options) {
  Before before;
  if (options.against.empty()) return before;
  const char* end = options.against.data() + options.against.size();
  const auto [rest, error] = std::from_chars(options.against.data(), end, before.version);
  if (error == std::errc() && rest == end && before.version > 0) return before;
  before.version = 0;
  if (!fs::is_directory(options.against)) {
    return fail(ErrorKind::kInvalid,
                "plugin check: --against takes a version (1, 2, ...) or a folder with the older "
                "plugin.toml, not `" +
                    options.against + "`");
  }
  VELLUM_TRY(before.registry, older_registry(options.against, options.id));
  return before;
}

class Checker {
 public:
  Checker(const storage::Archive& archive, const Registry& registry, const Before& before, const std::string& id)
      : archive_(archive), registry_(registry), before_(before), id_(id) {}

  Result<void> see(const Capture& page) {
    VELLUM_TRY(const plugins::PageInput input, engine::load_page(archive_, page));
    plugins::Extraction now = registry_.extract(input);
    VELLUM_TRY(const std::optional<Json> then, record_before(page, input));
    const bool is_its = now.plugin == id_ || (then && text_of(*then, "plugin") == id_);
    if (!is_its) return {};
    if (!then) {
      ++tally_.without;
      return {};
    }
    tally_.matrix.add(*then, now.record, page.url + " at " + to_rfc3339(page.captured));
    return {};
  }

  void failed(const Error& error) {
    ++tally_.failed;
    report(error);
  }
  const Tally& tally() const { return tally_; }

 private:
  Result<std::optional<Json>> record_before(const Capture& page, const plugins::PageInput& input) {
    if (before_.registry) return std::optional(before_.registry->extract(input).record);
    auto article = archive_.article(page.id);
    if (!article && article.error().kind == ErrorKind::kNotFound) return std::optional<Json>();
    if (!article) return fail(article.error());
    const bool is_that = before_.version == 0 || (article->plugin == id_ && article->plugin_version == before_.version);
    if (!is_that && article->plugin == id_) ++tally_.other_versions[article->plugin_version];
    return is_that ? std::optional(std::move(article->record)) : std::optional<Json>();
  }

  const storage::Archive& archive_;
  const Registry& registry_;
  const Before& before_;
  const std::string& id_;
  Tally tally_;
};

std::string example_of(const FieldTally& tally) {
  for (const FieldChange change : {FieldChange::kLost, FieldChange::kChanged, FieldChange::kWon}) {
    const auto& examples = tally.examples[static_cast<std::size_t>(change)];
    if (!examples.empty()) return examples.front();
  }
  return "";
}

Json values_json(const FieldTally& tally, FieldChange change) {
  Json list = Json::array();
  for (const auto& [before, after] : tally.values[static_cast<std::size_t>(change)]) {
    list.push_back({{"before", before}, {"after", after}});
  }
  return list;
}

// What the field was and is, of the first example.
void print_values(const plugins::FieldMatrix& matrix) {
  for (const auto& [key, row] : matrix.rows()) {
    for (const FieldChange change : {FieldChange::kLost, FieldChange::kChanged, FieldChange::kWon}) {
      const auto index = static_cast<std::size_t>(change);
      if (row.values[index].empty()) continue;
      const auto& [before, after] = row.values[index].front();
      std::cout << '\n' << key.second << " of " << printable(row.examples[index].front()) << '\n';
      if (!before.empty()) std::cout << "- " << printable(before) << '\n';
      if (!after.empty()) std::cout << "+ " << printable(after) << '\n';
    }
  }
  std::cout << '\n';
}

// "3 (5 captures)": where --against names a version of which nothing is stored.
std::string versions_of(const Tally& tally) {
  std::string text;
  for (const auto& [version, captures] : tally.other_versions) {
    text += fmt::format("{}{} ({} captures)", text.empty() ? "" : ", ", version, captures);
  }
  return text;
}

void print(const Tally& tally, const Options& options, const Context& context) {
  Table table({"LAYOUT", "FIELD", ">SAME", ">WON", ">LOST", ">CHANGED", "EXAMPLE"});
  for (const auto& [key, row] : tally.matrix.rows()) {
    const bool is_news = row.won + row.lost + row.changed > 0;
    if (context.json) {
      const auto examples = [&, &fields = row](FieldChange c) { return fields.examples[static_cast<std::size_t>(c)]; };
      const auto values = [&, &fields = row](FieldChange c) { return values_json(fields, c); };
      std::cout << to_line({{"plugin", options.id},
                            {"layout", key.first},
                            {"field", key.second},
                            {"same", row.same},
                            {"won", row.won},
                            {"lost", row.lost},
                            {"changed", row.changed},
                            {"won_on", examples(FieldChange::kWon)},
                            {"lost_on", examples(FieldChange::kLost)},
                            {"changed_on", examples(FieldChange::kChanged)},
                            {"won_values", values(FieldChange::kWon)},
                            {"lost_values", values(FieldChange::kLost)},
                            {"changed_values", values(FieldChange::kChanged)}})
                << '\n';
    } else if (is_news || options.all) {
      table.add({key.first.empty() ? "-" : key.first, key.second, std::to_string(row.same), std::to_string(row.won),
                 std::to_string(row.lost), std::to_string(row.changed), printable(example_of(row))});
    }
  }
  table.flush();
  if (!context.json) print_values(tally.matrix);
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const Registry registry, load_plugins(context, options.id));
  VELLUM_TRY(const Before before, before_of(options));
  VELLUM_TRY(const auto archive, open_archive(context));
  const auto infos = registry.list();
  const bool is_known =
      std::any_of(infos.begin(), infos.end(), [&](const auto& info) { return info.id == options.id; });
  if (!is_known) return registry.no_plugin(options.id);
  Checker checker(*archive, registry, before, options.id);
  VELLUM_CHECK(archive->scan(options.prefix, [&](const Capture& capture) {
    const bool is_page = capture.role == storage::Role::kPage && capture.status >= 200 && capture.status < 300;
    if (!is_page || capture.quarantined) return true;
    if (const auto seen = checker.see(capture); !seen) checker.failed(seen.error());
    return true;
  }));
  const Tally& tally = checker.tally();
  print(tally, options, context);
  if (!context.json) {
    std::cout << fmt::format(
        "{} compared, {} of them lose a field\n",
        tally.matrix.pages() == 1 ? "1 capture" : std::to_string(tally.matrix.pages()) + " captures",
        tally.matrix.pages_with_losses());
  }
  if (!tally.other_versions.empty()) {
    warn("of version " + options.against + " these have no stored record, but of version " + versions_of(tally) +
         "; name the older folder instead");
  }
  if (tally.without > 0) {
    warn(fmt::format("captures without a record of {} to be held against: {}",
                     options.against.empty() ? "any plugin" : options.id + " version " + options.against,
                     tally.without));
  }
  if (tally.matrix.pages() == 0 && tally.without == 0) warn("no stored capture is read by " + options.id);
  const bool is_fine = tally.matrix.pages() > 0 && tally.matrix.pages_with_losses() == 0 && tally.failed == 0;
  return is_fine ? kDone : kFailures;
}

}  // namespace

void add_plugin_check(CLI::App& plugin, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(plugin, context, "check", "What a plugin wins and loses over every stored capture, field by field",
               [options, &context] {
                 const auto code = run(*options, context);
                 return code ? *code : report(code.error());
               });
  verb->add_option("ID", options->id, "The plugin")->required();
  verb->add_option("--against", options->against,
                   "A version whose stored records are meant, or a folder with the older plugin.toml; default: the "
                   "stored record, whichever version made it")
      ->type_name("VERSION|DIR");
  verb->add_option("--prefix", options->prefix, "Only pages whose address starts with this")->type_name("URL");
  verb->add_flag("--all", options->all, "Also the fields that nothing happened to");
  verb->footer(
      "\nEvery good capture is read anew; nothing is written. Captures that the plugin reads now or read before "
      "count.\n"
      "Exit code 1: a capture loses a field.\n"
      "Example: vellum -C archive plugin check org.example --against ~/old/org.example");
}

}  // namespace vellum::cli
