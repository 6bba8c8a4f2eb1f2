#include "plugins/host/rule_schema.h"

#include <gtest/gtest.h>

#include "plugins/host/record_shape.h"

namespace vellum::plugins {
namespace {

TEST(RuleSchema, NamesEveryFieldGroupAndKey) {
  const Json schema = rule_file_schema();
  const Json& fields = schema["definitions"]["fields"]["properties"];
  EXPECT_TRUE(fields.contains("title"));
  EXPECT_TRUE(fields["journal"]["anyOf"][0]["properties"].contains("issn"));
  for (const GroupShape& group : record_groups()) {
    const Json& shape = schema["properties"][std::string(group.name)];
    for (const FieldShape& field : group.fields) EXPECT_TRUE(shape["properties"].contains(field.name)) << field.name;
  }
  EXPECT_EQ(schema["properties"]["layout"]["items"]["additionalProperties"], false);
  EXPECT_TRUE(schema["properties"]["layout"]["items"]["properties"].contains("generic_first"));
  EXPECT_EQ(schema["required"], (Json::array({"id", "version"})));
}

}  // namespace
}  // namespace vellum::plugins
