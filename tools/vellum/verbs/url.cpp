// vellum url URL [--base B]: a URL as a browser reads it, part by part, with its replay key.

#include <iostream>

#include "base/url_key.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string url, base;
};

Json parts_of(const Url& url) {
  Json parts = Json::object();
  parts["href"] = url.href();
  parts["origin"] = url.origin();
  parts["protocol"] = url.protocol();
  parts["username"] = url.username();
  parts["password"] = url.password();
  parts["host"] = url.host();
  parts["hostname"] = url.hostname();
  parts["port"] = url.port();
  parts["pathname"] = url.pathname();
  parts["search"] = url.search();
  parts["hash"] = url.hash();
  parts["key"] = surt(url);
  return parts;
}

// Strict: no scheme is guessed here, since this verb shows what the parser makes of exactly this text.
Result<Url> parse(const Options& options) {
  if (options.base.empty()) return Url::parse(options.url);
  VELLUM_TRY(const Url base, Url::parse(options.base));
  return Url::parse(options.url, &base);
}

int run(const Options& options, const Context& context) {
  const auto url = parse(options);
  if (!url) return report(url.error());
  const Json parts = parts_of(*url);
  if (context.json) {
    std::cout << to_line(parts) << '\n';
    return kDone;
  }
  for (const auto& [name, value] : parts.items()) {
    const std::string text = value.get<std::string>();
    if (!text.empty()) std::cout << name << std::string(10 - name.size(), ' ') << text << '\n';
  }
  return kDone;
}

}  // namespace

void add_url(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "url", "A URL as a browser reads it, part by part, with its replay key",
                            [options, &context] { return run(*options, context); });
  verb->add_option("URL", options->url, "The URL; relative ones need --base")->required();
  verb->add_option("--base", options->base, "Resolve URL against this one")->type_name("URL");
  verb->footer(
      "\nParts bear their WHATWG names; `key` is the SURT under which captures of the page are found.\n"
      "Exits 2 for what is no URL.");
}

}  // namespace vellum::cli
