// vellum doi TEXT...: the DOIs in texts, as stored records hold them.

#include <iostream>
#include <iterator>

#include "base/scholarly_id.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

std::string whole_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

void print(const FoundDoi& found, bool json) {
  if (!json) {
    std::cout << found.doi << '\n';
    return;
  }
  Json row = Json::object();
  row["doi"] = found.doi;
  row["text"] = found.text;
  row["offset"] = found.offset;
  std::cout << to_line(row) << '\n';
}

int run(const std::vector<std::string>& texts, const Context& context) {
  int exit_code = kDone;
  for (const std::string& argument : texts) {
    const bool from_input = argument == "-";
    const auto dois = find_dois(from_input ? whole_input() : argument);
    for (const FoundDoi& found : dois) print(found, context.json);
    if (!dois.empty()) continue;
    warn(from_input ? "no DOI in standard input" : "no DOI in `" + argument.substr(0, 200) + "`");
    exit_code = kFailures;
  }
  return exit_code;
}

}  // namespace

void add_doi(CLI::App& app, Context& context) {
  auto texts = std::make_shared<std::vector<std::string>>();
  CLI::App* verb = add_verb(app, context, "doi", "The DOIs in a text, in normal form",
                            [texts, &context] { return run(*texts, context); });
  add_words(*verb, "TEXT", *texts, "Texts to search; - reads standard input")->required();
  verb->footer(
      "\nWith --json: `doi` is the normal form, `text` what stood there, `offset` the bytes before it in that TEXT.\n"
      "Exits 1 if a TEXT holds no DOI.");
}

}  // namespace vellum::cli
