// The text of one SVG drawing, element by element. Coordinates are user units (1/96 inch), written
// with at most two decimals, so that the same values give the same bytes. Every text is escaped
// here and nowhere else.
// Left out: gradients, transforms, scripts, external references.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::chart {

// For element content and quoted attributes. Control characters and bytes that are no UTF-8 become
// '?', so that the document stays well-formed whatever a file says.
std::string escape(std::string_view text);

// "12.5", "0", "-3": what a coordinate is written as.
std::string coordinate(double value);

// An estimate on the wide side, in user units at this font size.
double text_width(std::string_view text, double font_size = 12.0);
// Cut to the width, with an ellipsis where something is missing.
std::string fitted(std::string_view text, double width, double font_size = 12.0);

struct Point {
  double x = 0.0;
  double y = 0.0;
};

struct Box {
  double left = 0.0;
  double top = 0.0;
  double width = 0.0;
  double height = 0.0;

  [[nodiscard]] double right() const { return left + width; }
  [[nodiscard]] double bottom() const { return top + height; }
};

enum class Anchor : std::uint8_t { Start, Middle, End };

// What a screen reader says instead of the picture.
struct Caption {
  std::string title;
  std::string description;
};

class Svg {
 public:
  Svg(double width, double height) : width_(width), height_(height) {}

  // `classes` are CSS classes of style.h.
  void line(Point from, Point to, std::string_view classes);
  void path(const std::vector<Point>& points, std::string_view classes);
  void rectangle(const Box& box, std::string_view classes, std::string_view tooltip = {});
  // With a colour of its own, "#rrggbb" (heat maps).
  void filled(const Box& box, std::string_view colour, std::string_view tooltip);
  void circle(Point centre, double radius, std::string_view classes);
  void text(Point at, std::string_view text, std::string_view classes,
            Anchor anchor = Anchor::Start);
  // Read from bottom to top.
  void upright_text(Point at, std::string_view text, std::string_view classes);

  [[nodiscard]] std::string finish(const Caption& caption) const;

 private:
  double width_;
  double height_;
  std::string body_;
};

}  // namespace mezz::chart
