#include "crawler/policy/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/pattern.h"
#include "crawler/policy/config_reader.h"
#include "tests/base/data_file.h"
#include "tests/support/temp_dir.h"

namespace vellum::test {
namespace {

using policy::CrawlConfig;
using policy::CrawlOverrides;
using policy::load_config;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kSeed = "seeds = [\"https://example.org/\"]\n";

void write(const std::filesystem::path& file, std::string_view text) {
  std::ofstream(file, std::ios::binary) << text;
}

class Config : public testing::Test {
 protected:
  Result<CrawlConfig> load(std::string_view text, const CrawlOverrides& overrides = {}) {
    write(dir_ / "crawl.toml", text);
    return load_config(dir_ / "crawl.toml", overrides);
  }
  CrawlConfig loaded(std::string_view text, const CrawlOverrides& overrides = {}) {
    auto config = load(text, overrides);
    EXPECT_TRUE(config) << config.error().message;
    return config ? *config : CrawlConfig{};
  }
  // The message without the folder, which differs from run to run.
  std::string fault_of(std::string_view text, const CrawlOverrides& overrides = {}) {
    const auto config = load(text, overrides);
    if (config) return "no fault";
    EXPECT_EQ(config.error().kind, ErrorKind::kInvalid);
    std::string message = config.error().message;
    const std::string folder = dir_.path().string() + "/";
    for (auto at = message.find(folder); at != std::string::npos; at = message.find(folder))
      message.erase(at, folder.size());
    return message;
  }

