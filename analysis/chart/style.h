// The CSS that the drawings need, for light, dark and print, as one text. Classes of a drawing:
//   s0 ... s7   colour and dash of a series (line); f0 ... f7 the same colour as an area
//   axis grid rule label title soft strong
// The eight colours are Okabe and Ito's colour-blind-safe set (Color Universal Design, 2008), with
// the light ones darkened on white and the dark ones lightened on black for contrast.
#pragma once

#include <cstddef>
#include <string>

namespace mezz::chart {

inline constexpr std::size_t kColours = 8;

// "s3", "f3"; more series than colours begin again.
std::string line_class(std::size_t series);
std::string area_class(std::size_t series);

std::string style_sheet();

// One colour of the sequential scale for heat maps, share in [0, 1], pale to deep, and whether text
// on it must be light to be read.
struct CellColour {
  std::string fill;  // "#rrggbb"
  bool light_text = false;
};
CellColour cell_colour(double share);

}  // namespace mezz::chart
