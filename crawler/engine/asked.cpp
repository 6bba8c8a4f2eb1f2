#include "crawler/engine/asked.h"

#include <algorithm>
#include <string_view>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "crawler/engine/examine.h"
#include "crawler/engine/follow_up.h"

namespace vellum::engine {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A version without a separator ("v2"), or a part of the work behind one: ".v2", ".g001", "/suppl", "_5".
bool continues(std::string_view whole, std::string_view beginning) {
  if (!whole.starts_with(beginning)) return false;
  std::string_view tail = whole.substr(beginning.size());
  if (tail.empty() || std::string_view("./_-").find(tail.front()) != std::string_view::npos) return true;
  if (tail.front() != 'v') return false;
  tail.remove_prefix(1);
  return !tail.empty() && std::all_of(tail.begin(), tail.end(), is_digit);
}

// "10.1101/x.v2" -> "10.1101/x", "10.12688/f1000research.1.2" -> "10.12688/f1000research.1". Numbers of articles are
// longer than those of versions, or begin with zeros: "10.1016/j.cell.2019.05.031" stays.
std::string_view without_version(std::string_view doi) {
  std::size_t end = doi.size();
  while (end > 0 && is_digit(doi[end - 1])) --end;
  const std::size_t digits = doi.size() - end;
  if (digits == 0 || digits > 2 || end < 2 || doi[end] == '0') return doi;
  if (doi[end - 1] == 'v') --end;
  const bool marked = doi[end] == 'v';
  if (doi[end - 1] == '.') --end;
  return marked || doi[end] == '.' ? doi.substr(0, end) : doi;
}

// Repositories give all versions together a DOI of their own, whose number says nothing.
bool is_concept_pair(std::string_view one, std::string_view other) {
  constexpr std::string_view kZenodo = "10.5281/zenodo.";
  return one.starts_with(kZenodo) && other.starts_with(kZenodo);
}

bool same_work(std::string_view one, std::string_view other) {
  if (continues(one, other) || continues(other, one) || is_concept_pair(one, other)) return true;
  return without_version(one) == without_version(other);
}

std::string difference(const std::string& asked, const std::string& said) {
  return "asked for " + asked + ", page says " + said;
}

}  // namespace

std::string asked_doi(const storage::Archive& archive, storage::RunId run, const storage::UrlTask& task) {
  if (std::string doi = followed_doi(task.rule); !doi.empty()) return doi;
  std::string hop = task.hop, via = task.via;
  for (int hops = 0; hop == "redirect" && hops <= kMaxRedirects; ++hops) {
    if (auto doi = doi_of_resolver_link(via)) return *std::move(doi);
    const auto url = Url::parse(via);
    const auto before = url ? archive.find(*url, {}) : fail(url.error());
    if (!before || before->run != run || before->url != via) break;
    hop = before->hop;
    via = before->via;
  }
  return {};
}

std::optional<std::string> contradiction(const Url& address, const std::string& doi, const Json& ids) {
  if (!ids.is_object()) return std::nullopt;
  const std::string href = address.href();
  const std::string own_doi = text_of(ids, "doi"), own_pmid = text_of(ids, "pmid"), own_pmcid = text_of(ids, "pmcid");
  const auto pmcid = pmcid_of_link(href);
  if (pmcid && !own_pmcid.empty() && *pmcid != own_pmcid) return difference(*pmcid, own_pmcid);
  const auto pmid = pmid_of_link(href);
  if (pmid && !own_pmid.empty() && *pmid != own_pmid) return difference("PMID " + *pmid, "PMID " + own_pmid);
  if (!doi.empty() && !own_doi.empty() && !same_work(to_lower_ascii(doi), to_lower_ascii(own_doi)))
    return difference(doi, own_doi);
  return std::nullopt;
}

}  // namespace vellum::engine
