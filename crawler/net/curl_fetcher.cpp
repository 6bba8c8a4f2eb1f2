#include "crawler/net/curl_fetcher.h"

#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "crawler/net/curl_multi.h"
#include "crawler/net/exchange.h"
#include "crawler/net/settings.h"

namespace vellum::net {

struct CurlFetcher::Impl {
  Impl(boost::asio::io_context& io, const Clock& c, std::shared_ptr<const Settings> s)
      : clock(c),
        settings(std::move(s)),
        multi(io, {settings->options.max_connections, settings->options.max_connections_per_host}) {}

  const Clock& clock;
  std::shared_ptr<const Settings> settings;
  CurlMulti multi;
};

CurlFetcher::CurlFetcher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CurlFetcher::~CurlFetcher() = default;

Result<std::unique_ptr<CurlFetcher>> CurlFetcher::open(boost::asio::io_context& io, const Clock& clock,
                                                       NetworkOptions options) {
  VELLUM_TRY(auto settings, Settings::make(std::move(options)));
  return std::unique_ptr<CurlFetcher>(new CurlFetcher(std::make_unique<Impl>(io, clock, std::move(settings))));
}

// After the co_await the fetcher may be gone; the exchange and the clock are not.
Task<FetchAnswer> CurlFetcher::fetch(FetchRequest request) {
  const Clock& clock = impl_->clock;
  VELLUM_CO_TRY(auto exchange, Exchange::prepare(impl_->settings, std::move(request)));
  const Timestamp started = clock.now();
  const TransferEnd end =
      co_await impl_->multi.async_perform(exchange->easy(), exchange->total_timeout(), boost::asio::use_awaitable);
  VELLUM_CO_TRY(auto answer, exchange->conclude(end));
  answer.started = started;
  answer.finished = clock.now();
  co_return answer;
}

void CurlFetcher::cancel_all() {
  impl_->multi.cancel_all();
}

}  // namespace vellum::net
