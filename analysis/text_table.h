// Private to analysis: rows of text in aligned columns. The first column is flush left, the
// others flush right. Width is counted in characters of UTF-8, not in cells.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mezz::analysis {

enum class Style : std::uint8_t { Plain, Heading, Alarm };

struct TextRow {
  std::vector<std::string> cells;
  Style style = Style::Plain;
};

std::string aligned(const std::vector<TextRow>& rows, bool colour);

}  // namespace mezz::analysis
