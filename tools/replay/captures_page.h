// /web/*/<url>: all captures of an address; and the answer where there is none.
//
// Threads: any.

#pragma once

#include "base/url.h"
#include "storage/archive/archive.h"
#include "tools/replay/http.h"
#include "tools/replay/markup.h"

namespace vellum::replay {

Result<Reply> captures_reply(const storage::Archive& archive, const Url& url);
// 404, with captures of addresses that lie near in the same folder or on the same host.
Result<Reply> not_archived_reply(const storage::Archive& archive, const Url& url);

// A table of captures; with the address where they differ in it.
Markup captures_table(const std::vector<storage::Capture>& newest_first, bool with_address);

}  // namespace vellum::replay
