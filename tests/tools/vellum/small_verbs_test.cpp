// The program's face: exit codes, messages of wrong use, and the JSON keys of the verbs that need no archive.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/vellum/program.h"

namespace vellum::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;
using testing::StartsWith;
namespace fs = std::filesystem;

std::vector<std::string> keys_of(const Json& row) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : row.items()) keys.push_back(key);
  return keys;
}

class Cli : public testing::Test {
 protected:
  Said run(const std::vector<std::string>& arguments, const std::string& input = "") {
    return program_.run(arguments, input);
  }
  // One line on standard error, nothing on standard output, exit code 2.
  std::string wrong_use(const std::vector<std::string>& arguments) {
    const Said said = run(arguments);
    EXPECT_EQ(said.exit_code, 2) << said.err;
    EXPECT_EQ(said.out, "");
    EXPECT_THAT(said.err, MatchesRegex("vellum: [^\n]+\n"));
    return said.err;
  }
  void write(const std::string& name, std::string_view text) {
    std::ofstream(program_.folder() / name, std::ios::binary) << text;
  }

  Program program_;
};

TEST_F(Cli, HelpListsTheVerbsInGroups) {
  for (const char* word : {"--help", "-h", "help"}) {
    const Said said = run({word});
    EXPECT_EQ(said.exit_code, 0);
    EXPECT_THAT(said.out, HasSubstr("\nCrawl:\n  init"));
    EXPECT_THAT(said.out, HasSubstr("\n  doi "));
    EXPECT_THAT(said.out, HasSubstr("Exit codes:"));
    EXPECT_EQ(said.err, "");
  }
}

TEST_F(Cli, HelpOfAVerb) {
  for (const auto& words : {std::vector<std::string>{"url", "--help"}, {"help", "url"}}) {
    const Said said = run(words);
    EXPECT_EQ(said.exit_code, 0);
    EXPECT_THAT(said.out, HasSubstr("--base"));
    EXPECT_THAT(said.out, HasSubstr("vellum url"));
  }
}

