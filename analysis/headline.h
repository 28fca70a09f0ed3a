// The table at the end of `mezz run` and in `mezz info`: a pure function of the headline metrics
// (names: DESIGN section 6). A metric that is missing is left out, never shown as zero.
// Units: s, USD, 1, 1/s, B and any other text, which is printed as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/metric.h"

namespace mezz::analysis {

// For people: "250 ms", "13.4 min", "6.9 d", "-1,234.50 USD", "0.25", "n/a" for NaN.
std::string human(double value, std::string_view unit);

// Control characters become '?', so that a file's texts cannot command the terminal.
std::string printable(std::string_view text);

// Aligned lines, each ending in '\n'. With colour, headings are bold and losses red (ANSI).
std::string headline(const std::vector<Metric>& metrics, bool colour);

}  // namespace mezz::analysis
