// Records of WARC 0.17, 0.18, 1.0 and 1.1 and of ARC 1 and 2 files, plain, gzip (by record or as a whole) or zstd, read
// as a stream: constant memory, no recursion, every length checked.
//
// Never trusts, never gives up: what breaks a rule is reported to the sink, and reading goes on at the next thing that
// looks like a record. Nothing here judges the meaning of fields; that is record_rules.h.
//
//   RecordReader reader(std::move(source), sink);
//   for (;;) {
//     VELLUM_TRY(auto record, reader.next());
//     if (!record) break;
//     for (;;) { VELLUM_TRY(auto piece, reader.read_block()); if (piece.empty()) break; ... }
//   }
//
// Threads: one a reader. Spec: WARC 1.1 sections 4 and 5, annex D.

#pragma once

#include <optional>
#include <vector>

#include "storage/warc/coded_input.h"

namespace vellum::warc {

struct Field {
  std::string name, value;  // name as written; value unfolded and trimmed
};

struct Record {
  enum class Format { kWarc, kArc };
  Format format = Format::kWarc;
  std::string version;  // "1.1"; of ARC "1" or "2"
  std::string type;     // WARC-Type in lower case, "" if there is none; of ARC warcinfo, response or resource
  std::vector<Field> fields;
  std::uint64_t number = 0;  // 1 for the first
  std::uint64_t offset = 0;  // in the file: of the record, or of the member that holds it
  std::uint64_t length = 0;  // Content-Length; 0 where it is missing or unreadable
  bool has_length = false;
  bool starts_member = false;  // coded files: it is the first in its member
  std::string head;            // the header as it stands in the file, with its empty line

  std::optional<std::string> first(std::string_view name) const;  // names compare without case
  // An id or URI without the angle brackets that WARC 1.0 writers put around it; "" if there is none.
  std::string uri(std::string_view name) const;
};

class RecordReader {
 public:
  RecordReader(std::unique_ptr<ByteSource> source, FaultSink sink);
  ~RecordReader();

  // The next record, after whatever was left of the block before it; nullopt at the end. kInvalid: the file cannot be
  // read.
  Result<std::optional<Record>> next();
  // The next piece of its block; empty at the end.
  Result<std::string_view> read_block();
  // The block ended before its length (known once it has been read to its end).
  bool is_clipped() const { return is_clipped_; }
  // The file's offset behind the record, once next() has gone past it: where its index entry ends.
  std::uint64_t end_of_last() const { return end_of_last_; }
  Coding coding() const { return input_.coding(); }
  std::uint64_t decoded() const { return input_.position(); }         // bytes read, after decoding
  std::uint64_t file_offset() const { return input_.file_offset(); }  // and before
  std::uint64_t records() const { return number_; }

  static constexpr std::size_t kMostHeaderBytes = 1u << 20, kMostFields = 10000;

 private:
  enum class Line { kWhole, kClipped, kTooLong, kEnd };
  Result<Line> read_line(std::string& line);
  Result<bool> finish_record();
  Result<void> finish_warc_record();
  Result<void> finish_arc_record();
  Result<bool> find_version(std::string& line);
  Result<void> pass_lines(bool& at_line_start, bool& said);
  Result<std::optional<Record>> read_warc(std::string version_line);
  Result<void> read_fields(Record& record);
  void add_line(Record& record, std::string_view line);
  void add_field(Record& record, std::string_view line);
  void read_version(Record& record, std::string_view line);
  void read_length(Record& record);
  Result<std::optional<Record>> next_arc(std::string line);
  bool read_arc_line(Record& record, std::string_view line);
  void report(const Rule& rule, std::string detail);
  void begin(Record& record);

  FaultSink sink_;
  CodedInput input_;
  std::uint64_t number_ = 0, left_ = 0, breaks_ = 0, line_offset_ = 0, record_offset_ = 0, end_of_last_ = 0;
  bool has_record_ = false, is_clipped_ = false, is_lost_ = false, is_arc_ = false, line_starts_member_ = false;
  bool length_known_ = false, is_in_block_ = false;
  std::uint64_t shared_member_ = UINT64_MAX;  // the last one that was found to hold several records
  std::size_t consumed_ = 0;                  // of the piece that read_block() gave
};

}  // namespace vellum::warc
