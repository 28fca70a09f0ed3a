// From values to coordinates, and where an axis has its ticks: at round values of the unit (time in
// ms, s, min, h, d; all else 1, 2, 5 times a power of ten, written 5 k, 2 M).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::chart {

enum class ScaleKind : std::uint8_t { Linear, Log };

struct Span {
  double low = 0.0;
  double high = 1.0;
};

struct Scale {
  ScaleKind kind = ScaleKind::Linear;
  Span values = {};
  Span pixels = {};  // of the low and the high value; high may be the smaller one (y axes)

  // Values beyond the span fall on its ends.
  [[nodiscard]] double at(double value) const;
};

// What an axis spans to show these values: with a little room, from zero where zero is near, never
// of no width. A logarithmic span leaves values <= 0 out. `values` may hold what is not finite.
Span span_of(const std::vector<double>& values, ScaleKind kind);

struct Tick {
  double value = 0.0;
  std::string label;
};

// At least two where the span allows, about `wanted` at most.
std::vector<Tick> ticks(const Span& span, ScaleKind kind, std::string_view unit, int wanted = 6);

// "250 ms", "5 k", "0.02": short, for axes and cells; the unit only where it is a time.
std::string short_label(double value, std::string_view unit);

}  // namespace mezz::chart
