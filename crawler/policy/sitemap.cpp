#include "crawler/policy/sitemap.h"

#include <algorithm>
#include <optional>

#include "base/content_coding.h"
#include "base/text.h"
#include "crawler/policy/sitemap_parts.h"

namespace vellum::policy {
namespace {

// Lines: a URL each. What is no URL by its beginning makes the file no sitemap, for it may be anything.
class TextSitemap final : public SitemapFormat {
 public:
  explicit TextSitemap(SitemapCollector& into) : into_(into) { into.summary().format = "text"; }

  void write(std::string_view text) override {
    while (!text.empty() && !into_.failed()) {
      const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
      if (line_.size() < 2 * kMaxSitemapUrl) line_.append(text.substr(0, end));
      if (end < text.size()) take_line();
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  void finish() override { take_line(); }

 private:
  void take_line() {
    const std::string_view url = trim(line_);
    const bool is_url = starts_with_ignore_case(url, "http://") || starts_with_ignore_case(url, "https://");
    if (is_url) {
      into_.add(url, false);
    } else if (!url.empty()) {
      into_.summary().format.clear();
      into_.fail("neither XML nor a list of URLs");
    }
    line_.clear();
  }

  SitemapCollector& into_;
  std::string line_;
};

constexpr std::string_view kGzip = "\x1F\x8B";
constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool is_wide(std::string_view start) {  // UTF-16 by its mark or by the zero byte of "<"
  return start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF") ||
         (start.size() >= 2 && (start[0] == '\0' || start[1] == '\0'));
}

}  // namespace

void SitemapCollector::add(std::string_view url, bool is_sitemap) {
  url = trim(url);
  if (url.empty() || url.size() > kMaxSitemapUrl || failed()) return;
  if (summary_.pages + summary_.sitemaps >= kMaxSitemapEntries)
    return fail("more than 50000 URLs; the rest is left out");
  ++(is_sitemap ? summary_.sitemaps : summary_.pages);
  sink_({std::string(url), is_sitemap});
}

void SitemapCollector::fail(std::string why) {
  if (!failed()) summary_.fault = std::move(why);
}

std::unique_ptr<SitemapFormat> make_text_sitemap(SitemapCollector& into) {
  return std::make_unique<TextSitemap>(into);
}

struct SitemapReader::Impl {
  explicit Impl(Sink sink) : found(std::move(sink)) {}

  SitemapCollector found;
  std::string start;  // until it is known what the file is
  bool begun = false;
  std::optional<ContentDecoder> gzip;
  std::unique_ptr<SitemapFormat> format;
  std::uint64_t decoded = 0;

  void take_coded(std::string_view bytes) {
    if (!gzip) return take(bytes);
    const auto sink = [&](std::string_view text) -> Result<void> { return take(text), Result<void>(); };
    if (const auto done = gzip->write(bytes, sink); !done) found.fail(done.error().message);
  }

  void begin(std::string_view bytes) {
    begun = true;
    if (!bytes.starts_with(kGzip)) return;
    auto opened = ContentDecoder::open("gzip");
    if (opened) gzip.emplace(*std::move(opened));
  }

  void take(std::string_view text) {
    decoded += text.size();
    if (decoded > kMaxSitemapBytes) return found.fail("more than 64 MiB");
    if (found.failed()) return;
    if (format) return format->write(text);
    start.append(text);
    if (start.size() >= 64 || trim(start).size() >= 8) choose();
  }

  void choose() {
    std::string_view text = start;
    if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos && start.size() < 4096) return;
    const bool xml = is_wide(text) || (first != std::string_view::npos && text[first] == '<');
    format = xml ? make_xml_sitemap(found) : make_text_sitemap(found);
    // A declaration must be the first thing in a file; many files begin with an empty line.
    format->write(xml && !is_wide(text) ? text.substr(first) : text);
    start.clear();
  }

  void finish() {
    if (gzip && !found.failed()) {
      const auto sink = [&](std::string_view text) -> Result<void> { return take(text), Result<void>(); };
      if (const auto done = gzip->finish(sink); !done) found.fail(done.error().message);
    }
    if (!format && !found.failed() && !trim(start).empty()) choose();
    if (!format) found.fail("empty");
    if (format && !found.failed()) format->finish();
  }
};

SitemapReader::SitemapReader(Sink sink) : impl_(std::make_unique<Impl>(std::move(sink))) {}
SitemapReader::~SitemapReader() = default;

void SitemapReader::write(std::string_view bytes) {
  if (impl_->found.failed() || bytes.empty()) return;
  if (impl_->begun) return impl_->take_coded(bytes);
  impl_->start.append(bytes);
  if (impl_->start.size() < kGzip.size()) return;
  const std::string first = std::move(impl_->start);
  impl_->start.clear();
  impl_->begin(first);
  impl_->take_coded(first);
}

SitemapSummary SitemapReader::finish() {
  impl_->finish();
  return std::move(impl_->found.summary());
}

}  // namespace vellum::policy
