// The coroutine type of every seam that another engine (PostgreSQL, S3, a browser) may one day stand behind.
//
// House rules (g++ 12.2 destroys some temporaries twice, tools/check_coroutines enforces the first):
// 1. in a statement with co_await: no by-value capturing lambda, no braced aggregate; name it on the line before;
// 2. parameters by value, or references to what the composition root owns; never a view of a temporary;
// 3. every wait has a deadline or can be cancelled; no lock is held across co_await.

#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/error.h"

namespace vellum {

template <class T>
using Task = boost::asio::awaitable<Result<T>>;

}  // namespace vellum
