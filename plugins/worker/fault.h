// What goes wrong with a native plugin: in which step of its life, and how. For reports that name both.
//
// Threads: plain values.

#pragma once

#include <string>
#include <string_view>

namespace vellum::worker {

// The steps of vellum/plugin.h, and what comes before them.
enum class Step { kStart = 1, kLoad, kCreate, kMatch, kExtract };

enum class Cause {
  kDeadline = 1,  // no answer in time
  kMemory,        // over its memory limit
  kCrashed,       // killed by a signal; `detail` names it
  kExited,        // ended the process
  kThrew,         // an exception came out of it
  kFailed,        // it said so: a status, a library that cannot be loaded, a wrong id or ABI
  kGarbled,       // what came from the worker is no message
  kTooLarge,      // more than a reply may hold
  kRecord,        // its record does not fit vellum.article/1
  kUnavailable,   // the worker could not be started
  kResting,       // it rests after faults in a row: nothing was tried
};

std::string_view name_of(Step step);    // "start", "load", "create", "match", "extract"
std::string_view name_of(Cause cause);  // "deadline", "memory", "crashed", ...: stable words for JSON
Step step_of(std::string_view name);    // kStart if unknown
Cause cause_of(std::string_view name);  // kGarbled if unknown

struct Fault {
  Step step = Step::kStart;
  Cause cause = Cause::kGarbled;
  std::string detail;  // for people: "no answer within 5s", "killed by SIGSEGV: stack overflow"
};

}  // namespace vellum::worker
