// What a real site changes on every load although the page stays the same: tokens, request ids, build ids, counters.
//
// Threads: any; pure functions of the load's number.

#pragma once

#include <cstdint>
#include <string>

namespace vellum::demo {

struct Noise {
  std::string csrf;        // 64 characters, in every form of the page
  std::string request_id;  // "ncbi_phid"
  std::string build;       // in the addresses of scripts: new each load
  std::string deployment;  // in the addresses of style sheets: new every kLoadsPerDeployment loads
  std::string session;     // cookie
  std::uint64_t load = 0;  // how many requests were answered before
};

inline constexpr std::uint64_t kLoadsPerDeployment = 500;

Noise make_noise(std::uint64_t seed, std::uint64_t load);

}  // namespace vellum::demo
