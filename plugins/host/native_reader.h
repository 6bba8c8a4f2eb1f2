// A page read by the native part of a plugin, in a worker process, and what comes back made safe for a record.
//
// Threads: any; waits for the worker, at most for the plugin's deadline (twice that where a worker has to be started).

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/host/page.h"
#include "plugins/host/page_view.h"
#include "plugins/host/rule.h"

namespace vellum::plugins {

struct NativeReading {
  bool wanted = false;           // it is a page of its kind, and was read
  Json record = Json::object();  // keys and types of vellum.article/1, tidy; none of the head
  std::vector<FragmentWish> fragments;
  std::optional<PluginFault> fault;
  std::vector<std::string> log;
};

// REQUIRES: rule.native. A record that does not fit vellum.article/1 is refused as a whole, with a fault that names the
// first place.
NativeReading read_native(const Rule& rule, const PageView& page, const PageInput& input);

// Puts what the library found over what the rules found: ids, journal and cited_by key by key, all else as a whole.
void put_over(Json& record, const Json& found);

// "plugin org.example failed in extract: no answer within 5s"
std::string to_text(const PluginFault& fault);

}  // namespace vellum::plugins
