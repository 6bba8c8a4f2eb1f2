#include "tools/vellum/authoring/plugin_score.h"
#include "tools/vellum/authoring/plugin_set.h"

#include <fmt/format.h>

#include <iostream>
#include <map>

#include "base/json.h"
#include "plugins/host/registry.h"
#include "plugins/host/score.h"
#include "tools/vellum/text/table.h"

namespace vellum::cli {
namespace {

using plugins::FieldScore;
using plugins::ScoreBoard;

struct Options {
  std::string expected;
  bool markdown = false;
};

std::string share(double value) {
  return fmt::format("{:.3f}", value);
}

std::string pages(const FieldScore& score) {
  return fmt::format("{}/{}", score.whole, score.pages);
}

void print_json(const ScoreBoard& board) {
  for (const auto& [key, row] : board.rows) {
    const auto& [plugin, generic] = row;
    std::cout << to_line({{"site", key.first},
                          {"field", key.second},
                          {"pages", plugin.pages},
                          {"pages_right", plugin.whole},
                          {"wanted", plugin.wanted},
                          {"recall", plugin.recall()},
                          {"precision", plugin.precision()},
                          {"generic_pages_right", generic.whole},
                          {"generic_recall", generic.recall()},
                          {"generic_precision", generic.precision()}})
              << '\n';
  }
}

void print_table(const ScoreBoard& board) {
  Table table(
      {"SITE", "FIELD", ">PAGES RIGHT", ">VALUES", ">RECALL", ">PRECISION", ">GENERIC PAGES", ">RECALL", ">PRECISION"});
  for (const auto& [key, row] : board.rows) {
    const auto& [plugin, generic] = row;
    table.add({key.first.empty() ? "(all)" : key.first, key.second, pages(plugin), std::to_string(plugin.wanted),
               share(plugin.recall()), share(plugin.precision()), pages(generic), share(generic.recall()),
               share(generic.precision())});
  }
}

// Mean over fields of the share of pages that are right.
std::string mean(const std::map<std::string, FieldScore>& fields) {
  double sum = 0;
  for (const auto& [field, score] : fields) sum += static_cast<double>(score.whole) / static_cast<double>(score.pages);
  return share(fields.empty() ? 1.0 : sum / static_cast<double>(fields.size()));
}

std::string not_right(const std::map<std::string, FieldScore>& fields) {
  std::string out;
  for (const auto& [field, score] : fields) {
    if (score.whole < score.pages) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", field, pages(score));
  }
  return out;
}

void print_markdown(const ScoreBoard& board) {
  std::map<std::string, std::map<std::string, FieldScore>> plugin_fields, generic_fields;
  std::cout << "| field | pages right | values | recall | precision | generic: pages right | recall | precision |\n"
               "|:------|------:|------:|------:|------:|------:|------:|------:|\n";
  for (const auto& [key, row] : board.rows) {
    const auto& [plugin, generic] = row;
    plugin_fields[key.first][key.second] = plugin;
    generic_fields[key.first][key.second] = generic;
    if (!key.first.empty()) continue;
    std::cout << fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", key.second, pages(plugin), plugin.wanted,
                             share(plugin.recall()), share(plugin.precision()), pages(generic), share(generic.recall()),
                             share(generic.precision()));
  }
  std::cout << fmt::format("\n{} pages; mean over fields {}, of the generic reader {}.\n\n", board.pages,
                           mean(plugin_fields[""]), mean(generic_fields[""]))
            << "| site | mean over fields | generic | not right on all pages |\n|:-----|------:|------:|:-----|\n";
  for (const auto& [site, fields] : plugin_fields) {
    if (site.empty()) continue;
    std::cout << fmt::format("| {} | {} | {} | {} |\n", site, mean(fields), mean(generic_fields[site]),
                             not_right(fields));
  }
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const plugins::Registry registry, load_plugins(context));
  VELLUM_TRY(const ScoreBoard board, plugins::score_plugins(registry, options.expected));
  if (context.json) {
    print_json(board);
  } else if (options.markdown) {
    print_markdown(board);
  } else {
    print_table(board);
  }
  return kDone;
}

}  // namespace

void add_plugin_score(CLI::App& plugin, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* score =
      add_verb(plugin, context, "score",
               "Pages right, recall and precision by site and field, beside the generic reader", [options, &context] {
                 const auto done = run(*options, context);
                 return done ? *done : report(done.error());
               });
  score->add_option("EXPECTED", options->expected, "NDJSON of pages and the records expected of them")->required();
  score->add_flag("--markdown", options->markdown, "By field and by site, as docs/accuracy.md has it");
  score->footer(
      "\nPAGES RIGHT has the whole field right, lists with all their items in order; RECALL and PRECISION count "
      "values,\n"
      "items of lists one by one, references by their DOIs.");
}

}  // namespace vellum::cli
