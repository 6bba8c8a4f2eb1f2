// vellum frontier ls|add|hold|resume|rate|drop: the queue, live.

#include <fmt/format.h>

#include <iostream>

#include "crawler/engine/status_row.h"
#include "crawler/policy/sites.h"
#include "storage/frontier/queue_reader.h"
#include "tools/vellum/crawl/control_client.h"
#include "tools/vellum/text/table.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string host, group, url, prefix, until, duration, reason, delay;
  std::vector<std::string> urls;
  int depth = 0;
  std::size_t limit = 100;
};

// Whose group or host is asked for, when one is.
struct Filter {
  std::string group, host;
};

bool passes(const Filter& filter, const storage::UrlTask& task) {
  if (filter.host.empty()) return true;
  const auto url = Url::parse(task.url);
  return url && (url->host() == filter.host || url->hostname() == filter.host);
}

Json task_row(const storage::UrlTask& task) {
  Json row;
  row["url"] = task.url;
  row["group"] = task.group;
  row["role"] = name_of(task.role);
  row["priority"] = task.priority;
  row["depth"] = task.depth;
  row["attempts"] = task.attempts;
  if (task.not_before > Timestamp{}) row["not_before"] = to_rfc3339(task.not_before);
  row["via"] = task.via;
  row["rule"] = task.rule;
  return row;
}

Result<int> list(const Options& options, const Context& context) {
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const auto runs, archive->runs());
  const auto run = engine::current_run(runs);
  if (!run) return kDone;
  VELLUM_TRY(const auto queue, storage::QueueReader::open(context.archive));
  const Filter filter{options.group, options.host};
  Table table({"GROUP", ">PRIORITY", ">DEPTH", "ROLE", "NOT BEFORE", "URL"});
  std::size_t shown = 0;
  std::string after;
  constexpr std::size_t kPage = 1000;
  for (bool more = true; more && (options.limit == 0 || shown < options.limit);) {
    VELLUM_TRY(const auto tasks, queue->list(run->id, filter.group, after, kPage));
    more = tasks.size() == kPage;
    for (const storage::LeasedTask& leased : tasks) {
      after = leased.key;
      const storage::UrlTask& task = leased.task;
      if (!passes(filter, task)) continue;
      if (options.limit > 0 && shown == options.limit) break;
      ++shown;
      if (context.json) {
        std::cout << to_line(task_row(task)) << '\n';
      } else {
        table.add({printable(task.group), std::to_string(task.priority), std::to_string(task.depth),
                   std::string(name_of(task.role)),
                   task.not_before > Timestamp{} ? to_rfc3339(task.not_before).substr(0, 19) + "Z" : "-",
                   printable(task.url)});
      }
    }
  }
  table.flush();
  return kDone;
}

CLI::App* add_list(CLI::App& parent, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(parent, context, "ls", "Queued URLs of the current run, by group and priority", [options, &context] {
        const auto code = list(*options, context);
        return code ? *code : report(code.error());
      });
  auto* group = verb->add_option("--group", options->group, "Of this politeness group only");
  verb->add_option("--host", options->host, "Of this host only")->excludes(group);
  verb->add_option("--limit", options->limit, "At most so many; default 100, 0 for all");
  verb->footer(
      "\nReads beside a running crawl and changes nothing.\nExample: vellum frontier ls --host pmc.ncbi.nlm.nih.gov");
  return verb;
}

void add_add(CLI::App& parent, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(parent, context, "add", "Queue URLs in the run under way", [options, &context]() -> int {
    Json command = {{"verb", "add"}, {"urls", Json::array()}, {"depth", options->depth}};
    for (const std::string& text : options->urls) {
      const auto url = parse_url_argument(text);
      if (!url) return report(url.error());
      command["urls"].push_back(url->href());
    }
    return run_command(context, command, [](const Json& row) {
      const std::string url = printable(text_of(row, "url"));
      return flag_of(row, "added") ? "added " + url + " to group " + text_of(row, "group")
                                   : "known already (" + text_of(row, "state") + "): " + url;
    });
  });
  add_words(*verb, "URL", options->urls, "What to fetch")->required();
  verb->add_option("--depth", options->depth, "How many links from a seed they count as; default 0");
  verb->footer(
      "\nThey are fetched whatever the scope says, robots.txt and delays obeyed; their links are judged by the scope.\n"
      "Example: vellum frontier add https://pubmed.ncbi.nlm.nih.gov/30526772/ --depth 2");
}

