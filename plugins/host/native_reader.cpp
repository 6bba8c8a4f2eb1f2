#include "plugins/host/native_reader.h"

#include <algorithm>

#include "base/article.h"
#include "base/media_type.h"
#include "base/text.h"
#include "plugins/worker/worker_pool.h"

namespace vellum::plugins {
namespace {

constexpr std::string_view kHead[] = {"schema",         "url",    "captured", "sources", "plugin",
                                      "plugin_version", "layout", "verdict"};

std::string markup_of(const Answer& answer) {
  MediaType type;
  type.essence = essence_of(answer);
  return type.is_html() ? "html" : type.is_xml() ? "xml" : "";
}

worker::PageAnswer message_of(const Answer& answer, std::string markup) {
  const MediaType declared = parse_media_type(answer.headers.first("Content-Type").value_or(""));
  return {answer.url.href(),  answer.captured == Timestamp{} ? "" : to_rfc3339(answer.captured),
          essence_of(answer), declared.charset,
          std::move(markup),  answer.status,
          answer.body};
}

// A plugin chooses these words, and terminals and logs show them: valid UTF-8 without control characters, C2 80 to C2
// 9F among them.
std::string one_line(std::string_view words) {
  std::string out = repair_utf8(words);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    if (byte < 0x20 || byte == 0x7F) out[i] = ' ';
    if (byte == 0xC2 && i + 1 < out.size() && static_cast<unsigned char>(out[i + 1]) < 0xA0) out.replace(i, 2, " ");
  }
  return out;
}

PluginFault fault_of(const Rule& rule, const worker::Fault& fault) {
  return {rule.id, rule.version, std::string(name_of(fault.step)), std::string(name_of(fault.cause)),
          one_line(fault.detail)};
}

// Addresses as a rule's are: resolved, and of the web. Recursion goes as deep as the record, which is checked before.
void resolve_addresses(Json& value, const Url& base) {
  if (value.is_array()) {
    for (Json& item : value) resolve_addresses(item, base);
  } else if (value.is_object()) {
    for (auto& [key, member] : value.items()) {
      if (member.is_structured()) resolve_addresses(member, base);
      if ((key != "url" && key != "image" && key != "next") || !member.is_string()) continue;
      const auto url = Url::parse(member.get_ref<const std::string&>(), &base);
      member = url && url->is_http() ? Json(url->href()) : Json();
    }
  }
}

void number_references(Json& record) {
  if (!record.contains("references")) return;
  int position = 0;
  for (Json& work : record["references"]) {
    ++position;
    if (!work.contains("position")) work["position"] = position;
  }
}

// Takes the record of a reply over; says what is wrong with it.
std::optional<worker::Fault> take_record(Json found, const PageView& page, NativeReading& reading) {
  for (const std::string_view key : kHead) found.erase(std::string(key));
  Json whole = found;
  whole["url"] = page.answer().url.href();
  if (!whole.contains("kind")) whole["kind"] = "article";
  article::tidy(whole);
  const std::vector<std::string> faults = article::faults(whole);
  if (!faults.empty()) return worker::Fault{worker::Step::kExtract, worker::Cause::kRecord, faults.front()};
  const bool says_kind = found.contains("kind");
  whole.erase("url");
  if (!says_kind) whole.erase("kind");
  resolve_addresses(whole, page.base_url());
  article::tidy(whole);
  whole.erase("schema");
  number_references(whole);
  reading.record = std::move(whole);
  return std::nullopt;
}

void take_fragments(const std::vector<worker::FragmentRequest>& asked, const Url& base, NativeReading& reading) {
  for (const worker::FragmentRequest& wish : asked) {
    auto url = Url::parse(wish.url, &base);
    if (url && url->is_http()) reading.fragments.push_back({*std::move(url), wish.reason});
  }
}

}  // namespace

NativeReading read_native(const Rule& rule, const PageView& page, const PageInput& input) {
  std::vector<worker::PageAnswer> answers = {message_of(input.page, page.document().is_xml() ? "xml" : "html")};
  for (const Answer& fragment : input.fragments) answers.push_back(message_of(fragment, markup_of(fragment)));
  worker::Reading raw = rule.native->read(answers);
  NativeReading reading;
  reading.log = std::move(raw.log);
  if (!raw.fault && raw.reply.wanted) raw.fault = take_record(std::move(raw.reply.record), page, reading);
  if (raw.fault) {
    reading.fault = fault_of(rule, *raw.fault);
    return reading;
  }
  reading.wanted = raw.reply.wanted;
  if (reading.wanted) take_fragments(raw.reply.fragments, page.base_url(), reading);
  return reading;
}

void put_over(Json& record, const Json& found) {
  for (const auto& [key, value] : found.items()) {
    if (!value.is_object() || !record.contains(key) || !record[key].is_object()) {
      record[key] = value;
      continue;
    }
    for (const auto& [inner, inner_value] : value.items()) record[key][inner] = inner_value;
  }
}

std::string to_text(const PluginFault& fault) {
  return "plugin " + fault.plugin + " failed in " + fault.step + ": " + fault.detail;
}

}  // namespace vellum::plugins
