// Page in, record out: the two messages between Vellum and a plugin, whatever language or process it runs in.
//
// Both are plain values that can be written down as JSON, so a plugin may run in the program, in a worker process, or
// one day in another language. No pointer into the store crosses this border.
//
// Threads: plain values.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/http_message.h"
#include "base/json.h"
#include "base/link.h"
#include "base/url.h"

namespace vellum::plugins {

// One stored answer. Fragments are answers that the page's plugin asked for and that are read with the page.
struct Answer {
  Url url;
  Timestamp captured{};
  Digest digest;
  int status = 200;
  HeaderBlock headers;
  std::string body;           // decoded payload
  std::string role = "page";  // "page" | "fragment" | "file", as in the record's `sources`
};

struct PageInput {
  Answer page;
  std::vector<Answer> fragments;
};

// Verdict of substance: is this what was asked for?
struct Verdict {
  std::string substance = "other";    // article|abstract|listing|login|captcha|block|soft-404|truncated|stub|other
  std::vector<std::string> evidence;  // the rule that fired and what it saw
  // login, captcha, block, soft-404, truncated and stub are kept but never become "the latest".
  bool is_quarantined() const;
  // truncated (cut off on the way) and stub (nothing to read in it): the page that was asked for, but too little of it.
  bool is_partial() const;
};

// A part of the page that lives under another address, to be fetched along on the same visit.
struct FragmentWish {
  Url url;
  std::string reason;  // "references", for messages
};

// What went wrong with a native plugin on a page. The page was then read by the next plugin that fits.
struct PluginFault {
  std::string plugin;  // id
  int version = 0;
  std::string step;    // start|load|create|match|extract
  std::string cause;   // deadline|memory|crashed|exited|threw|failed|garbled|too-large|record|unavailable|resting
  std::string detail;  // for people
};

struct Extraction {
  std::string plugin;  // id, reverse DNS
  int plugin_version = 0;
  std::string layout;  // "pubmed/2020", "" if the plugin has none
  Json record;         // vellum.article/1, tidy
  Verdict verdict;
  std::vector<OutboundLink> links;      // classified; the record's links and references among them
  std::vector<FragmentWish> fragments;  // declared by the plugin, whether or not given in PageInput
  std::vector<PluginFault> faults;      // of native plugins that were to read the page, also in the verdict's evidence
};

}  // namespace vellum::plugins
