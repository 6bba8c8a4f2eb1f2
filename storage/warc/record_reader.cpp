#include "storage/warc/record_reader.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace vellum::warc {
namespace {

constexpr std::string_view kMagic = "WARC/";

// "WARC/1.0", but not "WARC-Type: x" nor a line of HTML.
bool is_version_line(std::string_view line) {
  return starts_with_ignore_case(line, kMagic);
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={} \t";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return c > 32 && c < 127 && kSeparators.find(c) == std::string_view::npos;
  });
}

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (static_cast<unsigned char>(c) < 32 && c != '\t') || c == 127; });
}

}  // namespace

// What the file says, fit for one line of a report.
static std::string in_quotes(std::string_view text) {
  std::string out = "`";
  for (char c : repair_utf8(text.substr(0, 80))) out += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
  return out + (text.size() > 80 ? "...`" : "`");
}

std::optional<std::string> Record::first(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.name.size() == name.size() && equals_ignore_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::string Record::uri(std::string_view name) const {
  std::string value = first(name).value_or("");
  if (value.size() >= 2 && value.front() == '<' && value.back() == '>') value = value.substr(1, value.size() - 2);
  return value;
}

RecordReader::RecordReader(std::unique_ptr<ByteSource> source, FaultSink sink)
    : sink_(std::move(sink)), input_(std::move(source), [this](Fault fault) {
        fault.record = number_;
        sink_(std::move(fault));
      }) {}
RecordReader::~RecordReader() = default;

void RecordReader::report(const Rule& rule, std::string detail) {
  sink_({&rule, line_offset_, number_, std::move(detail)});
}

// A line with its end; a member's end ends a line too. kTooLong: the rest of it comes as further lines.
Result<RecordReader::Line> RecordReader::read_line(std::string& line) {
  line.clear();
  for (;;) {
    VELLUM_TRY(const std::string_view bytes, input_.peek());
    if (line.empty()) {
      line_offset_ = input_.offset();
      line_starts_member_ = input_.at_member_start();
    } else if (input_.at_member_start()) {
      return Line::kClipped;
    }
    if (bytes.empty()) return line.empty() ? Line::kEnd : Line::kClipped;
    const std::size_t end = bytes.find('\n');
    const std::size_t room = kMostHeaderBytes - line.size();
    const std::size_t taken = std::min(room, end == std::string_view::npos ? bytes.size() : end + 1);
    line.append(bytes.substr(0, taken));
    input_.consume(taken);
    if (line.back() == '\n') return Line::kWhole;
    if (line.size() >= kMostHeaderBytes) return Line::kTooLong;
  }
}

Result<std::optional<Record>> RecordReader::next() {
  VELLUM_TRY(const bool more, finish_record());
  if (!more) return std::optional<Record>();
  std::string line;
  if (number_ == 0 && !is_arc_) {
    VELLUM_TRY(const Line kind, read_line(line));
    if (kind == Line::kEnd) return std::optional<Record>();
    is_arc_ = line.starts_with("filedesc:");
    if (!is_arc_ && !is_version_line(line)) {
      report(rule::kVersionLine, "the file begins with " + in_quotes(without_line_end(line)));
      is_lost_ = true;
    }
    if (is_arc_) return next_arc(std::move(line));
    if (!is_lost_) return read_warc(std::move(line));
  }
  if (is_arc_) {
    VELLUM_TRY(const Line kind, read_line(line));
    if (kind == Line::kEnd) return std::optional<Record>();
    return next_arc(std::move(line));
  }
  VELLUM_TRY(const bool found, find_version(line));
  if (!found) return std::optional<Record>();
  return read_warc(std::move(line));
}

// Passes, of the piece at hand, the lines that cannot be version lines.
Result<void> RecordReader::pass_lines(bool& at_line_start, bool& said) {
  VELLUM_TRY(const std::string_view bytes, input_.peek());
  line_offset_ = input_.offset();
  at_line_start = at_line_start || input_.at_member_start();
  std::size_t at = 0;
  while (at < bytes.size() && !(at_line_start && (bytes[at] == 'W' || bytes[at] == 'w'))) {
    const std::size_t end = bytes.find('\n', at);
    at_line_start = end != std::string_view::npos;
    at = at_line_start ? end + 1 : bytes.size();
  }
  if (at > 0 && !std::exchange(said, true)) {
    report(rule::kVersionLine,
           "no record begins with " + in_quotes(without_line_end(bytes.substr(0, bytes.find('\n')))));
  }
  input_.consume(at);
  return {};
}

// Goes to the next version line; what lies before it is one fault, unless it has been reported already.
Result<bool> RecordReader::find_version(std::string& line) {
  bool at_line_start = true, said = std::exchange(is_lost_, false);
  for (;;) {
    VELLUM_CHECK(pass_lines(at_line_start, said));
    if (!at_line_start) {
      VELLUM_TRY(const std::string_view more, input_.peek());
      if (more.empty()) return false;
      continue;
    }
    VELLUM_TRY(const Line kind, read_line(line));
    if (kind == Line::kEnd) return false;
    if (is_version_line(line)) return true;
    if (!std::exchange(said, true)) {
      report(rule::kVersionLine, "no record begins with " + in_quotes(without_line_end(line)));
    }
    at_line_start = kind != Line::kTooLong;
  }
}

void RecordReader::begin(Record& record) {
  record.number = ++number_;
  record.offset = record_offset_ = line_offset_;
  record.starts_member = line_starts_member_;
  has_record_ = true;
  is_clipped_ = false;
}

Result<std::optional<Record>> RecordReader::read_warc(std::string version_line) {
  Record record;
  begin(record);
  record.head = version_line;
  read_version(record, version_line);
  VELLUM_CHECK(read_fields(record));
  record.type = to_lower_ascii(record.first("WARC-Type").value_or(""));
  read_length(record);
  left_ = record.length;
  length_known_ = record.has_length;
  breaks_ = input_.breaks();
  return std::optional(std::move(record));
}

void RecordReader::read_version(Record& record, std::string_view line) {
  if (!line.ends_with("\r\n")) report(rule::kLineEnd, "the version line does not end in CR LF");
  record.version = std::string(without_line_end(line).substr(kMagic.size()));
  constexpr std::string_view kKnown[] = {"0.17", "0.18", "1.0", "1.1"};
  if (std::find(std::begin(kKnown), std::end(kKnown), record.version) != std::end(kKnown)) return;
  report(rule::kVersion, "the version is " + in_quotes(record.version));
}

Result<void> RecordReader::read_fields(Record& record) {
  std::string line;
  for (;;) {
    VELLUM_TRY(const Line kind, read_line(line));
    const bool is_too_large = record.head.size() + line.size() > kMostHeaderBytes;
    if (kind == Line::kTooLong || is_too_large || record.fields.size() >= kMostFields) {
      report(rule::kHeaderSize, "the header goes on after " + std::to_string(record.head.size()) + " bytes");
      is_lost_ = true;
      return {};
    }
    record.head += line;
    if (kind == Line::kWhole && without_line_end(line).empty()) {
      if (line != "\r\n") report(rule::kLineEnd, "the empty line is not CR LF");
      return {};
    }
    if (kind == Line::kWhole && !line.ends_with("\r\n")) report(rule::kLineEnd, in_quotes(without_line_end(line)));
    if (kind != Line::kEnd) add_line(record, without_line_end(line));
    if (kind == Line::kWhole) continue;
    report(rule::kHeaderClipped, "the header stops without an empty line");
    return {};
  }
}

// A field, or the second line of one.
void RecordReader::add_line(Record& record, std::string_view line) {
  const bool is_folded = line.starts_with(' ') || line.starts_with('\t');
  if (!is_folded || record.fields.empty()) return add_field(record, line);
  Field& field = record.fields.back();
  report(rule::kFoldedField, field.name + " goes on with " + in_quotes(line));
  const std::string_view rest = trim(line);
  if (!field.value.empty() && !rest.empty()) field.value += ' ';
  field.value += rest;
}

void RecordReader::add_field(Record& record, std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    report(rule::kFieldSyntax, in_quotes(line));
    if (colon == std::string_view::npos) return;
  }
  Field field{std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))};
  if (has_controls(field.value)) report(rule::kFieldText, field.name + ": " + in_quotes(field.value));
  if (!is_valid_utf8(field.value)) report(rule::kFieldUtf8, field.name + ": " + in_quotes(field.value));
  record.fields.push_back(std::move(field));
}

