#include "storage/archive/repacker.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "storage/archive/payload_encoder.h"

namespace vellum::storage {
namespace {

using rocks::Family;

constexpr std::size_t kMiB = std::size_t{1} << 20;
// Longer rows find more alike, and take longer to read: these two make 4 ms of decoding at most.
constexpr std::size_t kKeyRowBytes = 2 * kMiB;
constexpr std::size_t kFrameBytes = 3 * kMiB;         // of rows that lean on it
constexpr std::size_t kMostPackableBytes = 2 * kMiB;  // of a payload
constexpr std::size_t kUnitBytes = 32 * kMiB;         // of payloads, read by one step
constexpr std::size_t kHeaderRowBytes = 64 * 1024;
constexpr std::size_t kPagesScanned = 5000;  // at most, by one step

static_assert(kMostPackableBytes <= kKeyRowBytes && kKeyRowBytes <= kMostBaseBytes && kFrameBytes <= kMostPackBytes);

struct Item {
  Digest digest;
  Locator locator;
  std::string url, mime;
  CaptureId capture = 0;
};

// The captures of one replay key.
struct Page {
  std::string replay;
  std::vector<Item> items;  // oldest first
};

bool is_packed(const Locator& locator) {
  return locator.codec == static_cast<int>(Encoding::kPack);
}

bool is_packable(const Item& item) {
  return is_text_type(item.mime) && item.locator.bytes >= kLeastBaseBytes && item.locator.bytes <= kMostPackableBytes;
}

class Plan {
 public:
  Plan(const rocks::Database& database, const PayloadReader& reader, const Zstd& zstd)
      : database_(database), reader_(reader), zstd_(zstd) {}

  Result<RepackUnit> run();

 private:
  struct Payload {
    Item item;
    std::string bytes;
  };
  using Items = std::vector<Item>;

  Result<std::string> start() const;
  // The next page at or after `from`; none at the end.
  Result<std::optional<Page>> next_page(const std::string& from) const;
  Result<void> add_locator(const Capture& capture, Page& page) const;
  // False: the page was too long, the rest of it is for the next step.
  Result<bool> take(const Page& page);
  Result<bool> take_payloads(const Page& page);
  Result<std::optional<Base>> known_key(const Page& page) const;
  void plan(const Item& item, Items& into);
  std::optional<std::string> load(const Item& item);
  bool load_key(const Item& item);
  void note_base(const Page& page, std::size_t row, const Base& base);
  Result<void> take_headers(const Page& page);
  bool has_room_for_key(const Item& item) const {
    return keys_.empty() || key_bytes_ + item.locator.bytes <= kKeyRowBytes;
  }

  Result<void> encode();
  void encode_keys();
  void encode_frames(const Items& items, std::size_t base_in_unit, std::uint64_t base_row, std::string_view prefix);
  void encode_headers();

