// vellum diff URL: what changed in the article between two captures, field by field; with --text in its words.

#include <fmt/format.h>

#include <iostream>

#include "base/edit_script.h"
#include "base/record_diff.h"
#include "base/text.h"
#include "crawler/engine/article_desk.h"
#include "plugins/host/registry.h"
#include "tools/vellum/authoring/plugin_set.h"
#include "tools/vellum/records/page_change.h"
#include "tools/vellum/text/capture_text.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

using storage::Capture;

constexpr std::size_t kContext = 6;      // words kept around a change
constexpr std::size_t kMostShown = 400;  // characters of a value, for people

struct Options {
  std::string url, from, to;
  bool text = false, all = false;
};

struct Pair {
  Capture from, to;
};

bool is_readable(const Capture& capture) {
  return !capture.quarantined && capture.is_success();
}

// The newest and the one before it whose payload differs; with --from and --to the ones that answered then.
Result<Pair> choose(const storage::Archive& archive, const Url& url, const Options& options) {
  VELLUM_TRY(const auto from, parse_at(options.from));
  VELLUM_TRY(const auto to, parse_at(options.to));
  VELLUM_TRY(Capture newer, find_capture(archive, url, {.at = to, .even_quarantined = false, .only_success = true}));
  if (from) {
    VELLUM_TRY(Capture older,
               find_capture(archive, url, {.at = from, .even_quarantined = false, .only_success = true}));
    return Pair{std::move(older), std::move(newer)};
  }
  VELLUM_TRY(const std::vector<Capture> all, archive.captures(url));
  const Capture* older = nullptr;
  for (const Capture& capture : all) {
    if (!is_readable(capture) || capture.captured >= newer.captured) continue;
    if (older == nullptr || capture.digest != newer.digest || older->digest == newer.digest) older = &capture;
  }
  if (older == nullptr) {
    return fail(ErrorKind::kNotFound,
                "nothing to compare: " + newer.url + " was captured once, " + to_rfc3339(newer.captured));
  }
  return Pair{*older, std::move(newer)};
}

Result<Json> record_of(const storage::Archive& archive, const plugins::Registry& registry, const Capture& capture) {
  VELLUM_TRY(const plugins::PageInput input, engine::load_page(archive, capture));
  return registry.extract(input).record;
}

std::string shown(const Json& value) {
  std::string text = printable(value.is_string() ? value.get<std::string>() : to_line(value));
  if (text.size() <= kMostShown) return text;
  std::size_t end = kMostShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

void print_heading(const Pair& pair, const Context& context) {
  if (context.json) return;
  std::cout << "--- " << to_rfc3339(pair.from.captured) << ' ' << printable(pair.from.url) << '\n'
            << "+++ " << to_rfc3339(pair.to.captured) << ' ' << printable(pair.to.url) << '\n';
}

void print_field(const article::FieldChange& change, const Context& context) {
  if (context.json) {
    Json row;
    row["event"] = "field";
    row["field"] = change.field;
    row["of_article"] = change.is_of_article;
    row["from"] = change.from;
    row["to"] = change.to;
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << change.field << (change.is_of_article ? "\n" : " (around the article)\n");
  if (!change.from.is_null()) std::cout << "- " << shown(change.from) << '\n';
  if (!change.to.is_null()) std::cout << "+ " << shown(change.to) << '\n';
}

// A figure around the article that stands in the page's source as volatile: 1,234 readers.
bool is_volatile(const article::FieldChange& change, const PageChange& page) {
  if (change.is_of_article || change.from.is_null() || change.to.is_null()) return false;
  const auto text = [](const Json& value) { return value.is_string() ? value.get<std::string>() : to_line(value); };
  return page.has_volatile(text(change.from), text(change.to));
}

// The spans themselves, with what stands before them.
void print_volatile(const PageChange& page, const Context& context) {
  constexpr std::size_t kSourceBefore = 40;
  for (const ChangedSpan& span : page.spans) {
    if (span.by == VolatileBy::kNot) continue;
    const std::size_t begin = span.after.begin - std::min(span.after.begin, kSourceBefore);
    const std::string before = printable(page.after.text.substr(begin, span.after.begin - begin));
    if (!context.json) {
      std::cout << "volatile (" << name_of(span.by) << ") … " << before << " [-" << printable(page.from(span))
                << "-] {+" << printable(page.to(span)) << "+}\n";
      continue;
    }
    Json row;
    row["event"] = "volatile";
    row["by"] = name_of(span.by);
    row["before"] = before;
    row["from"] = printable(page.from(span));
    row["to"] = printable(page.to(span));
    row["offset"] = span.after.begin;
    std::cout << to_line(row) << '\n';
  }
}

// One line for the whole: what a program or a person needs if they read nothing else.
void print_summary(const Pair& pair, std::size_t of_article, std::size_t around, const PageChange& page,
                   const Context& context) {
  const bool is_equal = pair.from.digest == pair.to.digest;
  if (context.json) {
    Json row;
    row["event"] = "summary";
    row["from"] = to_rfc3339(pair.from.captured);
    row["to"] = to_rfc3339(pair.to.captured);
    row["same_article"] = of_article == 0;
    row["same_payload"] = is_equal;
    row["changed"] = of_article;
    row["changed_around"] = around;
    row["change"] = of_article > 0 ? "changed" : page.verdict;
    row["volatile"] = page.volatile_spans();
    std::cout << to_line(row) << '\n';
    return;
  }
  if (of_article > 0) {
    std::cout << of_article << (of_article == 1 ? " change" : " changes") << " in the article\n";
  } else if (is_equal) {
    std::cout << "the same payload\n";
  } else if (page.verdict == "tokens") {
    std::cout << "the same article, new tokens (" << page.volatile_spans() << "; --volatile shows them)\n";
  } else {
    std::cout << "the same article in another payload (" << pair.from.bytes << " and " << pair.to.bytes << " bytes)\n";
  }
}

Result<PageChange> change_of(const storage::Archive& archive, const plugins::Registry& registry, const Url& url,
                             const Pair& pair) {
  PageChanges changes(archive, registry);
  VELLUM_TRY(const std::vector<Capture> captures, archive.captures(url));
  VELLUM_CHECK(changes.learn(captures));
  return changes.between(pair.from, pair.to);
}

Result<int> compare_fields(const storage::Archive& archive, const plugins::Registry& registry, const Pair& pair,
                           const PageChange& page, const Options& options, const Context& context) {
  VELLUM_TRY(const Json from, record_of(archive, registry, pair.from));
  VELLUM_TRY(const Json to, record_of(archive, registry, pair.to));
  std::size_t of_article = 0, around = 0;
  for (const article::FieldChange& change : article::compare(from, to)) {
    if (!options.all && is_volatile(change, page)) continue;
    ++(change.is_of_article ? of_article : around);
    print_field(change, context);
  }
  if (options.all) print_volatile(page, context);
  print_summary(pair, of_article, around, page, context);
  return kDone;
}

// Words, and line ends as words of their own.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    if (text[i] == '\n') {
      ++i;
    } else {
      while (i < text.size() && text[i] != '\n' && text[i] != ' ' && text[i] != '\t') ++i;
    }
    if (i > begin) words.push_back(text.substr(begin, i - begin));
    while (i < text.size() && (text[i] == ' ' || text[i] == '\t')) ++i;
  }
  return words;
}

