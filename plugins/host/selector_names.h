// Selectors that name one element of a page as a person would write them: by id, by what it is about, by class, by tag.
//
// Threads: any.

#pragma once

#include <string>
#include <vector>

#include "plugins/html/document.h"

namespace vellum::plugins {

// Those of the element alone ("#title", `[itemprop="name"]`, "h1.title", "h1"), the more lasting first; ids and classes
// that look generated are left out. Empty for what is no element.
std::vector<std::string> selectors_of(html::Node element);

// The same, then each below a selector of the nearest elements around it ("#header h1").
std::vector<std::string> selectors_in_context(html::Node element);

}  // namespace vellum::plugins
