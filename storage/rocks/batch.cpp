#include "storage/rocks/batch.h"

#include <utility>

namespace vellum::rocks {
namespace {

constexpr std::size_t kCount = static_cast<std::size_t>(Family::kCount);
constexpr std::string_view kNames[kCount] = {"meta",     "captures",    "feed",    "payloads",  "digests",    "headers",
                                             "articles", "article-ids", "links",   "doi-links", "fragments",  "known",
                                             "runs",     "events",      "pending", "queue",     "seen",       "groups",
                                             "places",   "leans",       "bases",   "works",     "tombstones", "seals"};

}  // namespace

std::string_view name_of(Family family) {
  return kNames[static_cast<std::size_t>(family)];
}

Batch::Batch() : impl_(std::make_unique<Impl>()) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

void Batch::reserve(std::size_t steps) {
  impl_->steps.reserve(steps);
}

void Batch::put(Family family, std::string key, std::string value) {
  impl_->bytes += key.size() + value.size();
  impl_->steps.push_back({Impl::Kind::kPut, family, std::move(key), std::move(value)});
}

void Batch::erase(Family family, std::string key) {
  impl_->bytes += key.size();
  impl_->steps.push_back({Impl::Kind::kErase, family, std::move(key), {}});
}

void Batch::erase_range(Family family, std::string from, std::string to) {
  impl_->bytes += from.size() + to.size();
  impl_->steps.push_back({Impl::Kind::kEraseRange, family, std::move(from), std::move(to)});
}

bool Batch::empty() const {
  return impl_->steps.empty();
}
std::size_t Batch::bytes() const {
  return impl_->bytes;
}

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

std::string big_endian(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[static_cast<std::size_t>(i)] = static_cast<char>(value & 0xff);
  return bytes;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes.substr(0, 8)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace vellum::rocks
