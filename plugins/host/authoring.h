// The author's loop: a first plugin from one page, and a page as a test. Writes files; no network.
//
//   VELLUM_TRY(NewPlugin made, draft_plugin(registry, "org.example", input));
//   VELLUM_CHECK(write_plugin(folder, made, input));      // folder/org.example/plugin.toml and its first test
//
// Threads: any; two writers into one folder must not meet.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "plugins/host/page.h"
#include "plugins/host/registry.h"

namespace vellum::plugins {

struct NewPlugin {
  std::string id;
  std::string platform;              // the one that reads the page best
  std::vector<std::string> found;    // record keys that it fills
  std::vector<std::string> missing;  // those that an article mostly has and it does not
  std::string toml;                  // the text of plugin.toml, without tests
  Json record;                       // as the platform reads the page
};

// Reads the page with every platform and takes the one that fills most; platform.page, from which the others start,
// where another fills but one key more: that is a chance match. kInvalid: the id is no reverse DNS name, the
// page is a block page or the like (its verdict is named), or no platform is installed.
Result<NewPlugin> draft_plugin(const Registry& registry, std::string_view id, const PageInput& input);

// Makes <folder>/<id>/ with the plugin and the page as its first test. kInvalid if it is there already, kStorage if it
// cannot be written.
Result<std::filesystem::path> write_plugin(const std::filesystem::path& folder, const NewPlugin& plugin,
                                           const PageInput& input);

// Adds the page and its fragments to a plugin's tests: the files beside its plugin.toml, the record as it is read now,
// and a [[tests]] table. kInvalid: the verdict quarantines the page (a challenge must not become a fixture), or
// there is a test of that name, or no plugin but the generic reader; kNotFound: no such plugin; kStorage.
Result<std::filesystem::path> write_test(const Registry& registry, std::string_view plugin_id, std::string_view name,
                                         const PageInput& input);

// `base`, or "<base> 2" and so on: a name that no test of the plugin has.
std::string free_test_name(const Registry& registry, std::string_view plugin_id, std::string_view base);

// Makes the record as it is read now what that test expects: its expected file is written anew, with the head's keys
// that it had. kNotFound: no such plugin, test or page; kInvalid: the record breaks the schema; kStorage.
Result<void> accept_record(const Registry& registry, std::string_view plugin_id, std::string_view test_name);

}  // namespace vellum::plugins
