#include "base/json.h"

#include <gtest/gtest.h>

#include <string>

namespace vellum {
namespace {

std::string repeated(std::string_view piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

TEST(Json, KeepsTheOrderOfKeys) {
  const auto json = parse_json(R"({"z":1,"a":{"y":[1,2.5,true,null],"b":"é"}})");
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ(to_line(*json), R"({"z":1,"a":{"y":[1,2.5,true,null],"b":"é"}})");
}

TEST(Json, OfEqualKeysTheLastValueStaysAtTheFirstPlace) {
  const auto json = parse_json(R"({"a":1,"b":2,"a":3,"c":4,"b":5,"a":6})");
  ASSERT_TRUE(json);
  EXPECT_EQ(to_line(*json), R"({"a":6,"b":5,"c":4})");
}

TEST(Json, AFailureSaysWhereAndWhat) {
  const auto json = parse_json("{\"a\":\n tru}");
  ASSERT_FALSE(json);
  EXPECT_EQ(json.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(json.error().message.find("line 2"), std::string::npos) << json.error().message;
  EXPECT_NE(json.error().message.find("(byte "), std::string::npos) << json.error().message;
}

TEST(Json, RefusesTextBehindTheValueAndNothingAtAll) {
  EXPECT_FALSE(parse_json("{} {}"));
  EXPECT_FALSE(parse_json(""));
  EXPECT_FALSE(parse_json("1e999"));
}

TEST(Json, RefusesDeepNestingBothWays) {
  EXPECT_TRUE(parse_json(repeated("[", 256) + repeated("]", 256)));
  EXPECT_FALSE(parse_json(repeated("[", 257) + repeated("]", 257)));
  EXPECT_FALSE(parse_json(repeated("{\"a\":", 1'000'000)));
  EXPECT_FALSE(parse_cbor(repeated("\x81", 1'000'000)));
}

TEST(Json, ReadsAHundredThousandKeysInTime) {
  std::string text = "{";
  for (int i = 0; i < 30'000; ++i) text += "\"key" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  text += "\"last\":1}";
  const auto json = parse_json(text);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->size(), 30'001u);
  EXPECT_EQ(to_line(*json), text);
}

TEST(Json, WritesInvalidUtf8AsReplacementCharacters) {
  EXPECT_EQ(to_line(Json("a\xFF"
                         "b")),
            "\"a\xEF\xBF\xBD"
            "b\"");
}

TEST(Cbor, BringsEveryKindOfValueBack) {
  const auto json =
      parse_json(R"({"a":[1,-1,1.5,"x",null,true,{}],"big":18446744073709551615,"low":-9223372036854775808})");
  ASSERT_TRUE(json);
  const auto back = parse_cbor(to_cbor(*json));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(to_line(*back), to_line(*json));
}

TEST(Cbor, RefusesWhatIsNotOneWholeItem) {
  const std::string whole = to_cbor(Json{{"a", "bcd"}});
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto cut = parse_cbor(std::string_view(whole).substr(0, n));
    ASSERT_FALSE(cut) << n;
    EXPECT_EQ(cut.error().kind, ErrorKind::kCorrupt);
  }
  EXPECT_FALSE(parse_cbor(whole + "x"));
}

TEST(Cbor, ALengthBeyondTheBytesAsksForNoMemory) {
  EXPECT_FALSE(parse_cbor("\x9B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
  EXPECT_FALSE(
      parse_cbor("\x7B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                 "abc"));
  EXPECT_FALSE(parse_cbor("\xBB\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
}

TEST(JsonReaders, GiveTheDefaultForWhatIsAbsentOrOfAnotherType) {
  const Json object = {{"t", "x"}, {"n", 7}, {"f", true}, {"big", 18446744073709551615u}};
  EXPECT_EQ(text_of(object, "t"), "x");
  EXPECT_EQ(text_of(object, "n"), "");
  EXPECT_EQ(text_of(Json(), "t"), "");
  EXPECT_EQ(integer_of(object, "n"), 7);
  EXPECT_EQ(integer_of(object, "t", -1), -1);
  EXPECT_EQ(integer_of(object, "big", -1), -1);
  EXPECT_TRUE(flag_of(object, "f"));
  EXPECT_FALSE(flag_of(object, "n"));
}

}  // namespace
}  // namespace vellum
