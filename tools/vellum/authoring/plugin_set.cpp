#include "tools/vellum/authoring/plugin_set.h"

#include <set>
#include <string>

namespace vellum::cli {
namespace {

using plugins::Registry;

std::vector<std::filesystem::path> folders_of(const Context& context) {
  for (const auto& folder : plugins::named_folders_without_plugins()) {
    warn("no plugins in " + folder.string() + ", which VELLUM_PLUGINS names: it takes folders of plugin folders");
  }
  return plugins::site_folders_of(context.archive);
}

}  // namespace

Result<Registry> load_plugins(const Context& context, std::string_view named) {
  std::vector<plugins::BrokenPlugin> broken;
  Registry registry = Registry::load_sound(folders_of(context), broken);
  std::set<std::string> told;  // a broken platform breaks those that extend it: one line for all
  for (const plugins::BrokenPlugin& plugin : broken) {
    if (!named.empty() && plugin.id == named) return fail(plugin.error);
  }
  for (const plugins::BrokenPlugin& plugin : broken) {
    context.has_failed_aside = true;
    if (told.insert(plugin.error.message).second) warn(plugin.error.message);
  }
  return registry;
}

Result<Registry> load_all_plugins(const Context& context) {
  return Registry::load(folders_of(context));
}

}  // namespace vellum::cli
