// store_bench's figures of the queue as it grows.

#pragma once

#include <cstdint>

namespace vellum::storage {

// Inserts and leases a second, the CPU time of one, and resident memory, at 10,000, 100,000, 1 million ... `most`
// queued URLs over 100,000 groups. `random`: every link leads to another host; else four of five stay on the page's
// own.
int bench_frontier(std::uint64_t most, bool random);

}  // namespace vellum::storage
