#include "tools/vellum/exchange/archive_copy.h"

#include <fmt/format.h>

#include <iostream>

#include "storage/commit/backup.h"
#include "tools/vellum/care/copy_journal.h"

namespace vellum::cli {

int copy_archive(const std::filesystem::path& from, const std::filesystem::path& to, std::string_view done,
                 const Context& context) {
  const auto copied = storage::copy_archive(from, to);
  if (!copied) return report(copied.error());
  if (done.starts_with("backup")) {
    if (const auto made = storage::Archive::open(to)) {
      const auto last = last_capture(**made);
      note_copy(from, {"backup", to.string(), SystemClock().now(), last.value_or(~storage::CaptureId{0}), {}, {}, {}});
    }
  }
  if (context.json) {
    Json row;
    row["event"] = "summary";
    row["archive"] = to.string();
    row["captures"] = copied->captures;
    row["payloads"] = copied->payloads;
    row["payload_bytes"] = copied->payload_bytes;
    std::cout << to_line(row) << '\n';
  } else {
    std::cout << fmt::format("{} {} captures in {}: {} payloads, {} read and hashed\n", done, copied->captures,
                             to.string(), copied->payloads, human_bytes(copied->payload_bytes));
  }
  return kDone;
}

}  // namespace vellum::cli
