#include "analysis/chart/style.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace mezz::chart {
namespace {

struct Theme {
  const char* paper;
  const char* ink;
  const char* soft;
  const char* rule;
  const char* panel;
  const char* good;
  const char* bad;
  std::array<const char*, kColours> series;
};

constexpr Theme kLight{
    "#ffffff",
    "#1a1e23",
    "#59636e",
    "#dce1e6",
    "#f5f7f9",
    "#00684a",
    "#a83200",
    {"#0072b2", "#d55e00", "#00825f", "#b0508c", "#2f9ad0", "#a87400", "#444c55", "#7a4fbf"}};
constexpr Theme kDark{
    "#14181d",
    "#e8ecf0",
    "#a3adb8",
    "#343c45",
    "#1c2229",
    "#4fd1a5",
    "#ff9466",
    {"#5cb3e8", "#ff8a3d", "#2fc79b", "#e59ac6", "#9fdcff", "#f0c04a", "#c3cad2", "#b79bf0"}};

std::string variables(const Theme& theme) {
  std::string text = fmt::format(
      "--paper:{};--ink:{};--soft:{};--rule:{};--panel:{};--good:{};--bad:{};", theme.paper,
      theme.ink, theme.soft, theme.rule, theme.panel, theme.good, theme.bad);
  for (std::size_t i = 0; i < kColours; ++i) {
    text += fmt::format("--c{}:{};", i, theme.series[i]);
  }
  return text;
}

}  // namespace

std::string line_class(std::size_t series) { return fmt::format("s{}", series % kColours); }
std::string area_class(std::size_t series) { return fmt::format("f{}", series % kColours); }

std::string style_sheet() {
  static constexpr std::array<const char*, kColours> kDashes{
      "none", "7 3", "2 3", "9 3 2 3", "4 2", "12 3 3 3", "1 2", "6 2 1 2 1 2"};
  std::string css = fmt::format(":root{{color-scheme:light dark;{}}}\n", variables(kLight));
  css += fmt::format("@media (prefers-color-scheme:dark){{:root{{{}}}}}\n", variables(kDark));
  css += fmt::format("@media print{{:root{{color-scheme:light;{}}}}}\n", variables(kLight));
  css +=
      "svg{max-width:100%;height:auto;display:block}\n"
      "svg text{font:12px/1 system-ui,\"Segoe UI\",\"DejaVu "
      "Sans\",Arial,sans-serif;fill:var(--ink)}\n"
      "svg text.soft{fill:var(--soft)}svg text.strong{font-weight:600}\n"
      "svg text.on-dark{fill:#fff}svg text.on-pale{fill:#1a1e23}\n"
      ".grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}\n"
      ".rule{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3}\n"
      ".thin{stroke-width:1.25}.none{fill:var(--panel);stroke:var(--rule)}\n"
      "path{fill:none}rect.cell{stroke:var(--paper);stroke-width:1}\n";
  for (std::size_t i = 0; i < kColours; ++i) {
    css += fmt::format(
        "line.s{0},path.s{0}{{stroke:var(--c{0});stroke-width:2;stroke-linejoin:round}}"
        "path.s{0},line.s{0}.key{{stroke-dasharray:{1}}}"
        "rect.f{0},circle.f{0}{{fill:var(--c{0})}}\n",
        i, kDashes[i]);
  }
  return css;
}

CellColour cell_colour(double share) {
  // Pale straw to deep blue in even steps of lightness: read the same in grey.
  struct Stop {
    double red, green, blue;
  };
  constexpr std::array<Stop, 5> kStops{
      {{255, 247, 217}, {190, 223, 190}, {108, 182, 189}, {52, 120, 168}, {24, 52, 110}}};
  const double place = std::clamp(share, 0.0, 1.0) * (kStops.size() - 1);
  const auto below = std::min<std::size_t>(static_cast<std::size_t>(place), kStops.size() - 2);
  const double part = place - static_cast<double>(below);
  const Stop& a = kStops[below];
  const Stop& b = kStops[below + 1];
  const auto mix = [part](double from, double to) {
    return static_cast<int>(std::lround(from + part * (to - from)));
  };
  return {.fill = fmt::format("#{:02x}{:02x}{:02x}", mix(a.red, b.red), mix(a.green, b.green),
                              mix(a.blue, b.blue)),
          .light_text = place >= 2.5};
}

}  // namespace mezz::chart
