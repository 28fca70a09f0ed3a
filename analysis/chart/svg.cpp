#include "analysis/chart/svg.h"

#include <fmt/core.h>

#include <cmath>
#include <cstddef>

namespace mezz::chart {
namespace {

// Bytes of the UTF-8 character that begins here; 0 when none does (RFC 3629: no overlong forms, no
// surrogates, nothing above U+10FFFF).
std::size_t character_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) >= 0xA0) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) >= 0x90) return 0;
  // U+FFFE and U+FFFF are no XML characters.
  if (lead == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE) return 0;
  return length;
}

double character_width(std::string_view character) {
  if (character.size() > 1) return 0.75;  // beyond ASCII: on the wide side
  constexpr std::string_view kNarrow = " .,:;'|!ijltfrI()[]-/";
  constexpr std::string_view kWide = "mwMW@%";
  if (kNarrow.find(character.front()) != std::string_view::npos) return 0.37;
  return kWide.find(character.front()) != std::string_view::npos ? 0.95 : 0.6;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_bytes(text);
    const char c = text.front();
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (length == 0 || (control && c != '\n' && c != '\t')) {
      out += '?';
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string coordinate(double value) {
  const double rounded = std::round(value * 100.0) / 100.0 + 0.0;
  std::string text = fmt::format("{:.2f}", rounded == 0.0 ? 0.0 : rounded);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

double text_width(std::string_view text, double font_size) {
  double width = 0.0;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(character_bytes(text), 1);
    width += character_width(text.substr(0, length));
    text.remove_prefix(length);
  }
  return width * font_size;
}

std::string fitted(std::string_view text, double width, double font_size) {
  if (text_width(text, font_size) <= width) return std::string(text);
  const double room = width - font_size * 0.75;
  std::size_t kept = 0;
  for (double used = 0.0; kept < text.size();) {
    const std::string_view rest = text.substr(kept);
    const std::size_t length = std::max<std::size_t>(character_bytes(rest), 1);
    used += character_width(rest.substr(0, length)) * font_size;
    if (used > room) break;
    kept += length;
  }
  return std::string(text.substr(0, kept)) + "\u2026";
}

void Svg::line(Point from, Point to, std::string_view classes) {
  body_ += fmt::format("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", classes,
                       coordinate(from.x), coordinate(from.y), coordinate(to.x), coordinate(to.y));
}

void Svg::path(const std::vector<Point>& points, std::string_view classes) {
  if (points.empty()) return;
  body_ += fmt::format("<path class=\"{}\" d=\"", classes);
  for (std::size_t i = 0; i < points.size(); ++i) {
    body_ += fmt::format("{}{} {}", i == 0 ? "M" : "L", coordinate(points[i].x),
                         coordinate(points[i].y));
  }
  body_ += "\"/>\n";
}

void Svg::rectangle(const Box& box, std::string_view classes, std::string_view tooltip) {
  body_ += fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", classes,
                       coordinate(box.left), coordinate(box.top), coordinate(box.width),
                       coordinate(box.height));
  body_ += tooltip.empty() ? "/>\n" : fmt::format("><title>{}</title></rect>\n", escape(tooltip));
}

void Svg::filled(const Box& box, std::string_view colour, std::string_view tooltip) {
  body_ += fmt::format(
      "<rect class=\"cell\" fill=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">"
      "<title>{}</title></rect>\n",
      colour, coordinate(box.left), coordinate(box.top), coordinate(box.width),
      coordinate(box.height), escape(tooltip));
}

void Svg::circle(Point centre, double radius, std::string_view classes) {
  body_ += fmt::format("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>\n", classes,
                       coordinate(centre.x), coordinate(centre.y), coordinate(radius));
}

void Svg::text(Point at, std::string_view text, std::string_view classes, Anchor anchor) {
  static constexpr const char* kAnchors[] = {"start", "middle", "end"};
  body_ += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>\n",
                       classes, coordinate(at.x), coordinate(at.y),
                       kAnchors[static_cast<std::size_t>(anchor)], escape(text));
}

void Svg::upright_text(Point at, std::string_view text, std::string_view classes) {
  body_ += fmt::format(
      "<text class=\"{}\" text-anchor=\"middle\" transform=\"translate({} {}) "
      "rotate(-90)\">{}</text>\n",
      classes, coordinate(at.x), coordinate(at.y), escape(text));
}

std::string Svg::finish(const Caption& caption) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {0} {1}\" "
      "width=\"{0}\" height=\"{1}\">\n<title>{2}</title>\n<desc>{3}</desc>\n{4}</svg>\n",
      coordinate(width_), coordinate(height_), escape(caption.title), escape(caption.description),
      body_);
}

}  // namespace mezz::chart