  TempDir dir_;
};

TEST_F(Config, EveryFaultIsNamedWithItsPlaceAndWhatWouldBeRight) {
  write(dir_ / "bad_seeds.txt", "https://example.org/\n# comment\nnot a url\n");
  const std::string table = slurp(std::string(VELLUM_TEST_DATA) + "/crawler/policy/config_faults.txt").value_or("");
  std::string name, text;
  int faults = 0;
  for (std::string_view line : split(table, '\n')) {
    if (line.substr(0, 5) == "case ") name = line.substr(5), text.clear();
    if (line.substr(0, 2) == "> ") text += std::string(line.substr(2)) + "\n";
    if (line.substr(0, 2) != "! ") continue;
    EXPECT_EQ(fault_of(text), line.substr(2)) << name;
    ++faults;
  }
  EXPECT_GT(faults, 35);
}

TEST_F(Config, AFileThatIsNotThereIsWrongUse) {
  const auto config = load_config(dir_ / "none.toml", {});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().kind, ErrorKind::kInvalid);
  EXPECT_THAT(config.error().message, HasSubstr("none.toml"));
}

TEST_F(Config, WithoutAFileTheUrlsOfTheCommandLineAreEnough) {
  CrawlOverrides overrides;
  overrides.urls = {"https://example.org/a#top"};
  const auto config = load_config("", overrides);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_THAT(config->seeds, ElementsAre("https://example.org/a"));
  EXPECT_EQ(load_config("", {}).error().message,
            "no seeds; give URLs, or write seeds = [\"https://...\"] or seeds_file = \"...\"");
  overrides.urls = {"nonsense:"};
  EXPECT_EQ(load_config("", overrides).error().message, "command line: `nonsense:` is no http or https URL");
}

TEST_F(Config, TheFileOfTheDesignIsRead) {
  const CrawlConfig config = loaded(R"toml(
seeds = ["https://pubmed.ncbi.nlm.nih.gov/30526772/"]
user_agent = "Vellum/1.0 (+https://example.org/crawl; mailto:archive@example.org)"
[scope]
hosts = ["*.NCBI.nlm.nih.gov"]
max_depth = 3
max_pages = 10000
[politeness]
delay = "1s"
concurrency = 1
after_crash = "5s"
[network]
proxy = "http://user:secret@127.0.0.1:3128"
allow = ["127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "intranet.example"]
connect_to = ["a:443:[::1]:8443", "::127.0.0.1:"]
max_body = "2 MiB"
[schedule]
every = "7d"
)toml");
  EXPECT_THAT(config.scope.hosts, ElementsAre("*.ncbi.nlm.nih.gov"));
  EXPECT_EQ(config.network.max_body, 2u << 20);
  EXPECT_THAT(config.network.allow, SizeIs(5));
  EXPECT_EQ(config.schedule_every, "7d");
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST_F(Config, SecretsAreNotKeptWithARun) {
  const CrawlConfig config = loaded(kSeed + "[network]\nproxy = \"http://user:secret@127.0.0.1:3128\"\n");
  EXPECT_EQ(config.network.proxy, "http://user:secret@127.0.0.1:3128");
  EXPECT_THAT(config.text, HasSubstr("proxy = \"http://127.0.0.1:3128\""));
  EXPECT_THAT(config.text, Not(HasSubstr("secret")));
}

TEST_F(Config, TheTextOfARunLoadsToTheSameConfiguration) {
  write(dir_ / "ca.pem", "");
  const CrawlConfig config = loaded(R"toml(
seeds = ["https://example.org/a b", "https://b.example/\"q\""]
user_agent = "Vellum/1.0 (mailto:a@example.org)"
requisites = false
[scope]
hosts = ["*.example.org"]
exclude = ['/login\b', "\t"]
include = ['^https://[^/]*/"x"']
max_depth = 7
max_pages = 0
max_requisites = 5
[politeness]
delay = "1500ms"
concurrency = 3
after_crash = "1m30s"
retries = 0
retry_delay = "2h"
robots = false
robots_reason = "own \"site\""
[network]
ca_file = "ca.pem"
connect_to = ["a:1:b:2"]
allow = ["127.0.0.1"]
timeout = "5s"
connect_timeout = "100ms"
max_body = 12345
coding = "identity"
max_visits = 2
[schedule]
cron = "*/5 0-6 1,15 jan-mar MON"
)toml");
  const CrawlConfig again = loaded(config.text);
  EXPECT_EQ(again.text, config.text);
  EXPECT_EQ(again.identity(), config.identity());
  EXPECT_EQ(again.politeness.after_crash, std::chrono::seconds(90));
  EXPECT_EQ(again.scope.rules.back().pattern, "");
}

TEST_F(Config, SeedsOfAllSourcesAreGatheredOnce) {
  write(dir_ / "seeds.txt",
        "\xEF\xBB\xBF# more\n\nhttps://example.org/1\r\n  https://example.org/2  \nhttps://example.org/1\n");
  const CrawlConfig config = loaded(kSeed + "seeds_file = \"seeds.txt\"\n");
  EXPECT_THAT(config.seeds, ElementsAre("https://example.org/", "https://example.org/1", "https://example.org/2"));
}

TEST_F(Config, UrlsOfTheCommandLineStandInForTheSeeds) {
  CrawlOverrides overrides;
  overrides.urls = {"https://other.example/"};
  EXPECT_THAT(loaded(kSeed + "seeds_file = \"missing.txt\"\n", overrides).seeds, ElementsAre("https://other.example/"));
}

TEST_F(Config, LimitsOfTheCommandLineGoBeforeTheFile) {
  CrawlOverrides overrides;
  overrides.max_pages = 5;
  overrides.max_depth = 0;
  const CrawlConfig config = loaded(kSeed + "[scope]\nmax_pages = 9\nmax_depth = 9\n", overrides);
  EXPECT_EQ(config.scope.max_pages, 5u);
  EXPECT_EQ(config.scope.max_depth, 0);
}

TEST_F(Config, ScopeRulesOfTheCommandLineGoBeforeTheFile) {
  CrawlOverrides overrides;
  overrides.scope = {"+/keep", "- /drop", "*.example.net"};
  const CrawlConfig config = loaded(kSeed + "[scope]\nrules = [\"- /x\"]\n", overrides);
  ASSERT_THAT(config.scope.rules, SizeIs(3));
  EXPECT_TRUE(config.scope.rules[0].include);
  EXPECT_EQ(config.scope.rules[0].pattern, "/keep");
  EXPECT_EQ(config.scope.rules[1].pattern, "/drop");
  EXPECT_EQ(config.scope.rules[2].line, 3);
  EXPECT_THAT(config.scope.hosts, ElementsAre("*.example.net", "example.org"));
  overrides.scope = {"+("};
  EXPECT_THAT(fault_of(kSeed, overrides), HasSubstr("--scope +(: bad pattern"));
}

TEST_F(Config, ExcludesGoBeforeIncludes) {
  const CrawlConfig config = loaded(kSeed + "[scope]\ninclude = [\"/a\"]\nexclude = [\"/b\"]\n");
  ASSERT_THAT(config.scope.rules, SizeIs(3));
  EXPECT_EQ(config.scope.rules[0].pattern, "/b");
  EXPECT_EQ(config.scope.rules[0].line, 4);
  EXPECT_EQ(config.scope.rules[1].pattern, "/a");
  EXPECT_FALSE(config.scope.rules[2].include);
}

TEST_F(Config, IdentityIsOfTheCrawlNotOfItsManners) {
  const std::string base = loaded("seeds = [\"https://a.example/\", \"https://b.example/\"]\n").identity();
  EXPECT_EQ(loaded("seeds = [\"https://b.example/\", \"https://a.example/\"]\n[scope]\nmax_pages = 3\n"
                   "[politeness]\ndelay = \"9s\"\n")
                .identity(),
            base);
  EXPECT_NE(loaded("seeds = [\"https://a.example/\"]\n").identity(), base);
  EXPECT_NE(loaded("seeds = [\"https://a.example/\", \"https://b.example/\"]\n[scope]\nmax_depth = 1\n").identity(),
            base);
  EXPECT_NE(loaded("seeds = [\"https://a.example/\", \"https://b.example/\"]\n[scope]\nexclude = [\"x\"]\n").identity(),
            base);
}

TEST_F(Config, ACrawlAbroadWithoutAContactWarns) {
  EXPECT_THAT(loaded(kSeed).warnings, SizeIs(1));
  EXPECT_THAT(loaded("seeds = [\"http://127.0.0.1:8080/\", \"http://localhost/\"]\n").warnings, IsEmpty());
  EXPECT_THAT(loaded(kSeed + "user_agent = \"Vellum/1.0 (mailto:a@b.example)\"\n").warnings, IsEmpty());
  EXPECT_THAT(loaded(kSeed).user_agent, testing::StartsWith("Vellum/"));
}

TEST_F(Config, IsFoundInTheArchiveUnlessOneIsNamed) {
  EXPECT_EQ(policy::find_config("", dir_.path()), "");
  write(dir_ / "vellum.toml", kSeed);
  EXPECT_EQ(policy::find_config("", dir_.path()), dir_ / "vellum.toml");
  EXPECT_EQ(policy::find_config("x.toml", dir_.path()), "x.toml");
}

// configs/default.toml with every "#key = value" taken as set.
std::string with_defaults_set() {
  return Pattern::compile("(?m)^#([a-z_]+ = )")->replace(policy::default_config(), "\\1");
}

TEST_F(Config, TheDefaultFileSaysWhatTheDefaultsAre) {
  CrawlOverrides overrides;
  overrides.urls = {"https://example.org/"};
  const CrawlConfig set = loaded(with_defaults_set(), overrides);
  EXPECT_EQ(set.text, load_config("", overrides)->text);
  EXPECT_EQ(loaded(policy::default_config(), overrides).text, set.text);
}

TEST_F(Config, TheDefaultFileNamesEveryKeyAndEveryExampleIsRight) {
  write(dir_ / "seeds.txt", "https://example.org/\n");
  const auto example = Pattern::compile("^#(?P<indent> {3})?(?P<setting>(?P<key>[a-z_]+) = .*)$");
  std::string table, mentioned;
  for (std::string_view line : split(policy::default_config(), '\n')) {
    if (line.substr(0, 1) == "[") table = line;
    const auto match = example->search(line);
    if (!match) continue;
    const std::string key(*match->named("key")), setting(*match->named("setting"));
    mentioned += "/" + (table.empty() ? "" : table.substr(1, table.size() - 2) + "/") + key + "\n";
    if (!match->named("indent") || key == "ca_file") continue;  // which may lie elsewhere
    const std::string seeds = table.empty() && key == "seeds" ? "" : kSeed;
    const std::string partner = key == "robots_reason" ? "robots = false\n" : "";
    EXPECT_EQ(fault_of(seeds + (table.empty() ? "" : table + "\n") + partner + setting + "\n"), "no fault") << setting;
  }
  for (const auto& known : policy::known_keys()) {
    for (const std::string& key : known.keys) {
      const bool is_table = known.table.empty() && with_defaults_set().find("[" + key + "]") != std::string::npos;
      if (is_table || key == "site") continue;  // shown as a block of its own
      EXPECT_THAT(mentioned, HasSubstr(known.table + "/" + key + "\n"));
    }
  }
}

class ShippedConfig : public testing::TestWithParam<const char*> {};

TEST_P(ShippedConfig, LoadsOnceItsPlaceholdersAreFilled) {
  const auto text = slurp(std::string(VELLUM_SOURCE_DIR) + "/configs/" + GetParam());
  ASSERT_TRUE(text);
  const TempDir dir;
  write(dir / "crawl.toml", Pattern::compile("\\.invalid")->replace(*text, ".example"));
  const auto config = load_config(dir / "crawl.toml", {});
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_THAT(config->warnings, IsEmpty());
  EXPECT_TRUE(config->politeness.robots);
}
INSTANTIATE_TEST_SUITE_P(Files, ShippedConfig, testing::Values("demo.toml", "pubmed.toml", "pmc-oa.toml"));

}  // namespace
}  // namespace vellum::test
