// Takes changed plugins into a running program: looks at the plugin files a few times a second, and when one came, went
// or changed, loads all anew and gives them to the registry. What does not load changes nothing: the old ones stay, and
// the fault is told once, with file and line.
//
// Threads: one of its own, from the constructor to the destructor; `on_fault` is called on it, with "" when all is well
// again.

#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "plugins/host/registry.h"

namespace vellum::cli {

class PluginWatch {
 public:
  PluginWatch(plugins::Registry& registry, std::vector<std::filesystem::path> folders,
              std::function<void(const std::string& fault)> on_fault);
  ~PluginWatch();
  PluginWatch(const PluginWatch&) = delete;
  PluginWatch& operator=(const PluginWatch&) = delete;

 private:
  void work();

  plugins::Registry& registry_;
  const std::vector<std::filesystem::path> folders_;
  const std::function<void(const std::string&)> on_fault_;
  std::vector<std::string> seen_;  // a line a file: what it was when it was last loaded
  std::mutex mutex_;
  std::condition_variable ending_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace vellum::cli
