// vellum prove URL: proof that a capture is under a seal of the archive.

#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string url, at, output;
  storage::CaptureId capture = 0;
  bool lists = false;
};

// The capture, or what was taken down, that answers for the address at that time.
Result<storage::CaptureId> choose(const Options& options, const storage::Archive& archive) {
  if (options.capture != 0) return options.capture;
  if (options.url.empty())
    return fail(ErrorKind::kInvalid, "prove: name a URL or --capture ID; --list shows the seals");
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  VELLUM_TRY(const auto at, parse_at(options.at));
  auto found = archive.find(url, {at, true, true});
  if (!found) found = archive.find(url, {at, true, false});
  if (found) return found->id;
  VELLUM_TRY(const auto stones, archive.tombstones(url));
  if (stones.empty()) return fail(found.error());
  const storage::Tombstone* best = &stones.front();
  for (const storage::Tombstone& stone : stones) {
    if (!at || stone.captured <= *at) best = &stone;
  }
  return best->id;
}

Result<int> list(const storage::Archive& archive, bool json) {
  VELLUM_TRY(const std::vector<storage::Seal> seals, archive.seals());
  if (json) {
    for (const storage::Seal& seal : seals) std::cout << to_line(seal.to_json()) << '\n';
    return kDone;
  }
  Table table({">SEAL", ">RUN", ">CAPTURES", "AT", "ROOT", "KEY"});
  for (const storage::Seal& seal : seals)
    table.add({std::to_string(seal.number), seal.run == 0 ? "-" : std::to_string(seal.run),
               std::to_string(seal.captures), to_rfc3339(seal.at), to_hex(seal.root.view()),
               seal.key.empty() ? "not signed" : to_hex(seal.key)});
  return kDone;
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const auto archive, open_archive(context));
  if (options.lists) return list(*archive, context.json);
  VELLUM_TRY(const storage::CaptureId id, choose(options, *archive));
  VELLUM_TRY(const storage::InclusionProof proof, archive->prove(id));
  const std::string text = context.json ? to_line(proof.to_json()) : proof.to_json().dump(2);
  if (options.output.empty() || options.output == "-") {
    std::cout << text << '\n';
    return kDone;
  }
  std::ofstream out(options.output, std::ios::binary | std::ios::trunc);
  out << text << '\n';
  out.close();
  if (!out) return fail(ErrorKind::kStorage, "cannot write " + options.output);
  std::cout << fmt::format("{}: capture {} of {} is leaf {} of {} under seal {}{}\n", options.output, proof.capture,
                           to_rfc3339(proof.captured), proof.index + 1, proof.seal.captures, proof.seal.number,
                           proof.seal.signature.empty() ? ", not signed" : "");
  return kDone;
}

}  // namespace

void add_prove(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "prove", "Proof that a capture was here when its run ended, as it is",
                            [options, &context] {
                              const auto code = run(*options, context);
                              return code ? *code : report(code.error());
                            });
  verb->add_option("URL", options->url, "The address; https:// may be left out");
  verb->add_option("--at", options->at, "The capture at or before this time; default: the newest")->type_name("TIME");
  verb->add_option("--capture", options->capture, "A capture by its number")->type_name("ID");
  verb->add_option("-o,--output", options->output, "The file; default: standard output")->type_name("FILE");
  verb->add_flag("--list", options->lists, "The seals of the archive, oldest first, with root and public key");
  verb->footer(
      "\nWhen a run or an import ends, its captures come under a seal: a Merkle root in a chain, signed with the key "
      "in\n"
      "seal-key.pem. A proof is one JSON object that anybody can verify without this program (docs/formats.md, "
      "Seals),\n"
      "also after a take-down. Keep `prove --list` of today somewhere else: it is what a proof is compared with.\n"
      "Example: vellum -C archive prove pubmed.ncbi.nlm.nih.gov/30526772/ -o proof.json");
}

}  // namespace vellum::cli
