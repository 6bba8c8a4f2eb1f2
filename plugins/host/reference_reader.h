// References: their text, and the links that each of them carries, joined.
//
// A reference of PubMed is "Hayflick L, ... doi: 10.1016/0014-4827(61)90192-6. - DOI - PubMed": one DOI, said three
// times. It becomes one entry with text, doi, pmid and pmcid, and one line of the link ledger for each link, all with
// the reference's position.
//
// Threads: any; views the page.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/link.h"
#include "plugins/host/group_reader.h"

namespace vellum::plugins {

struct Reference {
  Json work = Json::object();       // text, doi, pmid, pmcid, url; no position yet
  std::vector<OutboundLink> links;  // place "reference"; no position yet
};

class ReferenceReader {
 public:
  // `rule` prefixes the names of the ledger's rules: "gov.nih.nlm.ncbi.pubmed.references".
  ReferenceReader(const PageView& page, const GroupReader& groups, std::string rule)
      : page_(page), groups_(groups), rule_(std::move(rule)) {}

  std::vector<Reference> read(const GroupRule& group) const;

 private:
  Reference read_one(const GroupRule& group, const Place& item) const;
  void read_links(html::Node item, Reference& reference) const;
  void read_json_doi(Reference& reference) const;
  void add_doi_of_field(html::Node item, Reference& reference) const;
  void read_doi_in_text(html::Node item, Reference& reference) const;

  const PageView& page_;
  const GroupReader& groups_;
  std::string rule_;
};

// The references of the page and of a fragment as one list: those that both show are joined, not repeated. A fragment
// that holds most of what the page shows is the whole list and gives the order; else it is the rest and comes after.
std::vector<Reference> joined(std::vector<Reference> page, std::vector<Reference> fragment);

// Numbers references and their links 1..n.
void number(std::vector<Reference>& references);

}  // namespace vellum::plugins
