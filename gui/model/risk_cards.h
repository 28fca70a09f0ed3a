// What the cards of a sweep say: the tail of one metric over runs (value at risk, expected
// shortfall), liquidations at risk beside it, the mean; each with the interval and the number of
// runs behind it. The statistics are those of `mezz report` (analysis/statistics/tail_risk.h).
#pragma once

#include <string>
#include <vector>

namespace mezz::gui {

constexpr double kTailLevel = 0.95;  // of the quantile, and of every interval

struct RiskCard {
  std::string name;   // "VaR 95 %"
  std::string value;  // "1,234.00 USD"
  std::string note;   // "95 %: 900.00 USD to 2,000.00 USD, n = 200"
};

// `liquidated`: liquidations.notional of the same runs; empty: no such card. What is not finite is
// left out and not counted. Empty without values.
std::vector<RiskCard> risk_cards(std::vector<double> values, const std::string& unit,
                                 std::vector<double> liquidated);

}  // namespace mezz::gui
