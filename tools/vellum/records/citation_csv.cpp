#include "tools/vellum/records/citation_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "tools/vellum/records/record_fields.h"

namespace vellum::cli {
namespace {

std::string cell(const std::string& value) {
  const bool is_formula = !value.empty() && std::string_view("=+-@\t\r").find(value[0]) != std::string_view::npos;
  const std::string safe = is_formula ? "'" + value : value;
  if (safe.find_first_of("\",\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (const char c : safe) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

// Two digits a character, by OpenCitations' table, whose order this is.
std::optional<std::string> oci_part(std::string_view doi) {
  static constexpr std::string_view kTable = "0123456789abcdefghijklmnopqrstuvwxyz/.:;<=>?@[\\]^_`!\"#$%&'()*+,-{|}~";
  if (!doi.starts_with("10.")) return std::nullopt;
  std::string out = "020";
  for (const char c : to_lower_ascii(doi.substr(3))) {
    const std::size_t code = kTable.find(c);
    if (code == std::string_view::npos) return std::nullopt;
    out += fmt::format("{:02}", code);
  }
  return out;
}

int days_in(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && is_leap ? 29 : kDays[std::clamp(month, 1, 12) - 1];
}

std::string duration(int years, int months, int days) {
  std::string out = "P";
  if (years > 0) out += std::to_string(years) + "Y";
  if (months > 0) out += std::to_string(months) + "M";
  if (days > 0) out += std::to_string(days) + "D";
  return out == "P" ? "P0Y" : out;
}

}  // namespace

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i > 0 ? "," : "") + cell(cells[i]);
  return line + "\r\n";
}

std::string oci_of(std::string_view citing, std::string_view cited) {
  const auto from = oci_part(citing), to = oci_part(cited);
  return from && to ? "oci:" + *from + "-" + *to : "";
}

std::string timespan_between(std::string_view cited, std::string_view citing) {
  std::vector<int> from = date_of(cited).parts, to = date_of(citing).parts;
  const std::size_t parts = std::min(from.size(), to.size());
  if (parts == 0) return "";
  from.resize(parts);
  to.resize(parts);
  const bool is_backward = to < from;
  if (is_backward) std::swap(from, to);
  int years = to[0] - from[0];
  int months = parts > 1 ? to[1] - from[1] : 0;
  int days = parts > 2 ? to[2] - from[2] : 0;
  if (days < 0) {
    --months;
    const int month = to[1] == 1 ? 12 : to[1] - 1, year = to[1] == 1 ? to[0] - 1 : to[0];
    days = to[2] + std::max(0, days_in(year, month) - from[2]);  // a month after the 31st ends with its last day
  }
  if (months < 0) {
    --years;
    months += 12;
  }
  return (is_backward ? "-" : "") + duration(years, months, days);
}

}  // namespace vellum::cli
