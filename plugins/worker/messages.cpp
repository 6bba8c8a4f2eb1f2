#include "plugins/worker/messages.h"

#include "base/text.h"

namespace vellum::worker {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kMaxFragments = 16;
constexpr std::size_t kMaxDetail = 500;

std::string little_endian(std::size_t value) {
  std::string out;
  for (std::size_t i = 0; i < kLengthBytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
  return out;
}

Json head_of(const PageAnswer& answer) {
  return {{"url", answer.url},          {"captured", answer.captured}, {"media_type", answer.media_type},
          {"charset", answer.charset},  {"markup", answer.markup},     {"status", answer.status},
          {"bytes", answer.body.size()}};
}

// Takes the body off the front of `bodies`.
Result<PageAnswer> answer_from(const Json& head, std::string_view& bodies) {
  const std::int64_t bytes = integer_of(head, "bytes", -1);
  if (bytes < 0 || static_cast<std::uint64_t>(bytes) > bodies.size()) {
    return fail(ErrorKind::kProtocol, "page message: the bodies are shorter than announced");
  }
  PageAnswer answer{text_of(head, "url"),
                    text_of(head, "captured"),
                    text_of(head, "media_type"),
                    text_of(head, "charset"),
                    text_of(head, "markup"),
                    static_cast<int>(integer_of(head, "status")),
                    bodies.substr(0, static_cast<std::size_t>(bytes))};
  bodies.remove_prefix(answer.body.size());
  return answer;
}

}  // namespace

Result<void> send_page(int fd, std::span<const PageAnswer> answers, SteadyTime deadline) {
  Json list = Json::array();
  std::string bodies;
  for (const PageAnswer& answer : answers) {
    list.push_back(head_of(answer));
    bodies += answer.body;
  }
  const std::string head = to_line({{"answers", std::move(list)}});
  const std::string length = little_endian(head.size());
  return send_frame(fd, FrameKind::kPage, {length, head, bodies}, deadline);
}

Result<std::vector<PageAnswer>> read_page(std::string_view payload) {
  if (payload.size() < kLengthBytes) return fail(ErrorKind::kProtocol, "page message: no head");
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= std::size_t{static_cast<unsigned char>(payload[i])} << (8 * i);
  }
  payload.remove_prefix(kLengthBytes);
  if (length > payload.size()) return fail(ErrorKind::kProtocol, "page message: the head is cut");
  VELLUM_TRY(const Json head, parse_json(payload.substr(0, length)));
  const auto list = head.find("answers");
  if (list == head.end() || !list->is_array() || list->empty()) {
    return fail(ErrorKind::kProtocol, "page message: no answers");
  }
  std::string_view bodies = payload.substr(length);
  std::vector<PageAnswer> answers;
  for (const Json& item : *list) {
    VELLUM_TRY(PageAnswer answer, answer_from(item, bodies));
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::string to_payload(const Reply& reply) {
  Json fragments = Json::array();
  for (const FragmentRequest& wish : reply.fragments) {
    fragments.push_back({{"url", wish.url}, {"reason", wish.reason}});
  }
  return to_line({{"wanted", reply.wanted}, {"record", reply.record}, {"fragments", std::move(fragments)}});
}

Result<Reply> read_reply(std::string_view payload) {
  auto json = parse_json(payload);
  if (!json) return fail(ErrorKind::kProtocol, "a reply that is no JSON: " + json.error().message);
  const auto record = json->find("record");
  if (!json->is_object() || record == json->end() || !record->is_object()) {
    return fail(ErrorKind::kProtocol, "a reply without a record");
  }
  Reply reply{flag_of(*json, "wanted"), std::move(*record), {}};
  const auto fragments = json->find("fragments");
  if (fragments == json->end() || !fragments->is_array()) return reply;
  for (const Json& item : *fragments) {
    if (reply.fragments.size() < kMaxFragments) {
      reply.fragments.push_back({text_of(item, "url"), text_of(item, "reason")});
    }
  }
  return reply;
}

std::string fault_payload(Cause cause, std::string_view detail) {
  return to_line({{"cause", name_of(cause)}, {"detail", detail.substr(0, kMaxDetail)}});
}

Fault read_fault(std::string_view payload, Step step) {
  const auto json = parse_json(payload);
  if (!json || !json->is_object()) return {step, Cause::kGarbled, "bytes that are no message"};
  return {step, cause_of(text_of(*json, "cause")), repair_utf8(text_of(*json, "detail").substr(0, kMaxDetail))};
}

}  // namespace vellum::worker
