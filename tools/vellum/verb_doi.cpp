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

// The words after the first. CLI11 hands them on as they are; as a list option it would take "[a,b]" apart.
Result<std::vector<std::string>> further_texts(const CLI::App& verb) {
  std::vector<std::string> texts;
  bool options_ended = false;
  for (const std::string& word : verb.remaining()) {
    if (!options_ended && word == "--") {
      options_ended = true;
    } else if (!options_ended && word.size() > 1 && word.front() == '-') {
      return fail(ErrorKind::kInvalid, "doi: unknown option " + word + "; write texts that begin with a dash after --");
    } else {
      texts.push_back(word);
    }
  }
  return texts;
}

}  // namespace

void add_doi(CLI::App& app, Context& context) {
  auto first = std::make_shared<std::string>();
  auto verb = std::make_shared<CLI::App*>();
  *verb = add_verb(app, context, "doi", "The DOIs in a text, in normal form", [first, verb, &context] {
    auto texts = further_texts(**verb);
    if (!texts) return report(texts.error());
    texts->insert(texts->begin(), *first);
    return run(*texts, context);
  });
  (*verb)
      ->add_option("TEXT", *first, "The text to search, further ones may follow; - reads standard input")
      ->required();
  (*verb)->allow_extras()->fallthrough(false);
  (*verb)->add_flag("--json", context.json, "Print one JSON object for each DOI");
  (*verb)->add_option("-C,--archive", context.archive)->group("");
  (*verb)->footer(
      "\nWith --json: `doi` is the normal form, `text` what stood there, `offset` the bytes before it in that TEXT.\n"
      "Exits 1 if a TEXT holds no DOI.");
}

}  // namespace vellum::cli
