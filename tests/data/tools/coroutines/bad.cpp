// Statements that tools/check_coroutines must find: each line that it has to name ends with the mark of the trade.
// Not compiled.

Task<int> aggregates(Options options) {
  auto a = co_await take({.name = text, .count = 2});                       // bad
  auto b = co_await take(Options{.name = text, .count = 2});                // bad
  auto c = co_await take({text, other});                                    // bad
  auto d = co_await vellum::take(vellum::Options{text});                    // bad
  auto e = flag ? co_await take(Options{text}) : co_await take(options);    // bad
  co_await both(first(), net::FetchRequest{url});                           // bad
  VELLUM_CO_TRY(auto f, co_await take(Options{text}));                      // bad
  co_return co_await take(std::vector<std::string>({text}));                // bad
}

Task<void> lambdas(Pool& pool, std::string text) {
  co_await offload(pool, [text] { return text.size(); });                   // bad
  co_await offload(pool, [=] { return text.size(); });                      // bad
  co_await offload(pool, [copy = text] { return copy.size(); });            // bad
  co_await offload(pool, [&pool, text] { return text.size(); });            // bad
  co_await offload(pool, [*this] { return size(); });                       // bad
  co_await asio::co_spawn(io, [text]() -> Task<void> { co_return; }, asio::use_awaitable);                            // bad
  asio::co_spawn(co_await asio::this_coro::executor, [self = shared_from_this()] { return self->run(); }, detached);  // bad
}

Task<void> control(Frontier& frontier) {
  if (auto found = co_await frontier.take({text, 1}); found) co_return;     // bad
  while (co_await frontier.wait(Wish{text})) {                              // bad
    co_await frontier.renew();
  }
  for (auto& task : co_await frontier.list({text})) {                       // bad
    use(task);
  }
  switch (co_await frontier.state(Wish{text})) {                            // bad
    default: break;
  }
  const auto [error, count] = co_await from.read(
      buffer,
      Limit{text, 2});                                                      // bad
}

struct Worker {
  Task<void> run() override {
    auto inner = [&](std::string name) -> Task<void> {
      co_await take({name, 1});                                             // bad
    };
    co_await inner(text);
  }
};
