// What the demo site answers to a request: a pure function of the site, the request and the number of the load.
//
// Hosts: www.ncbi.nlm.nih.gov, pmc.ncbi.nlm.nih.gov and cdn.ncbi.nlm.nih.gov have their own addresses; every other host
// name (pubmed.ncbi.nlm.nih.gov, 127.0.0.1) answers for PubMed first and then for the others, so that a browser can
// look around without a proxy.
//
// Threads: any.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/demo/site_model.h"

namespace vellum::demo {

struct SiteRequest {
  std::string host;    // lower case, without port
  std::string target;  // path and query
};

struct SiteResponse {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  std::string location;    // for redirects
  std::string session;     // value of the session cookie: new on every load
  bool is_static = false;  // same bytes each time: gets an ETag and may be cached
  bool is_slow = false;    // the page that answers after --slow-ms
};

SiteResponse respond(const Site& site, const SiteRequest& request, std::uint64_t load);

}  // namespace vellum::demo