  const rocks::Database& database_;
  const PayloadReader& reader_;
  const Zstd& zstd_;
  RepackUnit unit_;
  std::set<Digest> planned_;
  std::vector<Payload> keys_;               // of the new key row
  Items dependents_;                        // on it; read when it is their turn, for they may be many
  std::map<std::uint64_t, Items> further_;  // by the key row that is there
  std::size_t key_bytes_ = 0, planned_bytes_ = 0;
  std::string key_content_;
  struct HeaderBlock {
    RepackUnit::Header header;
    std::string block;
  };
  std::vector<HeaderBlock> headers_;
};

Result<std::string> Plan::start() const {
  VELLUM_TRY(const auto cursor, database_.find(Family::kMeta, kRepackCursorKey));
  return cursor.value_or(std::string());
}

Result<RepackUnit> Plan::run() {
  VELLUM_TRY(std::string from, start());
  for (std::size_t scanned = 0; planned_bytes_ < kUnitBytes && scanned < kPagesScanned; ++scanned) {
    VELLUM_TRY(const std::optional<Page> page, next_page(from));
    if (!page) {
      from.clear();
      break;
    }
    VELLUM_TRY(const bool is_whole, take(*page));
    if (!is_whole) {
      from = captures_range(page->replay).from;
      break;
    }
    from = captures_range(page->replay).to;
  }
  unit_.cursor = from;
  VELLUM_CHECK(encode());
  return std::move(unit_);
}

Result<std::optional<Page>> Plan::next_page(const std::string& from) const {
  std::optional<Page> page;
  Result<void> read;
  VELLUM_CHECK(database_.scan(Family::kCaptures, from, {}, [&](std::string_view key, std::string_view value) {
    if (key.size() < 17) return true;
    const std::string_view replay = key.substr(0, key.size() - 17);
    if (page && page->replay != replay) return false;
    if (!page) page = Page{std::string(replay), {}};
    const auto capture = decode_capture(value);
    if (capture) read = add_locator(*capture, *page);  // what does not decode is for `check` to name
    return read.has_value();
  }));
  VELLUM_CHECK(std::move(read));
  return page;
}

Result<void> Plan::add_locator(const Capture& capture, Page& page) const {
  VELLUM_TRY(const auto value, database_.find(Family::kDigests, capture.digest.view()));
  const auto locator = value ? Locator::decode(*value) : Result<Locator>(fail(ErrorKind::kNotFound, ""));
  if (locator) page.items.push_back({capture.digest, *locator, capture.url, capture.mime, capture.id});
  return {};
}

Result<bool> Plan::take(const Page& page) {
  VELLUM_TRY(const bool is_whole, take_payloads(page));
  VELLUM_CHECK(take_headers(page));
  return is_whole;
}

Result<bool> Plan::take_payloads(const Page& page) {
  std::vector<const Item*> loose;  // newest first
  for (auto item = page.items.rbegin(); item != page.items.rend(); ++item) {
    if (!is_packed(item->locator) && is_packable(*item) && planned_.insert(item->digest).second)
      loose.push_back(&*item);
  }
  if (loose.empty()) return true;
  ++unit_.pages;
  VELLUM_TRY(auto known, known_key(page));
  if (loose.front()->locator.base == 0) known.reset();  // it found the keyframe of no use, or there is none
  if (!known && !has_room_for_key(*loose.front())) return false;
  std::size_t next = 0;
  while (!known && next < loose.size() && !load_key(*loose[next])) ++next;
  if (!known && next < loose.size()) {
    ++next;
    note_base(page, 0, {});
  }
  if (known) note_base(page, RepackUnit::kNone, *known);
  Items& rest = known ? further_[known->row] : dependents_;
  for (; next < loose.size() && planned_bytes_ < 2 * kUnitBytes; ++next) plan(*loose[next], rest);
  return next == loose.size();
}

// The keyframe of the page's newest packed capture.
Result<std::optional<Base>> Plan::known_key(const Page& page) const {
  for (auto item = page.items.rbegin(); item != page.items.rend(); ++item) {
    if (!is_packed(item->locator) || item->locator.base != 0) continue;
    Base base;
    base.row = item->locator.id;
    base.offset = item->locator.offset;
    base.bytes = item->locator.bytes;
    base.alone = item->locator.bytes / 5;
    base.digest = item->digest;
    return std::optional(base);
  }
  return std::optional<Base>();
}

void Plan::plan(const Item& item, Items& into) {
  planned_bytes_ += static_cast<std::size_t>(item.locator.bytes);
  into.push_back(item);
}

// Nothing if it cannot be read: it stays where it is.
std::optional<std::string> Plan::load(const Item& item) {
  auto bytes = reader_.payload(item.digest, item.locator);
  if (!bytes) {
    ++unit_.unreadable;
    return std::nullopt;
  }
  unit_.raw_bytes += bytes->size();
  return *std::move(bytes);
}

bool Plan::load_key(const Item& item) {
  auto bytes = load(item);
  if (!bytes) return false;
  planned_bytes_ += bytes->size();
  key_bytes_ += bytes->size();
  keys_.push_back({item, *std::move(bytes)});
  return true;
}

// Later captures of the page's URLs lean on its keyframe; `row` 0: on the one that was just added to the new key row.
void Plan::note_base(const Page& page, std::size_t row, const Base& base) {
  RepackUnit::NewBase fresh{{}, row, base};
  if (row == 0) {
    const Payload& key = keys_.back();
    fresh.base.offset = key_bytes_ - key.bytes.size();
    fresh.base.bytes = key.bytes.size();
    fresh.base.alone = encode_alone(zstd_, key.bytes, kZstdOnlineLevel).size();
    fresh.base.digest = key.item.digest;
  }
  std::set<std::string> urls;
  for (const Item& item : page.items) urls.insert(item.url);
  for (const std::string& url : urls) {
    fresh.key = page_base_key(url);
    unit_.bases.push_back(fresh);
  }
}

Result<void> Plan::take_headers(const Page& page) {
  for (const Item& item : page.items) {
    VELLUM_TRY(const auto found, database_.find(Family::kHeaders, id_key(item.capture)));
    const std::string value = found.value_or(std::string());
    if (value.empty() || value.front() == static_cast<char>(Encoding::kPack)) continue;
    auto block = reader_.header_block(value);
    if (!block || block->empty() || block->size() > kHeaderRowBytes) continue;
    headers_.push_back({{item.capture, value, 0, 0, block->size()}, *std::move(block)});
  }
  return {};
}

Result<void> Plan::encode() {
  encode_keys();
  encode_frames(dependents_, 0, 0, key_content_);
  for (const auto& [row, items] : further_) {
    VELLUM_TRY(const PayloadReader::Content content, reader_.base(row));
    encode_frames(items, RepackUnit::kNone, row, *content);
  }
  encode_headers();
  return {};
}

void Plan::encode_keys() {
  if (keys_.empty()) return;
  for (const Payload& key : keys_) {
    unit_.payloads.push_back({key.item.digest, key.item.locator, 0, key_content_.size()});
    key_content_ += key.bytes;
  }
  unit_.rows.push_back({delta_body(zstd_, key_content_, {}, kZstdArchiveLevel), RepackUnit::kNone, 0});
}

void Plan::encode_frames(const Items& items, std::size_t base_in_unit, std::uint64_t base_row,
                         std::string_view prefix) {
  std::string content;
  const auto close = [&] {
    if (content.empty()) return;
    unit_.rows.push_back({delta_body(zstd_, content, prefix, kZstdArchiveLevel), base_in_unit, base_row});
    content.clear();
  };
  for (const Item& item : items) {
    const std::optional<std::string> payload = load(item);
    if (!payload) continue;
    if (content.size() + payload->size() > kFrameBytes) close();
    unit_.payloads.push_back({item.digest, item.locator, unit_.rows.size(), content.size()});
    content += *payload;
  }
  close();
}

void Plan::encode_headers() {
  std::string content;
  const auto close = [&] {
    if (content.empty()) return;
    unit_.rows.push_back({delta_body(zstd_, content, {}, kZstdArchiveLevel), RepackUnit::kNone, 0});
    content.clear();
  };
  for (HeaderBlock& header : headers_) {
    if (content.size() + header.block.size() > kHeaderRowBytes) close();
    header.header.row = unit_.rows.size();
    header.header.offset = content.size();
    content += header.block;
    unit_.headers.push_back(std::move(header.header));
  }
  close();
}

}  // namespace

Result<RepackUnit> Repacker::plan() const {
  return Plan(database_, reader_, zstd_).run();
}

}  // namespace vellum::storage
