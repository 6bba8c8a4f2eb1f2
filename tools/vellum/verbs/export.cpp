// vellum export --format warc|wacz|cdxj|cdx: captures as files that other programs read.

#include <iostream>

#include "storage/warc/exporter.h"
#include "tools/vellum/care/copy_journal.h"
#include "tools/vellum/exchange/wacz_export.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string format, prefix, from, to, output, warc_version = "1.1", title, key_file;
  bool even_noarchive = false;
};

Failure wrong(const std::string& message) {
  return fail(ErrorKind::kInvalid, "export: " + message);
}

// "pubmed.ncbi.nlm.nih.gov/30" is a prefix of https addresses; what has a scheme is taken as it is.
std::string prefix_of(const std::string& text) {
  const bool is_bare = !text.empty() && text.find("://") == std::string::npos;
  return is_bare ? "https://" + text : text;
}

Result<warc::ExportOptions> selection_of(const Options& options) {
  warc::ExportOptions selection;
  selection.prefix = prefix_of(options.prefix);
  if (!options.from.empty()) {
    VELLUM_TRY(selection.from, parse_timestamp(options.from));
  }
  if (!options.to.empty()) {
    VELLUM_TRY(selection.to, parse_timestamp_end(options.to));
  }
  selection.even_noarchive = options.even_noarchive;
  selection.software = "vellum/" VELLUM_VERSION;
  return selection;
}

bool is_index(const Options& options) {
  return options.format == "cdxj" || options.format == "cdx";
}

// The name of the WARC file that an index speaks of: that of the same selection.
std::string warc_name(const Options& options) {
  const std::filesystem::path output = options.output;
  if (output == "-") return "export.warc.gz";
  return is_index(options) ? output.stem().string() + ".warc.gz" : output.filename().string();
}

Result<warc::ExportCounts> export_warc(const storage::Archive& archive, const Options& options,
                                       warc::ExportOptions selection) {
  selection.filename = warc_name(options);
  VELLUM_TRY(const std::unique_ptr<warc::ByteSink> file, warc::create_file(options.output));
  const std::unique_ptr<warc::ByteSink> nothing = warc::into_nothing();
  const bool is_plain = !is_index(options) && std::filesystem::path(options.output).extension() == ".warc";
  warc::WarcWriter writer(is_index(options) ? *nothing : *file, {options.warc_version, !is_plain});
  warc::Exporter exporter(archive, writer, selection);
  if (options.format == "cdx") VELLUM_CHECK(file->write(warc::kCdxHeader));
  if (is_index(options)) {
    exporter.on_index([&](const warc::IndexLine& line) {
      return file->write(options.format == "cdx" ? cdx_line(line) : cdxj_line(line));
    });
  }
  VELLUM_TRY(warc::ExportCounts counts, exporter.run());
  VELLUM_CHECK(file->finish());
  return counts;
}

