#include "tools/vellum/serve/plugin_watch.h"

#include <algorithm>
#include <system_error>

namespace vellum::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto kLookEvery = std::chrono::milliseconds(250);

// Path, time and size of each plugin file. A file that vanishes while we look is one that is not there.
std::vector<std::string> look(const std::vector<fs::path>& folders) {
  std::vector<std::string> lines;
  for (const fs::path& folder : folders) {
    for (const fs::path& parent : {folder, folder / "_platforms"}) {
      std::error_code none;
      for (const auto& entry : fs::directory_iterator(parent, none)) {
        const fs::path file = entry.path() / "plugin.toml";
        const auto size = fs::file_size(file, none);
        if (none) continue;
        const auto time = fs::last_write_time(file, none).time_since_epoch().count();
        lines.push_back(file.string() + " " + std::to_string(time) + " " + std::to_string(size));
      }
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

PluginWatch::PluginWatch(plugins::Registry& registry, std::vector<fs::path> folders,
                         std::function<void(const std::string&)> on_fault)
    : registry_(registry),
      folders_(std::move(folders)),
      on_fault_(std::move(on_fault)),
      seen_(look(folders_)),
      thread_([this] { work(); }) {}

PluginWatch::~PluginWatch() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  ending_.notify_all();
  thread_.join();
}

void PluginWatch::work() {
  std::unique_lock lock(mutex_);
  while (!ending_.wait_for(lock, kLookEvery, [this] { return is_ending_; })) {
    auto found = look(folders_);
    if (found == seen_) continue;
    seen_ = std::move(found);
    auto fresh = plugins::Registry::load(folders_);
    on_fault_(fresh ? std::string() : fresh.error().message);
    if (fresh) registry_.replace(*std::move(fresh));
  }
}

}  // namespace vellum::cli
