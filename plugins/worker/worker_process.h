// A worker process, seen from the program that starts it: one native plugin, one page after another.
//
//   WorkerProcess worker(spec);
//   if (auto fault = worker.start()) ...;            // load, create
//   Reading reading = worker.read(answers);          // match, extract
//   if (!worker.is_usable()) ...;                    // after a fault it is dead, and gone from the process table
//
// The worker is another program (vellum-worker), started anew: it inherits no memory, no descriptor but its socket, no
// environment, no signal handler. Its limits are its own doing before it loads anything; the deadline is this side's.
// docs/decisions/0008-native-plugins-in-workers.md says what that holds and what it does not.
//
// Threads: one at a time. Memory: the destructor ends the process and waits until it is gone.

#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "plugins/worker/fault.h"
#include "plugins/worker/messages.h"

namespace vellum::worker {

struct WorkerSpec {
  std::filesystem::path program;                      // vellum-worker
  std::filesystem::path library;                      // the plugin
  std::string id;                                     // that it must have
  Duration deadline = std::chrono::seconds(5);        // of load and create together, and of a page
  std::size_t memory_bytes = std::size_t{512} << 20;  // of address space, the worker's own 40 MiB among it
};

// What came of one page: a reply or a fault.
struct Reading {
  Reply reply;
  std::optional<Fault> fault;
  std::vector<std::string> log;  // the plugin's lines, "warning: ..."
};

class WorkerProcess {
 public:
  explicit WorkerProcess(WorkerSpec spec) : spec_(std::move(spec)) {}
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Starts the process and waits until its instance is made. nullopt: it is. Called once.
  std::optional<Fault> start();

  // Has the page read; returns at the latest soon after the deadline. Any fault but that of a plugin that says itself
  // that it failed (Cause::kFailed) ends the process.
  Reading read(std::span<const PageAnswer> answers);

  bool is_usable() const { return pid_ > 0; }
  // Used up: it has read many pages, or for so long that its processor time may end within the next one.
  bool is_worn() const;
  std::size_t pages() const { return pages_; }  // given to it so far
  pid_t pid() const { return pid_; }
  // What the worker could put in force, of memory, cpu, files, processes, network.
  const std::vector<std::string>& limits() const { return limits_; }

 private:
  Result<void> spawn();
  // Takes frames until a reply, a fault or the end.
  Reading listen(FrameKind wanted, SteadyTime deadline);
  bool take(Frame frame, FrameKind wanted, Reading& reading);
  Fault fault_of(const Error& error);
  Fault death(const std::string& otherwise);
  void keep_line(std::string_view line, Reading& reading);
  void kill();

  WorkerSpec spec_;
  pid_t pid_ = -1;
  int socket_ = -1;
  Step step_ = Step::kStart;
  std::size_t log_bytes_ = 0, frames_ = 0;
  std::size_t pages_ = 0;
  Duration busy_{};
  std::vector<std::string> limits_;
};

// Where vellum-worker is: $VELLUM_WORKER, else beside the program, else ../libexec/vellum, else in the build tree that
// the program was made in. kNotFound names these places.
Result<std::filesystem::path> find_worker_program();

// The processor time that a worker is allowed in its life.
std::chrono::seconds cpu_allowance(Duration deadline);

}  // namespace vellum::worker
