// The plugins of this installation, and the one call that reads a page with them.
//
// A plugin is chosen by host and path, then layout detector, then priority; the generic reader (Highwire, Dublin Core,
// JSON-LD) is the floor, and fills what a site plugin leaves out. A plugin with a library (docs/plugins.md, "Native
// plugins") is read in a worker process; where that fails, the next plugin that fits reads the page, and
// Extraction::faults says so. extract() then takes up to twice the plugin's deadline.
//
//   VELLUM_TRY(auto registry, Registry::load(default_site_folders()));
//   auto extraction = registry.extract(input);       // never throws, never fails: a page that no plugin
//                                                     // understands is kind "other" from the generic reader
//
// Threads: extract() may run on any number of threads at once, also beside replace().

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "plugins/host/page.h"

namespace vellum::plugins {

struct PluginInfo {
  std::string id;
  std::string label;
  int version = 0;
  int priority = 0;
  std::vector<std::string> hosts;
  std::vector<std::string> layouts;
  std::filesystem::path file;
  std::size_t tests = 0;
  bool native = false;                      // a library reads its pages, in a worker process
  std::string channel;                      // "html", "eutils", ...: what the plugin reads
  std::string policy, basis;                // what the site asks of crawlers, and what a crawl rests on; "" if not said
  std::vector<std::string> volatile_parts;  // selectors of what changes on every load: tokens, counters
};

// A plugin file that does not load.
struct BrokenPlugin {
  std::string id;  // what the file says, else the name of its folder
  std::filesystem::path file;
  Error error;  // "file:line: what, and what would be right"; of its platform, where that is at fault
};

class Registry {
 public:
  // Reads every <folder>/<id>/plugin.toml and <folder>/_platforms/<id>/plugin.toml, or the one
  // <folder>/plugin.toml. Of an id in two folders, the one of the earlier folder holds. The first bad file is the
  // error: "file:line: what, and what would be right".
  static Result<Registry> load(const std::vector<std::filesystem::path>& folders);
  // The same, but what does not load is left out, also where a later folder has that id, and added to `broken`.
  static Registry load_sound(const std::vector<std::filesystem::path>& folders, std::vector<BrokenPlugin>& broken);
  Registry(Registry&&) noexcept;
  Registry& operator=(Registry&&) noexcept;
  ~Registry();

  std::vector<PluginInfo> list() const;

  // Reads the page (and its fragments). `only` names a plugin id to use instead of the best match (kNotFound if
  // absent). An input that cannot be parsed (too large, too deep) gives kind "other" with the reason in the verdict's
  // evidence.
  Extraction extract(const PageInput& input) const;
  Result<Extraction> extract_with(std::string_view plugin_id, const PageInput& input) const;

  bool has(std::string_view id) const;
  // kNotFound: "no plugin `id`, did you mean `x`?", to be returned by the caller.
  Failure no_plugin(std::string_view id) const;

  // Takes the plugins of `fresh` instead of its own. Pages that are being read meanwhile are read with the old ones.
  void replace(Registry fresh);

  struct Impl;
  std::shared_ptr<const Impl> share() const;
  const Impl& impl() const { return *impl_; }  // for the verbs of plugin authors, which replace nothing

 private:
  explicit Registry(std::unique_ptr<Impl> impl);
  std::shared_ptr<const Impl> impl_;  // read and written atomically
};

// $VELLUM_PLUGINS (colon-separated, an empty part is the built-in folder) with the built-in platforms, else
// ../share/vellum/sites beside the program, else the source tree's plugins/sites that the build was made from.
std::vector<std::filesystem::path> default_site_folders();
// The archive's own, <archive>/plugins, which need not exist, then these.
std::vector<std::filesystem::path> site_folders_of(const std::filesystem::path& archive);
// The parts of $VELLUM_PLUGINS in which no plugin lies: a folder that is not there, or another one than was meant.
std::vector<std::filesystem::path> named_folders_without_plugins();
// The plugin.toml files of a folder, in order.
std::vector<std::filesystem::path> plugin_files(const std::filesystem::path& folder);

// Runs the tests that lie beside one plugin (saved page, expected record): test.toml entries of plugin.toml.
struct PluginTestResult {
  std::string plugin;
  std::string name;
  bool passed = false;
  std::vector<std::string> differences;  // "title: expected "...", found "...""
  Duration took{};
};
std::vector<PluginTestResult> run_plugin_tests(const Registry& registry, std::string_view only_plugin = "");

}  // namespace vellum::plugins
