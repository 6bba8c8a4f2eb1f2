// Works as rows: which work a page or an id belongs to, and the work itself. Private to storage.
//
// Threads: add_page_visit: the store thread only; find_work: any.

#pragma once

#include "storage/archive/works.h"
#include "storage/rocks/database.h"
#include "storage/rocks/transaction.h"

namespace vellum::storage {

// works: 'w' and the work's number; 'u' and 16 bytes of a URL's SHA-256; 'i' and an id.
std::string work_key(std::uint64_t id);
std::string work_page_key(std::string_view url);
std::string work_id_key(std::string_view id);

// Finds the page's work by its address and by the ids of its record, joins what belongs together, adds the visit.
Result<void> add_page_visit(rocks::Transaction& group, const PageVisit& visit);

Result<std::optional<Work>> find_work(const rocks::Database& database, std::string_view url);

}  // namespace vellum::storage
