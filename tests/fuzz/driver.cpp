// Runs LLVMFuzzerTestOneInput over a corpus and random changes of it, for so many seconds.
//
//   fuzz_x [--seconds N] [--seed N] FILE|FOLDER...
//
// The same seed gives the same inputs. An input that brings the program down lies in fuzz-crash.bin afterwards; one
// that takes more than 5 s is named and fails the run.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostBytes = 128 * 1024;
const std::string* current_input = nullptr;  // for the death callback, which has no argument

void save_input() {
  if (current_input != nullptr) std::ofstream("fuzz-crash.bin", std::ios::binary) << *current_input;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::uint64_t seed) : seeds_(std::move(seeds)), random_(seed) {}

  std::string next() {
    std::string input = seeds_[below(seeds_.size())];
    for (std::size_t changes = 1 + below(6); changes > 0; --changes) change(input);
    if (input.size() > kMostBytes) input.resize(kMostBytes);
    return input;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(random_() % limit); }

  void change(std::string& input) {
    const std::size_t at = below(input.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(input.size() - at, 64) + 1);
    switch (below(9)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
        break;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(below(256));
        break;
      case 2:
        input.erase(at, length);
        break;
      case 3:
        input.insert(at, input.substr(below(input.size() + 1), 1 + below(64)));
        break;
      case 4:
        input.insert(at, word());
        break;
      case 5:
        input.replace(at, length, word());
        break;
      case 6:
        input.resize(at);
        break;
      case 7: {
        const std::string& other = seeds_[below(seeds_.size())];
        input = input.substr(0, at) + other.substr(below(other.size() + 1));
        break;
      }
      default:
        input.insert(at, std::string(below(300), static_cast<char>(below(256))));
    }
  }

  std::string word() {
    static const std::vector<std::string> words = {"\r\n",
                                                   "\r\n\r\n",
                                                   "\n",
                                                   "WARC/1.0\r\n",
                                                   "WARC/1.1\r\n",
                                                   "Content-Length: 0\r\n",
                                                   "18446744073709551615",
                                                   "-1",
                                                   "9223372036854775807",
                                                   "4294967296",
                                                   "WARC-Type: response\r\n",
                                                   "Transfer-Encoding: chunked\r\n",
                                                   "HTTP/1.1 200 OK\r\n",
                                                   "Content-Encoding: gzip\r\n",
                                                   "WARC-Segment-Number: 1\r\n",
                                                   "WARC-Type: continuation\r\n",
                                                   "sha1:",
                                                   "\xff\xff\xff\xff",
                                                   std::string(1, '\0'),
                                                   std::string(8, '\0'),
                                                   "\x1f\x8b\x08",
                                                   "\x28\xb5\x2f\xfd",
                                                   "\x5d\x2a\x4d\x18",
                                                   "PK\x03\x04",
                                                   "PK\x01\x02",
                                                   "PK\x05\x06",
                                                   "{",
                                                   "\"",
                                                   "<urn:uuid:",
                                                   "ffffffff\r\n",
                                                   "0\r\n\r\n",
                                                   "filedesc://x 0.0.0.0 20200101000000 text/plain 9\n"};
    return words[below(words.size())];
  }

  std::vector<std::string> seeds_;
  std::mt19937_64 random_;
};

void read_seeds(const fs::path& path, std::vector<std::string>& seeds) {
  if (fs::is_directory(path)) {
    std::vector<fs::path> files(fs::directory_iterator(path), fs::directory_iterator{});
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) read_seeds(file, seeds);
    return;
  }
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  seeds.push_back(text.str());
}

bool run_one(const std::string& input, double& slowest) {
  current_input = &input;
  const auto start = Clock::now();
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  current_input = nullptr;
  slowest = std::max(slowest, seconds);
  if (seconds < 5) return true;
  std::ofstream("fuzz-slow.bin", std::ios::binary) << input;
  std::fprintf(stderr, "an input of %zu bytes took %.1f s; it is in fuzz-slow.bin\n", input.size(), seconds);
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  double seconds = 10, slowest = 0;
  std::uint64_t seed = 1, runs = 0;
  std::vector<std::string> seeds;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--seconds" && i + 1 < argc) {
      seconds = std::stod(argv[++i]);
    } else if (argument == "--seed" && i + 1 < argc) {
      seed = std::stoull(argv[++i]);
    } else {
      read_seeds(argument, seeds);
    }
  }
  if (seeds.empty()) seeds.emplace_back();
  std::signal(SIGABRT, [](int) { save_input(); });  // a broken VELLUM_ASSERT
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(save_input);
  bool in_time = true;
  for (const std::string& input : seeds) in_time = run_one(input, slowest) && in_time;
  Mutator mutator(seeds, seed);
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (; in_time && Clock::now() < end; ++runs) in_time = run_one(mutator.next(), slowest);
  std::printf("%zu seeds, %llu changed inputs, slowest %.3f s\n", seeds.size(), static_cast<unsigned long long>(runs),
              slowest);
  return in_time ? 0 : 1;
}
