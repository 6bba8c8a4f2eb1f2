#include "crawler/engine/unmodified.h"

#include <utility>

#include "crawler/engine/offload.h"
#include "storage/archive/revisit.h"

namespace vellum::engine {

using storage::Capture;
using storage::Role;

namespace {

constexpr int kOk = 200;

bool is_askable(const Capture& capture, storage::RunId run) {
  return capture.answer_status() == kOk && !capture.quarantined && capture.run != 0 && capture.run != run;
}

Result<std::optional<Earlier>> read_earlier(const storage::Archive& archive, const Url& url, storage::RunId run) {
  VELLUM_TRY(const std::vector<Capture> captures, archive.captures(url));
  const std::string exact = url.without_fragment().href();
  const Capture* newest = nullptr;
  for (const Capture& capture : captures)
    if (capture.url == exact && capture.role != Role::kRobots) newest = &capture;
  if (newest == nullptr || !is_askable(*newest, run)) return std::optional<Earlier>();
  VELLUM_TRY(storage::ShownAnswer answer, storage::shown_answer(archive, *newest));
  Earlier earlier{*newest, HeaderBlock(std::move(answer.response)), {}, {}};
  earlier.validators = policy::validators_of(earlier.headers);
  if (earlier.validators.empty()) return std::optional<Earlier>();
  VELLUM_TRY(const std::string body, archive.payload(newest->digest));
  return std::optional<Earlier>(std::move(earlier));
}

}  // namespace

Task<std::optional<Earlier>> find_earlier(Services& services, const storage::UrlTask& task) {
  std::optional<Earlier> none;
  if (!services.config.network.conditional) co_return none;
  const auto url = Url::parse(task.url);
  if (!url) co_return none;
  auto read = [&] { return read_earlier(services.catalog.archive(), *url, services.run); };
  auto earlier = co_await offload(services.pool, read);
  if (!earlier) co_return none;
  co_return *std::move(earlier);
}

Task<bool> load_body(Services& services, Earlier& earlier) {
  auto read = [&] { return services.catalog.archive().payload(earlier.capture.digest); };
  auto body = co_await offload(services.pool, read);
  if (!body) co_return false;
  earlier.body = *std::move(body);
  co_return true;
}

void make_revisit(Capture& capture, const Earlier& earlier) {
  const Capture& known = earlier.capture;
  capture.refers_to = storage::reference_to(known);
  capture.digest = capture.coded_digest = known.digest;
  capture.bytes = capture.coded_bytes = known.bytes;
  capture.content_coding.clear();
  capture.mime = known.mime;
  capture.verdict = known.verdict;
  capture.evidence = known.evidence;
  capture.quarantined = known.quarantined;
}

}  // namespace vellum::engine
