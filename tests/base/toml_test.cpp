#include "base/toml.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace vellum {
namespace {

constexpr const char* kText = R"(seeds = ["https://h/a",
         "https://h/b"]
when = 2020-01-31T23:59:59Z

[scope]
hosts = ["*.h"]
max_pages = 10

[[layouts]]
name = "z/2020"
[[layouts]]
name = "a/2009"
"odd/key~" = 1.5
)";

TomlFile parsed(std::string_view text) {
  auto file = TomlFile::parse(text, "vellum.toml");
  EXPECT_TRUE(file) << (file ? "" : file.error().message);
  return *std::move(file);
}

TEST(Toml, GivesTheValuesInTheOrderOfTheFile) {
  EXPECT_EQ(
      to_line(parsed(kText).root()),
      R"({"seeds":["https://h/a","https://h/b"],"when":"2020-01-31T23:59:59Z","scope":{"hosts":["*.h"],"max_pages":10},)"
      R"("layouts":[{"name":"z/2020"},{"name":"a/2009","odd/key~":1.5}]})");
}

TEST(Toml, KnowsTheLineOfEachKey) {
  const TomlFile file = parsed(kText);
  EXPECT_EQ(file.line_of("/seeds"), 1);
  EXPECT_EQ(file.line_of("/seeds/1"), 2);
  EXPECT_EQ(file.line_of("/scope"), 5);
  EXPECT_EQ(file.line_of("/scope/max_pages"), 7);
  EXPECT_EQ(file.line_of("/layouts/1/name"), 12);
  EXPECT_EQ(file.line_of(pointer_to("/layouts/1", "odd/key~")), 13);
  EXPECT_EQ(file.line_of("/nosuch"), std::nullopt);
}

TEST(Toml, NamesThePlaceOrTheNearestAboveIt) {
  const TomlFile file = parsed(kText);
  EXPECT_EQ(file.place_of("/scope/max_depth"), "vellum.toml:5");
  EXPECT_EQ(file.place_of("/nosuch"), "vellum.toml");
  EXPECT_EQ(file.complaint("/scope/max_pages", "must be positive").value().message, "vellum.toml:7: must be positive");
}

TEST(Toml, ASyntaxErrorNamesFileLineAndColumn) {
  const auto bad = TomlFile::parse("a = 1\nb = = 2\n", "x.toml");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(bad.error().message.substr(0, 11), "x.toml:2:5:") << bad.error().message;
}

TEST(Toml, ATableWithoutAProperNameIsAnError) {
  const auto bad = TomlFile::parse("a = 1\n[.x]\n", "x.toml");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "x.toml:2:1: the name of a table must be letters, digits, '-', '_' or quoted");
}

TEST(Toml, AKeySetTwiceIsAnError) {
  EXPECT_FALSE(TomlFile::parse("a = 1\na = 2\n", "x.toml"));
}

TEST(Toml, AnUnknownKeyGetsASuggestion) {
  const TomlFile file = parsed("title = 1\n[scope]\nhosts = []\nmax_page = 3\n");
  EXPECT_TRUE(file.check_keys("", {"title", "scope"}));
  const auto unknown = file.check_keys("/scope", {"hosts", "max_pages"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "vellum.toml:4: unknown key `max_page` in [scope], did you mean `max_pages`?");
  EXPECT_TRUE(file.check_keys("/absent", {}));
}

TEST(Toml, AValueWhereATableBelongsIsAnError) {
  const auto wrong = parsed("scope = 3\n").check_keys("/scope", {});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "vellum.toml:1: `scope` must be a table");
}

TEST(Toml, AFileThatIsNotThereIsNotFound) {
  const auto missing = TomlFile::load("/nonexistent/x.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kNotFound);
}

TEST(Toml, ReadsAFile) {
  const std::string path = testing::TempDir() + "/vellum_toml_test.toml";
  std::ofstream(path) << "a = 1\n";
  const auto file = TomlFile::load(path);
  std::remove(path.c_str());
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->path(), path);
  EXPECT_EQ(file->root()["a"], 1);
}

TEST(Toml, DeepNestingIsAnErrorNotACrash) {
  EXPECT_FALSE(TomlFile::parse("a = " + std::string(100'000, '['), "x.toml"));
  std::string dotted = "a";
  for (int i = 0; i < 300; ++i) dotted += ".a";
  (void)TomlFile::parse(dotted + " = 1", "x.toml");
}

}  // namespace
}  // namespace vellum
