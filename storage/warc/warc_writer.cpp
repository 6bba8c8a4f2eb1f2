#include "storage/warc/warc_writer.h"

#include <algorithm>

#include "storage/warc/deflate.h"
#include "storage/warc/digest_text.h"

namespace vellum::warc {
namespace {

// A field's value on one line; what archived pages say must not add fields of its own.
std::string one_line(std::string_view value) {
  std::string line(value);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) < 32 && c != '\t') || c == 127; },
      ' ');
  return line;
}

}  // namespace

std::string WarcWriter::date_text(Timestamp time) const {
  const std::string text = to_rfc3339(time);
  const bool is_whole = options_.version == "1.0" || text.find(".000000Z") != std::string::npos;
  return is_whole ? text.substr(0, 19) + "Z" : text;
}

std::string WarcWriter::header_of(const NewRecord& record) const {
  std::size_t length = 0;
  Sha256 hasher;
  for (std::string_view piece : record.block) {
    length += piece.size();
    hasher.update(piece);
  }
  std::string header = "WARC/" + options_.version + "\r\n";
  const auto add = [&](std::string_view name, std::string_view value) {
    header.append(name).append(": ").append(one_line(value)).append("\r\n");
  };
  add("WARC-Type", record.type);
  add("WARC-Record-ID", "<" + record.id + ">");
  add("WARC-Date", date_text(record.date));
  for (const Field& field : record.fields) add(field.name, field.value);
  add("WARC-Block-Digest", labelled_digest("sha256", hasher.finish().view()));
  if (!record.content_type.empty()) add("Content-Type", record.content_type);
  add("Content-Length", std::to_string(length));
  return header + "\r\n";
}

Result<Placed> WarcWriter::write(const NewRecord& record) {
  Placed placed;
  placed.offset = offset_;
  Sha256 digest;
  const auto put = [&](std::string_view bytes) -> Result<void> {
    digest.update(bytes);
    placed.length += bytes.size();
    return sink_.write(bytes);
  };
  std::vector<std::string_view> pieces = record.block;
  const std::string header = header_of(record);
  pieces.insert(pieces.begin(), header);
  pieces.push_back("\r\n\r\n");
  if (options_.gzip) {
    Deflater member({6, 8, 31});
    for (std::string_view piece : pieces) VELLUM_CHECK(member.write(piece, put));
    VELLUM_CHECK(member.finish(put));
  } else {
    for (std::string_view piece : pieces) VELLUM_CHECK(put(piece));
  }
  placed.digest = digest.finish();
  offset_ += placed.length;
  ++records_;
  return placed;
}

std::string urn_uuid(std::initializer_list<std::string_view> parts) {
  Sha256 hasher;
  for (std::string_view part : parts) {
    hasher.update(std::to_string(part.size()) + ":");
    hasher.update(part);
  }
  std::array<std::uint8_t, 32> bytes = hasher.finish().bytes;
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x80);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  const std::string hex = to_hex({reinterpret_cast<const char*>(bytes.data()), 16});
  return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) +
         "-" + hex.substr(20, 12);
}

}  // namespace vellum::warc