Result<std::string> end_of_hold(const Options& options) {
  if (!options.until.empty()) {
    VELLUM_TRY(const Timestamp until, parse_timestamp(options.until));
    return to_rfc3339(until);
  }
  VELLUM_TRY(const Duration duration, parse_duration(options.duration));
  return to_rfc3339(SystemClock().now() + duration);
}

void add_hold(CLI::App& parent, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(parent, context, "hold", "Ask a group nothing, for a time or for good", [options, &context]() -> int {
        Json command = {{"verb", "hold"}, {"group", options->group}, {"reason", options->reason}};
        if (!options->until.empty() || !options->duration.empty()) {
          const auto until = end_of_hold(*options);
          if (!until) return report(until.error());
          command["until"] = *until;
        }
        return run_command(context, command, [](const Json& row) {
          const std::string until = text_of(row, "held_until");
          return "holds " + text_of(row, "group") +
                 (until.empty() ? " until `vellum frontier resume`" : " until " + until);
        });
      });
  verb->add_option("GROUP", options->group, "Politeness group, or a host of it")->required();
  auto* until = verb->add_option("--until", options->until, "Time (RFC 3339 or a date)");
  verb->add_option("--for", options->duration, "Duration, such as 2h or 7d")->excludes(until);
  verb->add_option("--reason", options->reason, "Why; kept with the archive")->required();
  verb->footer(
      "\nIts requests under way end; the others stay queued. The hold outlasts the program. A server's Retry-After "
      "that\n"
      "lies later stays in force.\n"
      "Example: vellum frontier hold example.org --for 2d --reason \"their operator asked by mail\"");
}

void add_release(CLI::App& parent, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(parent, context, "resume", "Lift the hold of a group", [options, &context] {
    const Json command = {{"verb", "release"}, {"group", options->group}};
    return run_command(context, command, [](const Json& row) {
      return text_of(row, "group") + (flag_of(row, "was_held") ? " goes on" : " was not held");
    });
  });
  verb->add_option("GROUP", options->group, "Politeness group, or a host of it")->required();
  verb->footer("\nWaits that a server asked for stay in force.\nExample: vellum frontier resume example.org");
}

void add_rate(CLI::App& parent, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(parent, context, "rate", "Change the delay of a group", [options, &context] {
    const std::string delay = options->delay == "default" ? "" : options->delay;
    const Json command = {{"verb", "rate"}, {"group", options->group}, {"delay", delay}};
    return run_command(context, command, [](const Json& row) {
      const std::string now = text_of(row, "delay");
      return text_of(row, "group") + (now.empty() ? ": the configured delay" : ": " + now + " from request to request");
    });
  });
  verb->add_option("GROUP", options->group, "Politeness group, or a host of it")->required();
  verb->add_option("--delay", options->delay, "From the start of one request to the next; `default` takes it back")
      ->required();
  verb->footer(
      "\nStands for the configured delay, in this run and later ones. Less than a stored robots.txt of the group asks\n"
      "for is refused, and Crawl-delay and Retry-After lengthen it in any case.\n"
      "Example: vellum frontier rate nih.gov --delay 5s");
}

void add_drop(CLI::App& parent, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(parent, context, "drop", "Take URLs out of the queue", [options, &context] {
    Json command = {{"verb", "drop"}, {"reason", options->reason}};
    if (!options->url.empty()) command["url"] = options->url;
    if (!options->prefix.empty()) command["prefix"] = options->prefix;
    if (!options->host.empty()) command["host"] = options->host;
    return run_command(context, command,
                       [](const Json& row) { return fmt::format("dropped {}", integer_of(row, "dropped")); });
  });
  auto* url = verb->add_option("URL", options->url, "This one");
  auto* prefix = verb->add_option("--prefix", options->prefix, "Those that begin so")->excludes(url);
  verb->add_option("--host", options->host, "Those of this host")->excludes(url)->excludes(prefix);
  verb->add_option("--reason", options->reason, "Why; kept as an event for each")->required();
  verb->footer(
      "\nThey count as seen: this run does not queue them again. `vellum explain URL` shows the reason.\n"
      "Example: vellum frontier drop --prefix https://example.org/calendar/ --reason \"endless calendar\"");
}

}  // namespace

void add_frontier(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("frontier", "The queue, live: ls, add, hold, resume, rate, drop");
  verb->require_subcommand(1);
  add_list(*verb, context);
  add_add(*verb, context);
  add_hold(*verb, context);
  add_release(*verb, context);
  add_rate(*verb, context);
  add_drop(*verb, context);
  verb->footer(
      "\nAll work on a running crawl, which obeys at once, and on an archive at rest.\n"
      "Example: vellum -C archive frontier ls --limit 20");
}

}  // namespace vellum::cli
