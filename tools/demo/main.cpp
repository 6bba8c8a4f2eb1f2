// vellum-demo-site: an NCBI-like web site of made-up articles on loopback, for demos and tests.

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <iterator>
#include <string_view>

#include "tools/demo/server.h"
#include "tools/demo/site_model.h"

namespace vellum::demo {
namespace {

constexpr std::string_view kUsage =
    R"(usage: vellum-demo-site [--articles N] [--seed S] [--port P] [--log FILE] [--delay-ms MS] [--slow-ms MS]

Serves an NCBI-like site of made-up articles on 127.0.0.1, for any Host and as an http proxy, and prints its address.
  --articles N   how many articles, 20 to 100000 (default 240)
  --seed S       another site (default 1); the same options give the same site
  --port P       port, 0 for any free one (default 0)
  --log FILE     one line a request: monotonic seconds, host, path, status
  --delay-ms MS  wait before every answer (default 0)
  --slow-ms MS   wait before the one slow page (default 0)
)";

struct Arguments {
  std::uint64_t articles = 240, seed = 1, port = 0, delay_ms = 0, slow_ms = 0;
  std::string log;
  bool help = false;
};

struct NumberOption {
  std::string_view name;
  std::uint64_t* value;
  std::uint64_t least, most;
};

Result<void> read_number(const NumberOption& option, std::string_view text) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *option.value);
  bool is_number = error == std::errc() && end == text.data() + text.size() && !text.empty();
  if (is_number && *option.value >= option.least && *option.value <= option.most) return {};
  return fail(ErrorKind::kInvalid,
              fmt::format("{} takes a number from {} to {}, not \"{}\"", option.name, option.least, option.most, text));
}

Result<Arguments> parse(int argc, char** argv) {
  Arguments arguments;
  const NumberOption numbers[] = {{"--articles", &arguments.articles, kFewestArticles, kMostArticles},
                                  {"--seed", &arguments.seed, 0, UINT64_MAX},
                                  {"--port", &arguments.port, 0, 65535},
                                  {"--delay-ms", &arguments.delay_ms, 0, 600'000},
                                  {"--slow-ms", &arguments.slow_ms, 0, 600'000}};
  for (int i = 1; i < argc; ++i) {
    std::string_view name = argv[i];
    if (name == "--help" || name == "-h") {
      arguments.help = true;
      return arguments;
    }
    auto option =
        std::find_if(std::begin(numbers), std::end(numbers), [&](const NumberOption& o) { return o.name == name; });
    if (option == std::end(numbers) && name != "--log") {
      return fail(ErrorKind::kInvalid, fmt::format("unknown option \"{}\"; --help lists them", name));
    }
    if (++i == argc) return fail(ErrorKind::kInvalid, fmt::format("{} needs a value", name));
    if (name == "--log")
      arguments.log = argv[i];
    else
      VELLUM_CHECK(read_number(*option, argv[i]));
  }
  return arguments;
}

Result<void> serve(const Arguments& arguments) {
  Site site(arguments.seed, arguments.articles);
  ServerOptions options;
  options.port = static_cast<std::uint16_t>(arguments.port);
  options.log = arguments.log;
  options.delay = std::chrono::milliseconds(arguments.delay_ms);
  options.slow = std::chrono::milliseconds(arguments.slow_ms);
  options.stop_on_signals = true;
  VELLUM_TRY(auto server, Server::open(site, options));
  fmt::print("listening on http://127.0.0.1:{}\n", server->port());
  std::fflush(stdout);
  server->run();
  return {};
}

int report(const Error& error) {
  fmt::print(stderr, "vellum-demo-site: {}\n", error.message);
  return error.kind == ErrorKind::kInvalid ? 2 : 1;
}

int run(int argc, char** argv) {
  auto arguments = parse(argc, argv);
  if (!arguments) return report(arguments.error());
  if (arguments->help) {
    fmt::print("{}", kUsage);
    return 0;
  }
  auto served = serve(*arguments);
  return served ? 0 : report(served.error());
}

}  // namespace
}  // namespace vellum::demo

int main(int argc, char** argv) {
  return vellum::demo::run(argc, argv);
}
