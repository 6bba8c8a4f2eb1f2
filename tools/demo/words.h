// The demo site's vocabulary. Journals, people and places are made up; every DOI that is built from them has the prefix
// 10.5555, which is reserved for tests.

#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "tools/demo/article.h"

namespace vellum::demo {

struct Topic {
  std::string_view name;                          // "DNA repair"
  std::string_view mesh;                          // its main subject heading
  std::span<const std::string_view> things_html;  // what is studied: genes, cells, molecules
  std::span<const std::string_view> processes;    // what they do
};

struct GivenName {
  std::string_view name, initials;
};

std::span<const Topic> topics();
std::span<const Journal> journals();
std::span<const GivenName> given_names();
std::span<const std::string_view> family_names();
std::span<const std::string_view> institutions();
std::span<const std::string_view> settings();  // "in aged mice"
std::span<const std::string_view> methods();
std::span<const std::string_view> findings();
std::span<const std::string_view> cautions();
std::span<const std::string_view> common_mesh();
std::span<const std::string_view> substances();
std::span<const std::string_view> publication_types();

}  // namespace vellum::demo