void show(const Options& options, const warc::ExportCounts& counts, bool json) {
  Json row;
  row["file"] = options.output;
  row["format"] = options.format;
  row["captures"] = counts.captures;
  row["responses"] = counts.responses;
  row["revisits"] = counts.revisits;
  row["resources"] = counts.resources;
  row["requests"] = counts.requests;
  row["metadata"] = counts.metadata;
  row["left_out"] = counts.left_out;
  row["withheld"] = counts.withheld;
  row["failures"] = counts.failures.size();
  if (options.output == "-") return;
  if (json) {
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << options.output << ": " << counts.captures << " captures (" << counts.responses << " responses, "
            << counts.revisits << " revisits, " << counts.resources << " resources)\n";
}

// Captures of the selection that embargoes hold back.
Result<std::uint64_t> count_withheld(const storage::Archive& archive, const warc::ExportOptions& selection,
                                     Timestamp now) {
  VELLUM_TRY(const std::vector<storage::Embargo> embargoes, archive.embargoes());
  const storage::Withheld withheld(embargoes);
  std::uint64_t count = 0;
  if (withheld.empty()) return count;
  VELLUM_CHECK(archive.scan(selection.prefix, [&](const storage::Capture& capture) {
    const bool is_meant = (!selection.from || capture.captured >= *selection.from) &&
                          (!selection.to || capture.captured <= *selection.to);
    if (is_meant && withheld.over(capture, now) != nullptr) ++count;
    return true;
  }));
  return count;
}

// An index holds no payloads; what went to standard output nobody can name.
Result<void> note_export(const Context& context, const storage::Archive& archive, const Options& options,
                         const warc::ExportOptions& selection) {
  if (is_index(options) || options.output == "-") return {};
  CopyLine line{options.format, options.output, SystemClock().now(), 0, selection.prefix, selection.from, selection.to};
  VELLUM_TRY(line.last, last_capture(archive));
  note_copy(context.archive, std::move(line));
  return {};
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const warc::ExportOptions selection, selection_of(options));
  VELLUM_TRY(const auto archive, open_archive(context));
  const SystemClock clock;
  VELLUM_TRY(const std::uint64_t withheld, count_withheld(*archive, selection, clock.now()));
  archive->withhold_embargoed(clock);
  const bool is_wacz = options.format == "wacz";
  if (is_wacz && options.output == "-") return wrong("a wacz needs a file: -o FILE.wacz");
  if (!is_wacz && !options.key_file.empty()) return wrong("--sign is for --format wacz");
  const WaczExport wacz{options.output, options.title, options.warc_version, options.key_file};
  VELLUM_TRY(warc::ExportCounts counts,
             is_wacz ? export_wacz(*archive, selection, wacz) : export_warc(*archive, options, selection));
  counts.withheld = withheld;
  show(options, counts, context.json);
  VELLUM_CHECK(note_export(context, *archive, options, selection));
  if (counts.left_out > 0) {
    warn(std::to_string(counts.left_out) + " captures say noarchive and are left out; --even-noarchive exports them");
  }
  if (counts.withheld > 0) warn(std::to_string(counts.withheld) + " captures are under embargo and are left out");
  for (const std::string& line : counts.failures) warn("not exported: " + line);
  return counts.failures.empty() ? kDone : kFailures;
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "export", "Captures as WARC, WACZ, CDXJ or CDX files", [options, &context] {
    const auto code = run(*options, context);
    return code ? *code : report(code.error());
  });
  verb->add_option("--format", options->format, "warc, wacz, cdxj or cdx")
      ->required()
      ->check(CLI::IsMember({"warc", "wacz", "cdxj", "cdx"}));
  verb->add_option("--prefix", options->prefix, "Only captures whose address starts with this")->type_name("URL");
  verb->add_option("--from", options->from, "Only captures at or after this time")->type_name("TIME");
  verb->add_option("--to", options->to, "Only captures at or before this time")->type_name("TIME");
  verb->add_option("-o,--output", options->output, "The file; - is standard output")->required()->type_name("FILE");
  verb->add_option("--warc-version", options->warc_version, "1.1 (default) or 1.0")
      ->check(CLI::IsMember({"1.0", "1.1"}));
  verb->add_option("--title", options->title, "Title of a WACZ");
  verb->add_option("--sign", options->key_file, "Sign a WACZ with this key (ECDSA P-384, PEM); made if it is not there")
      ->type_name("KEY");
  verb->add_flag("--even-noarchive", options->even_noarchive, "Also captures whose page says noarchive");
  verb->footer(
      "\nAn export needs nothing outside itself: the first record of a payload is whole, later ones are revisits of "
      "it. A\n"
      "file named .warc is not compressed. The indexes speak of the WARC of the same selection: FILE.warc.gz for "
      "FILE.cdxj.\n"
      "Example: vellum -C archive export --format warc --prefix pubmed.ncbi.nlm.nih.gov/ -o pubmed.warc.gz");
}

}  // namespace vellum::cli