void RecordReader::read_length(Record& record) {
  const auto text = record.first("Content-Length");
  if (!text) return;
  std::uint64_t length = 0;
  const char* end = text->data() + text->size();
  const auto [stop, code] = std::from_chars(text->data(), end, length);
  record.has_length = !text->empty() && stop == end && code == std::errc() && length <= INT64_MAX;
  if (record.has_length) {
    record.length = length;
  } else if (!text->empty()) {
    report(rule::kContentLength, "Content-Length is " + in_quotes(*text));
  }
}

Result<std::string_view> RecordReader::read_block() {
  input_.consume(std::exchange(consumed_, 0));
  if (left_ == 0) return std::string_view();
  VELLUM_TRY(const std::string_view bytes, input_.peek());
  const bool is_next = input_.at_member_start() && input_.coding() == Coding::kGzip;
  const bool is_cut = bytes.empty() || input_.breaks() != breaks_ || (is_next && is_version_line(bytes));
  if (is_cut) {
    line_offset_ = record_offset_;
    report(rule::kBlockClipped, "the block ends " + std::to_string(left_) + " bytes before its length");
    left_ = 0;
    is_clipped_ = true;
    return std::string_view();
  }
  if (is_next && is_in_block_) report(rule::kMemberPerRecord, "the record goes on in another member");
  is_in_block_ = true;
  consumed_ = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  left_ -= consumed_;
  return bytes.substr(0, consumed_);
}

