#include "tools/vellum/report/report_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vellum::cli {

using replay::Markup;

namespace {

constexpr double kWidth = 960, kHeight = 230, kLeft = 52, kRight = 8, kTop = 12, kBottom = 30;
constexpr double kPlotWidth = kWidth - kLeft - kRight, kPlotHeight = kHeight - kTop - kBottom;

std::uint64_t sum(const TimeLine::Step& step) {
  return step.pages + step.others + step.failed;
}

// 1, 2 or 5 times a power of ten, so that about four steps reach `most`.
std::uint64_t nice_step(std::uint64_t most) {
  std::uint64_t power = 1;
  for (;;) {
    for (const std::uint64_t factor : {1u, 2u, 5u}) {
      if (factor * power * 4 >= most) return factor * power;
    }
    power *= 10;
  }
}

std::string coordinate(double value) {
  return fmt::format("{:.1f}", value);
}

void add_rect(Markup& svg, const char* style, double x, double y, double width, double height) {
  if (height <= 0) return;
  svg.raw("<rect class=\"").text(style).raw("\" x=\"").text(coordinate(x)).raw("\" y=\"").text(coordinate(y));
  svg.raw("\" width=\"").text(coordinate(width)).raw("\" height=\"").text(coordinate(height)).raw("\"/>");
}

void add_label(Markup& svg, const char* anchor, double x, double y, const std::string& text) {
  svg.raw("<text text-anchor=\"").text(anchor).raw("\" x=\"").text(coordinate(x)).raw("\" y=\"").text(coordinate(y));
  svg.raw("\">").text(text).raw("</text>");
}

void add_scale(Markup& svg, std::uint64_t step, std::uint64_t top) {
  for (std::uint64_t value = 0; value <= top; value += step) {
    const double y = kTop + kPlotHeight * (1 - static_cast<double>(value) / static_cast<double>(top));
    svg.raw("<line class=\"grid\" x1=\"").text(coordinate(kLeft)).raw("\" x2=\"").text(coordinate(kWidth - kRight));
    svg.raw("\" y1=\"").text(coordinate(y)).raw("\" y2=\"").text(coordinate(y)).raw("\"/>");
    add_label(svg, "end", kLeft - 8, y + 4, std::to_string(value));
  }
}

void add_times(Markup& svg, const TimeLine& line) {
  const double seconds = std::chrono::duration<double>(line.width()).count() * static_cast<double>(line.steps().size());
  const char* anchors[] = {"start", "middle", "middle", "middle", "end"};
  for (int i = 0; i <= 4; ++i) {
    const double part = i / 4.0;
    add_label(svg, anchors[i], kLeft + kPlotWidth * part, kHeight - 8,
              i == 0 ? "start" : "+" + span_text(seconds * part));
  }
}

void add_steps(Markup& svg, const TimeLine& line, std::uint64_t top) {
  const double slot = kPlotWidth / static_cast<double>(line.steps().size());
  const double width = std::max(0.8, std::min(slot - 1.5, 28.0));
  const double scale = kPlotHeight / static_cast<double>(top);
  double x = kLeft + (slot - width) / 2;
  for (const TimeLine::Step& step : line.steps()) {
    double y = kTop + kPlotHeight;
    const std::pair<const char*, std::uint64_t> parts[] = {
        {"c1", step.pages}, {"c2", step.others}, {"c3", step.failed}};
    for (const auto& [style, count] : parts) {
      const double height = static_cast<double>(count) * scale;
      y -= height;
      add_rect(svg, style, x, y, width, height);
    }
    x += slot;
  }
}

Markup line_table(const TimeLine& line) {
  Markup table;
  const double width = std::chrono::duration<double>(line.width()).count();
  table.raw(
      "<details><summary>The same in figures</summary><div class=\"scroll\"><table><thead><tr>"
      "<th scope=\"col\">From start</th><th scope=\"col\" class=\"n\">Pages</th>"
      "<th scope=\"col\" class=\"n\">Others</th><th scope=\"col\" class=\"n\">Failed</th></tr></thead><tbody>");
  for (std::size_t i = 0; i < line.steps().size(); ++i) {
    const TimeLine::Step& step = line.steps()[i];
    table.raw("<tr><th scope=\"row\">+").text(span_text(width * static_cast<double>(i))).raw("</th><td class=\"n\">");
    table.number(step.pages).raw("</td><td class=\"n\">").number(step.others).raw("</td><td class=\"n\">");
    table.number(step.failed).raw("</td></tr>");
  }
  return table.raw("</tbody></table></div></details>");
}

}  // namespace

std::string span_text(double seconds) {
  if (seconds < 10) return fmt::format("{:.3g} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600)
    return whole % 60 == 0 ? fmt::format("{} min", whole / 60) : fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {} h", whole / 86400, whole / 3600 % 24);
}

Markup bar(double part) {
  Markup svg;
  const double width = std::clamp(part, 0.0, 1.0) * 100;
  svg.raw(
      "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
      "<rect class=\"back\" width=\"100\" height=\"10\"/>");
  svg.raw("<rect class=\"c1\" width=\"").text(fmt::format("{:.2f}", width > 0 ? std::max(width, 0.6) : 0));
  return svg.raw("\" height=\"10\"/></svg>");
}

Markup line_chart(const TimeLine& line) {
  Markup out;
  std::uint64_t most = 0;
  for (const TimeLine::Step& step : line.steps()) most = std::max(most, sum(step));
  if (most == 0) return out.raw("<p class=\"soft\">Nothing was captured and nothing failed.</p>");
  const std::uint64_t step = nice_step(most), top = (most + step - 1) / step * step;
  const std::string each = span_text(std::chrono::duration<double>(line.width()).count());
  out.raw(
         "<figure class=\"chart\"><svg viewBox=\"0 0 960 230\" role=\"img\" aria-labelledby=\"line-title line-text\">"
         "<title id=\"line-title\">Captures over time</title><desc id=\"line-text\">Stacked bars: pages, other "
         "captures "
         "and failures in steps of ")
      .text(each)
      .raw(". The table below has the figures.</desc>");
  add_scale(out, step, top);
  add_steps(out, line, top);
  add_times(out, line);
  out.raw(
         "</svg><figcaption><span class=\"key\"><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"c1\" "
         "width=\"10\" height=\"10\"/></svg> pages</span> <span class=\"key\"><svg viewBox=\"0 0 10 10\" "
         "aria-hidden=\"true\"><rect class=\"c2\" width=\"10\" height=\"10\"/></svg> other captures</span> <span "
         "class=\"key\"><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"c3\" width=\"10\" height=\"10\"/>"
         "</svg> failures</span> <span class=\"soft\">in steps of ")
      .text(each)
      .raw("</span></figcaption>");
  return out.add(line_table(line)).raw("</figure>");
}

}  // namespace vellum::cli
