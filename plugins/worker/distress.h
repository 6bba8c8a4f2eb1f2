// The last words of a worker that is about to die of its plugin: out of memory, stack overflow, std::terminate. They
// go out as a fault frame before the process ends.
//
// Threads: one; install() once, from main's frame.

#pragma once

namespace vellum::worker {

void install_distress(int socket);

}  // namespace vellum::worker
