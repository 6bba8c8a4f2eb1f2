#include "plugins/html/atoms.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.h"

namespace vellum::html {
namespace {

constexpr std::size_t kFirstSlots = 1024;

// Both halves of the 128-bit product; the way of wyhash.
std::uint64_t multiply_and_fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

Atoms::Atoms() : slots_(kFirstSlots, kNoAtom) {
  // getentropy, since std::random_device asks the processor what it can do each time, which virtual machines trap.
  std::array<std::uint64_t, 2> words{};
  VELLUM_ASSERT(getentropy(words.data(), sizeof words) == 0, "the kernel gives sixteen bytes whenever asked");
  seed_ = words[0];
  secret_ = words[1] | 1;
  entries_.push_back({0, 0, 0});  // kNoAtom
}

std::uint64_t Atoms::hash(std::string_view text) const {
  std::uint64_t h = seed_ ^ text.size();
  while (text.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    h = multiply_and_fold(h ^ word, secret_);
    text.remove_prefix(8);
  }
  std::uint64_t tail = 0;
  std::memcpy(&tail, text.data(), text.size());
  return multiply_and_fold(h ^ tail, secret_);
}

// The slot that holds `text`, or the free one where it belongs.
std::size_t Atoms::slot_of(std::string_view text, std::uint64_t h) const {
  std::size_t slot = h & (slots_.size() - 1);
  while (slots_[slot] != kNoAtom) {
    if (entries_[slots_[slot]].hash == h && this->text(slots_[slot]) == text) return slot;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

Atom Atoms::intern(std::string_view text) {
  if (text.empty()) return kNoAtom;
  const std::uint64_t h = hash(text);
  const std::size_t slot = slot_of(text, h);
  if (slots_[slot] != kNoAtom) return slots_[slot];
  const auto atom = static_cast<Atom>(entries_.size());
  entries_.push_back({h, static_cast<std::uint32_t>(characters_.size()), static_cast<std::uint32_t>(text.size())});
  characters_ += text;
  slots_[slot] = atom;
  if (entries_.size() * 2 > slots_.size()) grow();
  return atom;
}

void Atoms::grow() {
  slots_.assign(slots_.size() * 2, kNoAtom);
  for (Atom atom = 1; atom < entries_.size(); ++atom) {
    slots_[slot_of(text(atom), entries_[atom].hash)] = atom;
  }
}

Atom Atoms::find(std::string_view text) const {
  return text.empty() ? kNoAtom : slots_[slot_of(text, hash(text))];
}

std::string_view Atoms::text(Atom atom) const {
  return std::string_view(characters_).substr(entries_[atom].begin, entries_[atom].size);
}

bool PostingLists::List::contains(std::uint32_t node) const {
  return std::binary_search(first, last, node);
}

PostingLists::List PostingLists::List::within(std::uint32_t from, std::uint32_t to) const {
  const std::uint32_t* low = std::lower_bound(first, last, from);
  return {low, std::lower_bound(low, last, to)};
}

void PostingLists::build(const std::vector<Pair>& pairs, std::size_t atom_count) {
  begins_.assign(atom_count + 1, 0);
  for (const auto& [atom, node] : pairs) ++begins_[atom + 1];
  for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
  nodes_.resize(pairs.size());
  std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
  for (const auto& [atom, node] : pairs) nodes_[next[atom]++] = node;
}

PostingLists::List PostingLists::of(Atom atom) const {
  if (atom == kNoAtom || atom + 1 >= begins_.size()) return {nullptr, nullptr};
  return {nodes_.data() + begins_[atom], nodes_.data() + begins_[atom + 1]};
}

}  // namespace vellum::html
