// Exports of a real archive: what goes out, what stays in, and that other parts of this library accept it.

#include "storage/warc/exporter.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "base/base64.h"
#include "base/text.h"
#include "storage/archive/revisit.h"
#include "storage/warc/checker.h"
#include "storage/warc/exchange_reader.h"
#include "storage/warc/wacz.h"
#include "storage/warc/wacz_signature.h"
#include "tests/storage/support.h"

namespace vellum::warc {
namespace {

using namespace storage::test;
using std::chrono::seconds;
using storage::Capture;
using storage::Catalog;
using storage::NewCapture;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string kPage = "<!DOCTYPE html><title>Page</title>" + std::string(2000, 'p');

class ExportTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Catalog::open(folder / "archive", options_at(kStart, true));
    ASSERT_TRUE(opened) << opened.error().message;
    catalog = *std::move(opened);
  }
  Capture store(NewCapture fresh) { return await(catalog->commit(commit_of({std::move(fresh)})))->captures.at(0); }
  NewCapture seen(const std::string& url, const std::string& payload, int at) {
    NewCapture fresh = capture_of(*catalog, url, payload, kStart + seconds(at));
    fresh.headers.response = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    fresh.headers.request = "GET /x HTTP/1.1\r\nHost: example.org\r\n\r\n";
    return fresh;
  }
  // A 304 about `original`.
  NewCapture unmodified(const Capture& original, int at) {
    NewCapture fresh = seen(original.url, *catalog->archive().payload(original.digest), at);
    fresh.capture.status = 304;
    fresh.capture.refers_to = storage::reference_to(original);
    fresh.headers.response = "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n";
    return fresh;
  }
  struct Exported {
    std::string bytes, index;
    ExportCounts counts;
  };
  Exported run(ExportOptions options = {}, WriterOptions writing = {"1.1", true}) {
    Exported out;
    options.filename = "x.warc.gz";
    options.software = "test";
    const auto sink = into_text(out.bytes);
    WarcWriter writer(*sink, writing);
    Exporter exporter(catalog->archive(), writer, options);
    exporter.on_index([&](const IndexLine& line) -> Result<void> {
      out.index += cdxj_line(line);
      return {};
    });
    auto counts = exporter.run();
    EXPECT_TRUE(counts);
    if (counts) out.counts = *std::move(counts);
    const auto checked = check_source(over_bytes(out.bytes));
    EXPECT_TRUE(checked && checked->is_clean() && checked->advice.empty());
    return out;
  }

  TempDir folder;
  std::unique_ptr<Catalog> catalog;
};

// The fields of all records but the first, by type.
std::multimap<std::string, Record> records_of(const std::string& bytes) {
  std::multimap<std::string, Record> records;
  RecordReader reader(over_bytes(bytes), [](const Fault&) {});
  for (auto record = reader.next(); record && *record; record = reader.next())
    records.emplace((*record)->type, **record);
  return records;
}

TEST_F(ExportTest, AnEmptyArchiveIsAFileWithAWarcinfo) {
  const Exported out = run();
  EXPECT_EQ(out.counts.captures, 0u);
  EXPECT_THAT(records_of(out.bytes), SizeIs(1));
}

TEST_F(ExportTest, LaterCapturesOfOnePayloadAreRevisitsThatNameTheFirst) {
  store(seen("https://example.org/a", kPage, 0));
  store(seen("https://example.org/a", kPage, 60));
  const Exported out = run();
  EXPECT_EQ(out.counts.responses, 1u);
  EXPECT_EQ(out.counts.revisits, 1u);
  const auto records = records_of(out.bytes);
  const Record& revisit = records.find("revisit")->second;
  const Record& response = records.find("response")->second;
  EXPECT_EQ(revisit.uri("WARC-Refers-To"), response.uri("WARC-Record-ID"));
  EXPECT_EQ(revisit.first("WARC-Refers-To-Target-URI"), "https://example.org/a");
  EXPECT_EQ(revisit.first("WARC-Refers-To-Date"), response.first("WARC-Date"));
  EXPECT_EQ(revisit.first("WARC-Profile"), "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest");
  EXPECT_EQ(revisit.first("WARC-Payload-Digest"), response.first("WARC-Payload-Digest"));
}

TEST_F(ExportTest, ARevisitWhoseOriginalIsOutsideTheSelectionIsWhole) {
  store(seen("https://example.org/a", kPage, 0));
  store(seen("https://example.org/a", kPage, 60));
  ExportOptions options;
  options.from = kStart + seconds(30);
  const Exported out = run(options);
  EXPECT_EQ(out.counts.responses, 1u);
  EXPECT_EQ(out.counts.revisits, 0u);
}

TEST_F(ExportTest, ARevisitNeverRefersToALaterCapture) {
  store(seen("https://example.org/a", kPage, 60));
  store(seen("https://example.org/b", kPage, 0));
  EXPECT_EQ(run().counts.revisits, 0u);
}

