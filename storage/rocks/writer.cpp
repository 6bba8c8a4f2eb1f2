#include "storage/rocks/writer.h"

#include <future>

namespace vellum::rocks {
namespace {

// A group is cut here, so that one batch stays small beside RocksDB's memtables.
constexpr std::size_t kGroupBytes = std::size_t{8} << 20;

}  // namespace

Writer::Writer(Database& database, std::uint64_t last_sequence, BeforeWrite before_write)
    : database_(database),
      sequence_(last_sequence),
      before_write_(std::move(before_write)),
      thread_([this] { work(); }) {}

Writer::~Writer() {
  close();
}

void Writer::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Writer::enqueue(std::unique_ptr<Job> job) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_) {
      queue_.push_back(std::move(job));
      wake_.notify_one();
      return;
    }
  }
  job->complete(Error{ErrorKind::kCancelled, "the archive is being closed", 0});
}

Result<void> Writer::run(Build<void> build) {
  std::promise<Result<void>> promise;
  auto done = [&promise](Result<void> result) { promise.set_value(std::move(result)); };
  enqueue<void>(std::move(build), done);
  return promise.get_future().get();
}

bool Writer::take(Group& waiting) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
  waiting.swap(queue_);
  return !waiting.empty();
}

void Writer::work() {
  Group waiting;
  while (take(waiting)) {
    for (std::size_t done = 0; done < waiting.size();) done = write_group(waiting, done);
    waiting.clear();
  }
}

void Writer::build_one(Transaction& group, std::unique_ptr<Job>& job) {
  if (!failed_) {
    group.begin_job();
    const auto error = job->build(group);
    if (!error) return;
    group.roll_back();
    if (error->kind == ErrorKind::kCorrupt || error->kind == ErrorKind::kStorage) failed_ = error;
    job->complete(std::nullopt);
  } else {
    job->complete(failed_);
  }
  job.reset();
}

std::size_t Writer::write_group(Group& jobs, std::size_t first) {
  Transaction group(database_, sequence_ + 1);
  std::size_t next = first;
  for (; next < jobs.size() && group.bytes() < kGroupBytes; ++next) build_one(group, jobs[next]);
  if (!failed_ && !group.empty()) {
    before_write_(group);
    ++sequence_;
    const auto written = database_.write(group.take_batch(), sequence_);
    if (!written) failed_ = written.error();
  }
  // What a job of a failed group read may never have reached the disk: all of them fail, and nothing was acknowledged.
  for (std::size_t i = first; i < next; ++i) {
    if (jobs[i] != nullptr) jobs[i]->complete(failed_);
    jobs[i].reset();
  }
  return next;
}

}  // namespace vellum::rocks
