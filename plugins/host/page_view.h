// One stored answer, parsed once, with everything that readers look at.
//
// Threads: immutable after parse(); the Answer must outlive it.

#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/url.h"
#include "plugins/host/page.h"
#include "plugins/html/document.h"
#include "plugins/html/metadata.h"

namespace vellum::plugins {

class PageView {
 public:
  // kTooLarge: size or nesting over the document's limits. kInvalid: the answer is no page (empty, PDF, image), with
  // what it is instead.
  static Result<PageView> parse(const Answer& answer);

  const Answer& answer() const { return *answer_; }
  const html::Document& document() const { return document_; }
  const html::Metadata& metadata() const { return metadata_; }
  const std::vector<Json>& json_ld() const { return json_ld_; }
  const Url& base_url() const { return base_url_; }
  std::string title() const;  // of the <title> element, folded

 private:
  PageView(const Answer& answer, html::Document document);

  const Answer* answer_;
  html::Document document_;
  html::Metadata metadata_;
  std::vector<Json> json_ld_;
  Url base_url_;
};

// "application/pdf": the declared type, or what the bytes look like where the declaration is of no use.
std::string essence_of(const Answer& answer);

}  // namespace vellum::plugins
