// A page as readable text, for people at a terminal and for word-by-word comparison.
//
// Every block element begins a line; paragraphs, headings, lists and tables have an empty line around them; list items
// begin with "- "; cells of a row are separated by a tab; pre keeps its lines. Script, style, template and head are
// left out, but the page's title is the first line.
//
// Threads: any.

#pragma once

#include <string>

#include "plugins/html/document.h"

namespace vellum::html {

// UTF-8; ends with a line feed unless it is empty.
std::string plain_text(const Document& page);

}  // namespace vellum::html
