#include "storage/archive/payload_check.h"

#include <fmt/format.h>

namespace vellum::storage {

using rocks::Family;

namespace {

std::string payload_name(std::uint64_t row) {
  return fmt::format("payload {}", row);
}

std::uint64_t short_form(const Digest& digest) {
  return rocks::from_big_endian(digest.view());
}

}  // namespace

void PayloadCheck::run() {
  each(Family::kPayloads, [this](std::string_view key, std::string_view frame) {
    const std::uint64_t id = rocks::from_big_endian(key);
    if (!is_later(id)) check_row(id, frame);
    return true;
  });
  each(Family::kDigests, [this](std::string_view key, std::string_view value) {
    const auto digest = Digest::from_bytes(key);
    if (digest) {
      check_digest(*digest, value);
    } else {
      report_("digests", digest.error().message);
    }
    return true;
  });
  check_leans();
  check_bases();
}

void PayloadCheck::scrub(std::uint64_t after, const std::function<bool(std::uint64_t row)>& read) {
  bool is_going = true;
  const auto visit = [&](std::string_view key, std::string_view frame) {
    const std::uint64_t id = rocks::from_big_endian(key);
    if (is_later(id)) return false;
    check_row(id, frame);
    after = id;
    return is_going = read(id);
  };
  while (is_going && after < last_row_) {
    if (database_.scan(Family::kPayloads, id_key(after + 1), {}, visit)) return;
    // A block that does not read: its rows one by one, until the scan can go on behind it.
    const auto row = database_.find(Family::kPayloads, id_key(++after));
    if (!row) report_(payload_name(after), row.error().message);
    if (row && *row) check_row(after, **row);
    is_going = is_going && read(after);
  }
}

void PayloadCheck::each(Family family, const rocks::Database::Visit& visit) {
  const auto done = database_.scan(family, {}, {}, visit);
  if (!done) report_("family " + std::string(rocks::name_of(family)), done.error().message);
}

void PayloadCheck::check_row(std::uint64_t id, std::string_view bytes) {
  const auto frame = parse_frame(bytes);
  Row& row = rows_[id];
  row.base = frame ? frame->lean.row : 0;
  found_.frame_bytes += bytes.size();
  Result<std::string> content;
  if (!frame) report_(payload_name(id), frame.error().message);
  if (frame && read_data_) {
    content = reader_.content(bytes, kMostPayloadBytes);
    const auto still =
        content ? std::optional<std::string>() : database_.find(Family::kPayloads, id_key(id)).value_or(std::nullopt);
    if (!content && still) report_(payload_name(id), content.error().message);
  }
  const bool is_read = frame && read_data_ && content;
  std::size_t places = 0;
  const std::string from = id_key(id);
  const auto scanned =
      database_.scan(Family::kPlaces, from, rocks::prefix_end(from), [&](std::string_view key, std::string_view name) {
        ++places;
        const std::uint64_t offset = rocks::from_big_endian(key.substr(std::min<std::size_t>(8, key.size())));
        check_place(id, offset, name, is_read ? &*content : nullptr);
        return true;
      });
  if (!scanned) report_(payload_name(id), scanned.error().message);
  row.is_named = row.is_named || places > 0;
}

void PayloadCheck::check_place(std::uint64_t id, std::uint64_t offset, std::string_view name,
                               const std::string* content) {
  if (name.size() == 8) return check_header_at(id, offset, rocks::from_big_endian(name));
  const auto digest = Digest::from_bytes(name);
  if (!digest) return report_(payload_name(id), "names no payload: " + digest.error().message);
  check_payload_at(id, offset, *digest, content);
}

void PayloadCheck::check_payload_at(std::uint64_t id, std::uint64_t offset, const Digest& digest,
                                    const std::string* content) {
  const auto value = database_.find(Family::kDigests, digest.view());
  const auto locator = value && *value ? Locator::decode(**value) : Result<Locator>(fail(ErrorKind::kNotFound, ""));
  if (!locator || locator->id != id || locator->offset != offset) {
    const auto place = database_.find(Family::kPlaces, pair_key(id, offset));
    if (place && *place) report_(payload_name(id), "no digest names it");
    return;
  }
  if (content == nullptr) return;
  const auto slice = slice_of(*content, {id, offset, locator->bytes});
  if (!slice) return report_(payload_name(id), slice.error().message);
  const Digest got = sha256(slice->substr(0, static_cast<std::size_t>(locator->bytes)));
  ++hashed_.payloads;
  hashed_.payload_bytes += locator->bytes;
  if (got != digest)
    report_(payload_name(id), "payload hashes to " + got.to_text() + ", its digest is " + digest.to_text());
}

void PayloadCheck::check_header_at(std::uint64_t id, std::uint64_t offset, CaptureId capture) {
  const auto value = database_.find(Family::kHeaders, id_key(capture));
  const auto frame = value && *value ? parse_frame(**value) : Result<Frame>(fail(ErrorKind::kNotFound, ""));
  if (frame && frame->encoding == Encoding::kPack && frame->lean.row == id && frame->lean.offset == offset) return;
  report_(payload_name(id), fmt::format("holds header blocks that capture {} does not know of", capture));
}

void PayloadCheck::check_digest(const Digest& digest, std::string_view value) {
  const auto locator = Locator::decode(value);
  if (!locator) return report_("digest " + digest.to_text(), locator.error().message);
  if (is_later(locator->id)) return;
  references_.emplace(short_form(digest), References{locator->id, locator->refs, 0});
  ++found_.payloads;
  found_.payload_bytes += locator->bytes;
  const auto row = rows_.find(locator->id);
  if (row == rows_.end()) {
    if (!has_moved(digest, *locator)) report_(payload_name(locator->id), "its frame is not there: " + digest.to_text());
    return;
  }
  if (row->second.base != locator->base && !has_moved(digest, *locator))
    report_(payload_name(locator->id), "leans on another row than its locator says");
  const auto place = database_.find(Family::kPlaces, pair_key(locator->id, locator->offset));
  if ((!place || !*place || **place != digest.view()) && !has_moved(digest, *locator))
    report_(payload_name(locator->id), "has no place for " + digest.to_text());
}

// By a writer, while the check runs.
bool PayloadCheck::has_moved(const Digest& digest, const Locator& before) const {
  const auto value = database_.find(Family::kDigests, digest.view());
  const auto now = value && *value ? Locator::decode(**value) : Result<Locator>(fail(ErrorKind::kNotFound, ""));
  return now && (now->id != before.id || now->offset != before.offset);
}

void PayloadCheck::check_leans() {
  each(Family::kLeans, [this](std::string_view key, std::string_view) {
    const std::uint64_t base = rocks::from_big_endian(key);
    const std::uint64_t id = rocks::from_big_endian(key.substr(std::min<std::size_t>(8, key.size())));
    const auto row = rows_.find(id);
    if (is_later(id)) return true;
    if (row == rows_.end() || row->second.base != base)
      report_(payload_name(id), fmt::format("does not lean on row {}, as is noted", base));
    if (const auto leaned_on = rows_.find(base); leaned_on != rows_.end()) leaned_on->second.is_named = true;
    return true;
  });
  for (const auto& [id, row] : rows_) {
    if (!row.is_named) report_(payload_name(id), "no digest names it");
    if (row.base == 0) continue;
    const auto base = rows_.find(row.base);
    if (base == rows_.end()) report_(payload_name(id), fmt::format("leans on row {}, which is not there", row.base));
    if (base != rows_.end() && base->second.base != 0)
      report_(payload_name(id), fmt::format("leans on row {}, which leans itself", row.base));
    const auto noted = database_.find(Family::kLeans, pair_key(row.base, id));
    if (!noted || !*noted) report_(payload_name(id), fmt::format("leans on row {}, but that is not noted", row.base));
  }
}

void PayloadCheck::check_bases() {
  each(Family::kBases, [this](std::string_view, std::string_view value) {
    const auto base = Base::decode(value);
    if (!base) report_("bases", base.error().message);
    return true;
  });
}

void PayloadCheck::count_reference(const Digest& digest) {
  const auto known = references_.find(short_form(digest));
  if (known != references_.end()) ++known->second.counted;
}

void PayloadCheck::compare_references() {
  for (const auto& [digest, refs] : references_) {
    if (refs.said != refs.counted)
      report_(payload_name(refs.row), fmt::format("{} captures have it, its locator says {}", refs.counted, refs.said));
  }
}

}  // namespace vellum::storage
