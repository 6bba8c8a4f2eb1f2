#include "tools/vellum/records/page_choice.h"

#include <map>
#include <string>
#include <tuple>

#include "base/url_key.h"

namespace vellum::cli {
namespace {

using storage::Capture;
using storage::CaptureId;

struct Candidate {
  CaptureId id = 0;
  Timestamp captured{};
  bool is_good = false;
};

bool is_candidate(const Capture& capture, const std::optional<Timestamp>& at) {
  const bool is_in_time = !at || capture.captured <= *at;
  return capture.role == storage::Role::kPage && is_in_time && (capture.is_success() || capture.quarantined);
}

std::string without_scheme(const std::string& url) {
  const std::size_t colon = url.find(':');
  return colon == std::string::npos ? url : url.substr(colon);
}

bool is_better(const Candidate& one, const Candidate& other) {
  return std::tuple(one.is_good, one.captured, one.id) > std::tuple(other.is_good, other.captured, other.id);
}

// Collects the captures of one replay key and hands on the best of each address when the next key begins.
class Chooser {
 public:
  Chooser(std::optional<Timestamp> at, const std::function<void(CaptureId)>& visit) : at_(at), visit_(visit) {}

  void see(const Capture& capture) {
    const auto url = Url::parse(capture.url);
    if (!url || !is_candidate(capture, at_)) return;
    std::string key = surt(*url);
    if (key != key_) hand_on();
    key_ = std::move(key);
    const Candidate candidate{capture.id, capture.captured, !capture.quarantined};
    const auto [best, is_new] = best_.try_emplace(without_scheme(capture.url), candidate);
    if (!is_new && is_better(candidate, best->second)) best->second = candidate;
  }

  void hand_on() {
    for (const auto& [url, candidate] : best_) visit_(candidate.id);
    best_.clear();
  }

 private:
  std::optional<Timestamp> at_;
  const std::function<void(CaptureId)>& visit_;
  std::string key_;
  std::map<std::string, Candidate> best_;
};

}  // namespace

Result<void> choose_pages(const storage::Archive& archive, std::string_view prefix, std::optional<Timestamp> at,
                          const std::function<void(CaptureId)>& visit) {
  Chooser chooser(at, visit);
  VELLUM_CHECK(archive.scan(prefix, [&](const Capture& capture) {
    chooser.see(capture);
    return true;
  }));
  chooser.hand_on();
  return {};
}

}  // namespace vellum::cli
