#include "tests/storage/bench/page_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>
#include <utility>

#include "tests/storage/folder_bytes.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

namespace fs = std::filesystem;
using namespace test;
using Steady = std::chrono::steady_clock;
using Versions = std::vector<std::string>;

std::vector<fs::path> sorted(const fs::path& folder, bool of_folders) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() == of_folders) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<Versions> pages_in(const fs::path& folder) {
  std::vector<Versions> pages;
  for (const fs::path& page : sorted(folder, true)) {
    Versions& versions = pages.emplace_back();
    for (const fs::path& file : sorted(page, false)) versions.push_back(read_bytes(file));
  }
  return pages;
}

// Wall and processor time since it was made.
struct Watch {
  Steady::time_point wall = Steady::now();
  std::clock_t cpu = std::clock();
  double wall_seconds() const { return std::chrono::duration<double>(Steady::now() - wall).count(); }
  double cpu_seconds() const { return static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC; }
  void print(const char* what, std::uint64_t bytes) const {
    const double mb = static_cast<double>(bytes) / 1e6;
    std::printf("%-28s %6.0f MB/s (%.0f MB a second of processor time, all threads)\n", what, mb / wall_seconds(),
                mb / cpu_seconds());
    std::fflush(stdout);
  }
};

struct Ingest {
  Catalog& catalog;
  const std::vector<Versions>& pages;
  unsigned copies;
  std::uint64_t bytes = 0;
  std::vector<Digest> digests;

  // The captures of one visit to all pages; groups of some megabytes, as a crawl's batches grow under load.
  bool visit(std::size_t version) {
    std::vector<NewCapture> group;
    std::size_t size = 0;
    bool is_good = true;
    for (unsigned copy = 0; copy < copies; ++copy) {
      for (std::size_t n = 0; n < pages.size(); ++n) {
        if (version >= pages[n].size()) continue;
        const std::string text = "<!-- copy " + std::to_string(copy) + " -->" + pages[n][version];
        const std::string url = "https://site" + std::to_string(n) + "x" + std::to_string(copy) + ".example/page";
        group.push_back(capture_of(catalog, url, text, kStart + std::chrono::hours(version)));
        digests.push_back(group.back().payload.digest);
        bytes += text.size();
        size += text.size();
        if (size < (4u << 20)) continue;
        is_good = flush(group) && is_good;
        size = 0;
      }
    }
    return flush(group) && is_good;
  }
  bool flush(std::vector<NewCapture>& group) {
    const auto ack = await(catalog.commit(commit_of(std::move(group))));
    group.clear();
    if (!ack) std::fprintf(stderr, "%s\n", ack.error().message.c_str());
    return ack.has_value();
  }
};

void print_stored(const char* what, const Catalog& catalog) {
  const auto stats = catalog.archive().stats().value();
  std::printf("%-28s %lu of %lu bytes, %.2f times smaller\n", what, static_cast<unsigned long>(stats.stored_bytes),
              static_cast<unsigned long>(stats.raw_bytes),
              static_cast<double>(stats.raw_bytes) / static_cast<double>(stats.stored_bytes));
}

bool check(const Catalog& catalog, const char* what) {
  const Watch watch;
  const auto report = catalog.archive().check(true);
  if (!report || !report->faults.empty()) return false;
  watch.print(what, report->payload_bytes);
  return true;
}

// Payloads in random order, so that nothing that was read just before helps.
void read_all(const Catalog& catalog, std::vector<Digest> digests, const char* what) {
  std::shuffle(digests.begin(), digests.end(), std::mt19937(1));
  std::vector<double> times, cpu_times;
  for (const Digest& digest : digests) {
    const Watch watch;
    ignore(catalog.archive().payload(digest), "figures only");
    times.push_back(watch.wall_seconds() * 1000);
    cpu_times.push_back(watch.cpu_seconds() * 1000);
  }
  std::sort(times.begin(), times.end());
  std::sort(cpu_times.begin(), cpu_times.end());
  const std::size_t median = times.size() / 2, most = times.size() * 99 / 100;
  std::printf("%-28s median %.2f ms, 99 of 100 within %.2f ms, longest %.2f ms; of processor time %.2f, %.2f, %.2f\n",
              what, times[median], times[most], times.back(), cpu_times[median], cpu_times[most], cpu_times.back());
}

