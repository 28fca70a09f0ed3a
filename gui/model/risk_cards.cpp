#include "gui/model/risk_cards.h"

#include <fmt/core.h>

#include <cmath>

#include "analysis/headline.h"
#include "analysis/statistics/moments.h"
#include "analysis/statistics/tail_risk.h"

namespace mezz::gui {

namespace {

using statistics::Estimate;

constexpr statistics::TailLevels kLevels{.p = kTailLevel, .confidence = kTailLevel};

RiskCard card(const std::string& name, const Estimate& estimate, const std::string& unit) {
  const statistics::Interval& i = estimate.interval;
  std::string note = "too few runs for an interval";
  if (std::isfinite(i.low) && std::isfinite(i.high))
    note =
        fmt::format("95 %: {} to {}", analysis::human(i.low, unit), analysis::human(i.high, unit));
  else if (std::isfinite(i.low))
    note = fmt::format("95 %: at least {}", analysis::human(i.low, unit));
  return {name, analysis::human(estimate.value, unit), fmt::format("{}, n = {}", note, estimate.n)};
}

}  // namespace

std::vector<RiskCard> risk_cards(std::vector<double> values, const std::string& unit,
                                 std::vector<double> liquidated) {
  const auto drop = [](double x) { return !std::isfinite(x); };
  std::erase_if(values, drop);
  std::erase_if(liquidated, drop);
  if (values.empty()) return {};
  const statistics::TailRisk tail = statistics::tail_risk(values, kLevels);
  std::vector<RiskCard> cards = {card("VaR 95 %", tail.value_at_risk, unit),
                                 card("Expected shortfall 95 %", tail.expected_shortfall, unit)};
  if (!liquidated.empty())
    cards.push_back(
        card("LaR 95 %", statistics::tail_risk(liquidated, kLevels).value_at_risk, "USD"));
  cards.push_back(card("Mean", statistics::t_interval(values, kTailLevel), unit));
  return cards;
}

}  // namespace mezz::gui
