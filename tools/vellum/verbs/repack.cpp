// vellum repack [--budget 30s] [--rate 20]: stored captures are packed closer together, in the background.

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

#include "base/clock.h"
#include "storage/commit/catalog.h"
#include "tools/vellum/exchange/page_import.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

using Steady = std::chrono::steady_clock;

struct Options {
  std::string budget, wait = "60s";
  double rate = 0;  // MB of payloads a second, 0: as fast as it goes
};

struct Total {
  std::uint64_t pages = 0, payloads = 0, raw_bytes = 0, unreadable = 0, before = 0, after = 0;
  bool is_finished = false;
};

std::atomic<bool>& is_interrupted() {
  static std::atomic<bool> flag{false};  // what a signal handler may touch
  return flag;
}

void on_signal(int) {
  is_interrupted() = true;
}

// The pause that keeps what was done so far within the rate, cut where the budget ends.
void pause(const Options& options, const Total& total, Steady::time_point start, Steady::time_point end) {
  if (options.rate <= 0) return;
  const std::chrono::duration<double> due(static_cast<double>(total.raw_bytes) / (options.rate * 1e6));
  const auto until = std::min(start + std::chrono::duration_cast<Steady::duration>(due), end);
  while (!is_interrupted() && Steady::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

Result<Total> work(storage::Catalog& catalog, const Options& options, Steady::time_point end) {
  Total total;
  VELLUM_TRY(const storage::ArchiveStats before, catalog.archive().stats());
  total.before = before.stored_bytes;
  const auto start = Steady::now();
  while (!total.is_finished && !is_interrupted() && Steady::now() < end) {
    VELLUM_TRY(const storage::RepackStep step, catalog.repack());
    total.pages += step.pages;
    total.payloads += step.payloads;
    total.raw_bytes += step.raw_bytes;
    total.unreadable += step.unreadable;
    total.is_finished = step.is_end;
    if (!total.is_finished) pause(options, total, start, end);
  }
  VELLUM_TRY(const storage::ArchiveStats after, catalog.archive().stats());
  total.after = after.stored_bytes;
  return total;
}

void print_json(const Total& total) {
  Json row;
  row["event"] = "summary";
  row["pages"] = total.pages;
  row["payloads"] = total.payloads;
  row["raw_bytes"] = total.raw_bytes;
  row["unreadable"] = total.unreadable;
  row["stored_before"] = total.before;
  row["stored_after"] = total.after;
  row["finished"] = total.is_finished;
  std::cout << to_line(row) << '\n';
}

void print(const Total& total) {
  std::cout << fmt::format("repacked {} payloads of {} pages ({}): stored {} -> {}{}\n", total.payloads, total.pages,
                           human_bytes(total.raw_bytes), human_bytes(total.before), human_bytes(total.after),
                           total.is_finished ? "" : "; not at the end yet, run it again");
  if (total.unreadable != 0)
    warn(fmt::format("{} payloads do not rebuild and were left alone; run `vellum check --read-data`",
                     total.unreadable));
}

Result<int> run(const Options& options, const Context& context) {
  auto end = Steady::time_point::max();
  if (!options.budget.empty()) {
    VELLUM_TRY(const Duration budget, parse_duration(options.budget));
    end = Steady::now() + budget;
  }
  VELLUM_TRY(const Duration patience, parse_duration(options.wait));
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  const auto notice = [](const std::string& holder) { warn(holder + "; waiting"); };
  VELLUM_TRY(const auto catalog, open_catalog_patiently(context.archive, patience, notice));
  VELLUM_TRY(const Total total, work(*catalog, options, end));
  context.json ? print_json(total) : print(total);
  if (total.unreadable != 0) return kDamaged;
  return total.is_finished ? kDone : kStoppedEarly;
}

}  // namespace

void add_repack(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "repack", "Packs stored captures closer together", [options, &context] {
    const auto code = run(*options, context);
    return code ? *code : report(code.error());
  });
  verb->add_option("--budget", options->budget, "Stop after this time, such as 30s; the next call goes on there")
      ->type_name("TIME");
  verb->add_option("--rate", options->rate, "At most so many MB of payloads a second")
      ->type_name("MB")
      ->check(CLI::PositiveNumber);
  verb->add_option("--wait", options->wait, "How long to wait for an archive that a crawl holds")->type_name("TIME");
  verb->footer(
      "\nCaptures of a page and of its neighbours share what they have in common; every payload stays as it was, bit "
      "for\n"
      "bit. It can be interrupted, or killed, at any moment. Exit code 4: stopped before the end of the archive.\n"
      "Example: vellum -C archive repack --budget 10m --rate 5");
}

}  // namespace vellum::cli
