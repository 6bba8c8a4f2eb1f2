// vellum/plugin.hpp - native Vellum plugins in C++17: a thin face over vellum/plugin.h, which is the manual.
//
//   class Journal : public vellum::sdk::Reader {
//     void extract(vellum::sdk::Page& page) override {
//       if (auto title = page.root().first("h1.title")) page.set("/title", title.text());
//       for (auto item : page.root().select("ol.references > li")) {
//         auto reference = page.add("/references");
//         reference.set("text", item.text());
//       }
//     }
//   };
//   VELLUM_PLUGIN(Journal, "org.example.journal")
//
// Views (std::string_view, Node, Answer) live until match() or extract() returns. Exceptions end here: what a member of
// Reader throws is logged and reported as a failure; Refuse says that the page is not what the plugin expects.
// A wrong selector or path throws std::invalid_argument, results over the limit std::length_error.

#ifndef VELLUM_PLUGIN_HPP
#define VELLUM_PLUGIN_HPP

#include <vellum/plugin.h>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace vellum::sdk {

inline vellum_text to_abi(std::string_view text) {
  return vellum_text{text.data(), text.size()};
}
inline std::string_view from_abi(vellum_text text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

// Thrown by extract(): the page is not what the plugin expects. The next plugin reads it; this is no fault.
class Refuse : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// An element; false if it is none.
class Node {
 public:
  Node() = default;
  Node(const vellum_page* page, const vellum_node* node) : page_(page), node_(node) {}
  explicit operator bool() const { return node_ != nullptr; }
  bool operator==(const Node& other) const { return node_ == other.node_; }

  std::string_view name() const { return node_ ? from_abi(page_->name(page_->self, node_)) : std::string_view(); }
  std::string_view text() const { return node_ ? from_abi(page_->text(page_->self, node_)) : std::string_view(); }
  std::string_view raw_text() const {
    return node_ ? from_abi(page_->raw_text(page_->self, node_)) : std::string_view();
  }
  std::optional<std::string_view> attribute(std::string_view name) const {
    vellum_text value{nullptr, 0};
    if (!node_ || page_->attribute(page_->self, node_, to_abi(name), &value) != VELLUM_OK) return std::nullopt;
    return from_abi(value);
  }

  std::vector<Node> select(std::string_view css) const {
    std::vector<Node> found;
    search(css, found, false);
    return found;
  }
  Node first(std::string_view css) const {
    std::vector<Node> found;
    search(css, found, true);
    return found.empty() ? Node() : found.front();
  }

 private:
  struct Search {
    const vellum_page* page;
    std::vector<Node>* found;
    bool first;
    bool out_of_memory;
  };
  static std::int32_t each(void* user, const vellum_node* node) noexcept {
    Search& search = *static_cast<Search*>(user);
    try {
      search.found->emplace_back(search.page, node);
    } catch (const std::exception&) {
      search.out_of_memory = true;  // thrown again below, on this side of the border
    }
    return search.first || search.out_of_memory ? 1 : 0;
  }
  void search(std::string_view css, std::vector<Node>& found, bool first) const {
    if (!node_) return;
    Search search{page_, &found, first, false};
    if (page_->select(page_->self, node_, to_abi(css), &search, each) != VELLUM_OK) {
      throw std::invalid_argument("not a selector: " + std::string(css));
    }
    if (search.out_of_memory) throw std::bad_alloc();
  }

  const vellum_page* page_ = nullptr;
  const vellum_node* node_ = nullptr;
};

// The page or a fragment.
class Answer {
 public:
  Answer(const vellum_page* page, const vellum_answer* answer) : page_(page), answer_(answer) {}
  std::string_view url() const { return from_abi(answer_->url); }
  std::string_view media_type() const { return from_abi(answer_->media_type); }
  std::string_view captured() const { return from_abi(answer_->captured); }
  std::string_view body() const { return from_abi(answer_->body); }
  std::string_view source() const { return from_abi(answer_->source); }
  unsigned http_status() const { return answer_->http_status; }
  Node root() const { return Node(page_, answer_->root); }

 private:
  const vellum_page* page_;
  const vellum_answer* answer_;
};

class Page;

// One item of a list of the record: an author, a reference.
class Item {
 public:
  Item(Page& page, std::string path) : page_(&page), path_(std::move(path)) {}
  // `key` is "name", "doi", or a path below the item: "affiliations/-". Empty texts are left out.
  void set(std::string_view key, std::string_view value);
  void set_integer(std::string_view key, std::int64_t value);
  void set_flag(std::string_view key, bool value);

 private:
  Page* page_;
  std::string path_;
};

class Page : public Answer {
 public:
  explicit Page(const vellum_page* page) : Answer(page, page->answer), page_(page) {}

  std::vector<Answer> fragments() const {
    std::vector<Answer> out;
    while (const vellum_answer* fragment = page_->fragment(page_->self, out.size())) out.emplace_back(page_, fragment);
    return out;
  }

  // `path` is a JSON pointer into the record: "/title", "/ids/doi", "/keywords/-". Empty texts are left out.
  void set(std::string_view path, std::string_view value) {
    if (!value.empty()) check(page_->emit_text(page_->self, to_abi(path), to_abi(value)), path);
  }
  void set_integer(std::string_view path, std::int64_t value) {
    check(page_->emit_integer(page_->self, to_abi(path), value), path);
  }
  void set_flag(std::string_view path, bool value) {
    check(page_->emit_flag(page_->self, to_abi(path), value ? 1 : 0), path);
  }
  // A further item of the list at `path`, "/authors"; it is there once something is set in it.
  Item add(const std::string& path) { return Item(*this, path + "/" + std::to_string(items_[path]++)); }

  void want_fragment(std::string_view url, std::string_view reason) {
    check(page_->want_fragment(page_->self, to_abi(url), to_abi(reason)), url);
  }

 private:
  static void check(vellum_status status, std::string_view what) {
    if (status == VELLUM_OK) return;
    if (status == VELLUM_E_LIMIT) throw std::length_error("over a limit at " + std::string(what));
    throw std::invalid_argument("does not fit the record: " + std::string(what));
  }
  const vellum_page* page_;
  std::map<std::string, std::size_t> items_;
};

inline void Item::set(std::string_view key, std::string_view value) {
  page_->set(path_ + "/" + std::string(key), value);
}
inline void Item::set_integer(std::string_view key, std::int64_t value) {
  page_->set_integer(path_ + "/" + std::string(key), value);
}
inline void Item::set_flag(std::string_view key, bool value) {
  page_->set_flag(path_ + "/" + std::string(key), value);
}

// Writes lines for `vellum plugin try` and the log.
class Log {
 public:
  explicit Log(const vellum_host* host) : host_(host) {}
  void debug(std::string_view line) const { write(VELLUM_LOG_DEBUG, line); }
  void info(std::string_view line) const { write(VELLUM_LOG_INFO, line); }
  void warning(std::string_view line) const { write(VELLUM_LOG_WARNING, line); }
  void error(std::string_view line) const { write(VELLUM_LOG_ERROR, line); }

 private:
  void write(std::int32_t severity, std::string_view line) const { host_->log(host_->self, severity, to_abi(line)); }
  const vellum_host* host_;
};

// What a plugin is: derive, override extract(), name the class to VELLUM_PLUGIN. Made once in a worker, by its default
// constructor; log() works from after that on.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual bool match(const Page& page) {
    static_cast<void>(page);
    return true;
  }
  virtual void extract(Page& page) = 0;
  Log log() const { return Log(host_); }

 private:
  template <class T>
  friend struct Entry;
  const vellum_host* host_ = nullptr;
};

