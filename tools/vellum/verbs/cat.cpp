// vellum cat URL: one snapshot's payload, header block or plain text.

#include <cstdio>

#include "tools/vellum/text/capture_text.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string url, at, part = "body";
};

void write(std::string_view bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

Result<std::string> part_of(const storage::Archive& archive, const storage::Capture& capture, const std::string& part) {
  if (part == "text") return text_of_capture(archive, capture);
  if (part == "body") return archive.payload(capture.digest);
  VELLUM_TRY(storage::HeaderBlocks blocks, archive.headers(capture.id));
  return std::move(blocks.response);
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  VELLUM_TRY(const std::optional<Timestamp> at, parse_at(options.at));
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const storage::Capture capture,
             find_capture(*archive, url, {.at = at, .even_quarantined = true, .only_success = false}));
  if (capture.quarantined) {
    warn("the capture of " + to_rfc3339(capture.captured) + " is quarantined as " + capture.verdict);
  }
  VELLUM_TRY(const std::string bytes, part_of(*archive, capture, options.part));
  write(bytes);
  if (options.part == "text" && !bytes.ends_with('\n')) write("\n");
  return kDone;
}

}  // namespace

void add_cat(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, context, "cat", "One snapshot: its payload byte for byte, its header block or its text",
               [options, &context] {
                 const auto code = run(*options, context);
                 return code ? *code : report(code.error());
               });
  verb->add_option("URL", options->url, "The address; https:// may be left out")->required();
  verb->add_option("--at", options->at, "The capture at or before this time; default: the newest")->type_name("TIME");
  verb->add_option("--part", options->part, "body, headers or text")
      ->type_name("PART")
      ->check(CLI::IsMember({"body", "headers", "text"}));
  verb->footer(
      "\nTIME is RFC 3339, a date, or 1 to 14 digits; \"2020\" means the end of 2020.\n"
      "Example: vellum -C archive cat pubmed.ncbi.nlm.nih.gov/30526772/ --at 2020-02 --part text");
}

}  // namespace vellum::cli
