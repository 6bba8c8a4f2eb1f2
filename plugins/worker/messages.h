// The messages between a program and its worker, inside the frames of frame.h. Plain values that can be written down.
//
//   page   u32 length of a JSON head, the head {"answers":[{"url":..,"bytes":n,...}]}, the bodies one after another
//   reply  JSON {"wanted":true,"record":{...},"fragments":[{"url":..,"reason":..}]}
//   fault  JSON {"cause":"threw","detail":".."}
//
// Whoever reads a message checks it: sizes add up, values have their types, nesting is bounded (parse_json).
//
// Threads: plain values.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "plugins/worker/fault.h"
#include "plugins/worker/frame.h"

namespace vellum::worker {

// The page or a fragment of it. Views: of the caller's memory, or of the PageMessage.
struct PageAnswer {
  std::string url;
  std::string captured;    // RFC 3339, "" if unknown
  std::string media_type;  // sniffed essence
  std::string charset;     // of the Content-Type, "" if none
  std::string markup;      // "html", "xml", "" if it is not to be parsed
  int status = 200;
  std::string_view body;
};

// kTooLarge if head and bodies are over kMaxPageBytes; else as send_frame.
Result<void> send_page(int fd, std::span<const PageAnswer> answers, SteadyTime deadline);

// The answers of a page frame, the page first; views of `payload`. kProtocol if it is none.
Result<std::vector<PageAnswer>> read_page(std::string_view payload);

struct FragmentRequest {
  std::string url;  // as the plugin gave it
  std::string reason;
};

// What a plugin made of a page.
struct Reply {
  bool wanted = true;            // false: match() or extract() said that it is not a page of its kind
  Json record = Json::object();  // of unproven keys and types
  std::vector<FragmentRequest> fragments;
};

std::string to_payload(const Reply& reply);
// kProtocol if it is no reply.
Result<Reply> read_reply(std::string_view payload);

std::string fault_payload(Cause cause, std::string_view detail);
// The step is the caller's to know. What is no fault message is cause kGarbled.
Fault read_fault(std::string_view payload, Step step);

}  // namespace vellum::worker
