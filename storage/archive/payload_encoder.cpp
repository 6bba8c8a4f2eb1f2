#include "storage/archive/payload_encoder.h"

#include "base/url.h"

namespace vellum::storage {

using rocks::Family;

namespace {

// Keyframes are few beside what leans on them, so they may take longer than deltas.
constexpr int kKeyframeLevel = 6;
constexpr int kDeltaLevel = kZstdOnlineLevel;

bool may_lean(const PreparedPayload& prepared) {
  return prepared.bytes >= kLeastBaseBytes && prepared.bytes <= kMostBaseBytes;
}

void set_keys(const PayloadHint& hint, PreparedPayload& prepared) {
  if (hint.url.empty() || !may_lean(prepared)) return;
  prepared.page_key = page_base_key(hint.url);
  if (!is_text_type(hint.mime)) return;
  const auto url = Url::parse(hint.url);
  if (url && !url->hostname().empty())
    prepared.template_key = template_base_key(url->hostname(), hint.template_id, hint.mime);
}

}  // namespace

bool is_text_type(std::string_view mime) {
  if (mime.starts_with("text/")) return true;
  return mime.ends_with("/json") || mime.ends_with("+json") || mime.ends_with("xml") || mime.ends_with("javascript");
}

struct PayloadEncoder::Choice {
  std::string key;
  Base base;
  std::shared_ptr<const std::string> content;  // of the base alone
};

Result<PreparedPayload> PayloadEncoder::prepare(std::string_view payload, const PayloadHint& hint) const {
  PreparedPayload prepared;
  prepared.digest = sha256(payload);
  prepared.bytes = payload.size();
  VELLUM_TRY(const auto stored, database_.find(Family::kDigests, prepared.digest.view()));
  if (stored) return prepared;
  set_keys(hint, prepared);
  VELLUM_TRY(const auto choice, choose(prepared));
  encode(payload, choice, prepared);
  return prepared;
}

Result<std::optional<PayloadEncoder::Choice>> PayloadEncoder::choose(const PreparedPayload& prepared) const {
  if (prepared.page_key.empty()) return std::optional<Choice>();
  VELLUM_TRY(const auto known, database_.find(Family::kBases, prepared.page_key));
  if (known) return base_of(prepared.page_key);  // or nothing: then this is the page's next keyframe
  if (prepared.template_key.empty()) return std::optional<Choice>();
  return base_of(prepared.template_key);
}

// Nothing if it has dependents enough, or is not as it was: then nothing more shall lean on it.
Result<std::optional<PayloadEncoder::Choice>> PayloadEncoder::base_of(const std::string& key) const {
  VELLUM_TRY(const auto row, database_.find(Family::kBases, key));
  if (!row) return std::optional<Choice>();
  VELLUM_TRY(const Base base, Base::decode(*row));
  if (base.row == 0 || base.dependents >= kMostDependents) return std::optional<Choice>();
  const auto whole = reader_.base(base.row);
  if (!whole) return std::optional<Choice>();
  const auto slice = slice_of(**whole, {base.row, base.offset, base.bytes});
  if (!slice || sha256(*slice) != base.digest) return std::optional<Choice>();
  const bool is_all = slice->size() == (*whole)->size();
  auto content = is_all ? *whole : std::make_shared<const std::string>(*slice);
  return std::optional<Choice>(Choice{key, base, std::move(content)});
}

void PayloadEncoder::encode(std::string_view payload, const std::optional<Choice>& choice,
                            PreparedPayload& prepared) const {
  std::string delta;
  if (choice) {
    const Base& base = choice->base;
    delta = make_frame(Encoding::kDelta, {base.row, base.offset, base.bytes},
                       delta_body(reader_.zstd(), payload, *choice->content, kDeltaLevel));
    prepared.alone = base.alone * payload.size() / base.bytes;
  }
  // Trusts the guess only where it leaves no doubt; the other encoding costs time.
  const bool is_close = choice && delta.size() * 4 <= prepared.alone;
  std::string alone;
  if (!is_close) {
    alone = encode_alone(reader_.zstd(), payload, kKeyframeLevel);
    prepared.alone = alone.size();
  }
  if (!choice || (!is_close && delta.size() * 2 > alone.size())) {
    prepared.frame = std::move(alone);
    return;
  }
  prepared.frame = std::move(delta);
  prepared.base_key = choice->key;
  prepared.base = choice->content;
}

}  // namespace vellum::storage
