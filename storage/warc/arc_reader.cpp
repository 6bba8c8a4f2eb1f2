// The ARC half of RecordReader: one line of five fields (ARC 1) or ten (ARC 2) stands before each block.

#include <algorithm>
#include <charconv>

#include "base/clock.h"
#include "base/text.h"
#include "storage/warc/record_reader.h"

namespace vellum::warc {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_arc_date(std::string_view text) {
  return is_digits(text) && (text.size() == 14 || text.size() == 12 || text.size() == 8);
}

// "20080430204825" -> "2008-04-30T20:48:25Z"
std::string warc_date(std::string_view digits) {
  const auto time = parse_timestamp(digits);
  return time ? to_rfc3339(*time).substr(0, 19) + "Z" : std::string();
}

std::string type_of(std::string_view url) {
  if (url.starts_with("filedesc:")) return "warcinfo";
  return starts_with_ignore_case(url, "http:") || starts_with_ignore_case(url, "https:") ? "response" : "resource";
}

}  // namespace

Result<std::optional<Record>> RecordReader::next_arc(std::string line) {
  bool said = false;
  for (;;) {
    Record record;
    record.format = Record::Format::kArc;
    const std::string_view text = trim(line);
    if (!text.empty() && read_arc_line(record, text)) {
      begin(record);
      record.head = line;
      left_ = record.length;
      length_known_ = true;
      breaks_ = input_.breaks();
      return std::optional(std::move(record));
    }
    if (!text.empty() && !std::exchange(said, true)) {
      report(rule::kArcLine, "no record begins with `" + repair_utf8(text.substr(0, 80)) + "`");
    }
    VELLUM_TRY(const Line kind, read_line(line));
    if (kind == Line::kEnd) return std::optional<Record>();
  }
}

// The URL may hold spaces, so fields are counted from the end.
bool RecordReader::read_arc_line(Record& record, std::string_view line) {
  const std::vector<std::string_view> words = split(line, ' ');
  const std::size_t count = words.size();
  const bool is_second = count >= 10 && is_arc_date(words[count - 8]) && is_digits(words[count - 3]);
  const std::size_t tail = is_second ? 9 : 4;
  if (count <= tail || !is_arc_date(words[count - tail + 1])) return false;
  const std::string_view length = words[count - 1];
  const auto [stop, code] = std::from_chars(length.data(), length.data() + length.size(), record.length);
  if (!is_digits(length) || code != std::errc() || record.length > INT64_MAX) return false;
  static_cast<void>(stop);
  std::size_t url_bytes = 0;
  for (std::size_t i = 0; i < count - tail; ++i) url_bytes += words[i].size() + (i > 0 ? 1 : 0);
  const std::string url(line.substr(0, url_bytes));
  record.version = is_second ? "2" : "1";
  record.has_length = true;
  record.type = type_of(url);
  const std::string mime(words[count - tail + 2]);
  record.fields = {{"WARC-Target-URI", url},
                   {"WARC-IP-Address", std::string(words[count - tail])},
                   {"WARC-Date", warc_date(words[count - tail + 1])},
                   {"Content-Length", std::string(length)},
                   {"Content-Type", record.type == "response" ? "application/http;msgtype=response" : mime}};
  return true;
}

Result<void> RecordReader::finish_arc_record() {
  VELLUM_TRY(const std::string_view bytes, input_.peek());
  if (bytes.empty() || is_clipped_) return {};
  line_offset_ = input_.offset();
  if (bytes.front() == '\n') {
    input_.consume(1);
  } else if (!input_.at_member_start()) {
    report(rule::kArcEnd, "no line feed after the block");
  }
  return {};
}

}  // namespace vellum::warc
