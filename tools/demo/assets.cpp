#include "tools/demo/assets.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <iterator>

#include "base/digest.h"
#include "tools/demo/random.h"

namespace vellum::demo {
namespace {

constexpr std::size_t kBars = 12;

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

std::string little_endian(std::uint32_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> 8 * i & 0xFF);
  return bytes;
}

std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t a = 1, b = 0;
  for (char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

// A zlib stream of stored blocks (RFC 1950, RFC 1951 section 3.2.4).
std::string zlib_stored(std::string_view bytes) {
  auto checksum = adler32(bytes);
  std::string out = "\x78\x01";
  bool last = false;
  while (!last) {
    auto size = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), 65535));
    last = size == bytes.size();
    out += static_cast<char>(last);
    out += little_endian(size, 2) + little_endian(~size & 0xFFFF, 2);
    out += bytes.substr(0, size);
    bytes.remove_prefix(size);
  }
  return out + big_endian(checksum);
}

std::string png_chunk(std::string_view type, std::string_view data) {
  std::string body(type);
  body += data;
  boost::crc_32_type crc;
  crc.process_bytes(body.data(), body.size());
  return big_endian(static_cast<std::uint32_t>(data.size())) + body + big_endian(crc.checksum());
}

Random random_of(std::string_view key) {
  auto digest = sha256(key);
  std::uint64_t seed = 0;
  for (std::size_t i = 0; i < 8; ++i) seed = seed << 8 | digest.bytes[i];
  return Random(seed);
}

// One bit a pixel, each row led by its filter byte 0.
std::string chart_rows(std::string_view key, std::uint32_t width, std::uint32_t height) {
  auto chance = random_of(key);
  std::uint32_t bars[kBars];
  for (auto& bar : bars) bar = height - static_cast<std::uint32_t>(chance.below(height));
  std::string rows;
  for (std::uint32_t y = 0; y < height; ++y) {
    rows += '\0';
    for (std::uint32_t x = 0; x < width; x += 8) {
      unsigned byte = 0;
      for (std::uint32_t bit = 0; bit < 8; ++bit) {
        auto bar = std::min<std::size_t>((x + bit) * kBars / width, kBars - 1);
        bool gap = (x + bit) % (width / kBars + 1) == 0;
        if (gap || y < bars[bar]) byte |= 0x80u >> bit;  // white
      }
      rows += static_cast<char>(byte);
    }
  }
  return rows;
}

}  // namespace

std::string style_sheet(std::string_view name) {
  if (name == "print") return "@media print { .page-sidebar, .ncbi-header { display: none } }\n";
  return fmt::format(R"(/* demo style sheet "{}" */
@import url("output.print.css");
body {{ font-family: sans-serif; color: #212121; max-width: 70rem; margin: 0 auto; padding: 0 1rem }}
.ncbi-header {{ background: #20558a url("../img/header.png") repeat-x; padding: .5rem }}
.usa-sr-only, .usa-skipnav, .short-view, .figure-caption, .figure-caption-medium, [hidden] {{ display: none }}
.page-sidebar {{ float: right; width: 15rem }}
.heading-title {{ font-size: 1.6rem }}
.references-list, .references-and-notes-list {{ list-style: none; padding-left: 0 }}
)",
                     name);
}

std::string png_chart(std::string_view key, std::uint32_t width, std::uint32_t height) {
  std::string header = big_endian(width) + big_endian(height);
  header += std::string("\x01\x00\x00\x00\x00", 5);  // 1 bit, greyscale, no interlace
  return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) +
         png_chunk("IDAT", zlib_stored(chart_rows(key, width, height))) + png_chunk("IEND", "");
}

std::string svg_logo() {
  return R"(<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40" viewBox="0 0 160 40" role="img">
<title>Demo</title><rect width="160" height="40" rx="6" fill="#20558a"/>
<text x="16" y="27" font-family="sans-serif" font-size="20" fill="#fff">demo site</text></svg>
)";
}

std::string icon_file(std::string_view key) {
  auto image = png_chart(key, 16, 16);
  std::string entry("\x10\x10\x00\x00\x01\x00\x01\x00", 8);
  return std::string("\x00\x00\x01\x00\x01\x00", 6) + entry +
         little_endian(static_cast<std::uint32_t>(image.size()), 4) + little_endian(22, 4) + image;
}

std::string csv_table(std::string_view key) {
  auto chance = random_of(key);
  std::string rows = "sample,group,value\n";
  for (int i = 1; i <= 20; ++i)
    rows += fmt::format("{},{},{}.{:02}\n", i, i % 2 == 0 ? "treated" : "control", chance.below(90), chance.below(100));
  return rows;
}

std::string pdf_file(std::string_view title) {
  std::string line;
  for (char c : title) line += c >= ' ' && c <= '~' && c != '(' && c != ')' && c != '\\' ? c : '?';
  auto text = "BT /F1 12 Tf 72 720 Td (" + line + ") Tj ET";
  const std::string objects[] = {
      "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
      fmt::format("<< /Length {} >>\nstream\n{}\nendstream", text.size(), text),
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
  std::string file = "%PDF-1.4\n", table = "0000000000 65535 f \n";
  for (std::size_t i = 0; i < std::size(objects); ++i) {
    table += fmt::format("{:010} 00000 n \n", file.size());
    file += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  return file +
         fmt::format("xref\n0 6\n{}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", table, file.size());
}

}  // namespace vellum::demo
