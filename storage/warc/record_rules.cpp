#include "storage/warc/record_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "base/media_type.h"
#include "base/text.h"
#include "storage/warc/digest_text.h"

namespace vellum::warc {
namespace {

// Bits of the record types, for tables of what may stand where.
enum Type : unsigned {
  kWarcinfo = 1,
  kResponse = 2,
  kResource = 4,
  kRequest = 8,
  kMetadata = 16,
  kRevisit = 32,
  kConversion = 64,
  kContinuation = 128,
  kAll = 255
};

unsigned type_bit(std::string_view type) {
  constexpr std::string_view kNames[] = {"warcinfo", "response", "resource",   "request",
                                         "metadata", "revisit",  "conversion", "continuation"};
  const auto* found = std::find(std::begin(kNames), std::end(kNames), type);
  return found == std::end(kNames) ? 0 : 1u << (found - std::begin(kNames));
}

bool is_id(std::string_view text) {
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
  return is_uri(text);
}

bool is_target(std::string_view text, std::string_view version) {
  const bool may_be_bracketed = version != "1.1";  // in 1.0, section 4, a uri has brackets
  return may_be_bracketed ? is_id(text) : is_uri(text);
}

bool is_media_type(std::string_view text) {
  const std::string_view essence = trim(text.substr(0, text.find(';')));
  const std::size_t slash = essence.find('/');
  const bool has_parts = slash != std::string_view::npos && slash > 0 && slash + 1 < essence.size();
  return has_parts && essence.find_first_of(" \t()<>@,:\\\"[]?={}", 0) == std::string_view::npos &&
         essence.find('/', slash + 1) == std::string_view::npos;
}

bool is_address(const std::string& text) {
  unsigned char parsed[sizeof(in6_addr)];
  return inet_pton(AF_INET, text.c_str(), parsed) == 1 || inet_pton(AF_INET6, text.c_str(), parsed) == 1;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// What a defined field must look like, and in which records it may stand.
enum class Shape { kRecordId, kId, kTarget, kDate, kMediaType, kAddress, kDigits, kReason, kDigest, kFree };
struct FieldRule {
  std::string_view name;
  Shape shape;
  unsigned types;
  const Rule* rule;
};

constexpr unsigned kCaptured = kResponse | kResource | kRequest | kMetadata | kRevisit;
const FieldRule kFieldRules[] = {
    {"WARC-Type", Shape::kFree, kAll, nullptr},
    {"WARC-Record-ID", Shape::kRecordId, kAll, &rule::kRecordId},
    {"WARC-Date", Shape::kDate, kAll, &rule::kDate},
    {"Content-Length", Shape::kFree, kAll, nullptr},
    {"Content-Type", Shape::kMediaType, kAll, &rule::kContentType},
    {"WARC-Concurrent-To", Shape::kId, kCaptured, &rule::kConcurrentTo},
    {"WARC-Block-Digest", Shape::kDigest, kAll, nullptr},
    {"WARC-Payload-Digest", Shape::kDigest, kAll, nullptr},
    {"WARC-IP-Address", Shape::kAddress, kCaptured, &rule::kIpAddress},
    {"WARC-Refers-To", Shape::kId, kMetadata | kRevisit | kConversion, &rule::kRefersTo},
    {"WARC-Refers-To-Target-URI", Shape::kTarget, kRevisit, &rule::kRefersToTargetUri},
    {"WARC-Refers-To-Date", Shape::kDate, kRevisit, &rule::kRefersToDate},
    {"WARC-Target-URI", Shape::kTarget, kAll & ~kWarcinfo, &rule::kTargetUri},
    {"WARC-Truncated", Shape::kReason, kAll, &rule::kTruncated},
    {"WARC-Warcinfo-ID", Shape::kId, kAll & ~kWarcinfo, &rule::kWarcinfoId},
    {"WARC-Filename", Shape::kFree, kWarcinfo, nullptr},
    {"WARC-Profile", Shape::kTarget, kRevisit, &rule::kProfile},
    {"WARC-Identified-Payload-Type", Shape::kMediaType, kAll, &rule::kIdentifiedType},
    {"WARC-Segment-Number", Shape::kDigits, kAll, &rule::kSegmentNumber},
    {"WARC-Segment-Origin-ID", Shape::kId, kContinuation, &rule::kSegmentOrigin},
    {"WARC-Segment-Total-Length", Shape::kDigits, kContinuation, &rule::kSegmentTotal},
};

bool has_shape(Shape shape, const std::string& value, std::string_view version) {
  switch (shape) {
    case Shape::kRecordId:
      return is_id(value) && (version != "1.1" || value.starts_with('<'));
    case Shape::kId:
      return is_id(value);
    case Shape::kTarget:
      return is_target(value, version);
    case Shape::kDate:
      return is_warc_date(value);
    case Shape::kMediaType:
      return is_media_type(value);
    case Shape::kAddress:
      return is_address(value);
    case Shape::kDigits:
      return is_number(value);
    case Shape::kReason:
      return value == "length" || value == "time" || value == "disconnect" || value == "unspecified";
    default:
      return true;
  }
}

// The fields of one record against the rules; a walk of a few short functions.
class FieldCheck {
 public:
  FieldCheck(const Record& record, const FaultSink& sink)
      : record_(record), sink_(sink), type_(type_bit(record.type)) {}

  void run() {
    check_mandatory();
    check_each();
    check_segments();
    check_type();
    if (type_ == kRevisit) check_revisit();
    if (type_ == kWarcinfo || type_ == kMetadata) check_no_payload();
  }

 private:
  void report(const Rule& rule, std::string detail) {
    sink_({&rule, record_.offset, record_.number, std::move(detail)});
  }
  bool has(std::string_view name) const { return record_.first(name).has_value(); }

  void check_mandatory() {
    for (std::string_view name : {"WARC-Record-ID", "Content-Length", "WARC-Date", "WARC-Type"}) {
      if (!has(name)) report(rule::kMandatoryField, std::string(name) + " is missing");
    }
    const bool needs_target = (type_ & (kAll & ~kWarcinfo & ~kMetadata)) != 0;
    if (needs_target && !has("WARC-Target-URI")) report(rule::kTargetUriMissing, "a " + record_.type + " without one");
  }

  void check_each() {
    std::set<std::string> seen;
    for (const Field& field : record_.fields) {
      const auto* known = std::find_if(std::begin(kFieldRules), std::end(kFieldRules), [&](const FieldRule& rule) {
        return rule.name.size() == field.name.size() && equals_ignore_case(rule.name, field.name);
      });
      if (known == std::end(kFieldRules)) continue;  // section 5.1: unknown fields are ignored
      const bool may_repeat = known->name == "WARC-Concurrent-To";
      if (!seen.insert(std::string(known->name)).second && !may_repeat) {
        report(rule::kRepeatedField, field.name + " stands there again");
      }
      check_one(*known, field);
    }
  }

  void check_one(const FieldRule& known, const Field& field) {
    if (field.value.empty()) return report(rule::kEmptyField, field.name + " is empty");
    if (type_ != 0 && (known.types & type_) == 0) {
      return report(rule::kFieldNotAllowed, field.name + " in a " + record_.type + " record");
    }
    if (known.shape == Shape::kDigest) return check_digest(field);
    if (has_shape(known.shape, field.value, record_.version)) return check_style(field);
    report(*known.rule, field.name + " is `" + repair_utf8(field.value.substr(0, 80)) + "`");
  }

  void check_style(const Field& field) {
    const std::size_t word = field.value.find("=?");
    if (word != std::string::npos && field.value.find("?=", word + 2) != std::string::npos &&
        field.name != "WARC-Target-URI") {
      report(rule::kEncodedWord, field.name);
    }
  }

  void check_digest(const Field& field) {
    const auto digest = parse_labelled_digest(field.value);
    const std::string shown = field.name + " is `" + repair_utf8(field.value.substr(0, 80)) + "`";
    if (!digest) return report(rule::kDigestSyntax, shown);
    if (!digest->is_known) return report(rule::kDigestAlgorithm, shown);
    if (digest->readings.empty()) report(rule::kDigestValue, shown);
  }

  // Sections 5.20 to 5.22, and 7.
  void check_segments() {
    const auto number = record_.first("WARC-Segment-Number");
    const bool is_continuation = type_ == kContinuation;
    if (is_continuation && !number) report(rule::kSegmentNumber, "a continuation without WARC-Segment-Number");
    if (is_continuation && !has("WARC-Segment-Origin-ID")) report(rule::kSegmentOrigin, "a continuation without one");
    if (!number || !is_number(*number) || type_ == 0) return;
    const std::string digits = number->substr(std::min(number->find_first_not_of('0'), number->size()));
    const bool fits = is_continuation ? !digits.empty() && digits != "1" : digits == "1";
    if (!fits)
      report(rule::kSegmentNumber, "WARC-Segment-Number is " + number->substr(0, 40) + " in a " + record_.type);
  }

  void check_type() {
    const std::string content = record_.first("Content-Type").value_or("");
    const bool says_type = has("WARC-Type");
    if (type_ == 0 && says_type) report(rule::kRecordType, "`" + repair_utf8(record_.type.substr(0, 80)) + "`");
    if (content.empty() && record_.length > 0 && type_ != kContinuation) {
      report(rule::kContentTypeMissing, "a block of " + std::to_string(record_.length) + " bytes without Content-Type");
    }
    const std::string essence = to_lower_ascii(trim(content.substr(0, content.find(';'))));
    if (type_ == kWarcinfo && !content.empty() && essence != "application/warc-fields") {
      report(rule::kWarcinfoType, "Content-Type is `" + repair_utf8(content.substr(0, 80)) + "`");
    }
    if (type_ == kResponse || type_ == kRequest || type_ == kRevisit) check_http(content, essence);
  }

  void check_http(const std::string& content, const std::string& essence) {
    const std::string uri = record_.uri("WARC-Target-URI");
    const bool is_http = starts_with_ignore_case(uri, "http:") || starts_with_ignore_case(uri, "https:");
    const bool is_message = essence == "application/http" || essence == "message/http";
    if (is_http && !content.empty() && !is_message && type_ != kRevisit) {
      report(rule::kHttpType, "Content-Type is `" + repair_utf8(content.substr(0, 80)) + "`");
    }
    const std::size_t at = to_lower_ascii(content).find("msgtype");
    if (!is_message || at == std::string::npos) return;
    std::string_view value = trim(std::string_view(content).substr(at + 7));
    if (!value.starts_with('=')) return;
    value = trim(value.substr(1, value.find(';') - 1));
    if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
    const std::string_view wanted = type_ == kRequest ? "request" : "response";
    if (!equals_ignore_case(value, wanted)) {
      report(rule::kMsgtype, "msgtype is `" + repair_utf8(value.substr(0, 40)) + "` in a " + record_.type + " record");
    }
  }

  void check_revisit() {
    const auto profile = record_.first("WARC-Profile");
    if (!profile) return report(rule::kProfile, "a revisit without WARC-Profile");
    const bool is_identical = profile->find("/revisit/identical-payload-digest") != std::string::npos;
    const bool is_unmodified = profile->find("/revisit/server-not-modified") != std::string::npos;
    if (is_uri(record_.uri("WARC-Profile")) && !is_identical && !is_unmodified) {
      report(rule::kProfileUnknown, "`" + repair_utf8(profile->substr(0, 80)) + "`");
    }
    if (is_identical && !has("WARC-Payload-Digest")) report(rule::kRevisitDigest, "a revisit without it");
    const bool refers = has("WARC-Refers-To") || (has("WARC-Refers-To-Target-URI") && has("WARC-Refers-To-Date"));
    if (!refers) report(rule::kRevisitRefers, "no WARC-Refers-To, nor URI and date");
  }

  void check_no_payload() {
    for (const char* name : {"WARC-Payload-Digest", "WARC-Identified-Payload-Type"}) {
      if (has(name)) report(rule::kNoPayload, std::string(name) + " in a " + record_.type + " record");
    }
  }

  const Record& record_;
  const FaultSink& sink_;
  unsigned type_;
};

}  // namespace

bool is_uri(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const auto is_alpha = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_scheme = [&](char c) {
    return is_alpha(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  const std::string_view scheme = text.substr(0, colon);
  if (!is_alpha(scheme.front()) || !std::all_of(scheme.begin(), scheme.end(), is_scheme)) return false;
  // Crawlers keep `|`, `{`, `^` and non-ASCII letters of real links; no reader minds them.
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 32 || c == 127 || c == '<' || c == '>' || c == '"';
  });
}

bool is_warc_date(std::string_view text) {
  constexpr std::string_view kPattern = "dddd-dd-ddTdd:dd:dd";
  std::string date = to_lower_ascii(text.substr(0, 64));
  std::transform(date.begin(), date.end(), date.begin(),
                 [](char c) { return c == 't' || c == 'z' ? static_cast<char>(c - 32) : c; });
  const bool is_time = date.size() > 10;
  if (text.size() > 64 || is_time != date.ends_with('Z')) return false;
  if (is_time) date.pop_back();
  std::string fraction = date.substr(std::min(date.size(), kPattern.size()));
  date.resize(std::min(date.size(), kPattern.size()));
  for (std::size_t i = 0; i < date.size(); ++i) {
    const bool fits = kPattern[i] == 'd' ? date[i] >= '0' && date[i] <= '9' : date[i] == kPattern[i];
    if (!fits) return false;
  }
  const bool has_fraction = !fraction.empty();
  if (has_fraction && (fraction[0] != '.' || fraction.size() > 10 || !is_number(fraction.substr(1)))) return false;
  switch (date.size()) {
    case 4:
      return true;
    case 7:
      return parse_timestamp(date + "-01").has_value();
    case 10:
      return parse_timestamp(date).has_value();
    case 16:
      return !has_fraction && parse_timestamp(date + ":00Z").has_value();
    case 19:
      return parse_timestamp(date + "Z").has_value();
    default:
      return false;
  }
}

void check_fields(const Record& record, const FaultSink& sink) {
  if (record.format == Record::Format::kWarc) FieldCheck(record, sink).run();
}

}  // namespace vellum::warc
