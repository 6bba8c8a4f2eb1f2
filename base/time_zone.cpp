#include "base/time_zone.h"

#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

namespace vellum {

struct TimeZone::Rules {
  std::unique_ptr<icu::TimeZone> zone;

  Duration offset(Timestamp t) const {
    const auto millis = std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
    int32_t raw = 0, summer = 0;
    UErrorCode fault = U_ZERO_ERROR;
    zone->getOffset(static_cast<UDate>(millis), false, raw, summer, fault);
    return std::chrono::milliseconds(raw + summer);
  }
};

TimeZone TimeZone::utc() {
  TimeZone zone;
  zone.name_ = "UTC";
  return zone;
}

Result<TimeZone> TimeZone::find(std::string_view name) {
  if (name == "UTC") return utc();
  const auto id = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  std::unique_ptr<icu::TimeZone> found(icu::TimeZone::createTimeZone(id));
  if (!found || *found == icu::TimeZone::getUnknown()) {
    return fail(ErrorKind::kInvalid, "no time zone is called `" + std::string(name.substr(0, 80)) +
                                         "`; write one such as \"America/New_York\" or \"UTC\"");
  }
  TimeZone zone;
  zone.name_ = name;
  auto rules = std::make_shared<Rules>();
  rules->zone = std::move(found);
  zone.rules_ = std::move(rules);
  return zone;
}

LocalTime TimeZone::local(Timestamp t) const {
  return LocalTime((rules_ ? t + rules_->offset(t) : t).time_since_epoch());
}

std::optional<Timestamp> TimeZone::instant(LocalTime t) const {
  const Timestamp guess(t.time_since_epoch());
  if (!rules_) return guess;
  // The offsets in force a day before and a day after are all that can apply.
  std::array<Duration, 2> offsets = {rules_->offset(guess - std::chrono::days(1)),
                                     rules_->offset(guess + std::chrono::days(1))};
  if (offsets[0] < offsets[1]) std::swap(offsets[0], offsets[1]);  // the larger offset gives the earlier instant
  for (const Duration offset : offsets) {
    if (local(guess - offset) == t) return guess - offset;
  }
  return std::nullopt;
}

}  // namespace vellum
