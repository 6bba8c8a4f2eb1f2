// Deterministic nonsense for every parser of base: nothing may crash, hang, or break its own promises. Run under
// sanitizers this finds what tables of cases do not think of.

#include <gtest/gtest.h>

#include <random>

#include "base/article.h"
#include "base/content_coding.h"
#include "base/http_message.h"
#include "base/json.h"
#include "base/media_type.h"
#include "base/scholarly_id.h"
#include "base/text.h"
#include "base/toml.h"
#include "base/url_key.h"

namespace vellum {
namespace {

constexpr int kInputs = 2000;

// Strings of raw bytes mixed with pieces that mean something to the parser under test.
class Inputs {
 public:
  Inputs(unsigned seed, std::vector<std::string> pieces) : random_(seed), pieces_(std::move(pieces)) {}

  std::string next() {
    std::string text;
    for (std::size_t n = below(24); n > 0; --n) {
      if (below(3) == 0) {
        text += static_cast<char>(below(256));
      } else {
        text += pieces_[below(pieces_.size())];
      }
    }
    return text;
  }
  std::size_t below(std::size_t limit) { return random_() % limit; }
  // `text` with a few bytes changed, or cut.
  std::string damaged(std::string text) {
    for (std::size_t n = below(4); n > 0 && !text.empty(); --n)
      text[below(text.size())] = static_cast<char>(below(256));
    if (below(3) == 0) text.resize(below(text.size() + 1));
    return text;
  }

