// The layout of the plugin ABI, major 1, as it was published. A line here never changes; members that a later minor
// adds get lines of their own at the end of their struct. If this does not compile, plugins that people built would
// break.
#include <vellum/plugin.h>

#include <type_traits>

static_assert(VELLUM_ABI_MAJOR == 1);
static_assert(sizeof(void*) == 8, "the offsets below are those of 64-bit machines");

#define VELLUM_AT(type, member, offset) static_assert(offsetof(type, member) == (offset), #type "::" #member)

VELLUM_AT(vellum_text, data, 0);
VELLUM_AT(vellum_text, size, 8);
static_assert(sizeof(vellum_text) == 16, "passed by value: can never grow");

VELLUM_AT(vellum_host, struct_size, 0);
VELLUM_AT(vellum_host, abi_minor, 4);
VELLUM_AT(vellum_host, self, 8);
VELLUM_AT(vellum_host, log, 16);
VELLUM_AT(vellum_host, extension, 24);

VELLUM_AT(vellum_answer, struct_size, 0);
VELLUM_AT(vellum_answer, http_status, 4);
VELLUM_AT(vellum_answer, url, 8);
VELLUM_AT(vellum_answer, media_type, 24);
VELLUM_AT(vellum_answer, captured, 40);
VELLUM_AT(vellum_answer, body, 56);
VELLUM_AT(vellum_answer, source, 72);
VELLUM_AT(vellum_answer, root, 88);

VELLUM_AT(vellum_page, struct_size, 0);
VELLUM_AT(vellum_page, self, 8);
VELLUM_AT(vellum_page, answer, 16);
VELLUM_AT(vellum_page, fragment, 24);
VELLUM_AT(vellum_page, select, 32);
VELLUM_AT(vellum_page, text, 40);
VELLUM_AT(vellum_page, raw_text, 48);
VELLUM_AT(vellum_page, attribute, 56);
VELLUM_AT(vellum_page, name, 64);
VELLUM_AT(vellum_page, emit_text, 72);
VELLUM_AT(vellum_page, emit_integer, 80);
VELLUM_AT(vellum_page, emit_flag, 88);
VELLUM_AT(vellum_page, want_fragment, 96);

VELLUM_AT(vellum_reader, struct_size, 0);
VELLUM_AT(vellum_reader, match, 8);
VELLUM_AT(vellum_reader, extract, 16);

VELLUM_AT(vellum_plugin, struct_size, 0);
VELLUM_AT(vellum_plugin, abi_major, 4);
VELLUM_AT(vellum_plugin, abi_minor, 8);
VELLUM_AT(vellum_plugin, id, 16);
VELLUM_AT(vellum_plugin, reader, 24);
VELLUM_AT(vellum_plugin, create, 32);
VELLUM_AT(vellum_plugin, destroy, 40);

// What the functions take and give.
template <class Function, class Member>
constexpr bool is = std::is_same_v<Function*, Member>;
static_assert(is<void(void*, int32_t, vellum_text), decltype(vellum_host::log)>);
static_assert(is<const void*(void*, const char*), decltype(vellum_host::extension)>);
static_assert(is<const vellum_answer*(void*, size_t), decltype(vellum_page::fragment)>);
static_assert(
    is<vellum_status(void*, const vellum_node*, vellum_text, void*, vellum_each), decltype(vellum_page::select)>);
static_assert(is<vellum_text(void*, const vellum_node*), decltype(vellum_page::text)>);
static_assert(is<vellum_text(void*, const vellum_node*), decltype(vellum_page::raw_text)>);
static_assert(
    is<vellum_status(void*, const vellum_node*, vellum_text, vellum_text*), decltype(vellum_page::attribute)>);
static_assert(is<vellum_text(void*, const vellum_node*), decltype(vellum_page::name)>);
static_assert(is<vellum_status(void*, vellum_text, vellum_text), decltype(vellum_page::emit_text)>);
static_assert(is<vellum_status(void*, vellum_text, int64_t), decltype(vellum_page::emit_integer)>);
static_assert(is<vellum_status(void*, vellum_text, int32_t), decltype(vellum_page::emit_flag)>);
static_assert(is<vellum_status(void*, vellum_text, vellum_text), decltype(vellum_page::want_fragment)>);
static_assert(is<int32_t(void*, const vellum_page*), decltype(vellum_reader::match)>);
static_assert(is<vellum_status(void*, const vellum_page*), decltype(vellum_reader::extract)>);
static_assert(is<vellum_status(const vellum_host*, void**), decltype(vellum_plugin::create)>);
static_assert(is<void(void*), decltype(vellum_plugin::destroy)>);
