// The two readers behind SitemapReader: XML and plain lines. Private to crawler/policy.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "crawler/policy/sitemap.h"

namespace vellum::policy {

// Collects entries, counts them and remembers the first fault.
class SitemapCollector {
 public:
  explicit SitemapCollector(SitemapReader::Sink sink) : sink_(std::move(sink)) {}

  // An empty URL is passed over, a long one too; kMaxSitemapEntries is a fault.
  void add(std::string_view url, bool is_sitemap);
  void fail(std::string why);
  bool failed() const { return !summary_.fault.empty(); }
  SitemapSummary& summary() { return summary_; }

 private:
  SitemapReader::Sink sink_;
  SitemapSummary summary_;
};

class SitemapFormat {
 public:
  virtual ~SitemapFormat() = default;
  virtual void write(std::string_view text) = 0;
  virtual void finish() = 0;
};

std::unique_ptr<SitemapFormat> make_xml_sitemap(SitemapCollector& into);
std::unique_ptr<SitemapFormat> make_text_sitemap(SitemapCollector& into);

}  // namespace vellum::policy
