// Sitemaps and feeds: what a site says it has. Streaming, and safe with whatever is served under that name.
//
//   SitemapReader reader(sink);                   // sink(entry) for each URL as it is read
//   while (chunk) reader.write(chunk);
//   const SitemapSummary summary = reader.finish();
//
// Read are: urlset and sitemapindex in any or no namespace, with news, image, video and mobile extensions (whose own
// URLs are no pages); RSS 0.9 to 2.0 and Atom; text, a URL a line. Gzip is recognised by its first bytes. Entries that
// came before a fault count; the summary names the fault with its line.
//
// Hostile input: no entity is ever declared or loaded, elements may lie 100 deep, a URL may be 8 KiB, a file may hold
// 50,000 of them and 64 MiB decoded (sitemaps.org: 50,000 and 50 MiB). Memory does not grow with the file.
//
// Threads: one.     Spec: https://www.sitemaps.org/protocol.html, RSS 2.0, RFC 4287

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace vellum::policy {

struct SitemapEntry {
  std::string url;          // as written, trimmed; may be relative
  bool is_sitemap = false;  // of an index: another sitemap to read
};

struct SitemapSummary {
  std::string format;  // "urlset" | "sitemapindex" | "rss" | "atom" | "text" | "" for nothing that we read
  std::uint64_t pages = 0, sitemaps = 0;
  std::string fault;  // "" if it was read to its end
};

class SitemapReader {
 public:
  using Sink = std::function<void(SitemapEntry)>;

  explicit SitemapReader(Sink sink);
  ~SitemapReader();
  SitemapReader(const SitemapReader&) = delete;
  SitemapReader& operator=(const SitemapReader&) = delete;

  // Pieces of any size. After a fault it does nothing.
  void write(std::string_view bytes);
  SitemapSummary finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

inline constexpr std::uint64_t kMaxSitemapEntries = 50'000;
inline constexpr std::uint64_t kMaxSitemapBytes = 64u << 20;
inline constexpr std::size_t kMaxSitemapUrl = 8192;

}  // namespace vellum::policy
