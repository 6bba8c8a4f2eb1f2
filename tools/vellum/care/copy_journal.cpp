#include "tools/vellum/care/copy_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

std::filesystem::path journal_of(const std::filesystem::path& archive) {
  return archive / "COPIES";
}

Json json_of(const CopyLine& line) {
  Json json;
  json["at"] = to_rfc3339(line.at);
  json["kind"] = line.kind;
  json["path"] = line.path;
  json["last"] = line.last;
  if (!line.prefix.empty()) json["prefix"] = line.prefix;
  if (line.from) json["from"] = to_rfc3339(*line.from);
  if (line.to) json["to"] = to_rfc3339(*line.to);
  return json;
}

Result<CopyLine> line_of(const std::string& text) {
  VELLUM_TRY(const Json json, parse_json(text));
  CopyLine line;
  line.kind = text_of(json, "kind");
  line.path = text_of(json, "path");
  line.last = static_cast<storage::CaptureId>(integer_of(json, "last"));
  line.prefix = text_of(json, "prefix");
  VELLUM_TRY(line.at, parse_timestamp(text_of(json, "at")));
  if (json.contains("from")) {
    VELLUM_TRY(line.from, parse_timestamp(text_of(json, "from")));
  }
  if (json.contains("to")) {
    VELLUM_TRY(line.to, parse_timestamp(text_of(json, "to")));
  }
  return line;
}

}  // namespace

void note_copy(const std::filesystem::path& archive, CopyLine line) {
  std::error_code error;
  line.path = std::filesystem::absolute(line.path, error).lexically_normal().string();
  const std::string text = to_line(json_of(line)) + "\n";
  const int file = ::open(journal_of(archive).c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  const bool is_written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const int why = errno;
  if (file >= 0) ::close(file);
  if (!is_written)
    warn("cannot note in " + journal_of(archive).string() + " that " + line.path + " is a copy: " + std::strerror(why) +
         "; a take-down will not name it");
}

Result<storage::CaptureId> last_capture(const storage::Archive& archive) {
  VELLUM_TRY(const storage::ArchiveStats stats, archive.stats());
  return stats.last_capture;
}

Result<std::vector<CopyLine>> read_copies(const std::filesystem::path& archive) {
  std::vector<CopyLine> lines;
  std::ifstream in(journal_of(archive));
  for (std::string text; std::getline(in, text);) {
    if (auto line = line_of(text)) lines.push_back(*std::move(line));
  }
  return lines;
}

bool may_hold(const CopyLine& copy, const storage::Capture& capture) {
  if (capture.id > copy.last || !capture.url.starts_with(copy.prefix)) return false;
  return (!copy.from || capture.captured >= *copy.from) && (!copy.to || capture.captured <= *copy.to);
}

}  // namespace vellum::cli
