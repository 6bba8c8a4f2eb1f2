#include "crawler/net/address_guard.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <fstream>

#include "base/text.h"

namespace vellum::net {
namespace {

Address address(const char* text) {
  return parse_address(text).value();
}

AddressGuard guard(const std::vector<std::string>& allow) {
  return AddressGuard::parse(allow).value();
}

TEST(AddressGuard, JudgesEveryAddressOfTheTable) {
  std::ifstream file(std::string(VELLUM_TEST_DATA) + "/crawler/net/addresses.tsv");
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto columns = split(line, '\t');
    ASSERT_EQ(columns.size(), 2u) << line;
    const auto parsed = parse_address(columns[0]);
    ASSERT_TRUE(parsed) << line;
    EXPECT_EQ(refusal_of(*parsed), columns[1] == "-" ? "" : columns[1]) << line;
    ++cases;
  }
  EXPECT_GT(cases, 60);
}

TEST(AddressGuard, TakesNoHostNameForAnAddress) {
  for (const char* text : {"", "localhost", "127.1", "0x7f000001", "2130706433", "1.2.3.4.5", "1.2.3", "[1.2.3.4",
                           "fe80::1%eth0", "::g"}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
}

TEST(AddressGuard, ReadsSocketAddressesOfBothFamilies) {
  sockaddr_in in4{};
  in4.sin_family = AF_INET;
  in4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(address_of(reinterpret_cast<const sockaddr&>(in4)), address("127.0.0.1"));
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_addr = in6addr_loopback;
  EXPECT_EQ(address_of(reinterpret_cast<const sockaddr&>(in6)), address("::1"));
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_FALSE(address_of(local));
}

TEST(AddressGuard, AllowsAnAddressInEverySpelling) {
  const auto allowing = guard({"127.0.0.1"});
  EXPECT_EQ(allowing.refuses(address("127.0.0.1"), "a.example"), "");
  EXPECT_EQ(allowing.refuses(address("::ffff:127.0.0.1"), "a.example"), "");
  EXPECT_EQ(allowing.refuses(address("64:ff9b::7f00:1"), "a.example"), "");
  EXPECT_EQ(allowing.refuses(address("127.0.0.2"), "a.example"), "loopback");
  EXPECT_EQ(allowing.refuses(address("::1"), "a.example"), "loopback");
}

TEST(AddressGuard, AllowsBlocksToTheBit) {
  const auto allowing = guard({"10.128.0.0/9", "fd00:1::/33", " [::1] "});
  EXPECT_EQ(allowing.refuses(address("10.128.0.0"), ""), "");
  EXPECT_EQ(allowing.refuses(address("10.255.255.255"), ""), "");
  EXPECT_EQ(allowing.refuses(address("10.127.255.255"), ""), "private network");
  EXPECT_EQ(allowing.refuses(address("fd00:1:7fff::1"), ""), "");
  EXPECT_EQ(allowing.refuses(address("fd00:1:8000::1"), ""), "private network");
  EXPECT_EQ(allowing.refuses(address("::1"), ""), "");
}

TEST(AddressGuard, AllowsAHostByItsWholeName) {
  const auto allowing = guard({"Intranet.Example.org"});
  EXPECT_EQ(allowing.refuses(address("192.168.1.1"), "intranet.example.org"), "");
  EXPECT_EQ(allowing.refuses(address("192.168.1.1"), "intranet.example.org."), "");
  EXPECT_EQ(allowing.refuses(address("192.168.1.1"), "x.intranet.example.org"), "private network");
  EXPECT_EQ(allowing.refuses(address("192.168.1.1"), "example.org"), "private network");
}

TEST(AddressGuard, NamesTheEntryThatItCannotRead) {
  for (const char* entry :
       {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "10.0.0", "::/129", "*.example.org", "127.0.0.1:8080", "a b"}) {
    const auto parsed = AddressGuard::parse({"127.0.0.1", entry});
    ASSERT_FALSE(parsed) << entry;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kInvalid);
    EXPECT_NE(parsed.error().message.find("'" + std::string(entry) + "'"), std::string::npos) << parsed.error().message;
  }
}

}  // namespace
}  // namespace vellum::net
