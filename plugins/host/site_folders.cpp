#include <algorithm>
#include <cstdlib>
#include <string>
#include <system_error>

#include "base/text.h"
#include "plugins/host/page.h"
#include "plugins/host/registry.h"

namespace vellum::plugins {

namespace fs = std::filesystem;

bool Verdict::is_quarantined() const {
  return substance == "login" || substance == "captcha" || substance == "block" || substance == "soft-404" ||
         substance == "truncated" || substance == "stub";
}

bool Verdict::is_partial() const {
  return substance == "truncated" || substance == "stub";
}

namespace {

// Where the plugins lie that came with the program.
fs::path built_in_folder() {
  std::error_code failed;
  fs::path program = fs::read_symlink("/proc/self/exe", failed);
  fs::path installed = program.parent_path().parent_path() / "share" / "vellum" / "sites";
  if (!failed && fs::is_directory(installed, failed)) return installed;
  return fs::path(VELLUM_SITES_DIR);
}

}  // namespace

// Named folders replace the built-in one, but its platforms stay, unless a named folder has platforms of its own.
std::vector<fs::path> default_site_folders() {
  std::vector<fs::path> folders;
  const char* named = std::getenv("VELLUM_PLUGINS");
  for (std::string_view folder : split(named ? named : "", ':')) {
    folders.push_back(folder.empty() ? built_in_folder() : fs::path(folder));
  }
  const bool own_platforms = std::any_of(folders.begin(), folders.end(), [](const fs::path& folder) {
    std::error_code ignored;
    return fs::is_directory(folder / "_platforms", ignored);
  });
  if (!own_platforms) folders.push_back(built_in_folder() / "_platforms");
  return folders;
}

std::vector<fs::path> plugin_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  if (fs::is_regular_file(folder / "plugin.toml", ignored)) return {folder / "plugin.toml"};
  for (const fs::path& parent : {folder, folder / "_platforms"}) {
    for (const auto& entry : fs::directory_iterator(parent, ignored)) {
      fs::path file = entry.path() / "plugin.toml";
      if (fs::is_regular_file(file, ignored)) files.push_back(file);
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> named_folders_without_plugins() {
  std::vector<fs::path> empty;
  const char* named = std::getenv("VELLUM_PLUGINS");
  for (std::string_view folder : split(named ? named : "", ':')) {
    if (!folder.empty() && plugin_files(folder).empty()) empty.emplace_back(folder);
  }
  return empty;
}

std::vector<fs::path> site_folders_of(const fs::path& archive) {
  std::vector<fs::path> folders = default_site_folders();
  folders.insert(folders.begin(), archive / "plugins");
  return folders;
}

}  // namespace vellum::plugins
