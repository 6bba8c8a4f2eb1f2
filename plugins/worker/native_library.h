// A plugin's library in the worker: loaded, checked, its instance made and called. The one file that loads code.
//
// Every call into the library goes through here, and what comes out of it as an exception is a Misdeed. Threads: one.

#pragma once

#include <vellum/plugin.h>

#include <optional>
#include <string>

#include "plugins/worker/fault.h"

namespace vellum::worker {

struct Misdeed {
  Cause cause = Cause::kFailed;
  std::string detail;
};

class NativeLibrary {
 public:
  // Loads the library and checks its entry: ABI major, sizes, id. nullopt: fine.
  std::optional<Misdeed> load(const std::string& path, const std::string& id);
  std::optional<Misdeed> create(const vellum_host* host);
  // `wanted` is false where match() or extract() says that it is not a page of its kind.
  std::optional<Misdeed> match(const vellum_page* page, bool& wanted);
  std::optional<Misdeed> extract(const vellum_page* page, bool& wanted);
  void destroy();

 private:
  const vellum_plugin* entry_ = nullptr;
  const vellum_reader* reader_ = nullptr;
  void* instance_ = nullptr;
};

}  // namespace vellum::worker
