// What is under embargo, as replay and exports ask.
//
// Held back are: a capture that an embargo names; all captures of an address that one names, with the fragments and
// files that were fetched for its pages; and revisits of a named capture. What an embargo on an address holds back may
// have come after the embargo was set.
//
// Threads: a value.

#pragma once

#include <map>
#include <vector>

#include "storage/archive/tombstone.h"

namespace vellum::storage {

class Withheld {
 public:
  Withheld() = default;  // nothing is
  explicit Withheld(const std::vector<Embargo>& embargoes);

  bool empty() const { return captures_.empty() && addresses_.empty() && prefixes_.empty(); }
  // Of the embargoes that hold the capture back at `now` the one that ends last; null: none does. Lives as long as
  // this.
  const Embargo* over(const Capture& capture, Timestamp now) const;

 private:
  std::map<CaptureId, Embargo> captures_;
  std::map<std::string, Embargo> addresses_;  // by replay key
  std::vector<Embargo> prefixes_;
};

}  // namespace vellum::storage
