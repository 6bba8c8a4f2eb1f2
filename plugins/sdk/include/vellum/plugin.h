/* vellum/plugin.h - the interface of native Vellum plugins. C11, and C++11 and later. This file is the manual;
 * docs/plugins.md, "Native plugins", is the tutorial, vellum/plugin.hpp the same in C++.
 *
 * A native plugin is a shared library beside a plugin.toml. The file says which pages it reads; a worker process, never
 * the program itself, loads the library, hands it such a page and takes from it what belongs into the page's article
 * record (vellum.article/1). Write one where rules in plugin.toml cannot say it; the rules of the same file still run,
 * and what the library gives goes over what they find.
 *
 * The life of a library in a worker, each step under a deadline:
 *   load     the library is loaded, its constructors run, vellum_plugin_entry is checked
 *   create   entry.create() makes the one instance of this worker
 *   match    reader.match() says whether it wants the page, after plugin.toml has said so
 *   extract  reader.extract() reads the page
 * match and extract follow each other for page after page. What goes wrong is reported with the plugin and the step: a
 * crash, an uncaught exception, exit(), no answer within `deadline`, more than `memory`, more than 8 MiB of results.
 * The worker is then killed, the page is read by the next plugin that fits, and the crawl goes on.
 *
 * In a worker there is no network, no file but the libraries that are loaded, no child process, no thread, no signal
 * to others; standard output and standard error lead nowhere: use host->log. Keep data in the library.
 *
 * Threads   One. No function of either side is called on another thread, and none while another runs, but that the
 *           functions of vellum_page and vellum_host are called from within create, match and extract.
 * Text      vellum_text: UTF-8, counted, not terminated. The host gives valid UTF-8 (a raw body excepted); what is no
 *           UTF-8 in what it is given is replaced by U+FFFD.
 * Memory    Nothing is freed across the border. What the host hands over is the host's: a pointer or view given to
 *           create() lives as long as the instance; one given to match() or extract(), or had from a function of
 *           vellum_page, lives until match() or extract() returns. What the plugin hands over is copied before the call
 *           returns. The instance is the plugin's; entry, reader and their texts are the library's and must not change.
 * Errors    A vellum_status. extract() returning another than VELLUM_OK makes what it gave void. Exceptions must not
 *           cross (vellum/plugin.hpp stops them); one that does is reported as a fault of the plugin.
 * Versions  VELLUM_ABI_MAJOR must be equal on both sides; it changes only with the symbol's meaning. Within a major,
 *           structs only grow, at their end. `struct_size` is what its writer knew: sizeof the struct as the writer
 *           compiled it. A reader must not touch what lies at or beyond it: VELLUM_HAS(page, emit_flag) tells. A
 *           library built against an older minor loads into every newer program; one built against a newer minor loads
 *           too, and has to ask VELLUM_HAS before it calls what its minor added. Values are added to enumerations;
 *           treat an unknown one as VELLUM_E_INTERNAL.
 */
#ifndef VELLUM_PLUGIN_H
#define VELLUM_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define VELLUM_ABI_MAJOR 1u
#define VELLUM_ABI_MINOR 0u

#if defined(__GNUC__)
#define VELLUM_EXPORT __attribute__((visibility("default")))
#else
#define VELLUM_EXPORT
#endif

/* Nonzero if the struct that `pointer` shows was written by somebody who knew `member`. */
#define VELLUM_HAS(pointer, member) \
  ((pointer)->struct_size >= (size_t)((const char*)(&(pointer)->member + 1) - (const char*)(pointer)))

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t vellum_status;
enum {
  VELLUM_OK = 0,
  VELLUM_E_INVALID = -1, /* an argument makes no sense: a selector, a path, a node of another page */
  VELLUM_E_ABSENT = -2,  /* not there: an attribute, a fragment */
  VELLUM_E_LIMIT = -3,   /* over a limit: size of the results, depth of a path, matches of a selector */
  VELLUM_E_PAGE = -4,    /* for extract(): the page is not what the plugin expects */
  VELLUM_E_INTERNAL = -5 /* for extract() and create(): the plugin failed */
};

enum { VELLUM_LOG_DEBUG = 0, VELLUM_LOG_INFO = 1, VELLUM_LOG_WARNING = 2, VELLUM_LOG_ERROR = 3 };

typedef struct vellum_text {
  const char* data; /* may be NULL where size is 0 */
  size_t size;
} vellum_text;

/* An element of the page or a fragment. Opaque; equal pointers are the same element. */
typedef struct vellum_node vellum_node;

/* What the host offers an instance, from create() on. Owned by the host. */
typedef struct vellum_host {
  uint32_t struct_size;
  uint32_t abi_minor; /* of the host */
  void* self;         /* to be passed back as the first argument */
  /* A line for `vellum plugin try` and the log, not for the record. 64 KiB for a page; what is more is dropped. */
  void (*log)(void* self, int32_t severity, vellum_text message);
  /* A further table of functions by its name ("vellum.something/1"); NULL if the host lacks it. None yet. */
  const void* (*extension)(void* self, const char* id);
} vellum_host;

