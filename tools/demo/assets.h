// Style sheets, images and files of the demo site, made on the spot.
//
// Threads: any; pure.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vellum::demo {

std::string style_sheet(std::string_view name);  // refers to an image and a further sheet
// A PNG of width x height pixels: bars whose heights follow from `key`.
std::string png_chart(std::string_view key, std::uint32_t width, std::uint32_t height);
std::string svg_logo();
std::string icon_file(std::string_view key);   // .ico around a PNG
std::string csv_table(std::string_view key);   // 20 rows of made-up measurements
std::string pdf_file(std::string_view title);  // one page with one line

}  // namespace vellum::demo
