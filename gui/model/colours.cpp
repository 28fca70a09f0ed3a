#include "gui/model/colours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace mezz::gui {

namespace {

double linear(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(Colour c) {
  return 0.2126 * linear(c.red) + 0.7152 * linear(c.green) + 0.0722 * linear(c.blue);
}

constexpr ThemeColours kLight{.window = {0xF3, 0xF4, 0xF6},
                              .base = {0xFF, 0xFF, 0xFF},
                              .alternate = {0xF7, 0xF8, 0xFA},
                              .text = {0x1B, 0x1F, 0x24},
                              .faint = {0x57, 0x60, 0x6A},
                              .grid = {0xE1, 0xE4, 0xE8},
                              .accent = {0x0B, 0x5C, 0xAD},
                              .accent_text = {0xFF, 0xFF, 0xFF},
                              .good = {0x00, 0x6B, 0x52},
                              .bad = {0xB0, 0x3A, 0x00},
                              .dark = false};
constexpr ThemeColours kDark{.window = {0x1E, 0x21, 0x26},
                             .base = {0x16, 0x18, 0x1C},
                             .alternate = {0x1B, 0x1E, 0x23},
                             .text = {0xE6, 0xE9, 0xED},
                             .faint = {0xA3, 0xAB, 0xB5},
                             .grid = {0x2E, 0x33, 0x3A},
                             .accent = {0x4A, 0x9F, 0xE8},
                             .accent_text = {0x0B, 0x12, 0x19},
                             .good = {0x3C, 0xC8, 0xA0},
                             .bad = {0xFF, 0x8A, 0x4C},
                             .dark = true};

constexpr std::array<Colour, kSeriesColours> kOnLight = {{{0x00, 0x62, 0xA3},
                                                          {0xB3, 0x4A, 0x00},
                                                          {0x00, 0x7A, 0x5C},
                                                          {0xA3, 0x4E, 0x81},
                                                          {0x8A, 0x6D, 0x00},
                                                          {0x1F, 0x7F, 0xB8},
                                                          {0x5B, 0x3F, 0xA0},
                                                          {0x44, 0x4B, 0x54}}};
constexpr std::array<Colour, kSeriesColours> kOnDark = {{{0x56, 0xB4, 0xE9},
                                                         {0xF0, 0x8A, 0x24},
                                                         {0x2F, 0xC0, 0x97},
                                                         {0xDB, 0x8F, 0xBC},
                                                         {0xF0, 0xE4, 0x42},
                                                         {0x7F, 0xA8, 0xFF},
                                                         {0xB9, 0x9C, 0xF5},
                                                         {0xC4, 0xCB, 0xD4}}};
constexpr std::array<Colour, 7> kScale = {{{0x00, 0x22, 0x4E},
                                           {0x2A, 0x3F, 0x6D},
                                           {0x57, 0x5C, 0x6D},
                                           {0x7D, 0x7C, 0x78},
                                           {0xA5, 0x9C, 0x74},
                                           {0xD2, 0xC0, 0x60},
                                           {0xFE, 0xE8, 0x38}}};

std::uint8_t between(std::uint8_t a, std::uint8_t b, double share) {
  return static_cast<std::uint8_t>(std::lround(a + (b - a) * share));
}

}  // namespace

double contrast(Colour a, Colour b) {
  const double first = luminance(a);
  const double second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

std::string_view name_of(ThemeName theme) {
  constexpr std::array<std::string_view, 3> kNames = {"system", "light", "dark"};
  return kNames[static_cast<std::size_t>(theme)];
}

ThemeName theme_named(std::string_view word) {
  for (const ThemeName theme : {ThemeName::System, ThemeName::Light, ThemeName::Dark}) {
    if (name_of(theme) == word) return theme;
  }
  throw std::invalid_argument("'" + std::string(word) +
                              "' is not a theme; themes are system, light, dark");
}

const ThemeColours& colours_of(ThemeName theme) {
  return theme == ThemeName::Dark ? kDark : kLight;
}

Colour series_colour(const ThemeColours& theme, std::size_t index) {
  return (theme.dark ? kOnDark : kOnLight)[index % kSeriesColours];
}

Colour scale_colour(double fraction) {
  const double at = std::clamp(fraction, 0.0, 1.0) * (kScale.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(at), kScale.size() - 2);
  const double share = at - static_cast<double>(low);
  const Colour a = kScale[low];
  const Colour b = kScale[low + 1];
  return {between(a.red, b.red, share), between(a.green, b.green, share),
          between(a.blue, b.blue, share)};
}

}  // namespace mezz::gui
