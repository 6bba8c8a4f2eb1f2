// The frame around every page of the replay's own: head, style, header, search box, footer; and the policies of
// answers.
//
// Threads: any.

#pragma once

#include <string>
#include <string_view>

#include "tools/replay/http.h"
#include "tools/replay/markup.h"

namespace vellum::replay {

// A whole page as an answer. `query` fills the search box.
Reply page_reply(int status, std::string_view title, const Markup& body, std::string_view query = {});
// A page that says one thing: errors and dead ends. `hint` may be empty.
Reply message_reply(int status, std::string_view title, std::string_view message, const Markup& hint = {});

// Content-Security-Policy of our own pages: nothing but the style that stands in them and images of this server.
const std::string& own_policy();
// Of everything under /web/: sandboxed into an opaque origin, no script, no connection, nothing from anywhere else.
// PDF viewers do not run inside a sandbox, so a PDF goes without that word; it has no script of ours to reach.
std::string_view archived_policy(std::string_view essence);

// The fields that every answer carries, whatever it is.
void add_common_fields(Reply& reply);

std::string_view favicon_svg();

}  // namespace vellum::replay
