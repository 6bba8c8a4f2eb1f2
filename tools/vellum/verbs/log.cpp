// vellum log URL: the captures of an address, newest last.

#include <iostream>

#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string url;
};

Json row_of(const storage::Capture& capture) {
  Json row;
  row["url"] = capture.url;
  row["captured"] = to_rfc3339(capture.captured);
  row["status"] = capture.status;
  row["mime"] = capture.mime;
  row["bytes"] = capture.bytes;
  row["stored_bytes"] = capture.stored_bytes;
  row["digest"] = capture.digest.to_text();
  row["verdict"] = capture.verdict;
  row["run"] = capture.run;
  row["via"] = capture.via;
  if (capture.refers_to) row["refers_to"] = to_rfc3339(capture.refers_to->captured);
  return row;
}

Json row_of(const storage::Tombstone& stone) {
  Json row;
  row["url"] = stone.url;
  row["captured"] = to_rfc3339(stone.captured);
  row["bytes"] = stone.bytes;
  row["digest"] = stone.digest.to_text();
  row["run"] = stone.run;
  row["taken_down"] = stone.reason;
  row["taken_down_at"] = to_rfc3339(stone.at);
  return row;
}

void print_tombstones(const std::vector<storage::Tombstone>& stones, bool json) {
  for (const storage::Tombstone& stone : stones) {
    if (json) {
      std::cout << to_line(row_of(stone)) << '\n';
    } else {
      std::cout << "taken down at " << to_rfc3339(stone.at) << ": " << stone.reason << "  (" << stone.url << " of "
                << to_rfc3339(stone.captured) << ", " << stone.digest.to_text().substr(7, 12) << ")\n";
    }
  }
}

void print_table(const std::vector<storage::Capture>& captures) {
  Table table({"CAPTURED", ">STATUS", "TYPE", ">BYTES", ">STORED", "VERDICT", ">RUN", "DIGEST", "URL"});
  for (const storage::Capture& capture : captures) {
    std::string verdict = capture.verdict.empty() ? "-" : capture.verdict;
    if (capture.quarantined) verdict += "!";
    table.add({to_rfc3339(capture.captured), std::to_string(capture.status), capture.mime, human_bytes(capture.bytes),
               human_bytes(capture.stored_bytes), verdict, capture.run == 0 ? "-" : std::to_string(capture.run),
               capture.digest.to_text().substr(7, 12), capture.url});
  }
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const std::vector<storage::Capture> captures, archive->captures(url));
  VELLUM_TRY(const std::vector<storage::Tombstone> stones, archive->tombstones(url));
  if (captures.empty() && stones.empty()) return fail(ErrorKind::kNotFound, "no capture of " + url.href());
  print_tombstones(stones, context.json);
  if (!context.json && !captures.empty()) print_table(captures);
  if (context.json) {
    for (const storage::Capture& capture : captures) std::cout << to_line(row_of(capture)) << '\n';
  }
  return kDone;
}

}  // namespace

void add_log(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "log", "The captures of an address, newest last", [options, &context] {
    const auto code = run(*options, context);
    return code ? *code : report(code.error());
  });
  verb->add_option("URL", options->url, "The address; https:// may be left out")->required();
  verb->footer(
      "\nAddresses with the same replay key (http or https, with or without www) are listed together; `!` marks a\n"
      "quarantined capture. Status 304 is a revisit: the page had not changed since the capture whose digest it has.\n"
      "Example: vellum -C archive log pubmed.ncbi.nlm.nih.gov/30526772/ --json");
}

}  // namespace vellum::cli
