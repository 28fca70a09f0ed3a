// p-values of many tests looked at together, adjusted so that each can be compared with the level
// itself. Holm 1979: the chance of one false alarm among all is below the level, whatever the tests
// have to do with one another. Benjamini and Hochberg 1995: the expected share of false ones among
// the alarms is below the level (independent or positively dependent tests). NaN stays NaN and does
// not count as a test.
#pragma once

#include <span>
#include <vector>

namespace mezz::statistics {

std::vector<double> holm(std::span<const double> p_values);
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

}  // namespace mezz::statistics
