/* The smallest native plugin, in C: the page's first heading is its title. */
#include <string.h>
#include <vellum/plugin.h>

static vellum_text text(const char* words) {
  vellum_text view = {words, strlen(words)};
  return view;
}

/* Keeps the first match and ends the search. */
static int32_t keep(void* user, const vellum_node* node) {
  *(const vellum_node**)user = node;
  return 1;
}

static vellum_status extract(void* instance, const vellum_page* page) {
  const vellum_node* heading = NULL;
  vellum_status status = page->select(page->self, page->answer->root, text("h1"), &heading, keep);
  (void)instance;
  if (status != VELLUM_OK) return status;
  if (!heading) return VELLUM_E_PAGE; /* not a page of ours: the next plugin reads it */
  return page->emit_text(page->self, text("/title"), page->text(page->self, heading));
}

static const vellum_reader reader = {sizeof(vellum_reader), NULL, extract};

const vellum_plugin vellum_plugin_entry = {
    sizeof(vellum_plugin), VELLUM_ABI_MAJOR, VELLUM_ABI_MINOR, "org.example.title", &reader, NULL, NULL};
