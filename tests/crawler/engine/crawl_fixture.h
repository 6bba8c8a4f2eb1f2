// A crawl in a test: a scripted server that plays a proxy for any host, a fresh archive, and everything that was told.

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "crawler/engine/crawl.h"
#include "tests/support/http_server.h"
#include "tests/support/temp_dir.h"

namespace vellum::test {

class Recorder : public engine::CrawlObserver {
 public:
  void captured(const storage::Capture& capture) override {
    captures.push_back(capture);
    if (on_captured) on_captured();
  }
  void extracted(const engine::ExtractedNote& note) override { articles.push_back(note); }
  void drifted(const engine::DriftNote& drift) override { drifts.push_back(drift); }
  void failed(const std::string& url, const std::string& reason) override { failures.push_back(url + " " + reason); }
  void plugin_failed(const std::string& url, const plugins::PluginFault& fault) override {
    plugin_failures.push_back(url + " " + fault.plugin + " " + fault.step + " " + fault.cause);
  }
  void skipped(const std::string& url, const std::string& reason) override { skips.push_back(url + " " + reason); }
  void progress(const engine::Progress&) override {}

  // Captures of this exact URL.
  std::vector<storage::Capture> of(const std::string& url) const {
    std::vector<storage::Capture> found;
    std::copy_if(captures.begin(), captures.end(), std::back_inserter(found),
                 [&](const storage::Capture& capture) { return capture.url == url; });
    return found;
  }

  std::vector<storage::Capture> captures;
  std::vector<engine::ExtractedNote> articles;
  std::vector<engine::DriftNote> drifts;
  std::vector<std::string> failures, skips, plugin_failures;
  std::function<void()> on_captured;
};

class CrawlTest : public ::testing::Test {
 protected:
  CrawlTest() {
    config.seeds = {"http://site.test/"};
    config.user_agent = "Vellum-test/1.0 (+https://example.org/crawl)";
    config.scope.hosts = {"*.test"};
    config.politeness.delay = Duration::zero();
    config.politeness.after_crash = Duration::zero();
    config.politeness.retries = 0;
    config.politeness.retry_delay = std::chrono::milliseconds(1);
    config.network.proxy = server.url("");
    config.network.timeout = std::chrono::milliseconds(5000);
    reopen(true);
  }

  void reopen(bool create = false) {
    catalog.reset();
    auto opened = storage::Catalog::open(folder / "archive", {clock.now(), config.politeness.after_crash, create});
    if (!opened) throw std::runtime_error(opened.error().message);
    catalog = *std::move(opened);
  }

  // One invocation; what it told is in `told`.
  engine::CrawlSummary crawl() {
    engine::Crawl run(engine::CrawlSetup{config, *catalog, registry(), clock, told, 2, {}});
    running = &run;
    auto summary = run.run();
    running = nullptr;
    EXPECT_TRUE(summary) << (summary ? "" : summary.error().message);
    return summary ? *summary : engine::CrawlSummary{};
  }

  static const plugins::Registry& registry() {
    static const plugins::Registry loaded = [] {
      auto result = plugins::Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
      if (!result) throw std::runtime_error(result.error().message);
      return *std::move(result);
    }();
    return loaded;
  }

  static Reply html(const std::string& body, std::vector<std::string> headers = {}) {
    headers.push_back("Content-Type: text/html; charset=utf-8");
    return Reply::page("<!doctype html><title>t</title>" + body, headers);
  }

  std::size_t requests_for(const std::string& url) const {
    const auto seen = server.requests();
    return static_cast<std::size_t>(
        std::count_if(seen.begin(), seen.end(), [&](const SeenRequest& request) { return request.target == url; }));
  }

  TempDir folder;
  HttpServer server;
  SystemClock clock;
  policy::CrawlConfig config;
  std::unique_ptr<storage::Catalog> catalog;
  Recorder told;
  engine::Crawl* running = nullptr;
};

}  // namespace vellum::test
