// vellum status: what the archive's crawl is doing now, or what the next one will find.

#include <fmt/format.h>

#include <iostream>

#include "crawler/engine/control_socket.h"
#include "crawler/engine/status_row.h"
#include "storage/frontier/queue_reader.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

constexpr std::size_t kTroubles = 10;

// The last failures of a run, from what the archive holds.
Result<Json> stored_errors(const storage::Archive& archive, storage::RunId run) {
  std::deque<storage::Event> last;
  VELLUM_CHECK(archive.scan_events([&](const storage::Event& event) {
    if (event.run != run || event.kind != "failed") return true;
    last.push_back(event);
    if (last.size() > kTroubles) last.pop_front();
    return true;
  }));
  Json errors = Json::array();
  for (const storage::Event& event : last)
    errors.push_back({{"at", to_rfc3339(event.at)}, {"url", event.url}, {"reason", event.reason}});
  return errors;
}

// Nobody answers on the socket: the same facts, read beside whoever may hold the archive.
Result<Json> read_status(const Context& context) {
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const auto runs, archive->runs());
  VELLUM_TRY(const auto queue, storage::QueueReader::open(context.archive));
  engine::StatusFacts facts;
  facts.now = SystemClock().now();
  facts.run = engine::current_run(runs);
  VELLUM_TRY(facts.orders, queue->orders());
  if (!facts.run) return engine::status_row(facts);
  VELLUM_TRY(facts.queue, queue->stats(facts.run->id, facts.now));
  const auto config = policy::parse_config(facts.run->config, "configuration of run");
  if (config) facts.max_pages = config->scope.max_pages;
  Json row = engine::status_row(facts);
  VELLUM_TRY(row["errors"], stored_errors(*archive, facts.run->id));
  return row;
}

void line(std::string_view name, std::string_view text) {
  std::cout << fmt::format("{:<10} {}\n", name, printable(text));
}

std::string count_text(const Json& row, const char* key) {
  return std::to_string(integer_of(row, key));
}

double number_of(const Json& row, const char* key) {
  return row.contains(key) && row[key].is_number() ? row[key].get<double>() : 0;
}

void print_crawl(const Json& row) {
  if (row.contains("run"))
    line("run",
         fmt::format("{} ({}), since {}", integer_of(row, "run"), text_of(row, "run_state"), text_of(row, "started")));
  if (row.contains("crawl")) line("crawl", text_of(row, "crawl"));
  const Json& budget = row["budget"];
  const std::string limit = budget["max_pages"].is_null() ? "no limit" : "of " + count_text(budget, "max_pages");
  line("pages", count_text(budget, "pages") + ", " + limit);
  if (row.contains("captures_per_second"))
    line("pace", fmt::format("{:.2f} pages/s, {:.2f} captures/s, {} under way", number_of(row, "pages_per_second"),
                             number_of(row, "captures_per_second"), integer_of(row, "in_flight")));
  if (row.contains("seconds_left"))
    line("left", to_text(std::chrono::seconds(integer_of(row, "seconds_left"))) +
                     " at the last minute's pace, if nothing new is found");
  const Json& queue = row["queue"];
  line("queue", fmt::format("{} in {} groups: {} ready, {} waiting, {} worked on", integer_of(queue, "queued"),
                            integer_of(queue, "groups"), integer_of(queue, "ready"), integer_of(queue, "waiting"),
                            integer_of(queue, "leased")));
  if (queue.contains("next_due")) line("next due", text_of(queue, "next_due"));
}

std::string hold_text(const Json& hold) {
  const std::string until = text_of(hold, "held_until");
  return text_of(hold, "group") + " " + (until.empty() ? "for good" : "until " + until) + ": " +
         text_of(hold, "reason");
}

void print(const Json& row) {
  std::string state = text_of(row, "state");
  if (row.contains("pause") && row["pause"].contains("reason")) state += ": " + text_of(row["pause"], "reason");
  line("state", state);
  print_crawl(row);
  for (const Json& hold : row["holds"]) line("hold", hold_text(hold));
  for (const Json& rate : row["rates"]) line("rate", text_of(rate, "group") + " " + text_of(rate, "delay"));
  if (row.contains("plugin_fault")) line("plugins", "the old ones stay: " + text_of(row, "plugin_fault"));
  if (row.contains("next_runs"))
    for (const Json& run : row["next_runs"]) line("next run", text_of(run, "at") + " " + text_of(run, "crawl"));
  if (!row.contains("errors")) return;
  for (const Json& error : row["errors"])
    line("failed", text_of(error, "at") + " " + text_of(error, "url") + ": " + text_of(error, "reason"));
}

Result<int> run(const Context& context) {
  Json row;
  auto answer = engine::send_command(context.archive, {{"verb", "status"}});
  if (answer && !answer->empty()) {
    row = std::move(answer->front());
  } else if (!answer && answer.error().kind != ErrorKind::kNotFound && answer.error().kind != ErrorKind::kCancelled) {
    return fail(answer.error());
  } else {
    VELLUM_TRY(row, read_status(context));
  }
  if (context.json) {
    std::cout << to_line(row) << '\n';
  } else {
    print(row);
  }
  return kDone;
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
  CLI::App* verb =
      add_verb(app, context, "status", "What the crawl is doing: state, pace, queue, holds, last errors", [&context] {
        const auto code = run(context);
        return code ? *code : report(code.error());
      });
  verb->footer(
      "\nstate: crawling, paused, waiting (a daemon between two runs) or stopped (no program holds the archive).\n"
      "Groups are ready (may be asked now), waiting (for their delay, a Retry-After or a hold) or worked on.\n"
      "The time left is an estimate: the queue at the last minute's pace; links yet to be found lengthen it.\n"
      "Example: vellum -C archive status --json");
}

}  // namespace vellum::cli
