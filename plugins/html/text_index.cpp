#include "plugins/html/text_index.h"

#include <algorithm>

#include "base/case_fold.h"
#include "plugins/html/text_sink.h"

namespace vellum::html {
namespace {

// Notes where each node's text begins and ends.
struct Indexer {
  std::string& text_out;
  SpaceFolder folder;
  bool fold_letters;
  std::vector<std::size_t>& begins;
  std::vector<std::size_t>& ends;
  std::vector<std::uint32_t>& hidden_roots;

  void enter(std::uint32_t node, const NodeRecord& record) {
    if ((record.traits & (kBlockBox | kLineBreak)) != 0) folder.separate();
    begins[node] = text_out.size();
  }
  void leave(std::uint32_t node, const NodeRecord& record) {
    ends[node] = text_out.size();
    if ((record.traits & kBlockBox) != 0) folder.separate();
  }
  void hidden(std::uint32_t node) { hidden_roots.push_back(node); }
  void text(std::string_view piece) {
    if (!fold_letters) return folder.add(piece);
    const bool is_ascii = std::all_of(piece.begin(), piece.end(), [](char c) { return (c & 0x80) == 0; });
    if (!is_ascii) return folder.add(fold_case(piece));
    const std::size_t start = text_out.size();
    folder.add(piece);
    for (std::size_t i = start; i < text_out.size(); ++i) {
      if (text_out[i] >= 'A' && text_out[i] <= 'Z') text_out[i] = static_cast<char>(text_out[i] + ('a' - 'A'));
    }
  }
};

}  // namespace

TextIndex::TextIndex(const Document::Tree& tree, Case letters) : begins_(tree.nodes.size()), ends_(tree.nodes.size()) {
  std::vector<std::uint32_t> roots{0};
  while (!roots.empty()) {
    const std::uint32_t root = roots.back();
    roots.pop_back();
    Indexer indexer{.text_out = text_,
                    .folder = SpaceFolder(text_),
                    .fold_letters = letters == Case::kFolded,
                    .begins = begins_,
                    .ends = ends_,
                    .hidden_roots = roots};
    walk_text(tree, root, indexer);
    text_ += '\n';
  }
}

TextIndex::Range TextIndex::range_of(std::uint32_t node) const {
  Range range{begins_[node], ends_[node]};
  if (range.begin < range.end && text_[range.begin] == ' ') ++range.begin;
  return range;
}

std::string_view TextIndex::text_of(std::uint32_t node) const {
  const Range range = range_of(node);
  return std::string_view(text_).substr(range.begin, range.end - range.begin);
}

}  // namespace vellum::html
