#include "plugins/worker/page_face.h"

#include "base/text.h"
#include "plugins/html/selector.h"

namespace vellum::worker {
namespace {

constexpr std::size_t kMaxFragments = 16;
constexpr std::size_t kMaxUrl = 8192;

vellum_text view_of(std::string_view text) {
  return {text.data(), text.size()};
}
std::string_view view_of(vellum_text text) {
  return text.size == 0 || text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

PageFace& face_of(void* self) {
  return *static_cast<PageFace*>(self);
}

}  // namespace

PageFace::PageFace(const std::vector<PageAnswer>& answers, Log log) : log_(std::move(log)) {
  for (const PageAnswer& answer : answers) add(answer);
  page_ = {sizeof(vellum_page), this, &answers_.front(), fragment,     select,    text,         raw_text,
           attribute,           name, emit_text,         emit_integer, emit_flag, want_fragment};
}

void PageFace::add(const PageAnswer& answer) {
  vellum_answer& out = answers_.emplace_back();
  out = {sizeof(vellum_answer),
         static_cast<std::uint32_t>(answer.status),
         view_of(answer.url),
         view_of(answer.media_type),
         view_of(answer.captured),
         view_of(answer.body),
         {nullptr, 0},
         nullptr};
  if (answer.markup.empty()) return;
  html::ParseOptions options;
  options.content_type_charset = answer.charset;
  auto document = answer.markup == "xml" ? html::Document::parse_xml(answer.body, options)
                                         : html::Document::parse(answer.body, options);
  if (!document) return log_(VELLUM_LOG_WARNING, answer.url + ": " + document.error().message);
  const html::Document& kept = documents_.emplace_back(*std::move(document));
  out.source = view_of(kept.source());
  out.root = handle(kept.root());
}

const vellum_node* PageFace::handle(html::Node node) {
  const auto [at, is_new] = nodes_.try_emplace({&node.document(), node.index()}, vellum_node{node});
  if (is_new) handles_.insert(&at->second);
  return &at->second;
}

html::Node PageFace::node_of(const vellum_node* handle) const {
  return handles_.contains(handle) ? handle->node : html::Node();
}

vellum_text PageFace::kept(std::string text) {
  return view_of(std::string_view(texts_.emplace_back(std::move(text))));
}

vellum_status PageFace::emit(vellum_text path, Json value) {
  if (!writable_) return VELLUM_E_INVALID;
  const auto set = record_.set(view_of(path), std::move(value));
  if (set) return VELLUM_OK;
  log_(VELLUM_LOG_WARNING, set.error().message);
  return set.error().kind == ErrorKind::kTooLarge ? VELLUM_E_LIMIT : VELLUM_E_INVALID;
}

const vellum_answer* PageFace::fragment(void* self, std::size_t index) {
  const auto& answers = face_of(self).answers_;
  return index < answers.size() - 1 ? &answers[index + 1] : nullptr;
}

vellum_status PageFace::select(void* self, const vellum_node* scope, vellum_text css, void* user, vellum_each each) {
  PageFace& face = face_of(self);
  const html::Node node = face.node_of(scope);
  if (!node || each == nullptr) return VELLUM_E_INVALID;
  const auto selector = html::Selector::compile(view_of(css));
  if (!selector) {
    face.log_(VELLUM_LOG_ERROR, selector.error().message);
    return VELLUM_E_INVALID;
  }
  for (const html::Node found : selector->select(node)) {
    if (each(user, face.handle(found)) != 0) break;
  }
  return VELLUM_OK;
}

vellum_text PageFace::text(void* self, const vellum_node* node) {
  const html::Node found = face_of(self).node_of(node);
  return found ? face_of(self).kept(found.text()) : vellum_text{nullptr, 0};
}

vellum_text PageFace::raw_text(void* self, const vellum_node* node) {
  const html::Node found = face_of(self).node_of(node);
  return found ? face_of(self).kept(found.raw_text()) : vellum_text{nullptr, 0};
}

vellum_status PageFace::attribute(void* self, const vellum_node* node, vellum_text name, vellum_text* value) {
  const html::Node found = face_of(self).node_of(node);
  if (!found || value == nullptr) return VELLUM_E_INVALID;
  const auto attribute = found.attribute(view_of(name));
  if (!attribute) return VELLUM_E_ABSENT;
  *value = view_of(*attribute);
  return VELLUM_OK;
}

vellum_text PageFace::name(void* self, const vellum_node* node) {
  const html::Node found = face_of(self).node_of(node);
  return found ? view_of(found.name()) : vellum_text{nullptr, 0};
}

vellum_status PageFace::emit_text(void* self, vellum_text path, vellum_text value) {
  return face_of(self).emit(path, repair_utf8(view_of(value)));
}
vellum_status PageFace::emit_integer(void* self, vellum_text path, std::int64_t value) {
  return face_of(self).emit(path, value);
}
vellum_status PageFace::emit_flag(void* self, vellum_text path, std::int32_t value) {
  return face_of(self).emit(path, value != 0);
}

vellum_status PageFace::want_fragment(void* self, vellum_text url, vellum_text reason) {
  PageFace& face = face_of(self);
  if (!face.writable_ || url.size == 0 || url.size > kMaxUrl) return VELLUM_E_INVALID;
  if (face.fragments_.size() >= kMaxFragments) return VELLUM_E_LIMIT;
  face.fragments_.push_back({repair_utf8(view_of(url)), repair_utf8(view_of(reason).substr(0, 200))});
  return VELLUM_OK;
}

}  // namespace vellum::worker
