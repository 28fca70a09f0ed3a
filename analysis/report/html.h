// The body of one HTML page, block by block. Text is escaped here; only figure() takes markup, and
// that comes from analysis/chart. The result is well-formed XML too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::report {

enum class CellKind : std::uint8_t { Text, Number, Code, Good, Bad, Soft };

struct Cell {
  std::string text;
  CellKind kind = CellKind::Text;
  std::string more = {};  // a second line, smaller
};

struct HtmlTable {
  std::vector<Cell> head;  // Number: its column is flush right
  std::vector<std::vector<Cell>> rows;
};

Cell number(std::string text);
Cell code(std::string text);

class Html {
 public:
  // Level 2 begins a section and has an anchor of this name.
  void section(std::string_view anchor, std::string_view title);
  void heading(std::string_view title);  // level 3
  void paragraph(std::string_view text, std::string_view css_class = {});
  void figure(std::string_view svg, std::string_view caption);
  void table(const HtmlTable& table);
  // Folded away until somebody opens it.
  void folded(std::string_view summary, std::string_view text);

  struct Section {
    std::string anchor;
    std::string title;
  };
  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }
  // Ends the last section.
  [[nodiscard]] std::string finish() const;

 private:
  std::string body_;
  std::vector<Section> sections_;
};

}  // namespace mezz::report
