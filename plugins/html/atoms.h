// Strings as small numbers, for one document: tag names, attribute names, classes and ids.
//
// The hash is keyed anew for each table, so that a page cannot choose names that collide.
//
// Threads: immutable once the document is built.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vellum::html {

using Atom = std::uint32_t;
inline constexpr Atom kNoAtom = 0;  // of the empty string, and of strings that the document does not have

class Atoms {
 public:
  Atoms();
  Atom intern(std::string_view text);
  Atom find(std::string_view text) const;  // kNoAtom if it was never interned
  std::string_view text(Atom atom) const;
  std::size_t size() const { return entries_.size(); }  // atoms are below it

 private:
  struct Entry {
    std::uint64_t hash;
    std::uint32_t begin, size;
  };
  std::uint64_t hash(std::string_view text) const;
  std::size_t slot_of(std::string_view text, std::uint64_t hash) const;
  void grow();

  std::uint64_t seed_, secret_;
  std::string characters_;
  std::vector<Entry> entries_;
  std::vector<Atom> slots_;  // open addressing, a power of two, kNoAtom where free
};

// For each atom the nodes that have it, in document order, none twice.
class PostingLists {
 public:
  using Pair = std::pair<Atom, std::uint32_t>;  // atom, node
  struct List {
    const std::uint32_t* first;
    const std::uint32_t* last;
    const std::uint32_t* begin() const { return first; }
    const std::uint32_t* end() const { return last; }
    std::size_t size() const { return static_cast<std::size_t>(last - first); }
    bool contains(std::uint32_t node) const;
    // The part from node `from` to before node `to`.
    List within(std::uint32_t from, std::uint32_t to) const;
  };

  // `pairs` in document order.
  void build(const std::vector<Pair>& pairs, std::size_t atom_count);
  List of(Atom atom) const;

 private:
  std::vector<std::uint32_t> begins_;  // by atom, and one more
  std::vector<std::uint32_t> nodes_;
};

}  // namespace vellum::html
