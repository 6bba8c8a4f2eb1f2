// Lenient reading of a record for the pages that show it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/archive/archive.h"
#include "tools/replay/markup.h"

namespace vellum::replay {

// The member if it is an array (object), else an empty one.
const Json& list_of(const Json& object, const char* key);
const Json& part_of(const Json& object, const char* key);
// The strings of a list, joined.
std::string joined(const Json& list, std::string_view separator);

// Adds `<h2>title</h2>`.
void add_heading(Markup& body, std::string_view title);
// The text, or its *_html form with sub, sup and the like where the record has one.
void add_rich_text(Markup& body, const Json& object, const std::string& key);

// Where the work that an entry of references, similar or items names is in this archive: a path of this server.
std::optional<std::string> archived_path(const storage::Archive& archive, const Json& entry);
// "archived" with a link, or "not archived".
void add_archived_tag(Markup& body, const std::optional<std::string>& path);

}  // namespace vellum::replay
