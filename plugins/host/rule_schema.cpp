#include "plugins/host/rule_schema.h"

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/article.h"
#include "base/link.h"
#include "base/text.h"
#include "plugins/host/cleaners.h"
#include "plugins/host/record_shape.h"

namespace vellum::plugins {
namespace {

Json text() {
  return {{"type", "string"}};
}

Json one_or_list(Json of) {
  Json list = {{"type", "array"}, {"items", of}};
  return {{"anyOf", Json::array({std::move(of), std::move(list)})}};
}

Json words(const std::vector<std::string>& of) {
  return {{"enum", of}};
}

Json ref(std::string_view name) {
  return {{"$ref", "#/definitions/" + std::string(name)}};
}

Json table(Json properties) {
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

Json list_of(Json tables) {
  return {{"type", "array"}, {"items", std::move(tables)}};
}

Json source_schema() {
  std::vector<std::string> steps;
  for (const Cleaner& cleaner : all_cleaners()) steps.emplace_back(cleaner.name);
  Json properties = Json::object();
  for (const char* key : {"css", "page", "before", "after", "up", "meta", "json", "in", "var", "path", "const", "attr",
                          "without", "lead", "star", "join", "split", "match", "format"}) {
    properties[key] = text();
  }
  properties["clean"] = one_or_list(words(steps));
  return {{"anyOf", Json::array({text(), table(std::move(properties))})}};
}

// "journal.title" is a table in a table.
Json fields_schema() {
  Json properties = Json::object();
  for (const FieldShape& field : record_fields()) {
    const std::string name(field.name);
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) {
      properties[name]["anyOf"].push_back(ref("field"));
      continue;
    }
    Json& outer = properties[name.substr(0, dot)];
    Json* inner = nullptr;
    for (Json& choice : outer["anyOf"]) {
      if (choice.contains("properties")) inner = &choice;
    }
    if (!inner) inner = &outer["anyOf"].emplace_back(table(Json::object()));
    (*inner)["properties"][name.substr(dot + 1)] = ref("field");
  }
  return table(std::move(properties));
}

Json group_schema(const GroupShape& group) {
  Json properties = {{"items", one_or_list(text())}, {"json_items", ref("field")}, {"skip", text()}};
  for (const FieldShape& field : group.fields) properties[std::string(field.name)] = ref("field");
  return table(std::move(properties));
}

void add_body(Json& properties) {
  properties["kind"] = words({"article", "search", "issue", "journal", "book", "file", "other"});
  properties["not_from_generic"] = properties["generic_first"] = one_or_list(words(article::field_names()));
  properties["fields"] = ref("fields");
  for (const GroupShape& group : record_groups()) properties[std::string(group.name)] = group_schema(group);
  const std::vector<std::string> places(std::begin(kLinkPlaces), std::end(kLinkPlaces));
  const Json rel = words({"self", "reference", "fulltext", "pdf", "supplement", "dataset", "related", "share"});
  properties["links"] = list_of(table({{"name", text()}, {"css", text()}, {"place", words(places)}, {"rel", rel}}));
  properties["fragments"] = list_of(
      table({{"reason", text()}, {"url", ref("field")}, {"joins", words({"references"})}, {"count", ref("field")}}));
  const Json verdict =
      words({"article", "abstract", "listing", "login", "captcha", "block", "soft-404", "truncated", "stub", "other"});
  properties["substance"] =
      list_of(table({{"verdict", verdict}, {"css", text()}, {"title", text()}, {"text", text()}, {"because", text()}}));
}

Json layout_schema() {
  Json properties = {{"name", text()}, {"like", text()}, {"from", text()}, {"until", text()}};
  properties["detect"] = properties["reject"] = one_or_list(text());
  add_body(properties);
  return list_of(table(std::move(properties)));
}

Json test_schema() {
  Json properties = {{"status", {{"type", "integer"}}},
                     {"fragments", list_of(table({{"url", text()}, {"page", text()}}))}};
  for (const char* key : {"name", "page", "expect", "url", "captured"}) properties[key] = text();
  return list_of(table(std::move(properties)));
}

}  // namespace

Json rule_file_schema() {
  Json properties = {{"id", text()}, {"label", text()}, {"extends", text()}};
  properties["version"] = properties["priority"] = {{"type", "integer"}};
  properties["channel"] = words({"html", "eutils", "oai", "oa-package"});
  properties["volatile"] = one_or_list(text());
  properties["match"] = table({{"hosts", one_or_list(text())},
                               {"paths", {{"type", "array"}, {"items", text()}}},
                               {"document", words({"html", "xml"})}});
  properties["rights"] = table({{"policy", text()}, {"basis", text()}});
  properties["native"] =
      table({{"library", text()}, {"deadline", text()}, {"memory", {{"type", "integer"}, {"minimum", 64}}}});
  properties["layout"] = layout_schema();
  properties["tests"] = test_schema();
  add_body(properties);
  Json schema = table(std::move(properties));
  schema["$schema"] = "http://json-schema.org/draft-07/schema#";
  schema["title"] = "Vellum plugin.toml";
  schema["required"] = {"id", "version"};
  schema["definitions"] = {{"source", source_schema()}, {"field", one_or_list(ref("source"))}};
  schema["definitions"]["fields"] = fields_schema();
  return schema;
}

}  // namespace vellum::plugins