// The C functions of one class of Reader.
template <class T>
struct Entry {
  static vellum_status create(const vellum_host* host, void** instance) noexcept {
    try {
      std::unique_ptr<Reader> reader = std::make_unique<T>();
      reader->host_ = host;
      *instance = reader.release();
      return VELLUM_OK;
    } catch (...) {
      return failed(host);
    }
  }
  static void destroy(void* instance) noexcept { delete static_cast<Reader*>(instance); }
  static std::int32_t match(void* instance, const vellum_page* page) noexcept {
    Reader& reader = *static_cast<Reader*>(instance);
    try {
      return reader.match(Page(page)) ? 1 : 0;
    } catch (...) {
      return failed(reader.host_);
    }
  }
  static vellum_status extract(void* instance, const vellum_page* abi) noexcept {
    Reader& reader = *static_cast<Reader*>(instance);
    try {
      Page page(abi);
      reader.extract(page);
      return VELLUM_OK;
    } catch (...) {
      return failed(reader.host_);
    }
  }

 private:
  // To be called while an exception is handled.
  static vellum_status failed(const vellum_host* host) noexcept {
    try {
      throw;
    } catch (const Refuse& why) {
      Log(host).info(why.what());
      return VELLUM_E_PAGE;
    } catch (const std::exception& error) {
      Log(host).error(error.what());
      return VELLUM_E_INTERNAL;
    } catch (...) {
      Log(host).error("an exception of unknown type");
      return VELLUM_E_INTERNAL;
    }
  }
};

}  // namespace vellum::sdk

// VELLUM_PLUGIN(Journal, "org.example.journal") at namespace scope, once in a library: defines its one exported symbol.
#define VELLUM_PLUGIN(Class, plugin_id)                                                                   \
  static const vellum_reader vellum_reader_of_this_library = {                                            \
      sizeof(vellum_reader), &::vellum::sdk::Entry<Class>::match, &::vellum::sdk::Entry<Class>::extract}; \
  const vellum_plugin vellum_plugin_entry = {sizeof(vellum_plugin),                                       \
                                             VELLUM_ABI_MAJOR,                                            \
                                             VELLUM_ABI_MINOR,                                            \
                                             plugin_id,                                                   \
                                             &vellum_reader_of_this_library,                              \
                                             &::vellum::sdk::Entry<Class>::create,                        \
                                             &::vellum::sdk::Entry<Class>::destroy};

#endif  // VELLUM_PLUGIN_HPP
