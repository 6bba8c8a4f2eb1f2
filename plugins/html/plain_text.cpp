#include "plugins/html/plain_text.h"

#include <algorithm>

#include "plugins/html/document_tree.h"
#include "plugins/html/text_sink.h"

namespace vellum::html {
namespace {

class PageWriter {
 public:
  explicit PageWriter(std::string& out) : out_(out), folder_(out) {}

  void enter(std::uint32_t, const NodeRecord& record) {
    if ((record.traits & kBlockBox) != 0) begin_block(record.traits);
    if ((record.traits & kLineBreak) != 0) feed(1);
    if ((record.traits & kPreformatted) != 0) ++open_pre_;
  }

  void leave(std::uint32_t, const NodeRecord& record) {
    if ((record.traits & kPreformatted) != 0) --open_pre_;
    if ((record.traits & kBlockBox) == 0) return;
    if ((record.traits & kCell) != 0) {
      cell_ended_ = true;
    } else {
      feed((record.traits & kEmptyLines) != 0 ? 2 : 1);
    }
  }

  void hidden(std::uint32_t) {}
  void end_paragraph() { feed(2); }

  void text(std::string_view piece) {
    if (open_pre_ > 0) return preformatted(piece);
    folder_.add(piece, [this](std::string_view word) { put(word); });
  }

 private:
  void begin_block(std::uint8_t traits) {
    if ((traits & kCell) != 0) {
      if (cell_ended_) tab_due_ = true;
      cell_ended_ = false;
      folder_.drop_blank();
      return;
    }
    feed((traits & kEmptyLines) != 0 ? 2 : 1);
    if ((traits & kListItem) != 0) bullet_due_ = true;
  }

  // So many line feeds are due before the next word; none at the beginning of the text.
  void feed(std::size_t lines) {
    folder_.drop_blank();
    feeds_due_ = std::max(feeds_due_, lines);
    tab_due_ = false;
    cell_ended_ = false;
  }

  void put(std::string_view word) {
    if (feeds_due_ > 0 || tab_due_) {
      while (!out_.empty() && out_.back() == ' ') out_.pop_back();
      if (!out_.empty()) out_.append(tab_due_ ? "\t" : std::string_view("\n\n").substr(0, feeds_due_));
    }
    feeds_due_ = 0;
    tab_due_ = false;
    if (bullet_due_) out_ += "- ";
    bullet_due_ = false;
    out_ += word;
  }

  void preformatted(std::string_view piece) {
    while (!piece.empty()) {
      const std::size_t end = std::min(piece.find('\n'), piece.size());
      if (end > 0) put(piece.substr(0, end));
      if (end == piece.size()) return;
      feed(std::min<std::size_t>(feeds_due_ + 1, 2));
      piece.remove_prefix(end + 1);
    }
  }

  std::string& out_;
  SpaceFolder folder_;
  std::size_t feeds_due_ = 0;
  int open_pre_ = 0;
  bool tab_due_ = false, cell_ended_ = false, bullet_due_ = false;
};

}  // namespace

std::string plain_text(const Document& page) {
  std::string out;
  const Document::Tree& tree = page.tree();
  out.reserve(tree.source.size() / 4);
  PageWriter writer(out);
  if (tree.head != kNoNode) {
    const auto titles = tree.by_name.of(tree.atoms.find("title")).within(tree.head, tree.nodes[tree.head].end);
    if (titles.size() > 0) walk_text(tree, *titles.begin(), writer);
    writer.end_paragraph();
  }
  walk_text(tree, 0, writer);
  if (!out.empty()) out += '\n';
  return out;
}

}  // namespace vellum::html
