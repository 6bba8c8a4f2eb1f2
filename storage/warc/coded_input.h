// The decoded bytes of a plain, gzip or zstd file, with the boundaries of its members (gzip members, zstd frames).
//
// Constant memory, whatever the file says. Damage never ends the reading: it is reported, counted, and decoding goes on
// at the next gzip member that can be found.
//
//   CodedInput input(std::move(source), sink);
//   for (;;) { VELLUM_TRY(auto bytes, input.peek()); if (bytes.empty()) break; ...; input.consume(n); }
//
// Threads: one. Spec: RFC 1952; RFC 8878; IIPC "zstd compression for WARC files" (a dictionary in a leading skippable
// frame of magic 0x184D2A5D, itself compressed or not).

#pragma once

#include <memory>
#include <vector>

#include "storage/warc/byte_source.h"
#include "storage/warc/rules.h"

namespace vellum::warc {

enum class Coding { kPlain, kGzip, kZstd };

class CodedInput {
 public:
  // Faults of the coding go to `sink`.
  CodedInput(std::unique_ptr<ByteSource> source, FaultSink sink);
  ~CodedInput();
  CodedInput(const CodedInput&) = delete;
  CodedInput& operator=(const CodedInput&) = delete;

  // The decoded bytes at hand, never across the end of a member; empty at the end of the file. kInvalid: cannot be
  // read.
  Result<std::string_view> peek();
  void consume(std::size_t bytes);

  // The three below speak of the next byte, after peek().
  Coding coding() const { return coding_; }
  bool at_member_start() const { return coding_ != Coding::kPlain && in_member_ == 0; }
  // In the file: of the member, or of the byte itself where the file is plain.
  std::uint64_t offset() const { return coding_ == Coding::kPlain ? position_ : member_offset_; }
  std::uint64_t position() const { return position_; }  // decoded bytes consumed
  // Where reading stands in the file: the end of the member when it has been used up.
  std::uint64_t file_offset() const { return coding_ == Coding::kPlain ? position_ : read_ - (in_.size() - used_); }
  // How often damage took bytes away.
  std::uint64_t breaks() const { return breaks_; }

 private:
  struct Decoder;
  struct Gzip;
  struct Zstd;
  enum class Step { kBytes, kMemberEnd, kMore, kDamaged };

  Result<bool> fill();  // false at the end of the file
  Result<bool> need(std::size_t bytes);
  Result<void> detect();
  Result<bool> begin_member();
  Result<bool> find_member();
  Result<bool> begin_frame();
  Result<bool> read_dictionary(std::size_t size);
  Result<bool> skip(std::uint64_t bytes);
  Result<void> decode();
  void damaged(const Rule& rule, std::string detail);
  std::string_view ahead() const { return std::string_view(in_).substr(used_); }

  std::unique_ptr<ByteSource> source_;
  FaultSink sink_;
  std::unique_ptr<Decoder> decoder_;
  Coding coding_ = Coding::kPlain;
  bool is_detected_ = false, is_ended_ = false, is_inside_ = false, is_lost_ = false;
  std::string in_;        // coded bytes read
  std::size_t used_ = 0;  // of in_
  std::uint64_t read_ = 0, member_offset_ = 0, members_ = 0, in_member_ = 0, position_ = 0, breaks_ = 0;
  std::vector<char> out_;
  std::size_t out_begin_ = 0, out_end_ = 0;
};

}  // namespace vellum::warc
