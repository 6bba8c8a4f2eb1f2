// vellum log URL: the captures of an address, newest last.

#include <iostream>
#include <optional>

#include "tools/vellum/authoring/plugin_set.h"
#include "tools/vellum/records/page_change.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string url;
};

Json row_of(const storage::Capture& capture, const std::string& change) {
  Json row;
  row["url"] = capture.url;
  row["captured"] = to_rfc3339(capture.captured);
  row["status"] = capture.status;
  row["mime"] = capture.mime;
  row["bytes"] = capture.bytes;
  row["stored_bytes"] = capture.stored_bytes;
  row["digest"] = capture.digest.to_text();
  row["verdict"] = capture.verdict;
  if (!change.empty()) row["change"] = change;
  row["run"] = capture.run;
  row["via"] = capture.via;
  if (capture.refers_to) row["refers_to"] = to_rfc3339(capture.refers_to->captured);
  return row;
}

Json row_of(const storage::Tombstone& stone) {
  Json row;
  row["url"] = stone.url;
  row["captured"] = to_rfc3339(stone.captured);
  row["bytes"] = stone.bytes;
  row["digest"] = stone.digest.to_text();
  row["run"] = stone.run;
  row["taken_down"] = stone.reason;
  row["taken_down_at"] = to_rfc3339(stone.at);
  return row;
}

void print_tombstones(const std::vector<storage::Tombstone>& stones, bool json) {
  for (const storage::Tombstone& stone : stones) {
    if (json) {
      std::cout << to_line(row_of(stone)) << '\n';
    } else {
      std::cout << "taken down at " << to_rfc3339(stone.at) << ": " << stone.reason << "  (" << stone.url << " of "
                << to_rfc3339(stone.captured) << ", " << stone.digest.to_text().substr(7, 12) << ")\n";
    }
  }
}

// What each capture is to the last one before it that held the page: "first", "same", "tokens", "changed"; "" for
// refusals, redirects and what is quarantined. Pages are read only where payloads differ.
class Changes {
 public:
  Changes(const storage::Archive& archive, const std::vector<storage::Capture>& captures, const Context& context)
      : archive_(archive), captures_(captures), context_(context) {}

  Result<std::vector<std::string>> names() {
    std::vector<std::string> names;
    const storage::Capture* before = nullptr;
    for (const storage::Capture& capture : captures_) {
      std::string& name = names.emplace_back();
      if (capture.quarantined || !capture.is_success()) continue;
      name = "first";
      if (before != nullptr) {
        VELLUM_TRY(name, name_of(*before, capture));
      }
      before = &capture;
    }
    return names;
  }

 private:
  Result<std::string> name_of(const storage::Capture& before, const storage::Capture& capture) {
    if (before.digest == capture.digest) return std::string("same");
    if (!registry_) {
      VELLUM_TRY(registry_, load_plugins(context_));
      changes_.emplace(archive_, *registry_);
      is_learned_ = changes_->learn(captures_).has_value();
    }
    const auto change =
        is_learned_ ? changes_->between(before, capture) : Result<PageChange>(fail(ErrorKind::kNotFound, ""));
    return change ? change->verdict : std::string("changed");  // a payload that is lost is for `check` to name
  }

  const storage::Archive& archive_;
  const std::vector<storage::Capture>& captures_;
  const Context& context_;
  std::optional<plugins::Registry> registry_;
  std::optional<PageChanges> changes_;
  bool is_learned_ = false;
};

void print_table(const std::vector<storage::Capture>& captures, const std::vector<std::string>& changes) {
  Table table({"CAPTURED", ">STATUS", "TYPE", ">BYTES", ">STORED", "VERDICT", "CHANGE", ">RUN", "DIGEST", "URL"});
  for (std::size_t i = 0; i < captures.size(); ++i) {
    const storage::Capture& capture = captures[i];
    std::string verdict = capture.verdict.empty() ? "-" : capture.verdict;
    if (capture.quarantined) verdict += "!";
    table.add({to_rfc3339(capture.captured), std::to_string(capture.status), capture.mime, human_bytes(capture.bytes),
               human_bytes(capture.stored_bytes), verdict, changes[i].empty() ? "-" : changes[i],
               capture.run == 0 ? "-" : std::to_string(capture.run), capture.digest.to_text().substr(7, 12),
               capture.url});
  }
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const std::vector<storage::Capture> captures, archive->captures(url));
  VELLUM_TRY(const std::vector<storage::Tombstone> stones, archive->tombstones(url));
  if (captures.empty() && stones.empty()) return fail(ErrorKind::kNotFound, "no capture of " + url.href());
  print_tombstones(stones, context.json);
  VELLUM_TRY(const std::vector<std::string> changes, Changes(*archive, captures, context).names());
  if (!context.json && !captures.empty()) print_table(captures, changes);
  for (std::size_t i = 0; context.json && i < captures.size(); ++i)
    std::cout << to_line(row_of(captures[i], changes[i])) << '\n';
  return kDone;
}

}  // namespace

void add_log(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "log", "The captures of an address, newest last", [options, &context] {
    const auto code = run(*options, context);
    return code ? *code : report(code.error());
  });
  verb->add_option("URL", options->url, "The address; https:// may be left out")->required();
  verb->footer(
      "\nAddresses with the same replay key (http or https, with or without www) are listed together; `!` marks a\n"
      "quarantined capture. CHANGE is against the capture before: same, tokens (the same article: only what changes\n"
      "on every load differs, see `vellum diff --volatile`) or changed. Status 304 is a revisit: the page had not\n"
      "changed since the capture whose digest it has.\n"
      "Example: vellum -C archive log pubmed.ncbi.nlm.nih.gov/30526772/ --json");
}

}  // namespace vellum::cli
