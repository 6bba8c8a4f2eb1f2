#include "base/link.h"

#include <gtest/gtest.h>

namespace vellum {
namespace {

TEST(OutboundLink, ComesBackFromItsJson) {
  const OutboundLink link{"reference",
                          3,
                          "reference",
                          "https://doi.org/10.1016/0014-4827(61)90192-6",
                          "10.1016/0014-4827(61)90192-6",
                          "DOI",
                          "//doi.org/10.1016/0014-4827(61)90192-6",
                          1234,
                          "pubmed.references.doi"};
  const OutboundLink back = link_from_json(to_json(link));
  EXPECT_EQ(to_line(to_json(back)), to_line(to_json(link)));
  EXPECT_EQ(back.n, 3);
  EXPECT_EQ(back.offset, 1234);
}

TEST(OutboundLink, WritesOnlyWhatItKnows) {
  OutboundLink link;
  link.place = "body";
  link.url = "https://h/";
  EXPECT_EQ(to_line(to_json(link)), R"({"place":"body","url":"https://h/"})");
  EXPECT_EQ(link_from_json(to_json(link)).offset, -1);
}

TEST(OutboundLink, ReadsNonsenseAsNothing) {
  const OutboundLink link = link_from_json(*parse_json(R"({"place":7,"n":-4,"offset":-99,"doi":null})"));
  EXPECT_EQ(link.place, "");
  EXPECT_EQ(link.n, 0);
  EXPECT_EQ(link.offset, -1);
}

}  // namespace
}  // namespace vellum
