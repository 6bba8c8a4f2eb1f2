#include "plugins/html/charset.h"

#include <gtest/gtest.h>

#include "tests/base/data_file.h"

namespace vellum::html {
namespace {

std::string with_bytes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\\x")) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 2, 2)), nullptr, 16));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

TEST(Charset, IsDecidedInTheStandardsOrder) {
  const auto rows = test::tsv_rows(test::slurp(VELLUM_TEST_DATA "/plugins/html/charsets.tsv").value_or(""));
  ASSERT_GT(rows.size(), 30u);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 4u) << row[0];
    const DecodedText text = decode_html(with_bytes(row[0]), row[1]);
    EXPECT_EQ(text.charset, row[2]) << row[0];
    EXPECT_EQ(text.source, row[3]) << row[0];
  }
}

TEST(Charset, IsLookedForInTheFirst1024BytesEvenIfTheRestIsUtf8) {
  const std::string early = std::string(1000, ' ') + "<meta charset=koi8-r>caf\xC3\xA9";
  const std::string late = std::string(1010, ' ') + "<meta charset=koi8-r>caf\xC3\xA9";
  EXPECT_EQ(decode_html(early, "").charset, "koi8-r");
  EXPECT_EQ(decode_html(late, "").charset, "utf-8");
}

TEST(Charset, NamedLateCountsWhereThePageIsNoUtf8) {
  const std::string late = std::string(5000, ' ') + "<meta charset=koi8-r><p>\xC1";
  const DecodedText text = decode_html(late, "");
  EXPECT_EQ(text.charset, "koi8-r");
  EXPECT_TRUE(text.utf8.ends_with("<p>\u0430"));
}

TEST(Charset, LabelsAreMappedWithoutRegardToCaseAndBlanks) {
  EXPECT_EQ(charset_for_label("latin1"), "windows-1252");
  EXPECT_EQ(charset_for_label("\tISO-8859-1 "), "windows-1252");
  EXPECT_EQ(charset_for_label("us-ascii"), "windows-1252");
  EXPECT_EQ(charset_for_label("UTF8"), "utf-8");
  EXPECT_EQ(charset_for_label("sjis"), "shift_jis");
  EXPECT_EQ(charset_for_label("gb2312"), "gbk");
  EXPECT_EQ(charset_for_label("ks_c_5601-1987"), "euc-kr");
  EXPECT_EQ(charset_for_label("hz-gb-2312"), "replacement");
  EXPECT_EQ(charset_for_label("utf-7"), "");
  EXPECT_EQ(charset_for_label("latin1 utf-8"), "");
  EXPECT_EQ(charset_for_label(""), "");
}

TEST(Charset, TakesTheByteOrderMarkOff) {
  EXPECT_EQ(decode_html("\xEF\xBB\xBF<p>", "").utf8, "<p>");
  EXPECT_EQ(decode_html("\xEF\xBB\xBF", "").utf8, "");
}

TEST(Charset, MakesReplacementCharactersOfBytesThatDoNotFit) {
  EXPECT_EQ(decode_html("a\xFF"
                        "b\xE2\x82",
                        "utf-8")
                .utf8,
            "a\uFFFDb\uFFFD");
  EXPECT_EQ(decode_html("\x81", "shift_jis").utf8, "\uFFFD");
}

struct Sample {
  const char* charset;
  std::string bytes;
  std::string utf8;
};

// One sample for each charset that the standard knows.
TEST(Charset, DecodesEveryCharsetOfTheStandard) {
  using namespace std::string_literals;
  const std::vector<Sample> samples = {
      {"windows-1252", "\x80\x93\x9F\xE9", "\u20AC\u201C\u0178\u00E9"},
      {"ibm866", "\x80\xE0", "\u0410\u0440"},
      {"iso-8859-2", "\xB1\xE8", "\u0105\u010D"},
      {"iso-8859-3", "\xA1\xF8", "\u0126\u011D"},
      {"iso-8859-4", "\xA1\xE1", "\u0104\u00E1"},
      {"iso-8859-5", "\xB0\xD0", "\u0410\u0430"},
      {"iso-8859-6", "\xC7", "\u0627"},
      {"iso-8859-7", "\xC1\xE1", "\u0391\u03B1"},
      {"iso-8859-8", "\xE0", "\u05D0"},
      {"iso-8859-8-i", "\xE0", "\u05D0"},
      {"iso-8859-10", "\xA1", "\u0104"},
      {"iso-8859-13", "\xC0", "\u0104"},
      {"iso-8859-14", "\xA1", "\u1E02"},
      {"iso-8859-15", "\xA4", "\u20AC"},
      {"iso-8859-16", "\xA4", "\u20AC"},
      {"koi8-r", "\xC1", "\u0430"},
      {"koi8-u", "\xA4", "\u0454"},
      {"macintosh", "\x80", "\u00C4"},
      {"windows-874", "\xA1", "\u0E01"},
      {"windows-1250", "\xB9", "\u0105"},
      {"windows-1251", "\xE0", "\u0430"},
      {"windows-1253", "\xE1", "\u03B1"},
      {"windows-1254", "\xFE", "\u015F"},
      {"windows-1255", "\xE0", "\u05D0"},
      {"windows-1256", "\xC7", "\u0627"},
      {"windows-1257", "\xE0", "\u0105"},
      {"windows-1258", "\xD5", "\u01A0"},
      {"x-mac-cyrillic", "\xE0", "\u0430"},
      {"gbk", "\xC4\xE3", "\u4F60"},
      {"gb18030", "\x81\x30\x81\x34", "\u0084"},
      {"big5", "\xA7\x41", "\u4F60"},
      {"euc-jp", "\xC6\xFC", "\u65E5"},
      {"iso-2022-jp", "\x1B$B\x46\x7C\x1B(B", "\u65E5"},
      {"shift_jis", "\x93\xFA\x87\x40", "\u65E5\u2460"},
      {"euc-kr", "\xC7\xD1", "\uD55C"},
      {"replacement", "<p>abc", "\uFFFD"},
      {"utf-16be", "\x65\xE5"s, "\u65E5"},
      {"utf-16le", "\xE5\x65"s, "\u65E5"},
      {"x-user-defined", "a\xFF", "a\uF7FF"},
  };
  for (const Sample& sample : samples) {
    const DecodedText text = decode_html(sample.bytes, sample.charset);
    EXPECT_EQ(text.utf8, sample.utf8) << sample.charset;
    EXPECT_EQ(text.charset, sample.charset);
  }
}

TEST(Charset, DecodesLongTextsWhole) {
  std::string bytes, utf8;
  for (int i = 0; i < 100000; ++i) {
    bytes += "\x93\xFA";
    utf8 += "\u65E5";
  }
  EXPECT_EQ(decode_html(bytes, "shift_jis").utf8, utf8);
}

}  // namespace
}  // namespace vellum::html
