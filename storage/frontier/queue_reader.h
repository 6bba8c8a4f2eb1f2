// Looking at a queue from outside, beside whoever works on it: for `vellum explain`, `frontier ls` and `status`.
//
// Opens a RocksDB secondary of its own: takes no lock, writes nothing, and shows the state of the moment of opening.
//
// Errors: as of rocks::Database::open. Threads: one.

#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "storage/frontier/frontier.h"

namespace vellum::rocks {
class Database;
}

namespace vellum::storage {

class QueueReader {
 public:
  static Result<std::unique_ptr<QueueReader>> open(const std::filesystem::path& folder);
  ~QueueReader();

  // As Frontier::status().
  Result<TaskStatus> status(RunId run, const std::string& seen, const std::string& group) const;

  // Politeness state of a group, whatever the run.
  struct GroupState {
    Timestamp next_at{};     // no request before this
    Timestamp held_until{};  // Retry-After or an operator; the epoch if none
    bool leased = false;     // somebody works on it
  };
  Result<GroupState> group(const std::string& group) const;  // kNotFound: never asked

  // As Frontier::stats(), orders() and list().
  Result<QueueStats> stats(RunId run, Timestamp now) const;
  Result<std::vector<GroupOrder>> orders() const;
  Result<std::vector<LeasedTask>> list(RunId run, const std::string& group, const std::string& after,
                                       std::size_t max) const;

 private:
  explicit QueueReader(std::unique_ptr<rocks::Database> database);
  std::unique_ptr<rocks::Database> database_;
};

}  // namespace vellum::storage
