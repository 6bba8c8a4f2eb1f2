#include "crawler/engine/completeness.h"

#include <algorithm>

#include "crawler/engine/article_desk.h"
#include "crawler/engine/follow_up.h"
#include "crawler/policy/sites.h"

namespace vellum::engine {

using storage::Archive;
using storage::Capture;

namespace {

constexpr int kMaxHops = 20;

bool is_success(const Capture& capture) {
  return capture.is_success() && !capture.quarantined;
}

bool is_redirect(const Capture& capture) {
  return capture.answer_status() / 100 == 3;
}

// The capture that says most about `url`: of the page's run before others, a success before a failure, newest first.
Result<std::optional<Capture>> best_capture(const Archive& archive, const Url& url, const Capture& page) {
  VELLUM_TRY(const std::vector<Capture> all, archive.captures(url));
  const std::string exact = url.without_fragment().href();
  const auto worth = [&](const Capture& capture) {
    return std::tuple(is_redirect(capture) || is_success(capture), capture.run == page.run, capture.captured);
  };
  std::optional<Capture> best;
  for (const Capture& capture : all) {
    if (capture.url == exact && (!best || worth(capture) > worth(*best))) best = capture;
  }
  return best;
}

// nullopt: the redirect names no address.
Result<std::optional<Url>> target_of(const Archive& archive, const Capture& redirect) {
  VELLUM_TRY(const Url from, Url::parse(redirect.url));
  VELLUM_TRY(const storage::HeaderBlocks headers, archive.headers(redirect.id));
  const auto location = HeaderBlock(headers.response).first("Location");
  auto url = location ? Url::parse(*location, &from) : fail(ErrorKind::kNotFound, "");
  return url ? std::optional<Url>(url->without_fragment()) : std::nullopt;
}

// Where its redirects lead, as far as they were captured.
Result<std::optional<Capture>> resolve(const Archive& archive, Url url, const Capture& page) {
  for (int hop = 0;; ++hop) {
    VELLUM_TRY(std::optional<Capture> capture, best_capture(archive, url, page));
    if (!capture || !is_redirect(*capture) || hop == kMaxHops) return capture;
    VELLUM_TRY(std::optional<Url> next, target_of(archive, *capture));
    if (!next) return capture;
    url = *std::move(next);
  }
}

std::string fault_of(const Capture& capture) {
  if (capture.quarantined)
    return "quarantined as " + capture.verdict + (capture.evidence.empty() ? "" : ": " + capture.evidence.front());
  return "status " + std::to_string(capture.answer_status());
}

class Inspection {
 public:
  Inspection(const Archive& archive, const Capture& page, const StatusOf& status, Completeness& out)
      : archive_(archive), page_(page), status_(status), out_(out) {}

  Result<void> add(const std::string& kind, const Url& url) {
    Part part;
    part.kind = kind;
    part.url = url.without_fragment().href();
    VELLUM_TRY(const std::optional<Capture> capture, resolve(archive_, url.without_fragment(), page_));
    if (capture && is_success(*capture)) {
      part.state = "held";
      part.captured = capture->captured;
      part.bytes = capture->bytes;
    } else if (capture && !is_redirect(*capture)) {
      part.state = "failed";
      part.reason = fault_of(*capture);
    } else {
      // A redirect here leads to what was never captured.
      std::optional<Url> target;
      if (capture) {
        VELLUM_TRY(target, target_of(archive_, *capture));
      }
      VELLUM_CHECK(look_into_queue(target ? *target : url, part));
    }
    out_.parts.push_back(std::move(part));
    return {};
  }

 private:
  Result<void> look_into_queue(const Url& url, Part& part) const {
    VELLUM_TRY(const storage::TaskStatus found, status_(url));
    part.state =
        found.state == "failed" || found.state == "skipped" || found.state == "queued" ? found.state : "missing";
    part.reason = found.reason;
    const auto& wanted = out_.wanted_kinds;
    if (part.state != "missing") return {};
    if (part.kind != "fragment" && std::find(wanted.begin(), wanted.end(), part.kind) == wanted.end()) {
      part.reason = "not asked for: [files] kinds does not name " + part.kind;
      part.state = "skipped";
    } else {
      part.reason = "never queued: out of scope, or beyond the limit for one page";
    }
    return {};
  }

  const Archive& archive_;
  const Capture& page_;
  const StatusOf& status_;
  Completeness& out_;
};

}  // namespace

std::size_t Completeness::held() const {
  return static_cast<std::size_t>(
      std::count_if(parts.begin(), parts.end(), [](const Part& part) { return part.state == "held"; }));
}

bool Completeness::is_complete() const {
  return std::all_of(parts.begin(), parts.end(), [this](const Part& part) {
    const bool wanted =
        part.kind == "fragment" || std::find(wanted_kinds.begin(), wanted_kinds.end(), part.kind) != wanted_kinds.end();
    return part.state == "held" || !wanted;
  });
}

Json Completeness::to_json() const {
  Json out;
  out["complete"] = is_complete();
  out["declared"] = parts.size();
  out["held"] = held();
  out["parts"] = Json::array();
  for (const Part& part : parts) {
    Json row = {{"kind", part.kind}, {"url", part.url}, {"state", part.state}};
    if (!part.reason.empty()) row["reason"] = part.reason;
    if (part.captured) row["captured"] = to_rfc3339(*part.captured);
    if (part.captured) row["bytes"] = part.bytes;
    out["parts"].push_back(std::move(row));
  }
  return out;
}

Result<Completeness> completeness(const Archive& archive, const plugins::Registry& registry,
                                  const policy::CrawlConfig& config, const Capture& page, const StatusOf& status) {
  Completeness out;
  VELLUM_TRY(const Url url, Url::parse(page.url));
  VELLUM_TRY(const plugins::PageInput input, load_page(archive, page));
  const plugins::Extraction extraction = registry.extract(input);
  out.wanted_kinds = policy::Sites(config).file_kinds(url);
  Inspection inspection(archive, page, status, out);
  for (const plugins::FragmentWish& wish : extraction.fragments) VELLUM_CHECK(inspection.add("fragment", wish.url));
  for (const NamedFile& file : named_files(extraction.record)) VELLUM_CHECK(inspection.add(file.kind, file.url));
  return out;
}

}  // namespace vellum::engine
