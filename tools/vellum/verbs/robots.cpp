// vellum robots FILE --agent A URL...: what a robots.txt file says to one crawler about some URLs.

#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>

#include "crawler/policy/robots.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string file, agent;
  std::vector<std::string> urls;
};

Result<std::string> read(const std::string& name) {
  if (name == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream in(name, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (in.is_open() && !in.bad()) return text;
  return fail(ErrorKind::kInvalid, "cannot read " + name);
}

// As a crawl would take such an answer.
policy::Robots rules_of(const std::string& text, const std::string& agent) {
  if (policy::classify_robots_answer(200, "text/plain", text) == policy::RobotsAnswer::kRules)
    return policy::Robots::parse(text, agent);
  warn("this is no robots.txt but a page or another file; a crawl asks for nothing until it reads rules");
  return policy::Robots::disallow_all("robots unknown: not a text of rules");
}

Json seconds(Duration delay) {
  const double value = std::chrono::duration<double>(delay).count();
  return value == std::floor(value) ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

void print(const Url& url, const policy::Robots& rules, bool json) {
  const policy::RobotsDecision decision = rules.decide(url.path_and_query());
  const auto delay = rules.crawl_delay();
  if (json) {
    Json row = Json::object();
    row["url"] = url.href();
    row["allowed"] = decision.allowed;
    row["rule"] = decision.rule.empty() ? Json() : Json(decision.rule);
    row["line"] = decision.line == 0 ? Json() : Json(decision.line);
    row["crawl_delay"] = delay ? seconds(*delay) : Json();
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << (decision.allowed ? "allowed     " : "disallowed  ") << url.href();
  if (decision.line != 0) std::cout << "  line " << decision.line << ": " << decision.rule;
  if (decision.line == 0) std::cout << "  " << (decision.rule.empty() ? "no rule" : decision.rule);
  if (delay) std::cout << "  (crawl-delay " << to_text(*delay) << ")";
  std::cout << '\n';
}

int run(const Options& options, const Context& context) {
  if (policy::product_token(options.agent).empty())
    warn("no product token in --agent `" + options.agent +
         "`, so only the rules for * apply; write Vellum or Vellum/1.0");
  const auto text = read(options.file);
  if (!text) return report(text.error());
  const policy::Robots rules = rules_of(*text, options.agent);
  int exit_code = kDone;
  for (const std::string& argument : options.urls) {
    const auto url = parse_url_argument(argument);
    if (url) {
      print(*url, rules, context.json);
    } else {
      exit_code = report(url.error());
    }
  }
  return exit_code;
}

}  // namespace

void add_robots(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "robots", "What a robots.txt file says to one crawler about some URLs",
                            [options, &context] { return run(*options, context); });
  verb->add_option("FILE", options->file, "The robots.txt; - reads standard input")->required();
  verb->add_option("URL", options->urls, "URLs of the site that the file is from")->required();
  verb->add_option("--agent", options->agent, "Product token or whole User-Agent of the crawler")
      ->required()
      ->type_name("A");
  verb->footer(
      "\nWith --json: `url`, `allowed`, the deciding `rule` and its `line` (null where none matched), `crawl_delay` "
      "in\n"
      "seconds (null where none is asked). Exits 0 whatever is allowed; 2 for a file or URL that cannot be read.");
}

}  // namespace vellum::cli
