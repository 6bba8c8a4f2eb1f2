// What a worker takes from itself before it loads a plugin. Never given back: all of it is inherited and one-way.
//
// Threads: call with one thread only. Spec: setrlimit(2), seccomp(2), prctl(2)

#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace vellum::worker {

// In force from here on, named in the result with blanks between, where the system permits it:
//   memory     address space is limited (not in builds with a sanitizer, which reserve terabytes)
//   cpu        processor time is limited
//   files      nothing can be opened for writing; no file can grow; no core is written
//   processes  no child, no thread, no exec, no signal to others
//   network    no socket can be made: by the system call filter, or else by an empty network namespace
std::string contain(std::size_t memory_bytes, std::chrono::seconds cpu);

// From here on nothing can be opened at all. To be called when the library and what it needs are loaded. False where
// there is no system call filter.
bool seal_files();

}  // namespace vellum::worker
