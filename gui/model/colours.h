// The colours of the viewer, without Qt: two themes, and series colours that people with any of the
// common colour deficiencies can tell apart (Okabe and Ito, "Color universal design", 2008;
// darkened or lightened where a theme needs it to keep contrast with the ground). No view shows
// meaning by colour alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mezz::gui {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  bool operator==(const Colour&) const = default;
};

// WCAG 2.1 contrast ratio, 1 to 21. Text needs 4.5, lines of a plot 3.
double contrast(Colour a, Colour b);

enum class ThemeName : std::uint8_t { System, Light, Dark };
std::string_view name_of(ThemeName theme);
// Throws std::invalid_argument for another word.
ThemeName theme_named(std::string_view word);

struct ThemeColours {
  Colour window;
  Colour base;  // ground of tables and plots
  Colour alternate;
  Colour text;
  Colour faint;  // secondary text, tick labels
  Colour grid;
  Colour accent;
  Colour accent_text;
  Colour good;
  Colour bad;
  bool dark = false;
};

// System is resolved by the caller, who can ask the desktop.
const ThemeColours& colours_of(ThemeName theme);
constexpr std::size_t kSeriesColours = 8;
Colour series_colour(const ThemeColours& theme, std::size_t index);
// 0 = lowest, 1 = highest: a sequential scale that stays ordered in grey (after cividis, Nuñez et
// al. 2018, sampled).
Colour scale_colour(double fraction);

}  // namespace mezz::gui
