// The store thread: it alone changes the archive. Jobs from any thread queue up; the thread takes all that wait, lets
// each add its rows to one Transaction, writes that as one synced batch, and only then tells every caller. No timer: a
// lone job is written at once, and while one group is being synced the next one gathers.
//
//   auto job = [=](rocks::Transaction& group) -> Result<int> { ... };
//   std::function<Result<int>(rocks::Transaction&)> build = std::move(job);
//   co_return co_await writer.submit<int>(std::move(build));
//
// A job that returns an error is undone alone; the rest of its group is not touched by it. kCorrupt and kStorage,
// however, end the writer: from then on every job gets that error, for what a job keeps in memory may no longer fit the
// disk.
//
// Threads: submit() from any coroutine; the job runs on the store thread, the coroutine goes on on its own executor.

#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/async.h"
#include "storage/rocks/transaction.h"

namespace vellum::rocks {

class Writer {
 public:
  // `before_write` adds what belongs to every batch, such as counters; it is called on the store thread when a group of
  // jobs is complete and has changed something.
  using BeforeWrite = std::function<void(Transaction&)>;
  Writer(Database& database, std::uint64_t last_sequence, BeforeWrite before_write);
  ~Writer();  // close()
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  template <class T>
  using Build = std::function<Result<T>(Transaction&)>;

  // kCancelled after close().
  template <class T>
  Task<T> submit(Build<T> build);
  // For callers without a coroutine; blocks.
  Result<void> run(Build<void> build);

  // Writes what is queued, then ends the thread.
  void close();

 private:
  struct Job {
    virtual ~Job() = default;
    virtual std::optional<Error> build(Transaction& group) = 0;
    virtual void complete(std::optional<Error> error) = 0;  // error of the group's write, if any
  };
  template <class T, class Done>
  struct JobOf;
  using Group = std::vector<std::unique_ptr<Job>>;

  void enqueue(std::unique_ptr<Job> job);
  template <class T, class Done>
  void enqueue(Build<T> build, Done done);
  void work();
  bool take(Group& waiting);
  // Runs jobs from `first` on until the batch is large enough; returns the end of the group.
  std::size_t write_group(Group& jobs, std::size_t first);
  void build_one(Transaction& group, std::unique_ptr<Job>& job);

  Database& database_;
  std::uint64_t sequence_;
  BeforeWrite before_write_;
  std::optional<Error> failed_;  // store thread only
  std::mutex mutex_;
  std::condition_variable wake_;
  Group queue_;
  bool closing_ = false;
  std::thread thread_;
};

template <class T, class Done>
struct Writer::JobOf final : Writer::Job {
  JobOf(Build<T> b, Done d) : build_(std::move(b)), done_(std::move(d)) {}
  std::optional<Error> build(Transaction& group) override {
    result_.emplace(build_(group));
    build_ = nullptr;
    if (*result_) return std::nullopt;
    return result_->error();
  }
  void complete(std::optional<Error> error) override {
    if (error) result_.emplace(fail(*std::move(error)));
    done_(*std::move(result_));
  }
  Build<T> build_;
  Done done_;
  std::optional<Result<T>> result_;
};

template <class T, class Done>
void Writer::enqueue(Build<T> build, Done done) {
  enqueue(std::make_unique<JobOf<T, Done>>(std::move(build), std::move(done)));
}

template <class T>
Task<T> Writer::submit(Build<T> build) {
  const auto executor = co_await boost::asio::this_coro::executor;
  auto initiate = [this, &executor, &build](auto handler) {
    // Tracked: the context must not run out of work while the store thread holds the handler.
    auto home = boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked);
    auto done = [home = std::move(home), handler = std::move(handler)](Result<T> result) mutable {
      auto resume = [handler = std::move(handler), result = std::move(result)]() mutable {
        handler(std::move(result));
      };
      boost::asio::post(home, std::move(resume));
    };
    enqueue<T>(std::move(build), std::move(done));
  };
  using Token = const boost::asio::use_awaitable_t<>;
  co_return co_await boost::asio::async_initiate<Token, void(Result<T>)>(initiate, boost::asio::use_awaitable);
}

}  // namespace vellum::rocks