 private:
  std::mt19937 random_;
  std::vector<std::string> pieces_;
};

TEST(RandomInput, UrlsParseToTheirOwnFixpoint) {
  Inputs inputs(1, {"http:", "https://", "//", "/",  "\\",   "..", ".",  "%2e",    "%",    "@",
                    ":",     "[",        "]",  "::", "?",    "#",  "é",  "\u200D", "xn--", "file:",
                    "C|",    "1.2.3",    "0x", "h",  "foo:", " ",  "\t", "&",      "=",    ";sid="});
  const Url base = *Url::parse("https://user@h.example:81/a/b?c#d");
  for (int i = 0; i < kInputs; ++i) {
    const std::string text = inputs.next();
    for (const Url* against : {static_cast<const Url*>(nullptr), &base}) {
      const auto url = Url::parse(text, against);
      if (!url) continue;
      const auto again = Url::parse(url->href());
      ASSERT_TRUE(again) << url->href();
      EXPECT_EQ(again->href(), url->href()) << text;
      EXPECT_TRUE(is_valid_utf8(url->href()));
      const auto seen = Url::parse(seen_key(*url));
      if (url->is_http()) {
        EXPECT_TRUE(seen && seen_key(*seen) == seen_key(*url)) << url->href();
      }
      EXPECT_TRUE(is_valid_utf8(surt(*url)));
      EXPECT_FALSE(url->is_http() && url->hostname().empty());
      (void)registrable_domain(url->hostname());
    }
  }
}

TEST(RandomInput, FoundDoisStandWhereTheySay) {
  Inputs inputs(2, {"10.",
                    "1000",
                    "1234/",
                    "10.1000/a",
                    "10.1037//",
                    "%2F",
                    "%",
                    "&lt;",
                    "&amp;",
                    "&#x3c;",
                    "(",
                    ")",
                    "[",
                    "]",
                    "<",
                    ">",
                    ".",
                    ";2-#",
                    "?",
                    "doi:",
                    "urn:doi:",
                    "v3",
                    "/full",
                    "\\",
                    " ",
                    "…",
                    "–",
                    "\u200B",
                    "https://doi.org/",
                    "é"});
  for (int i = 0; i < kInputs; ++i) {
    const std::string text = inputs.next();
    std::size_t behind = 0;
    for (const FoundDoi& found : find_dois(text)) {
      EXPECT_GE(found.offset, behind);
      EXPECT_EQ(text.compare(found.offset, found.text.size(), found.text), 0);
      EXPECT_EQ(found.doi.compare(0, 3, "10."), 0);
      EXPECT_TRUE(is_valid_utf8(found.doi));
      behind = found.offset + found.text.size();
    }
    for (auto* function : {normalise_doi, doi_of_resolver_link, normalise_pmid, normalise_pmcid, pmid_of_link,
                           pmcid_of_link, normalise_arxiv, normalise_issn, normalise_orcid}) {
      const auto id = function(text);
      EXPECT_FALSE(id && id->empty());
    }
  }
}

TEST(RandomInput, HeaderBlocksKeepTheirBytes) {
  Inputs inputs(3, {"HTTP/1.1 200 OK\r\n", "\r\n", "\n", "\r", ":", " ", "\t", "Cookie:", "Set-Cookie: a", "X",
                    "GET / HTTP/2\r\n"});
  for (int i = 0; i < kInputs; ++i) {
    const std::string text = inputs.next();
    const HeaderBlock block(text);
    EXPECT_EQ(block.bytes(), text);
    for (const auto& [name, value] : block.fields()) {
      EXPECT_FALSE(name.empty());
      EXPECT_EQ((name + value).find('\n'), std::string::npos);
    }
    const std::string redacted = redact_request(text);
    EXPECT_EQ(redact_request(redacted), redacted);
    (void)parse_media_type(text);
    (void)sniffed_essence(parse_media_type(block.first("X").value_or("")), text);
  }
}

TEST(RandomInput, DamagedCodedBodiesAreFaultsNotCrashes) {
  const std::string gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00", 25);
  ASSERT_EQ(*decode_content("gzip", gzip, 100), "hello");
  Inputs inputs(4, {gzip, "\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "\x78\x9c", "\x8b\x0b\x80", std::string(16, '\0')});
  for (int i = 0; i < kInputs; ++i) {
    const std::string body = inputs.below(2) == 0 ? inputs.damaged(gzip + gzip) : inputs.next();
    for (const char* coding : {"gzip", "deflate", "br", "zstd", "gzip, deflate", "zstd, br"}) {
      const auto out = decode_content(coding, body, 1 << 16);
      if (!out) {
        EXPECT_TRUE(out.error().kind == ErrorKind::kProtocol || out.error().kind == ErrorKind::kTooLarge);
      }
    }
  }
}

TEST(RandomInput, TomlFailuresNameTheFile) {
  Inputs inputs(5, {"a", "=", "[", "]", "[[x]]\n", "[x]\n", "\"", "'''", "\n", "1", "2020-01-01", "{", "}", ",", ".",
                    "#", "\\u00", "true"});
  for (int i = 0; i < kInputs; ++i) {
    const auto file = TomlFile::parse(inputs.next(), "f.toml");
    if (!file) {
      EXPECT_EQ(file.error().message.compare(0, 7, "f.toml:"), 0) << file.error().message;
      continue;
    }
    for (const auto& [key, value] : file->root().items()) EXPECT_TRUE(file->line_of(pointer_to("", key)));
  }
}

TEST(RandomInput, DamagedCborAndJsonAreFaultsOrWholeValues) {
  const Json record = {{"a", {1, -2, 2.5, "text", nullptr, true}}, {"b", {{"c", "é"}}}, {"d", Json::array()}};
  Inputs inputs(6, {"{",    "}",   "[",           "]",    "\"a\"", ":",    ",",    "1",    "-",    "e9",  "true",
                    "null", "\\u", "\"\\ud800\"", "\x9f", "\xbf",  "\xff", "\x81", "\xa1", "\x7f", "\xfb"});
  const std::string cbor = to_cbor(record), line = to_line(record);
  for (int i = 0; i < kInputs; ++i) {
    for (const auto& read : {parse_cbor(inputs.damaged(cbor)), parse_cbor(inputs.next()),
                             parse_json(inputs.damaged(line)), parse_json(inputs.next())}) {
      if (!read) continue;
      EXPECT_FALSE(to_line(*read).empty());
      Json tidied = *read;
      article::tidy(tidied);
      Json again = tidied;
      article::tidy(again);
      EXPECT_EQ(to_line(again), to_line(tidied));
      (void)article::faults(tidied);
    }
  }
}

TEST(RandomInput, TextFunctionsGiveValidUtf8) {
  Inputs inputs(7, {"&", "&#", "&#x", ";", "amp;", "&lt;", "\xC3", "\xA9", "é", "e\u0301", "\u00A0", " ",
                    "\xED\xA0\x80", "\xF4\x90"});
  for (int i = 0; i < kInputs; ++i) {
    const std::string text = inputs.next(), repaired = repair_utf8(text);
    EXPECT_TRUE(is_valid_utf8(repaired));
    EXPECT_EQ(is_valid_utf8(text), repaired == text);
    EXPECT_TRUE(is_valid_utf8(to_nfc(text)));
    EXPECT_EQ(to_nfc(to_nfc(text)), to_nfc(text));
    EXPECT_EQ(fold_space(fold_space(repaired)), fold_space(repaired));
    EXPECT_TRUE(is_valid_utf8(unescape_html(repaired)));
    EXPECT_EQ(unescape_html(escape_html(text)), text);
  }
}

}  // namespace
}  // namespace vellum
