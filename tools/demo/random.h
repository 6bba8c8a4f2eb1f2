// Numbers that look random and are the same on every machine: splitmix64, without the standard library's distributions,
// whose results differ between implementations.
//
// Threads: one.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vellum::demo {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  // A stream of its own for one purpose: the same seed and keys give the same stream.
  Random(std::uint64_t seed, std::uint64_t key, std::uint64_t purpose)
      : state_(seed * 0x9E3779B97F4A7C15u ^ key * 0xD1B54A32D192ED03u ^ purpose * 0x8CB92BA72F3D8DD7u) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }  // limit > 0
  int between(int low, int high) { return low + static_cast<int>(below(static_cast<std::size_t>(high - low + 1))); }
  bool percent(int chance) { return between(1, 100) <= chance; }

  template <class T, std::size_t N>
  const T& pick(const T (&items)[N]) {
    return items[below(N)];
  }
  template <class T>
  const T& pick(std::span<const T> items) {
    return items[below(items.size())];
  }

  std::string characters(std::string_view alphabet, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += alphabet[below(alphabet.size())];
    return text;
  }
  std::string hex(std::size_t count) { return characters("0123456789abcdef", count); }

 private:
  std::uint64_t state_;
};

}  // namespace vellum::demo