/* One stored answer: the page, or a fragment that was fetched along with it. Owned by the host. */
typedef struct vellum_answer {
  uint32_t struct_size;
  uint32_t http_status;
  vellum_text url;         /* of this answer, after redirects */
  vellum_text media_type;  /* sniffed, lower case, without parameters: "text/html" */
  vellum_text captured;    /* RFC 3339, "" if unknown */
  vellum_text body;        /* as it was stored: content decoding is undone, the charset is the page's own */
  vellum_text source;      /* the markup in UTF-8; "" if the body is no markup */
  const vellum_node* root; /* of the parsed markup; NULL if the body is none, or is too large or too deep to parse */
} vellum_answer;

/* Called for each match; a result other than 0 ends the search. `node` lives until extract() returns. */
typedef int32_t (*vellum_each)(void* user, const vellum_node* node);

/* The page, and where to put what was found on it. Owned by the host; lives until match() or extract() returns. */
typedef struct vellum_page {
  uint32_t struct_size;
  void* self; /* to be passed back as the first argument */
  const vellum_answer* answer;
  /* The fragments that plugin.toml or an earlier reading asked for, in order; NULL from the end of the list on. */
  const vellum_answer* (*fragment)(void* self, size_t index);

  /* Reading. Nodes are those of this page and its fragments; another pointer is VELLUM_E_INVALID. */

  /* Calls `each` for the elements below `scope` that the CSS selector matches, in document order. Selectors are those
   * of plugin.toml (docs/plugins.md). VELLUM_E_INVALID: no such selector; host->log has the reason. */
  vellum_status (*select)(void* self, const vellum_node* scope, vellum_text css, void* user, vellum_each each);
  /* What a reader sees below the node, white space folded. "" for a node of another page. */
  vellum_text (*text)(void* self, const vellum_node* node);
  /* The text nodes below it as they are: of a script, a pre. */
  vellum_text (*raw_text)(void* self, const vellum_node* node);
  /* VELLUM_E_ABSENT: it has no such attribute. `name` in lower case. */
  vellum_status (*attribute)(void* self, const vellum_node* node, vellum_text name, vellum_text* value);
  /* Lower-case tag name. */
  vellum_text (*name)(void* self, const vellum_node* node);

  /* Writing; in match() all of it is VELLUM_E_INVALID. `path` is a JSON pointer into the record: "/title", "/ids/doi",
   * "/authors/0/name", "/keywords/-" ("-" or the list's length: a further item). Keys are those of vellum.article/1
   * (docs/formats.md); a record with a key or a type that is not in it is refused as a whole when extract() has
   * returned. schema, url, captured, sources, plugin, plugin_version, layout and verdict are the host's.
   * VELLUM_E_INVALID: no pointer, a gap in a list, a value where the path needs a list or object, or the reverse.
   * VELLUM_E_LIMIT: over 8 levels, or results over 8 MiB. */
  vellum_status (*emit_text)(void* self, vellum_text path, vellum_text value);
  vellum_status (*emit_integer)(void* self, vellum_text path, int64_t value);
  vellum_status (*emit_flag)(void* self, vellum_text path, int32_t value);
  /* Asks for a part of the page under another address; it is fetched on the same visit and given as a fragment when
   * the page is read again. `reason` is for people: "references". Relative addresses are resolved. At most 16. */
  vellum_status (*want_fragment)(void* self, vellum_text url, vellum_text reason);
} vellum_page;

/* What reads pages. Owned by the library. */
typedef struct vellum_reader {
  uint32_t struct_size;
  /* Above 0 if the plugin wants the page, which plugin.toml matches already; 0 if not: the next plugin that fits reads
   * it; below 0, a vellum_status: it failed. NULL: always. */
  int32_t (*match)(void* instance, const vellum_page* page);
  /* Reads the page and emits what it found. */
  vellum_status (*extract)(void* instance, const vellum_page* page);
} vellum_reader;

/* The library. `id` and `version` are those of plugin.toml; another id is refused. */
typedef struct vellum_plugin {
  uint32_t struct_size;
  uint32_t abi_major, abi_minor; /* VELLUM_ABI_MAJOR, VELLUM_ABI_MINOR */
  const char* id;                /* reverse DNS, terminated: "org.example.journal" */
  const vellum_reader* reader;
  /* Makes the instance: anything, also NULL. Called once. NULL: none is needed. */
  vellum_status (*create)(const vellum_host* host, void** instance);
  /* Called when a worker ends in good order. A worker may be killed at any moment: nothing may depend on it. NULL:
   * nothing to do. */
  void (*destroy)(void* instance);
} vellum_plugin;

/* The one symbol that a plugin exports. */
VELLUM_EXPORT extern const vellum_plugin vellum_plugin_entry;

#ifdef __cplusplus
}
#endif

#endif /* VELLUM_PLUGIN_H */
