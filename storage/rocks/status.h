// RocksDB's Status as our Error: one line, and a kind that says what to do. Private to storage/rocks.

#pragma once

#include <rocksdb/status.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum::rocks {

inline Error to_error(const rocksdb::Status& status, std::string_view doing) {
  ErrorKind kind = ErrorKind::kStorage;
  if (status.IsCorruption()) kind = ErrorKind::kCorrupt;
  if (status.IsNotFound()) kind = ErrorKind::kNotFound;
  if (status.IsPathNotFound()) kind = ErrorKind::kCorrupt;  // a file of the database is gone
  std::string text = status.ToString();
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  // Of a table that is gone RocksDB names the ending that LevelDB gave it, which it tries last.
  if (const auto ending = text.find(".ldb:"); ending != std::string::npos) text.replace(ending, 4, ".sst");
  return Error{kind, std::string(doing) + ": " + text, static_cast<int>(status.code())};
}

inline Result<void> check(const rocksdb::Status& status, std::string_view doing) {
  if (!status.ok()) return fail(to_error(status, doing));
  return {};
}

}  // namespace vellum::rocks
