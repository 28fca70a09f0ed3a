#include "models/portfolio/price_drift.h"

#include <algorithm>
#include <cmath>

#include "models/margin/common.h"
#include "models/portfolio/grid_rules.h"
#include "models/portfolio/legs.h"
#include "sim/check/assert.h"

namespace mezz::portfolio {
namespace {

// Per unit.
Sensitivity srm(const margin::DeriveSrm& rule, const Leg& leg) {
  if (is_coin_held(leg)) return {.own = rule.base_factor.value()};
  if (is_linear(leg)) return {.own = 1.0 + rule.perp_maintenance.value()};
  const bool is_short = leg.size < Quantity::zero();
  if (is_digital(leg.listing->kind)) return {};  // the payout, whatever it is worth
  if (leg.listing->kind == ListingKind::PowerPerp) return {.own = 2.0};
  if (!is_short) return {};
  return {.own = 1.0 + rule.put_mark_maintenance.value(),
          .index = std::max(rule.call_maintenance, rule.put_maintenance).value() +
                   rule.unpaired_maintenance.value()};
}

// Of a basis loss: up, down and now, each a part of the forward's move.
double basis(Ratio part, Ratio per_year, Duration to_expiry) {
  return 2.0 * (part.value() + per_year.value() * margin::years(to_expiry));
}

Sensitivity pmrm(const MarginPreset& preset, const Leg& leg) {
  const margin::DerivePmrm& rule = preset.pmrm;
  if (is_linear(leg)) return {.own = 1.0, .index = perpetual_shares(preset).maintenance.value()};
  return {.own = 1.0 + basis(rule.basis_share, rule.basis_share_per_year, leg.to_expiry),
          .index = rule.option_static.value()};
}

Sensitivity pmrm2(const MarginPreset& preset, const Leg& leg) {
  const margin::DerivePmrm2& rule = preset.pmrm2;
  if (is_linear(leg)) {
    // A perpetual moves with the index, a coin held with its own price.
    const double share =
        perpetual_shares(preset).maintenance.value() + preset.coin_haircut.maintenance.value();
    return {.own = 1.0 + share, .index = share};
  }
  double weight = 0.0;
  for (const margin::Pmrm2Scenario& s : rule.scenarios) weight = std::max(weight, s.weight.value());
  const double factor = rule.maintenance_factor.value();
  const double worst =
      std::max(2.0 * weight, basis(rule.basis_share, rule.basis_share_per_year, leg.to_expiry));
  return {.own = 1.0 + factor * worst, .index = rule.option_maintenance.value()};
}

// The roll matches deltas, each the difference of two prices over the width of the inner moves.
Sensitivity scenario_grid(const MarginPreset& preset, const Leg& leg) {
  const margin::ScenarioGrid& grid = preset.grid;
  const double factor = grid.maintenance_factor.value();
  const double roll = factor * grid.roll_max.value();
  if (is_linear(leg)) {
    return {.own = 1.0, .index = perpetual_shares(preset).maintenance.value() + roll};
  }
  double weight = 0.0;
  for (const margin::GridScenario& s : grid.scenarios) weight = std::max(weight, s.weight.value());
  const double deltas = roll > 0.0 ? 2.0 * roll / inner_moves(grid).width.value() : 0.0;
  return {.own = 1.0 + 2.0 * factor * weight + deltas, .index = factor * grid.option_min.value()};
}

std::optional<Sensitivity> per_unit(const MarginPreset& preset, const Leg& leg) {
  switch (preset.rule) {
    case MarginRule::DeriveSrm:
      return srm(preset.srm, leg);
    case MarginRule::DerivePmrm:
      return pmrm(preset, leg);
    case MarginRule::DerivePmrm2:
      return pmrm2(preset, leg);
    case MarginRule::DeribitPm:
    case MarginRule::Span16:
    case MarginRule::AevoPm:
    case MarginRule::ScenarioGrid:
      return scenario_grid(preset, leg);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Sensitivity> sensitivity(const MarginPreset& preset, const Leg& leg) {
  if (!margins_portfolios(preset.rule)) return std::nullopt;
  if (is_inverse(leg)) return Sensitivity{};  // a debt of its notional
  std::optional<Sensitivity> found = per_unit(preset, leg);
  const double units = std::fabs(static_cast<double>(leg.size.lots)) /
                       static_cast<double>(leg.contract->lots_per_unit());
  found->own *= units;
  found->index *= units;
  return found;
}

Int128 greatest_move(const MarginPreset& preset, Money tick, const PriceMove& move) {
  MEZZ_ASSERT(move.from.size() == move.to.size());
  std::int64_t ticks = 0;
  std::int64_t greatest = 0;
  for (std::size_t i = 0; i < move.from.size(); ++i) {
    ticks = std::max(ticks, std::abs(move.to[i].ticks - move.from[i].ticks));
    greatest = std::max(greatest, move.to[i].ticks);
  }
  const Int128 moved = Int128{ticks} * tick.micros;
  if (preset.rule != MarginRule::DerivePmrm2 || move.from.size() == 1) return moved;
  constexpr double kQuantised = 2e-9;  // of a discount
  // Of a gain at most itself counts; of a debt, whose mark-up shrinks with time too, at most twice.
  const double rate =
      std::max(preset.pmrm2.long_rate_add.value(), 2.0 * preset.pmrm2.short_rate_add.value());
  const double discount = rate * margin::years(move.passed) + kQuantised;
  const double widest = static_cast<double>(greatest) * static_cast<double>(tick.micros) * discount;
  return moved + static_cast<Int128>(widest) + 1;
}

}  // namespace mezz::portfolio