bool repack(Catalog& catalog) {
  const Watch watch;
  std::uint64_t bytes = 0;
  for (bool is_end = false; !is_end;) {
    const auto step = catalog.repack();
    if (!step) return false;
    bytes += step->raw_bytes;
    is_end = step->is_end;
  }
  watch.print("repack", bytes);
  return true;
}

}  // namespace

int bench_pages(const fs::path& folder, unsigned copies) {
  const auto pages = pages_in(folder);
  TempDir place;
  auto opened = Catalog::open(place / "archive", options_at(kStart, true));
  if (!opened) return 1;
  Catalog& catalog = **opened;
  Ingest ingest{catalog, pages, copies, 0, {}};
  std::size_t visits = 0;
  for (const Versions& versions : pages) visits = std::max(visits, versions.size());
  const Watch watch;
  for (std::size_t version = 0; version < visits; ++version) {
    if (!ingest.visit(version)) return 1;
  }
  watch.print("ingest", ingest.bytes);
  print_stored("stored online", catalog);
  if (!check(catalog, "check --read-data, online")) return 1;
  read_all(catalog, ingest.digests, "one payload, online");
  if (!repack(catalog)) return 1;
  print_stored("stored repacked", catalog);
  if (!check(catalog, "check --read-data, repacked")) return 1;
  read_all(catalog, ingest.digests, "one payload, repacked");
  return 0;
}

namespace {

struct Cost {
  std::uint64_t raw = 0, stored = 0;
  Watch watch;
  void print(const std::string& levels) const {
    std::printf("%s %9lu %14.2f %7.1f\n", levels.c_str(), static_cast<unsigned long>(stored),
                static_cast<double>(raw) / static_cast<double>(stored),
                static_cast<double>(raw) / 1e6 / watch.cpu_seconds());
    std::fflush(stdout);
  }
};

// As payloads are encoded while a crawl waits: the page's keyframe, deltas against it, rekeyed where these are long.
Cost online_cost(const std::vector<Versions>& pages, int key_level, int delta_level) {
  const Zstd zstd;
  Cost cost;
  for (const Versions& versions : pages) {
    const std::string* key = nullptr;
    std::size_t alone = 0;
    for (const std::string& version : versions) {
      cost.raw += version.size();
      const std::size_t delta = key == nullptr ? ~std::size_t{0} : zstd.compress(version, *key, delta_level).size();
      if (key != nullptr && delta * 2 <= alone) {
        cost.stored += delta;
        continue;
      }
      key = &version;
      alone = zstd.compress(version, {}, key_level).size();
      cost.stored += alone;
    }
  }
  return cost;
}

// As `repack` does it: rows of the newest captures, and rows of all others that lean on them.
class RepackedRows {
 public:
  explicit RepackedRows(int level) : level_(level) {}

  Cost of(const std::vector<Versions>& pages) {
    for (const Versions& versions : pages) {
      if (versions.empty()) continue;
      if (!keys_.empty() && keys_.size() + versions.back().size() > (2u << 20)) close_group();
      keys_ += versions.back();
      for (auto version = versions.rbegin() + 1; version != versions.rend(); ++version) others_.push_back(*version);
    }
    close_group();
    return cost_;
  }

 private:
  void close_group() {
    store(keys_, {});
    std::string row;
    for (const std::string& version : others_) {
      if (row.size() + version.size() > (3u << 20)) store(std::exchange(row, {}), keys_);
      row += version;
    }
    store(row, keys_);
    keys_.clear();
    others_.clear();
  }
  void store(const std::string& row, const std::string& prefix) {
    cost_.raw += row.size();
    if (!row.empty()) cost_.stored += zstd_.compress(row, prefix, level_).size();
  }

  const Zstd zstd_;
  const int level_;
  Cost cost_;
  std::string keys_;
  std::vector<std::string> others_;
};

}  // namespace

int bench_levels(const fs::path& folder) {
  const auto pages = pages_in(folder);
  std::printf("online\nkeyframes deltas    stored  times smaller    MB/s of processor time, encoding only\n");
  for (const int key_level : {1, 3, 6, 9, 12, 19}) {
    for (const int delta_level : {1, 3, 6, 9})
      online_cost(pages, key_level, delta_level).print(fmt::format("{:9} {:6}", key_level, delta_level));
  }
  std::printf("repacked\n           level    stored  times smaller    MB/s of processor time, encoding only\n");
  for (int level = 1; level <= 19; ++level) RepackedRows(level).of(pages).print(fmt::format("{:16}", level));
  return 0;
}

}  // namespace vellum::storage