TEST_F(ExportTest, AnUnmodifiedPageIsARevisitWithItsOwnHeader) {
  const Capture original = store(seen("https://example.org/a", "small", 0));
  store(unmodified(original, 60));
  const Exported out = run();
  EXPECT_EQ(out.counts.captures, 2u);
  EXPECT_EQ(out.counts.revisits, 1u);
  const auto records = records_of(out.bytes);
  const Record& revisit = records.find("revisit")->second;
  EXPECT_EQ(revisit.first("WARC-Profile"), "http://netpreserve.org/warc/1.1/revisit/server-not-modified");
  EXPECT_EQ(revisit.uri("WARC-Refers-To"), records.find("response")->second.uri("WARC-Record-ID"));
  EXPECT_EQ(revisit.first("WARC-Refers-To-Target-URI"), original.url);
  EXPECT_EQ(revisit.first("WARC-Refers-To-Date"), records.find("response")->second.first("WARC-Date"));
  EXPECT_FALSE(revisit.first("WARC-Truncated"));
  EXPECT_THAT(out.index, HasSubstr("\"mime\":\"warc/revisit\",\"status\":\"304\""));
}

TEST_F(ExportTest, WhatAnUnmodifiedPageRefersToGoesOutWithItThoughItIsNotSelected) {
  const Capture original = store(seen("https://example.org/a", kPage, 0));
  store(unmodified(original, 60));
  store(unmodified(original, 120));
  ExportOptions options;
  options.from = kStart + seconds(30);
  const Exported out = run(options);
  EXPECT_EQ(out.counts.responses, 1u);
  EXPECT_EQ(out.counts.revisits, 2u);
}

TEST_F(ExportTest, AnUnmodifiedPageIsReadBackAsOne) {
  const Capture original = store(seen("https://example.org/a", kPage, 0));
  store(unmodified(original, 60));
  std::vector<ImportedExchange> back;
  ExchangeReader reader(
      [&](ImportedExchange exchange) -> Result<void> {
        back.push_back(std::move(exchange));
        return {};
      },
      [](const std::string& line) { ADD_FAILURE() << line; });
  ASSERT_TRUE(reader.read(over_bytes(run().bytes), "x"));
  ASSERT_TRUE(reader.finish());
  ASSERT_THAT(back, SizeIs(2));
  ASSERT_TRUE(back[1].revisit);
  EXPECT_TRUE(back[1].revisit->is_not_modified);
  EXPECT_EQ(back[1].capture.status, 304);
  EXPECT_EQ(back[1].revisit->url, original.url);
  EXPECT_EQ(back[1].revisit->captured, original.captured);
}

TEST_F(ExportTest, NoarchiveIsLeftOutUnlessAsked) {
  NewCapture fresh = seen("https://example.org/a", kPage, 0);
  fresh.capture.rights = {"noarchive"};
  store(std::move(fresh));
  EXPECT_EQ(run().counts.captures, 0u);
  EXPECT_EQ(run().counts.left_out, 1u);
  ExportOptions options;
  options.even_noarchive = true;
  EXPECT_EQ(run(options).counts.captures, 1u);
}

TEST_F(ExportTest, ADecodedBodyStandsBehindNoContentEncoding) {
  NewCapture fresh = seen("https://example.org/a", kPage, 0);
  fresh.headers.response = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n";
  fresh.capture.content_coding = "gzip";
  fresh.capture.coded_bytes = 9;
  store(std::move(fresh));
  std::string bytes = run({}, {"1.1", false}).bytes;
  EXPECT_THAT(bytes, HasSubstr("\r\nX-Archive-Orig-Content-Encoding: gzip\r\n"));
  EXPECT_THAT(bytes, Not(HasSubstr("\r\nContent-Encoding: gzip\r\n")));
  EXPECT_THAT(bytes, HasSubstr("\r\nContent-Length: " + std::to_string(kPage.size()) + "\r\n\r\n" + kPage));
}

TEST_F(ExportTest, TheSameSelectionGivesTheSameBytes) {
  store(seen("https://example.org/a", kPage, 0));
  store(seen("https://example.org/b", kPage + "b", 1));
  EXPECT_EQ(run().bytes, run().bytes);
}

TEST_F(ExportTest, IndexLinesPointAtRecords) {
  store(seen("https://example.org/a", kPage, 0));
  store(seen("https://example.org/b", kPage + "b", 1));
  const Exported out = run();
  int lines = 0;
  for (std::string_view text : split(out.index, '\n')) {
    if (text.empty()) continue;
    const auto line = parse_cdxj_line(text);
    ASSERT_TRUE(line);
    const std::string record = out.bytes.substr(line->offset, line->length);
    EXPECT_EQ(line->record_digest, sha256(record).to_text());
    const auto read = records_of(record);
    ASSERT_THAT(read, SizeIs(1));
    EXPECT_EQ(read.begin()->second.uri("WARC-Target-URI"), line->url);
    ++lines;
  }
  EXPECT_EQ(lines, 2);
}

