#include "plugins/host/volatile_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace vellum::plugins {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kPage =
    "<html><head><meta name=sid content=\"a>b\"><script nonce=x1>var kept = 1;</script></head>"
    "<body><h1>Cells</h1><p>Cited by <em class=count>2</em> articles</p></body></html>";

class VolatilePartsTest : public testing::Test {
 protected:
  VolatilePartsTest() {
    std::filesystem::create_directories(folder_.path() / "org.example");
    std::ofstream(folder_.path() / "org.example" / "plugin.toml")
        << "id = \"org.example\"\nversion = 1\nvolatile = [\"meta[name=sid]\", \"[nonce]\", \"em.count\"]\n"
           "[match]\nhosts = [\"example.org\"]\n[fields]\ntitle = \"h1\"\n";
  }
  std::vector<std::string> parts_of(const std::string& url, const std::string& body) {
    const auto registry = Registry::load({folder_.path()});
    EXPECT_TRUE(registry) << registry.error().message;
    const Answer answer{Url::parse(url).value(), {}, {}, 200, {}, body};
    const VolatileParts parts = read_volatile_parts(*registry, answer);
    EXPECT_EQ(parts.text, body);
    std::vector<std::string> texts;
    for (const ByteSpan& span : parts.spans) texts.push_back(parts.text.substr(span.begin, span.end - span.begin));
    return texts;
  }
  test::TempDir folder_;
};

TEST_F(VolatilePartsTest, AreThoseThatThePluginNames) {
  EXPECT_THAT(parts_of("https://example.org/1", kPage),
              ElementsAre("<meta name=sid content=\"a>b\">", "<script nonce=x1>", "<em class=count>2"));
}

TEST_F(VolatilePartsTest, AreNoneWhereNoPluginFitsOrThereIsNoPage) {
  EXPECT_THAT(parts_of("https://example.com/1", kPage), IsEmpty());
  EXPECT_THAT(parts_of("https://example.org/1", "%PDF-1.4"), IsEmpty());
  EXPECT_THAT(parts_of("https://example.org/1", ""), IsEmpty());
}

}  // namespace
}  // namespace vellum::plugins
