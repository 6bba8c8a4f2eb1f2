// Reads the repeated parts of a page: one object an item, by the group's fields.
//
// Threads: any; views the page.

#pragma once

#include <vector>

#include "base/json.h"
#include "plugins/host/field_reader.h"
#include "plugins/host/page_view.h"
#include "plugins/host/rule.h"

namespace vellum::plugins {

class GroupReader {
 public:
  GroupReader(const PageView& page, const FieldReader& fields) : page_(page), fields_(fields) {}

  // The items of the group in document order; none if no selector of `items` matches.
  std::vector<Place> items(const GroupRule& group) const;

  // One object an item; items that yield nothing are left out.
  Json read(const GroupRule& group) const;
  Json read_item(const GroupRule& group, const Place& item) const;

  // Authors or editors. `affiliations` (may be null) is the group that marks point to.
  Json read_people(const GroupRule& people, const GroupRule* affiliations) const;
  // Sections with their level; the text of a section leaves out its sub-sections.
  Json read_sections(const GroupRule& sections) const;
  // Works that the page lists: identifiers are also read off the item's address.
  Json read_works(const GroupRule& works) const;

 private:
  bool add_split_names(const GroupRule& people, const Place& item, Json& list) const;
  const PageView& page_;
  const FieldReader& fields_;
};

// Puts a reading into `object` under `key`, in the shape that the field has. Nothing if the reading is empty.
void put(Json& object, const std::string& key, const FieldShape& shape, const Reading& reading, const Url& base);

}  // namespace vellum::plugins