TEST_F(ExportTest, WritesWarc10WithWholeSeconds) {
  NewCapture fresh = seen("https://example.org/a", kPage, 0);
  fresh.capture.captured += std::chrono::milliseconds(123);
  store(std::move(fresh));
  const auto records = records_of(run({}, {"1.0", true}).bytes);
  EXPECT_EQ(records.find("response")->second.first("WARC-Date"), "2026-11-23T12:00:00Z");
  EXPECT_EQ(records.find("response")->second.version, "1.0");
}

TEST_F(ExportTest, APayloadThatIsGoneIsNamedAndTheRestGoesOut) {
  store(seen("https://example.org/a", kPage, 0));
  NewCapture broken = seen("https://example.org/b", kPage + "b", 1);
  broken.capture.wire = "no CBOR \xff";
  store(std::move(broken));
  const Exported out = run();
  EXPECT_EQ(out.counts.responses, 1u);
  ASSERT_THAT(out.counts.failures, SizeIs(1));
  EXPECT_THAT(out.counts.failures[0], HasSubstr("https://example.org/b"));
}

TEST_F(ExportTest, AWaczHoldsWhatItSays) {
  store(seen("https://example.org/a", kPage, 0));
  const auto page = [](const Capture& capture, const std::string&) {
    return std::optional(WaczPage{capture.url, "Page", "text", capture.captured});
  };
  const auto file = folder / "x.wacz";
  ASSERT_TRUE(write_wacz(catalog->archive(), file, {}, {"Title", "test", "1.1", kStart, nullptr}, page));
  const auto zip = ZipReader::open(file);
  ASSERT_TRUE(zip);
  const auto contents = inspect_wacz(*zip);
  ASSERT_TRUE(contents);
  EXPECT_THAT(contents->faults, IsEmpty());
  EXPECT_THAT(contents->warcs, ElementsAre("archive/data.warc.gz"));
  const auto checked = check_source(*zip->read("archive/data.warc.gz"));
  ASSERT_TRUE(checked);
  EXPECT_TRUE(checked->is_clean());
  EXPECT_EQ(checked->records, 3u);
}

TEST_F(ExportTest, ASignedWaczNamesItsSignerAndNoticesAnotherSignature) {
  store(seen("https://example.org/a", kPage, 0));
  const auto key = SigningKey::create(folder / "key.pem", SignatureKind::kP384);
  ASSERT_TRUE(key) << key.error().message;
  WaczOptions options{"", "vellum/test", "1.1", kStart, &*key};
  const auto no_page = [](const Capture&, const std::string&) { return std::optional<WaczPage>(); };
  ASSERT_TRUE(write_wacz(catalog->archive(), folder / "signed.wacz", {}, options, no_page));
  const auto contents = inspect_wacz(*ZipReader::open(folder / "signed.wacz"));
  EXPECT_THAT(contents->faults, IsEmpty());
  EXPECT_EQ(contents->signer, "key " + sha256(key->public_key()).to_text());
}

TEST(WaczSignature, IsJudgedByItsOwnKeyOnly) {
  test::TempDir folder;
  const auto key = SigningKey::create(folder / "key.pem", SignatureKind::kP384);
  const auto other = SigningKey::create(folder / "other.pem", SignatureKind::kP384);
  const std::string hash = sha256("package").to_text();
  Json digest;
  digest["hash"] = hash;
  EXPECT_FALSE(judge_signature(digest)) << "not signed";
  digest["signedData"] = signed_data(*key, hash, kStart, "vellum/test");
  EXPECT_EQ(judge_signature(digest)->fault, "");
  digest["signedData"]["publicKey"] = to_base64(other->public_key());
  EXPECT_THAT(judge_signature(digest)->fault, HasSubstr("the signature is not that of key sha256:"));
  digest["signedData"]["publicKey"] = to_base64("no key");
  EXPECT_THAT(judge_signature(digest)->fault, HasSubstr("the signature is not that of"));
  digest["signedData"] = signed_data(*key, sha256("another").to_text(), kStart, "vellum/test");
  EXPECT_THAT(judge_signature(digest)->fault, HasSubstr("the digest of something else"));
}

TEST_F(ExportTest, AWaczWithAChangedByteSaysSo) {
  const auto file = folder / "x.wacz";
  ASSERT_TRUE(write_wacz(catalog->archive(), file, {}, {}, [](const auto&, const auto&) { return std::nullopt; }));
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(80);
  stream.put('\x55');
  stream.close();
  const auto zip = ZipReader::open(file);
  ASSERT_TRUE(zip);
  EXPECT_THAT(inspect_wacz(*zip)->faults, Not(IsEmpty()));
  EXPECT_FALSE(ZipReader::open(folder / "nothing.wacz"));
}

}  // namespace
}  // namespace vellum::warc
