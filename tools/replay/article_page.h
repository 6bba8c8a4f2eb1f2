// /article/<url>: the record of a capture as a page to read: fields, figures, references with what of them is archived.
//
//   /article/https://pubmed.ncbi.nlm.nih.gov/1/            the newest record
//   /article/20200131/https://…                            that of the capture nearest to the instant
//   /article/doi:10.1016/0014-4827(61)90192-6              the newest record of that work (also pmid:, pmcid:)
//
// Threads: any.

#pragma once

#include <string>
#include <string_view>

#include "storage/archive/archive.h"
#include "tools/replay/http.h"

namespace vellum::replay {

// `rest` is what follows "/article/". kInvalid: no address; kNotFound is an answer, not an error.
Result<Reply> article_reply(const storage::Archive& archive, std::string_view rest);

// "doi:10.1/x", "pmid:1", "pmcid:PMC1": how the archive names an identifier typed by a person; "" if the text is none.
std::string identifier_key(std::string_view text);

}  // namespace vellum::replay
