#include "tools/vellum/crawl/crawl_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

constexpr auto kPlainEvery = std::chrono::seconds(30);

std::string clock_text(Duration took) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(took).count();
  return seconds < 3600 ? fmt::format("{}:{:02}", seconds / 60, seconds % 60)
                        : fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string totals(const engine::Snapshot& now) {
  const engine::Tally& tally = now.tally;
  const std::string limit = now.max_pages == 0 ? "" : fmt::format(" of {}", now.max_pages);
  return fmt::format("{}  {}{} pages, {} articles, {} others | {:.1f} pages/s, {:.1f} in all | {} received, {} stored",
                     clock_text(now.at - now.started), now.pages, limit, tally.articles, tally.captures - tally.pages,
                     now.pages_per_second, now.captures_per_second, human_bytes(tally.bytes),
                     human_bytes(tally.stored_bytes));
}

std::string outlook(const engine::Snapshot& now) {
  const bool is_held = now.queue.next_due && *now.queue.next_due >= storage::kForGood && now.in_flight == 0;
  if (is_held) return "paused or held: see `vellum status`";
  if (!now.time_left) return "time left unknown yet";
  return "about " + clock_text(*now.time_left) + " left at this pace";
}

std::string queue(const engine::Snapshot& now) {
  return fmt::format("{} queued in {} groups ({} ready, {} waiting, {} worked on), {} under way | {}", now.queue.queued,
                     now.queue.groups, now.queue.ready, now.waiting_groups(), now.queue.leased, now.in_flight,
                     outlook(now));
}

std::string failures(const engine::Snapshot& now) {
  return fmt::format("{} failed, {} skipped, {} quarantined", now.tally.failed, now.tally.skipped,
                     now.tally.quarantined);
}

// Cut at a character's border, so that no line wraps: a wrapped one could not be redrawn.
std::string fitting(std::string text, std::size_t columns) {
  if (text.size() <= columns) return text;
  while (columns > 0 && (static_cast<unsigned char>(text[columns]) & 0xC0) == 0x80) --columns;
  text.resize(columns);
  return text;
}

std::size_t terminal_columns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col - 1u : 79u;
}

}  // namespace

std::vector<std::string> progress_lines(const engine::Snapshot& snapshot) {
  std::vector<std::string> lines = {totals(snapshot), queue(snapshot)};
  const engine::Tally& tally = snapshot.tally;
  if (tally.failed + tally.skipped + tally.quarantined == 0) return lines;
  lines.push_back(failures(snapshot));
  if (!snapshot.troubles.empty()) {
    const engine::Trouble& last = snapshot.troubles.back();
    lines.back() += " | last: " + printable(last.reason) + " at " + printable(last.url);
  }
  return lines;
}

std::string progress_line(const engine::Snapshot& snapshot) {
  return totals(snapshot) + " | " + queue(snapshot) + " | " + failures(snapshot);
}

void ProgressBlock::show(const engine::Snapshot& snapshot) {
  if (!terminal_) {
    if (last_ == Timestamp{}) last_ = snapshot.started;
    if (snapshot.at - last_ < kPlainEvery) return;
    last_ = snapshot.at;
    std::fputs((progress_line(snapshot) + "\n").c_str(), stderr);
    return;
  }
  const std::vector<std::string> lines = progress_lines(snapshot);
  const std::size_t columns = terminal_columns();
  std::string text;
  if (lines_ > 0) text += fmt::format("\r\033[{}A\033[J", lines_);
  for (const std::string& line : lines) text += fitting(line, columns) + "\n";
  std::fputs(text.c_str(), stderr);
  lines_ = lines.size();
}

void ProgressBlock::clear() {
  if (lines_ > 0) std::fputs(fmt::format("\r\033[{}A\033[J", lines_).c_str(), stderr);
  lines_ = 0;
}

}  // namespace vellum::cli
