// The payload side of fixity: rows, what lies in them, what leans on what. Part of archive_check; private to storage.
//
// Rows are read one after another as they lie on disk and each is decoded once, however many payloads it holds.
//
// Threads: one.

#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "storage/archive/payload_reader.h"

namespace vellum::storage {

class PayloadCheck {
 public:
  using Report = std::function<void(std::string where, std::string what)>;

  // Rows of ids over `last_row` came after the check began and are left out.
  PayloadCheck(const rocks::Database& database, const PayloadReader& reader, std::uint64_t last_row, bool read_data,
               Report report)
      : database_(database), reader_(reader), last_row_(last_row), read_data_(read_data), report_(std::move(report)) {}

  void run();
  // Only what run() says of rows by themselves, with their bytes: those behind `after`, until `read` says false of the
  // id of one.
  void scrub(std::uint64_t after, const std::function<bool(std::uint64_t row)>& read);

  struct Found {
    std::uint64_t payloads = 0, payload_bytes = 0, frame_bytes = 0;
  };
  const Found& found() const { return found_; }
  const Found& hashed() const { return hashed_; }  // payloads whose bytes were read

  // A capture has this payload: its length as stored, and whether there is one at all.
  void count_reference(const Digest& digest);
  // After all captures were counted.
  void compare_references();

 private:
  struct Row {
    std::uint64_t base = 0;
    bool is_named = false;  // by a payload or a header block
  };
  struct References {
    std::uint64_t row = 0, said = 0, counted = 0;
  };

  bool is_later(std::uint64_t row) const { return row > last_row_; }
  void each(rocks::Family family, const rocks::Database::Visit& visit);
  void check_row(std::uint64_t id, std::string_view frame);
  void check_place(std::uint64_t id, std::uint64_t offset, std::string_view name, const std::string* content);
  void check_payload_at(std::uint64_t id, std::uint64_t offset, const Digest& digest, const std::string* content);
  void check_header_at(std::uint64_t id, std::uint64_t offset, CaptureId capture);
  void check_digest(const Digest& digest, std::string_view value);
  void check_leans();
  void check_bases();
  bool has_moved(const Digest& digest, const Locator& before) const;

  const rocks::Database& database_;
  const PayloadReader& reader_;
  const std::uint64_t last_row_;
  const bool read_data_;
  Report report_;
  Found found_, hashed_;
  std::unordered_map<std::uint64_t, Row> rows_;
  std::unordered_map<std::uint64_t, References> references_;  // by the first 8 bytes of the digest
};

}  // namespace vellum::storage
