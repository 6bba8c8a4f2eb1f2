// Statements that tools/check_coroutines must let pass. Not compiled.

Task<int> named(Options options) {
  Options first{.name = text, .count = 2};
  auto a = co_await take(std::move(first));
  auto job = [text] { return text.size(); };
  auto b = co_await offload(pool, std::move(job));
  auto c = co_await take(Options(text, 2));
  auto d = Options{text, co_await_count};
  auto e = co_await wait(std::chrono::seconds{5}, std::uint64_t{7});
  std::vector<std::string> parts{text, other};
  co_return co_await take(parts[0], items[{}]);
}

Task<void> references(Pool& pool) {
  co_await offload(pool, [&] { return text.size(); });
  co_await offload(pool, [&pool, this] { return size(); });
  co_await offload(pool, [&copy = text] { return copy.size(); });
  co_await sort(items, [](const auto& a, const auto& b) { return a < b; });
  asio::co_spawn(io, [this, text]() -> Task<void> { co_await run(); }, asio::detached);
  auto later = [text, &pool]() -> Task<void> {
    co_await pool.run();
    use(Options{text});
  };
  co_await std::move(later)();
}

Task<void> control(Frontier& frontier) {
  for (const auto& part : {first, second}) co_await take(part);
  for (auto wish = Wish{text}; co_await frontier.wait(wish); wish = Wish{text}) {
    use(Options{text});
  }
  if (Wish wish{text}; co_await frontier.wait(wish)) use(Options{text});
  if (co_await frontier.wait()) {
    use({text, 1});
  } else {
    use(Options{text, [text] { return text; }});
  }
  do {
    use(Options{text});
  } while (co_await frontier.wait());
  while (co_await frontier.wait()) {
  }
  // co_await take({text}); in a comment, and "co_await take({text})" in a string:
  log("co_await take({text})", R"(co_await take({text}))", '{');
  co_await take();
}

struct Options {
  std::string name{};
  int count = 2;
};

class Worker final : public Base {
 public:
  explicit Worker(Pool& pool) : pool_(pool), limits_{1, 2} {}
  Task<void> run() const noexcept { co_return co_await pool_.run(); }
  Limits limits_{1, 2};
};

namespace outer::inner {
enum class Kind { kOne = 1, kTwo };
Task<Kind> kind() { co_return co_await read_kind(); }
constexpr Limits kLimits[] = {{1, 2}, {3, 4}};
}  // namespace outer::inner

#define AWAIT_IT(x) co_await take({x})
