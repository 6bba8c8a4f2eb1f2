// vellum replay [--listen HOST:PORT]: stored captures to a browser, read-only.

#include <csignal>
#include <iostream>
#include <thread>

#include "tools/vellum/serve/listen_address.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string listen = "127.0.0.1:8080";
};

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const replay::ServerOptions listen, parse_listen("replay", options.listen));
  // Blocked before the first thread starts, so that every thread inherits it and the wait below gets the signal.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  VELLUM_TRY(const auto archive, open_archive(context));
  const SystemClock clock;
  archive->withhold_embargoed(clock);
  VELLUM_TRY(const auto server, replay::Server::open(*archive, listen));
  if (!is_loopback(listen.host)) {
    warn("replay answers beyond this machine, on " + listen.host + ": mind the rights of what it shows");
  }
  std::cout << "replaying " << context.archive.string() << " at " << address_of(listen, server->port()) << std::endl;
  std::thread runner([&] { server->run(); });
  int signal = 0;
  sigwait(&signals, &signal);
  server->stop();
  runner.join();
  return kDone;
}

}  // namespace

void add_replay(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, context, "replay", "Show the archive in a browser, read-only, until Ctrl-C", [options, &context] {
        const auto code = run(*options, context);
        return code ? *code : report(code.error());
      });
  verb->add_option("--listen", options->listen, "Where to answer; default 127.0.0.1:8080, port 0 for any free one")
      ->type_name("HOST:PORT");
  verb->footer(
      "\n  /                        what the archive holds, with a search\n"
      "  /article/URL             the article record, its references and what of them is archived\n"
      "  /web/TIME/URL            the capture nearest to TIME; `*` as TIME lists all\n"
      "  /web/TIMEid_/URL         its payload, byte for byte\n"
      "Nothing is fetched from the web. A crawl of the same archive may run meanwhile.\n"
      "Example: vellum -C archive replay --listen 127.0.0.1:9090");
}

}  // namespace vellum::cli
