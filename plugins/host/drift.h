// Does a plugin still read its site? Hit rates by plugin, layout and field, and an alarm where one falls.
//
// A page that is captured again is held against its own earlier record: a field that the record had and has no more is
// lost, whatever rate the site as a whole has. What is lost on one page in twenty of those that had it is an alarm.
// Pages seen for the first time count in the rates alone; they give an alarm where the rate of a plugin's field is far
// below that of the crawl before. Pages that are quarantined (blocks, logins) are not counted: they are no news of
// markup.
//
// Memory: by plugins and fields, not by pages. Threads: one a watch.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace vellum::plugins {

// The fields that a record has, with how many items: "title" 1, "authors" 8, "authors.orcid" 3, "journal.issn" 2. Head,
// verdict and what is derived are left out.
std::map<std::string, std::size_t> field_counts(const Json& record);

struct FieldLoss {
  std::string field;
  std::size_t before = 0, after = 0;
};
// What `before` has and `after` has not, or (lists) has less than half of and at least three fewer.
std::vector<FieldLoss> losses(const Json& before, const Json& after);

// Where a record comes from.
struct Sighting {
  std::uint64_t capture = 0;
  std::string url;
  std::string captured;  // RFC 3339
};

struct FieldRate {
  std::uint64_t pages = 0, hits = 0;
  double share() const { return pages == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(pages); }
};

// By plugin, layout and field; the field "" counts the pages.
class DriftRates {
 public:
  using Key = std::tuple<std::string, std::string, std::string>;
  void add(const Json& record);
  // Counts of another part of the same crawl.
  void add(const DriftRates& more);
  const std::map<Key, FieldRate>& rows() const { return rows_; }
  FieldRate of_plugin(std::string_view plugin, std::string_view field) const;  // over its layouts
  Json to_json() const;  // {"plugin":{"layout":{"":12,"title":11,...}}}
  // kInvalid: not such an object. No more is taken from it than numbers under names.
  static Result<DriftRates> from_json(const Json& json);

 private:
  std::map<Key, FieldRate> rows_;
};

struct DriftAlarm {
  std::string plugin, layout, field;  // of the record before; field "layout": the plugin reads the page no more
  std::uint64_t had = 0, lost = 0;    // pages that had the field before, and have it no more
  double rate_before = 0, rate_now = 0;
  std::size_t before = 0, after = 0;  // items on the first bad capture, before and now
  Sighting first_bad;
  Sighting last_good;  // of the same page; capture 0 where the alarm rests on rates alone
};

class DriftWatch {
 public:
  // `before`: the record of the page's last good capture; nullptr if there is none.
  void add(const Sighting& at, const Json& record, const Sighting& last, const Json* before);
  const DriftRates& rates() const { return rates_; }
  // By plugin, layout and field. `previous` (may be null): the rates of the crawl before.
  std::vector<DriftAlarm> alarms(const DriftRates* previous) const;

 private:
  struct Paired {
    std::uint64_t had = 0, lost = 0;
    std::size_t before = 0, after = 0;
    Sighting first_bad, last_good;
  };
  void count_loss(const DriftRates::Key& key, const FieldLoss& loss, const Sighting& at, const Sighting& last);
  void add_fallen_rates(const DriftRates& previous, std::vector<DriftAlarm>& alarms) const;

  DriftRates rates_;
  std::map<DriftRates::Key, Paired> paired_;
  std::map<DriftRates::Key, Sighting> first_without_;  // fields that another page of the plugin had
  std::map<std::string, Sighting> first_page_;         // by plugin
};

}  // namespace vellum::plugins
