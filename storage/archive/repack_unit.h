// What one step of `repack` writes, and writing it. Private to storage.
//
// A step moves payloads and header blocks into new rows, in one batch: at every moment each payload lies either where
// it lay or where it goes. A row that nothing names and nothing leans on goes with the batch that made it so.
//
// Threads: RepackUnit is a value; apply() the store thread only.

#pragma once

#include <string>
#include <vector>

#include "storage/archive/records.h"
#include "storage/rocks/transaction.h"

namespace vellum::storage {

struct RepackUnit {
  // A row to be written; its id is given when it is. It leans on another row of the unit, on one that is there, or on
  // nothing.
  struct Row {
    std::string body;
    std::size_t base_in_unit = kNone;
    std::uint64_t base_row = 0;
  };
  struct Payload {
    Digest digest;
    Locator before;
    std::size_t row = 0;
    std::uint64_t offset = 0;
  };
  struct Header {
    CaptureId capture = 0;
    std::string before;
    std::size_t row = 0;
    std::uint64_t offset = 0, bytes = 0;
  };
  struct NewBase {
    std::string key;
    std::size_t row = kNone;  // of the unit, or base.row is one that is there
    Base base;
  };
  static constexpr std::size_t kNone = ~std::size_t{0};

  std::vector<Row> rows;
  std::vector<Payload> payloads;
  std::vector<Header> headers;
  std::vector<NewBase> bases;
  std::string cursor;  // where the next step goes on; "" at the end
  std::uint64_t pages = 0, raw_bytes = 0, unreadable = 0;

  // False, and nothing is written: something moved since the unit was planned.
  Result<bool> apply(rocks::Transaction& group, Counters& counters) const;
};

// Erases the row, and then what it leaned on, where nothing names it and nothing leans on it.
Result<void> drop_row_if_free(rocks::Transaction& group, Counters& counters, std::uint64_t row);

inline constexpr std::string_view kRepackCursorKey = "repack";

}  // namespace vellum::storage
