// vellum extract [URL|--prefix P|--all]: article records from stored snapshots. No network, nothing written.

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <functional>
#include <future>

#include "base/url_key.h"
#include "crawler/engine/article_desk.h"
#include "plugins/host/registry.h"
#include "tools/vellum/authoring/plugin_set.h"
#include "tools/vellum/records/page_choice.h"
#include "tools/vellum/records/record_printer.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

constexpr std::size_t kReaders = 2;
constexpr std::size_t kReadAhead = 16;  // records that wait for an earlier, slower one

struct Options {
  std::string url, prefix, at, plugin, format = "json";
  bool all = false;
};

struct Job {
  const storage::Archive& archive;
  const plugins::Registry& registry;
  const Options& options;
  std::optional<Timestamp> at;
};

Result<Json> read_record(const Job& job, storage::CaptureId id) {
  VELLUM_TRY(const storage::Capture page, job.archive.capture(id));
  VELLUM_TRY(const plugins::PageInput input, engine::load_page(job.archive, page));
  if (job.options.plugin.empty()) return job.registry.extract(input).record;
  VELLUM_TRY(plugins::Extraction extraction, job.registry.extract_with(job.options.plugin, input));
  return std::move(extraction.record);
}

// Reads on two threads, prints in order. What fails is named and left out.
class Line {
 public:
  explicit Line(const Job& job) : job_(job), printer_(job.options.format, true), pool_(kReaders) {}
  ~Line() { pool_.join(); }

  void add(storage::CaptureId id) {
    auto task = std::make_shared<std::packaged_task<Result<Json>()>>([this, id] { return read_record(job_, id); });
    ++seen_;
    waiting_.push_back(task->get_future());
    boost::asio::post(pool_, [task] { (*task)(); });
    if (waiting_.size() > kReadAhead) print_first();
  }

  int finish() {
    while (!waiting_.empty()) print_first();
    printer_.finish();
    return exit_code_;
  }
  std::size_t seen() const { return seen_; }
  std::size_t left_out() const { return left_out_; }

 private:
  void print_first() {
    const Result<Json> record = waiting_.front().get();
    waiting_.pop_front();
    if (record) {
      left_out_ += printer_.print(*record) ? 0 : 1;
      return;
    }
    exit_code_ = std::max(exit_code_, report(record.error()));
  }

  const Job& job_;
  RecordPrinter printer_;
  int exit_code_ = kDone;
  std::size_t seen_ = 0, left_out_ = 0;
  std::deque<std::future<Result<Json>>> waiting_;
  boost::asio::thread_pool pool_;
};

// The good capture; if there is none, whatever stood in its place.
Result<storage::Capture> find_page(const Job& job, const Url& url) {
  auto good = find_capture(job.archive, url, {.at = job.at, .even_quarantined = true, .only_success = true});
  if (good || good.error().kind != ErrorKind::kNotFound) return good;
  VELLUM_TRY(storage::Capture other, find_capture(job.archive, url, {.at = job.at, .even_quarantined = true}));
  if (other.quarantined) return other;
  return fail(ErrorKind::kNotFound,
              "no page to read at " + url.href() + ": its captures are of status " + std::to_string(other.status));
}

Result<int> extract_one(const Job& job) {
  VELLUM_TRY(const Url url, parse_url_argument(job.options.url));
  VELLUM_TRY(const storage::Capture page, find_page(job, url));
  VELLUM_TRY(const Json record, read_record(job, page.id));
  RecordPrinter printer(job.options.format, false);
  const bool was_printed = printer.print(record);
  printer.finish();
  if (was_printed) return kDone;
  warn("nothing to cite: " + page.url + " is of kind " + text_of(record, "kind"));
  return kFailures;
}

Result<int> extract_many(const Job& job) {
  Line line(job);
  VELLUM_CHECK(choose_pages(job.archive, job.options.prefix, job.at, [&](storage::CaptureId id) { line.add(id); }));
  const int code = line.finish();
  if (line.seen() == 0)
    warn(job.options.all ? "no page is stored yet" : "no page's address starts with " + job.options.prefix);
  if (line.left_out() > 0) warn("left out, since they are no works to cite: " + std::to_string(line.left_out()));
  return code;
}

Result<int> run(const Options& options, const Context& context) {
  const int ways = (options.url.empty() ? 0 : 1) + (options.prefix.empty() ? 0 : 1) + (options.all ? 1 : 0);
  if (ways != 1) return fail(ErrorKind::kInvalid, "extract: say which pages: a URL, --prefix P or --all");
  VELLUM_TRY(const std::optional<Timestamp> at, parse_at(options.at));
  VELLUM_TRY(const plugins::Registry registry, load_plugins(context, options.plugin));
  VELLUM_TRY(const auto archive, open_archive(context));
  const Job job{*archive, registry, options, at};
  return options.url.empty() ? extract_many(job) : extract_one(job);
}

}  // namespace

void add_extract(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "extract", "Article records read anew from stored snapshots, offline",
                            [options, &context] {
                              const auto code = run(*options, context);
                              return code ? *code : report(code.error());
                            });
  verb->add_option("URL", options->url, "One page; https:// may be left out");
  verb->add_option("--prefix", options->prefix, "All pages whose address starts with this")->type_name("URL");
  verb->add_flag("--all", options->all, "All pages of the archive");
  verb->add_option("--at", options->at, "Captures at or before this time; default: the newest")->type_name("TIME");
  verb->add_option("--plugin", options->plugin, "Read with this plugin instead of the best match")->type_name("ID");
  verb->add_option("--format", options->format,
                   "json (vellum.article/1, one a line), csl, bibtex, ris, jats or schema (schema.org)")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"json", "csl", "bibtex", "ris", "jats", "schema"}));
  verb->footer(
      "\nOne record an address: the newest good capture, with the fragments that belong to it; a page that was only "
      "ever\n"
      "blocked gives a record too, whose verdict says so. Nothing is fetched and nothing is written.\n"
      "Example: vellum -C archive extract --prefix https://pubmed.ncbi.nlm.nih.gov/ --format bibtex > refs.bib");
}

}  // namespace vellum::cli
