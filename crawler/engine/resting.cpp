#include "crawler/engine/resting.h"

#include <utility>

#include "crawler/engine/article_desk.h"
#include "crawler/engine/examine.h"
#include "crawler/engine/offload.h"
#include "crawler/policy/revisit.h"

namespace vellum::engine {

using storage::Role;
using storage::UrlTask;

namespace {

Result<std::optional<Resting>> read_resting(const Services& services, const UrlTask& task, const Url& url) {
  const storage::Archive& archive = services.catalog.archive();
  VELLUM_TRY(const auto work, archive.work_of(task.url));
  if (!work) return std::optional<Resting>();
  const policy::RevisitPlan plan = policy::plan_revisit(*work, task.url, services.config.revisit);
  if (policy::is_due(plan, services.clock.now())) return std::optional<Resting>();
  storage::Archive::Wish wish;
  wish.only_success = true;
  VELLUM_TRY(const storage::Capture capture, archive.find(url, wish));
  if (capture.url != task.url) return std::optional<Resting>();
  VELLUM_TRY(plugins::PageInput stored, load_page(archive, capture));
  const ExamineContext context{services.config, services.scope, services.sites, services.registry};
  Examination found = examine(context, task, std::move(stored.page));
  Resting resting{"not due before " + to_rfc3339(plan.due) + ": " + plan.why, {}, std::move(found.out_of_scope)};
  for (UrlTask& next : found.discovered)
    if (next.role == Role::kPage) resting.discovered.push_back(std::move(next));
  return std::optional<Resting>(std::move(resting));
}

}  // namespace

Task<std::optional<Resting>> find_resting(Services& services, const UrlTask& task) {
  std::optional<Resting> none;
  if (!services.config.adaptive || task.role != Role::kPage) co_return none;
  const auto url = Url::parse(task.url);
  if (!url) co_return none;
  auto read = [&] { return read_resting(services, task, *url); };
  auto resting = co_await offload(services.pool, read);
  if (!resting) co_return none;
  co_return *std::move(resting);
}

}  // namespace vellum::engine
