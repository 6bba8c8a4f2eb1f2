// The page as a plugin sees it: vellum_page of vellum/plugin.h over html::Document and RecordBuilder. In the worker.
//
// Lives for one page; all views that the plugin gets are its own. Threads: one.

#pragma once

#include <vellum/plugin.h>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "plugins/html/document.h"
#include "plugins/worker/messages.h"
#include "plugins/worker/record_builder.h"

struct vellum_node {
  vellum::html::Node node;
};

namespace vellum::worker {

class PageFace {
 public:
  using Log = std::function<void(std::int32_t severity, std::string_view line)>;

  // `answers` must outlive it.
  PageFace(const std::vector<PageAnswer>& answers, Log log);
  PageFace(const PageFace&) = delete;
  PageFace& operator=(const PageFace&) = delete;

  const vellum_page* page() const { return &page_; }
  void allow_writing() { writable_ = true; }
  Reply take() { return {true, record_.take(), std::move(fragments_)}; }

 private:
  // The functions of vellum_page; none lets an exception out but std::bad_alloc, which ends the worker.
  static const vellum_answer* fragment(void* self, std::size_t index);
  static vellum_status select(void* self, const vellum_node* scope, vellum_text css, void* user, vellum_each each);
  static vellum_text text(void* self, const vellum_node* node);
  static vellum_text raw_text(void* self, const vellum_node* node);
  static vellum_status attribute(void* self, const vellum_node* node, vellum_text name, vellum_text* value);
  static vellum_text name(void* self, const vellum_node* node);
  static vellum_status emit_text(void* self, vellum_text path, vellum_text value);
  static vellum_status emit_integer(void* self, vellum_text path, std::int64_t value);
  static vellum_status emit_flag(void* self, vellum_text path, std::int32_t value);
  static vellum_status want_fragment(void* self, vellum_text url, vellum_text reason);

  void add(const PageAnswer& answer);
  const vellum_node* handle(html::Node node);
  html::Node node_of(const vellum_node* handle) const;  // falsy if it is none of this page's
  vellum_text kept(std::string text);
  vellum_status emit(vellum_text path, Json value);

  Log log_;
  bool writable_ = false;
  std::deque<html::Document> documents_;
  std::deque<vellum_answer> answers_;
  std::map<std::pair<const html::Document*, std::uint32_t>, vellum_node> nodes_;
  std::unordered_set<const vellum_node*> handles_;
  std::deque<std::string> texts_;
  RecordBuilder record_;
  std::vector<FragmentRequest> fragments_;
  vellum_page page_{};
};

}  // namespace vellum::worker