// Passes what is left of the record; false at the end of the file.
Result<bool> RecordReader::finish_record() {
  if (!std::exchange(has_record_, false)) return true;
  for (;;) {
    VELLUM_TRY(const std::string_view rest, read_block());
    if (rest.empty()) break;
  }
  is_in_block_ = false;
  if (is_arc_) VELLUM_CHECK(finish_arc_record());
  if (!is_arc_ && !is_clipped_) VELLUM_CHECK(finish_warc_record());
  end_of_last_ = input_.file_offset();
  VELLUM_TRY(const std::string_view after, input_.peek());
  return !after.empty();
}

Result<void> RecordReader::finish_warc_record() {
  if (is_lost_ || !length_known_) {
    is_lost_ = true;  // where the block ends is unknown: the next version line tells
    return {};
  }
  std::string found;
  bool is_more = false;
  while (found.size() < 64 && !is_more) {
    VELLUM_TRY(const std::string_view bytes, input_.peek());
    is_more = bytes.empty() || (!found.empty() && input_.at_member_start());
    if (is_more) break;
    if (input_.at_member_start() && is_version_line(bytes)) break;
    if (found.empty()) line_offset_ = input_.offset();
    is_more = bytes.front() != '\r' && bytes.front() != '\n';
    if (is_more) break;
    found += bytes.front();
    input_.consume(1);
  }
  if (found != "\r\n\r\n") {
    if (found.empty()) line_offset_ = input_.offset();
    const auto lines = std::count(found.begin(), found.end(), '\n');
    report(rule::kRecordEnd, std::to_string(lines) + " line ends instead of two CR LF after the block");
  }
  VELLUM_TRY(const std::string_view after, input_.peek());
  const bool shares = !after.empty() && input_.coding() != Coding::kPlain && !input_.at_member_start();
  line_offset_ = input_.offset();
  if (shares && is_version_line(after) && std::exchange(shared_member_, line_offset_) != line_offset_) {
    report(rule::kMemberPerRecord, "a member holds more than one record");
  }
  return {};
}

}  // namespace vellum::warc
