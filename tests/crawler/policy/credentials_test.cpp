#include "crawler/policy/credentials.h"

#include <gtest/gtest.h>

#include <fstream>

#include "crawler/policy/config.h"
#include "crawler/policy/sites.h"
#include "tests/support/temp_dir.h"

namespace vellum::test {
namespace {

namespace fs = std::filesystem;
using policy::Credentials;

class CredentialsTest : public testing::Test {
 protected:
  fs::path secret(const std::string& text, fs::perms perms = fs::perms::owner_read | fs::perms::owner_write) {
    const fs::path file = folder.path() / "secret";
    std::ofstream(file) << text;
    fs::permissions(file, perms);
    return file;
  }
  std::string fault(const Credentials& credentials) {
    const auto got = policy::authorization_of(credentials);
    return got ? "none: " + *got : got.error().message.substr(0, got.error().message.find("/"));
  }
  TempDir folder;
};

// The example of RFC 7617, section 2.
TEST_F(CredentialsTest, AUserAndAPasswordAreBasic) {
  EXPECT_EQ(policy::authorization_of({"Aladdin", secret("open sesame\nsecond line"), {}}).value(),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_F(CredentialsTest, ATokenIsBearer) {
  EXPECT_EQ(policy::authorization_of({"", {}, secret("mF_9.B5f-4.1JqM\r\n")}).value(), "Bearer mF_9.B5f-4.1JqM");
}

TEST_F(CredentialsTest, WhatCannotBeSentIsRefused) {
  EXPECT_EQ(fault({"a", "", {}}), "user and password_file go together");
  EXPECT_EQ(fault({"", secret("x"), {}}), "user and password_file go together");
  EXPECT_EQ(fault({"a", secret("x"), secret("x")}), "has a user and a token_file; a request carries one of them");
  EXPECT_EQ(fault({"a:b", secret("x"), {}}), "user must be printable ASCII without a colon");
  EXPECT_EQ(fault({"a", secret("two\x01"), {}}), "needs a first line of printable ASCII: ");
  EXPECT_EQ(fault({"a", secret("\n"), {}}), "needs a first line of printable ASCII: ");
  EXPECT_EQ(fault({"a", secret(""), {}}), "cannot be read or is empty: ");
  EXPECT_EQ(fault({"a", folder.path() / "none", {}}), "is not there: ");
  EXPECT_EQ(fault({"a", folder.path(), {}}), "is not there: ");
  EXPECT_EQ(fault({"a", secret("x", fs::perms::owner_read | fs::perms::others_read), {}}),
            "may be read by others; chmod 600 ");
}

TEST_F(CredentialsTest, TravelOnlyWhereNobodyListens) {
  for (const char* url : {"https://api.test/", "http://localhost/", "http://127.0.0.1:8080/", "http://[::1]/"})
    EXPECT_TRUE(policy::may_carry_credentials(*Url::parse(url))) << url;
  for (const char* url : {"http://api.test/", "http://127.evil.test/", "http://10.0.0.1/", "http://localhost.test/"})
    EXPECT_FALSE(policy::may_carry_credentials(*Url::parse(url))) << url;
}

TEST_F(CredentialsTest, BelongToTheHostsOfTheirRuleAndStayOutOfTheRecordedText) {
  secret("open sesame");
  const fs::path file = folder.path() / "crawl.toml";
  std::ofstream(file) << "seeds = [\"https://api.test/\"]\n[[site]]\nhosts = [\"api.test\"]\nuser = \"Aladdin\"\n"
                         "password_file = \"secret\"\n";
  const auto config = policy::load_config(file, {});
  ASSERT_TRUE(config) << config.error().message;
  const policy::Sites sites(*config);
  EXPECT_EQ(sites.authorization_for(*Url::parse("https://api.test/x")), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(sites.authorization_for(*Url::parse("http://api.test/x")), "");
  EXPECT_EQ(sites.authorization_for(*Url::parse("https://other.test/x")), "");
  EXPECT_EQ(config->text.find("sesame"), std::string::npos);
  EXPECT_EQ(config->text.find("QWxh"), std::string::npos);
  EXPECT_NE(config->text.find("user = \"Aladdin\""), std::string::npos);
}

}  // namespace
}  // namespace vellum::test
