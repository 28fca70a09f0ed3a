#include "analysis/text_table.h"

#include <algorithm>
#include <string_view>

namespace mezz::analysis {
namespace {

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string_view escape(Style style) {
  switch (style) {
    case Style::Heading:
      return "\033[1m";
    case Style::Alarm:
      return "\033[31m";
    case Style::Plain:
      break;
  }
  return "";
}

}  // namespace

std::string aligned(const std::vector<TextRow>& rows, bool colour) {
  std::vector<std::size_t> widths;
  for (const TextRow& row : rows) {
    widths.resize(std::max(widths.size(), row.cells.size()), 0);
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      widths[c] = std::max(widths[c], characters(row.cells[c]));
    }
  }
  std::string text;
  for (const TextRow& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      const std::string padding(widths[c] - characters(row.cells[c]), ' ');
      if (c > 0) line += "  ";
      line += c == 0 ? row.cells[c] + padding : padding + row.cells[c];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    const bool styled = colour && row.style != Style::Plain;
    if (styled) text += escape(row.style);
    text += line;
    if (styled) text += "\033[0m";
    text += '\n';
  }
  return text;
}

}  // namespace mezz::analysis