TEST_F(Cli, VersionIsOneLine) {
  const Said said = run({"--version"});
  EXPECT_EQ(said.exit_code, 0);
  EXPECT_THAT(said.out, MatchesRegex("vellum [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(Cli, WithoutAVerbHelpGoesToStandardError) {
  const Said said = run({});
  EXPECT_EQ(said.exit_code, 2);
  EXPECT_EQ(said.out, "");
  EXPECT_THAT(said.err, HasSubstr("usage: vellum"));
  EXPECT_THAT(wrong_use({"--json"}), HasSubstr("which verb?"));
}

TEST_F(Cli, AnUnknownVerbNamesTheNearestOne) {
  EXPECT_EQ(wrong_use({"rbots"}), "vellum: unknown verb `rbots`; did you mean `robots`?\n");
  EXPECT_EQ(wrong_use({"--json", "rbots", "x"}), "vellum: unknown verb `rbots`; did you mean `robots`?\n");
  EXPECT_EQ(wrong_use({"xyzzyplugh"}), "vellum: unknown verb `xyzzyplugh`; see `vellum --help`\n");
}

TEST_F(Cli, AnUnknownOptionNamesTheNearestOne) {
  EXPECT_EQ(wrong_use({"url", "--bsae=x", "https://a/"}),
            "vellum: url: unknown option --bsae; did you mean `--base`?\n");
  EXPECT_EQ(wrong_use({"url", "https://a/", "--jsn"}), "vellum: url: unknown option --jsn; did you mean `--json`?\n");
  EXPECT_EQ(wrong_use({"--archve", "x", "url", "https://a/"}),
            "vellum: url: unknown option --archve; did you mean `--archive`?\n");
  EXPECT_THAT(wrong_use({"doi", "x", "--josn"}), HasSubstr("unknown option --josn"));
}

TEST_F(Cli, AMissingOrSuperfluousArgumentIsNamed) {
  EXPECT_THAT(wrong_use({"url"}), HasSubstr("url: URL is required"));
  EXPECT_THAT(wrong_use({"robots", "f", "https://a/"}), HasSubstr("robots: --agent is required"));
  EXPECT_EQ(wrong_use({"url", "https://a/", "https://b/"}),
            "vellum: url: one argument too many: `https://b/`; see `vellum url --help`\n");
  EXPECT_THAT(wrong_use({"url", "https://a/", "--base"}), HasSubstr("--base"));
}

TEST_F(Cli, GlobalOptionsStandBeforeOrAfterTheVerb) {
  EXPECT_THAT(run({"--json", "url", "https://a/"}).rows(), SizeIs(1));
  EXPECT_THAT(run({"url", "https://a/", "--json"}).rows(), SizeIs(1));
  EXPECT_EQ(run({"-C", "x", "url", "https://a/", "-C", "y"}).exit_code, 0);
}

TEST_F(Cli, UrlGivesThePartsByTheirWhatwgNames) {
  const Said said = run({"url", "HTTPS://user:pw@Example.ORG:8080/a/../b?q=1#f", "--json"});
  EXPECT_EQ(said.exit_code, 0);
  const auto rows = said.rows();
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_THAT(keys_of(rows[0]), ElementsAre("href", "origin", "protocol", "username", "password", "host", "hostname",
                                            "port", "pathname", "search", "hash", "key"));
  EXPECT_EQ(text_of(rows[0], "href"), "https://user:pw@example.org:8080/b?q=1#f");
  EXPECT_EQ(text_of(rows[0], "protocol"), "https:");
  EXPECT_EQ(text_of(rows[0], "search"), "?q=1");
  EXPECT_EQ(text_of(rows[0], "key"), "org,example:8080)/b?q=1");
}

TEST_F(Cli, UrlResolvesAgainstABase) {
  const Said said = run({"url", "references/?page=2", "--base", "https://pubmed.ncbi.nlm.nih.gov/30526772/"});
  EXPECT_THAT(said.out, StartsWith("href      https://pubmed.ncbi.nlm.nih.gov/30526772/references/?page=2\n"));
  EXPECT_THAT(run({"url", "", "--base", "https://a/b", "--json"}).out, HasSubstr("\"href\":\"https://a/b\""));
  EXPECT_THAT(run({"url", "--json", "--base", "https://a/", "--", "-x"}).out, HasSubstr("\"href\":\"https://a/-x\""));
}

TEST_F(Cli, UrlRefusesWhatIsNone) {
  EXPECT_THAT(wrong_use({"url", "http://[::1"}), StartsWith("vellum: bad url `http://[::1`: "));
  EXPECT_THAT(wrong_use({"url", "no/scheme"}), StartsWith("vellum: bad url `no/scheme`: "));
  EXPECT_THAT(wrong_use({"url", "x", "--base", "y"}), HasSubstr("bad url"));
}

TEST_F(Cli, DoiFindsThemInOrder) {
  const Said said = run({"doi", "see (10.1016/0014-4827(61)90192-6) and doi:10.1002/ABC.", "--json"});
  EXPECT_EQ(said.exit_code, 0);
  const auto rows = said.rows();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(keys_of(rows[0]), ElementsAre("doi", "text", "offset"));
  EXPECT_EQ(text_of(rows[0], "doi"), "10.1016/0014-4827(61)90192-6");
  EXPECT_EQ(integer_of(rows[0], "offset"), 5);
  EXPECT_EQ(text_of(rows[1], "doi"), "10.1002/abc");
}

TEST_F(Cli, DoiTakesTextsAsTheyAre) {
  EXPECT_EQ(run({"doi", "[10.1000/a, 10.1000/b]"}).out, "10.1000/a\n10.1000/b\n");
  EXPECT_EQ(integer_of(run({"--json", "doi", "[10.1000/a]"}).rows().at(0), "offset"), 1);
  EXPECT_EQ(run({"doi", "10.1000/a", "[10.1000/b]", "--", "-10.1000/c"}).out, "10.1000/a\n10.1000/b\n10.1000/c\n");
}

TEST_F(Cli, DoiReadsStandardInput) {
  EXPECT_EQ(run({"doi", "-"}, "line one\nhttps://doi.org/10.1000/x\n").out, "10.1000/x\n");
}

TEST_F(Cli, DoiWithoutOneFails) {
  const Said said = run({"doi", "10.1000/a", "nothing here"});
  EXPECT_EQ(said.exit_code, 1);
  EXPECT_EQ(said.out, "10.1000/a\n");
  EXPECT_EQ(said.err, "vellum: no DOI in `nothing here`\n");
  EXPECT_EQ(run({"doi", "-"}, "").exit_code, 1);
  EXPECT_THAT(wrong_use({"doi"}), HasSubstr("TEXT is required"));
}

TEST_F(Cli, RobotsTellsRuleAndLine) {
  write("robots.txt", "User-agent: vellum\nDisallow: /private/\nCrawl-delay: 2.5\n");
  const Said said = run(
      {"robots", "robots.txt", "--agent", "Vellum/1.0 (+https://a/)", "https://a/private/x", "https://a/", "--json"});
  EXPECT_EQ(said.exit_code, 0);
  const auto rows = said.rows();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(keys_of(rows[0]), ElementsAre("url", "allowed", "rule", "line", "crawl_delay"));
  EXPECT_EQ(to_line(rows[0]),
            R"({"url":"https://a/private/x","allowed":false,"rule":"Disallow: /private/","line":2,"crawl_delay":2.5})");
  EXPECT_EQ(to_line(rows[1]), R"({"url":"https://a/","allowed":true,"rule":null,"line":null,"crawl_delay":2.5})");
}

TEST_F(Cli, RobotsForPeople) {
  const Said said =
      run({"robots", "-", "--agent", "x", "a.example/p", "https://a.example/q"}, "User-agent: *\nDisallow: /p\n");
  EXPECT_EQ(said.out,
            "disallowed  https://a.example/p  line 2: Disallow: /p\nallowed     https://a.example/q  no rule\n");
}

TEST_F(Cli, RobotsTakesAPageForNoConsent) {
  const Said said = run({"robots", "-", "--agent", "x", "https://a/", "--json"}, "<!DOCTYPE html><html>");
  EXPECT_EQ(said.exit_code, 0);
  EXPECT_FALSE(flag_of(said.rows().at(0), "allowed"));
  EXPECT_THAT(said.err, HasSubstr("no robots.txt"));
}

TEST_F(Cli, RobotsForNoAgentInParticular) {
  const Said said =
      run({"robots", "-", "--agent", "Foo Bar", "https://a/x"}, "User-agent: Foo\nUser-agent: *\nDisallow: /x\n");
  EXPECT_EQ(said.exit_code, 0);
  EXPECT_THAT(said.out, StartsWith("disallowed"));
  EXPECT_THAT(said.err, HasSubstr("no product token in --agent `Foo Bar`"));
}

TEST_F(Cli, RobotsRefusesWhatItCannotRead) {
  EXPECT_EQ(wrong_use({"robots", "missing.txt", "--agent", "x", "https://a/"}), "vellum: cannot read missing.txt\n");
  EXPECT_THAT(wrong_use({"robots", "-", "--agent", "x", "/path"}), HasSubstr("bad url `/path`"));
}

TEST_F(Cli, InitMakesAnArchiveWithACommentedConfiguration) {
  const Said said = run({"init", "new/archive", "--json"});
  EXPECT_EQ(said.exit_code, 0) << said.err;
  EXPECT_EQ(text_of(said.rows().at(0), "config"), "new/archive/vellum.toml");
  EXPECT_EQ(slurp((program_.folder() / "new/archive/vellum.toml").string()),
            slurp(std::string(VELLUM_SOURCE_DIR) + "/configs/default.toml"));
  EXPECT_EQ(run({"-C", "new/archive", "stats"}).exit_code, 0);
}

TEST_F(Cli, InitKeepsAConfigurationThatIsThere) {
  fs::create_directory(program_.folder() / "a");
  write("a/vellum.toml", "# mine\n");
  EXPECT_EQ(run({"init", "a"}).exit_code, 0);
  EXPECT_EQ(slurp((program_.folder() / "a/vellum.toml").string()), "# mine\n");
}

TEST_F(Cli, InitRefusesAFolderThatIsTaken) {
  EXPECT_EQ(run({"init", "a"}).exit_code, 0);
  EXPECT_EQ(wrong_use({"init", "a"}), "vellum: a is an archive already\n");
  fs::create_directory(program_.folder() / "full");
  write("full/thesis.txt", "");
  EXPECT_THAT(wrong_use({"init", "full"}), HasSubstr("full is not empty (it holds thesis.txt)"));
  EXPECT_THAT(wrong_use({"init", "full/thesis.txt"}), HasSubstr("is a file, not a folder"));
  EXPECT_FALSE(fs::exists(program_.folder() / "full/vellum.toml"));
}

TEST_F(Cli, TheArchiveMayBeNamedByTheEnvironment) {
  EXPECT_EQ(run({"init", "a"}).exit_code, 0);
  EXPECT_THAT(wrong_use({"stats"}), HasSubstr("no archive in ."));
  program_.set_archive("a");
  EXPECT_EQ(run({"stats"}).exit_code, 0);
  EXPECT_THAT(wrong_use({"stats", "-C", "b"}), HasSubstr("no archive in b"));
}

TEST_F(Cli, AFullDiskBehindStandardOutputIsAFailure) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "skipped: no /dev/full";
  const std::string command =
      "cd '" + program_.folder().string() + "' && '" VELLUM_PROGRAM "' url https://a/ > /dev/full 2> err";
  const int status = std::system(command.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_EQ(slurp((program_.folder() / "err").string()), "vellum: cannot write to standard output\n");
}

TEST_F(Cli, AReaderThatGoesAwayIsNoFailure) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "10.1000/" + std::to_string(i) + "\n";
  write("text", text);
  const std::string command =
      "cd '" + program_.folder().string() + "' && '" VELLUM_PROGRAM "' doi - < text 2> err | head -1 > first";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(slurp((program_.folder() / "first").string()), "10.1000/0\n");
  EXPECT_EQ(slurp((program_.folder() / "err").string()), "");
}

}  // namespace
}  // namespace vellum::test
