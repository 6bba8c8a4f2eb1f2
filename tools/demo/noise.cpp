#include "tools/demo/noise.h"

#include "tools/demo/random.h"

namespace vellum::demo {
namespace {

enum Purpose : std::uint64_t { kPerLoad = 50, kPerDeployment };

std::string uuid(Random& chance) {
  auto id = chance.hex(8);
  for (std::size_t part : {4u, 4u, 4u, 12u}) id += "-" + chance.hex(part);
  return id;
}

}  // namespace

Noise make_noise(std::uint64_t seed, std::uint64_t load) {
  Random chance(seed, load, kPerLoad), deployment(seed, load / kLoadsPerDeployment, kPerDeployment);
  constexpr std::string_view kToken = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  Noise noise;
  noise.csrf = chance.characters(kToken, 64);
  noise.request_id = chance.characters("0123456789ABCDEF", 32) + ".1.m_5";
  noise.build = uuid(chance);
  noise.session = chance.characters("0123456789ABCDEF", 16) + "SID";
  noise.deployment = uuid(deployment);
  noise.load = load;
  return noise;
}

}  // namespace vellum::demo
