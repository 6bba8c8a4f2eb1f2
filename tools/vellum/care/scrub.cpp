#include "tools/vellum/care/scrub.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>

#include "tools/vellum/text/fault_printer.h"

namespace vellum::cli {
namespace {

using Steady = std::chrono::steady_clock;

struct Progress {
  storage::ScrubCursor at;
  std::string started, completed;  // of the pass that goes on; of the last whole one
};

std::filesystem::path file_of(const Context& context) {
  return context.archive / "SCRUB";
}

// A file that does not read begins a new pass.
Progress read_progress(const Context& context) {
  Progress progress;
  std::ifstream in(file_of(context));
  const auto json = parse_json(std::string{std::istreambuf_iterator<char>(in), {}});
  if (!json || !json->is_object()) return progress;
  progress.at.row = static_cast<std::uint64_t>(integer_of(*json, "row"));
  progress.at.headers = static_cast<std::uint64_t>(integer_of(*json, "headers"));
  progress.started = text_of(*json, "started");
  progress.completed = text_of(*json, "completed");
  return progress;
}

void write_progress(const Progress& progress, const Context& context) {
  Json json;
  json["row"] = progress.at.row;
  json["headers"] = progress.at.headers;
  json["started"] = progress.started;
  json["completed"] = progress.completed;
  const std::filesystem::path made = file_of(context).string() + ".new";
  std::ofstream out(made, std::ios::trunc);
  out << to_line(json) << '\n';
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(made, file_of(context), error);
  if (!out || error)
    warn("cannot keep in " + file_of(context).string() + " how far this came; the next call begins where this one did");
}

void print(const storage::ScrubReport& report, const Progress& progress, const Context& context) {
  const std::uint64_t whole = report.last.row + report.last.headers;
  const std::uint64_t done = report.is_end ? whole : report.next.row + report.next.headers;
  const double part = whole == 0 ? 100.0 : 100.0 * static_cast<double>(done) / static_cast<double>(whole);
  if (context.json) {
    Json row;
    row["event"] = "summary";
    row["rows"] = report.rows;
    row["payloads"] = report.payloads;
    row["payload_bytes"] = report.bytes;
    row["percent"] = std::stod(fmt::format("{:.1f}", part));
    row["pass_ended"] = report.is_end;
    row["last_pass_ended"] = progress.completed.empty() ? Json(nullptr) : Json(progress.completed);
    row["faults"] = report.faults.size();
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << fmt::format("{} payloads, {} read and hashed: {}; ", report.payloads, human_bytes(report.bytes),
                           report.faults.empty() ? "no fault" : fmt::format("{} faults", report.faults.size()));
  if (report.is_end) {
    std::cout << "the pass that began at " << progress.started << " is complete\n";
  } else {
    std::cout << fmt::format("{:.1f} % of the pass; last complete one: {}\n", part,
                             progress.completed.empty() ? "never" : progress.completed);
  }
}

}  // namespace

Result<int> scrub_for(const storage::Archive& archive, Duration budget, const Context& context) {
  Progress progress = read_progress(context);
  const std::string now = to_rfc3339(SystemClock().now());
  if (progress.at == storage::ScrubCursor()) progress.started = now;
  const auto end = Steady::now() + budget;
  VELLUM_TRY(const storage::ScrubReport report, archive.scrub(progress.at, [&] { return Steady::now() < end; }));
  progress.at = report.next;
  if (report.is_end) progress.completed = to_rfc3339(SystemClock().now());
  write_progress(progress, context);
  print_faults(report.faults, context);
  print(report, progress, context);
  return report.faults.empty() ? kDone : kDamaged;
}

}  // namespace vellum::cli
