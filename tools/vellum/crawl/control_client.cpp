#include "tools/vellum/crawl/control_client.h"

#include <iostream>
#include <thread>

#include "crawler/engine/control_socket.h"

namespace vellum::cli {
namespace {

constexpr std::chrono::milliseconds kPatience{30'000}, kLookAgain{200}, kSaySo{1'000};

// Nobody else holds the archive.
Result<std::vector<Json>> execute_here(storage::Catalog& catalog, const Json& command) {
  const SystemClock clock;
  engine::Control control(catalog, clock, nullptr);
  auto answer = control.run(command);
  catalog.close();
  return answer;
}

}  // namespace

Result<std::vector<Json>> command_archive(const Context& context, const Json& command) {
  const auto began = std::chrono::steady_clock::now();
  bool said = false;
  for (;;) {
    auto answer = engine::send_command(context.archive, command);
    if (answer || answer.error().kind != ErrorKind::kNotFound) return answer;
    auto catalog = storage::Catalog::open(context.archive, {SystemClock().now()});
    if (catalog) return execute_here(**catalog, command);
    if (catalog.error().kind == ErrorKind::kNotFound) {
      return fail(ErrorKind::kInvalid, "no archive in " + context.archive.string() +
                                           "; name one with -C DIR or make one with `vellum init DIR`");
    }
    if (catalog.error().kind != ErrorKind::kRefused) return fail(catalog.error());
    const auto waited = std::chrono::steady_clock::now() - began;
    if (waited > kPatience) {
      return fail(ErrorKind::kTimeout,
                  "another program has been writing for half a minute; try later: " + catalog.error().message);
    }
    if (!said && waited > kSaySo) warn("waiting for the program that writes to the archive");
    said = said || waited > kSaySo;
    std::this_thread::sleep_for(kLookAgain);
  }
}

int run_command(const Context& context, const Json& command, const std::function<std::string(const Json&)>& line) {
  const auto rows = command_archive(context, command);
  if (!rows) return report(rows.error());
  for (const Json& row : *rows) std::cout << (context.json ? to_line(row) : line(row)) << '\n';
  return kDone;
}

}  // namespace vellum::cli