std::string joined(const std::vector<std::string_view>& words, std::size_t begin, std::size_t end) {
  std::string text;
  for (; begin < end; ++begin) {
    if (words[begin] == "\n") continue;
    if (!text.empty()) text += ' ';
    text += words[begin];
  }
  return printable(text);
}

void print_words(const std::vector<std::string_view>& from, const std::vector<std::string_view>& to, const Edit& edit,
                 const PageChange* page, const Context& context) {
  const std::string removed = joined(from, edit.old_begin, edit.old_end);
  const std::string added = joined(to, edit.new_begin, edit.new_end);
  if (removed.empty() && added.empty()) return;  // a line was broken elsewhere
  if (page != nullptr && page->has_volatile(removed, added)) return;
  const std::string before = joined(to, edit.new_begin - std::min(edit.new_begin, kContext), edit.new_begin);
  const std::string after = joined(to, edit.new_end, std::min(edit.new_end + kContext, to.size()));
  if (context.json) {
    Json row;
    row["event"] = "words";
    row["before"] = before;
    row["from"] = removed;
    row["to"] = added;
    row["after"] = after;
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << "… " << before << (removed.empty() ? "" : " [-" + removed + "-]")
            << (added.empty() ? "" : " {+" + added + "+}") << ' ' << after << " …\n";
}

Result<int> compare_words(const storage::Archive& archive, const Pair& pair, const PageChange& page,
                          const Options& options, const Context& context) {
  VELLUM_TRY(const std::string from, text_of_capture(archive, pair.from));
  VELLUM_TRY(const std::string to, text_of_capture(archive, pair.to));
  const auto old_words = words_of(from), new_words = words_of(to);
  for (const Edit& edit : edit_script(old_words, new_words)) {
    if (!edit.is_same) print_words(old_words, new_words, edit, options.all ? nullptr : &page, context);
  }
  if (options.all) print_volatile(page, context);
  return kDone;
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const Pair pair, choose(*archive, url, options));
  VELLUM_TRY(const plugins::Registry registry, load_plugins(context));
  VELLUM_TRY(const PageChange page, change_of(*archive, registry, url, pair));
  print_heading(pair, context);
  return options.text ? compare_words(*archive, pair, page, options, context)
                      : compare_fields(*archive, registry, pair, page, options, context);
}

}  // namespace

void add_diff(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "diff", "What changed in an article between two captures, field by field",
                            [options, &context] {
                              const auto code = run(*options, context);
                              return code ? *code : report(code.error());
                            });
  verb->add_option("URL", options->url, "The address; https:// may be left out")->required();
  verb->add_option("--from", options->from, "The older side; default: the last capture that differs from the newer")
      ->type_name("TIME");
  verb->add_option("--to", options->to, "The newer side: the capture at or before this time; default: the newest")
      ->type_name("TIME");
  verb->add_flag("--text", options->text, "Compare the pages' text, word by word");
  verb->add_flag("--volatile", options->all, "Show too what changes on every load: tokens, ids, counters");
  verb->footer(
      "\nBoth pages are read anew by the same plugins. What changes on every load (tokens, ids, counters) is left out\n"
      "without --volatile: parts that the plugin names (plugin), places that differ between all captures of this page\n"
      "and of pages beside it (template), and what looks like a token (form). Similar articles, citations and links\n"
      "are marked as standing around the article.\n"
      "Example: vellum -C archive diff pubmed.ncbi.nlm.nih.gov/30526772/ --from 2020 --to 2021");
}

}  // namespace vellum::cli
