#include "models/margin/scenario_grid.h"

#include <algorithm>

#include "models/margin/common.h"

namespace mezz::margin {
namespace {

Wad value_of(const GridPortfolio& p, std::size_t move) {
  Wad sum;
  for (const GridExpiry& expiry : p.expiries) {
    for (const GridPosition& held : expiry.positions) {
      sum = sum + multiply(held.amount, held.values.at(move));
    }
  }
  return sum;
}

Ratio roll_rate(const ScenarioGrid& grid, Duration farthest) {
  const Wad grown = multiply(Wad::from(grid.roll_per_year), quantised(years(farthest)));
  return std::clamp(Ratio{narrow(divide(grown.units, 1'000'000'000, Round::Up))}, grid.roll_min,
                    grid.roll_max);
}

Wad roll_charge(const ScenarioGrid& grid, const GridPortfolio& p) {
  Wad bought;
  Wad sold;
  Duration farthest;
  for (const GridExpiry& expiry : p.expiries) {
    Wad delta;
    for (const GridPosition& held : expiry.positions) {
      delta = delta + multiply(held.amount, held.delta);
    }
    bought = bought + std::max(delta, Wad::zero());
    sold = sold + std::max(-delta, Wad::zero());
    farthest = std::max(farthest, expiry.to_expiry);
  }
  const Wad matched = multiply(std::min(bought, sold), p.spot, Round::Up);
  return multiply(matched, Wad::from(roll_rate(grid, farthest)), Round::Up);
}

Wad options_sold(const GridPortfolio& p) {
  Wad net;
  for (const GridExpiry& expiry : p.expiries) {
    for (const GridPosition& held : expiry.positions) {
      if (held.option) net = net + held.amount;
    }
  }
  return std::max(-net, Wad::zero());
}

void find_worst(const ScenarioGrid& grid, const GridPortfolio& p, GridMargin& margin) {
  const Wad now = value_of(p, 0);
  for (std::size_t s = 0; s < grid.scenarios.size(); ++s) {
    const Wad change = value_of(p, s + 1) - now;
    const Wad loss = multiply(change, Wad::from(grid.scenarios[s].weight), Round::Down);
    if (loss >= margin.loss) continue;
    margin.loss = loss;
    margin.worst = static_cast<std::int32_t>(s);
  }
}

}  // namespace

double moved_volatility(const ScenarioGrid& grid, const GridScenario& scenario, double volatility,
                        Duration to_expiry) {
  if (scenario.volatility == Ratio::zero()) return volatility;
  const bool up = scenario.volatility > Ratio::zero();
  double move = scenario.volatility.value() *
                (up ? grid.volatility_up.value() : grid.volatility_down.value());
  if (grid.shift == VolatilityShift::Relative) {
    move *=
        volatility * term_scale({grid.short_power, grid.long_power, grid.expiry_floor}, to_expiry);
  }
  const double least = up ? grid.volatility_min_up.value() : 0.0;
  return std::max(least, volatility + move);
}

GridMargin grid_margin(const ScenarioGrid& grid, const GridPortfolio& p) {
  MEZZ_ASSERT(p.spot > Wad::zero());
  for (const GridExpiry& expiry : p.expiries) {
    for (const GridPosition& held : expiry.positions) {
      MEZZ_ASSERT(held.values.size() == grid.scenarios.size() + 1);
    }
  }
  GridMargin margin;
  margin.value = p.cash + value_of(p, 0);
  find_worst(grid, p, margin);
  margin.roll = roll_charge(grid, p);
  margin.least =
      multiply(multiply(options_sold(p), p.spot, Round::Up), Wad::from(grid.option_min), Round::Up);
  const Wad risk = std::max(margin.roll - margin.loss, margin.least);
  margin.initial = multiply(risk, Wad::from(grid.initial_factor), Round::Up);
  margin.maintenance = multiply(risk, Wad::from(grid.maintenance_factor), Round::Up);
  MEZZ_ASSERT(margin.maintenance <= margin.initial);
  return margin;
}

ScenarioGrid deribit_pm() {
  ScenarioGrid grid;
  grid.volatility_up = 50_percent;
  grid.volatility_down = 25_percent;
  grid.volatility_min_up = 50_percent;
  grid.short_power = 0.3;
  grid.long_power = 0.13;
  grid.roll_per_year = 750_bp;
  grid.roll_min = 1_percent;
  grid.roll_max = 10_percent;
  grid.maintenance_factor = 80_percent;
  for (std::int64_t bucket = -4; bucket <= 4; ++bucket) {
    for (const std::int64_t sign : {1, 0, -1}) {
      grid.scenarios.push_back(
          {.spot = Ratio::one() + 4_percent * bucket, .volatility = Ratio::one() * sign});
    }
  }
  constexpr Ratio kRange = 16_percent;
  for (const std::int64_t percent : {-66, -33, 50, 100, 200, 300, 400, 500}) {
    const Ratio move = 1_percent * percent;
    const std::int64_t size = percent < 0 ? -move.ppb : move.ppb;
    grid.scenarios.push_back({.spot = Ratio::one() + move,
                              .volatility = Ratio::one(),
                              .weight = {mul_div(kRange.ppb, Ratio::kScale, size, Round::Down)}});
  }
  return grid;
}

ScenarioGrid aevo_pm() {
  ScenarioGrid grid;
  grid.shift = VolatilityShift::Absolute;
  grid.volatility_up = 50_percent;
  grid.volatility_down = 25_percent;
  grid.option_min = 1_percent;
  grid.maintenance_factor = 80_percent;
  for (std::int64_t step = 2; step >= -2; --step) {
    for (const std::int64_t sign : {1, 0, -1}) {
      grid.scenarios.push_back(
          {.spot = Ratio::one() + 10_percent * step, .volatility = Ratio::one() * sign});
    }
  }
  return grid;
}

ScenarioGrid span16(const SpanRanges& ranges) {
  ScenarioGrid grid;
  grid.shift = VolatilityShift::Absolute;
  grid.volatility_up = ranges.volatility;
  grid.volatility_down = ranges.volatility;
  grid.roll_min = ranges.spread_charge;
  grid.roll_max = ranges.spread_charge;
  grid.option_min = ranges.option_min;
  grid.initial_factor = ranges.initial_factor;
  for (const std::int64_t thirds : {0, 1, -1, 2, -2, 3, -3}) {
    const Ratio move{mul_div(ranges.price.ppb, thirds, 3, Round::ToZero)};
    for (const std::int64_t sign : {1, -1}) {
      grid.scenarios.push_back({.spot = Ratio::one() + move, .volatility = Ratio::one() * sign});
    }
  }
  const Ratio extreme = ranges.price * ranges.extreme_multiple;
  grid.scenarios.push_back({.spot = Ratio::one() + extreme, .weight = ranges.extreme_cover});
  grid.scenarios.push_back({.spot = Ratio::one() - extreme, .weight = ranges.extreme_cover});
  return grid;
}

void SpanRanges::check(const char* path) const {
  const auto is_share = [](Ratio r) { return r >= Ratio::zero() && r <= Ratio::one(); };
  require(price > Ratio::zero() && price < Ratio::one(), path, "price",
          "must be above 0 and below 1");
  require(volatility >= Ratio::zero(), path, "volatility", "must not be negative");
  require(extreme_multiple >= 1 && extreme_multiple <= Ratio::kScale / price.ppb &&
              price.ppb * extreme_multiple < Ratio::kScale,
          path, "extreme_multiple", "must be at least 1 and leave a price above 0");
  require(is_share(extreme_cover), path, "extreme_cover", "must be between 0 and 1");
  require(is_share(spread_charge), path, "spread_charge", "must be between 0 and 1");
  require(is_share(option_min), path, "option_min", "must be between 0 and 1");
  require(initial_factor >= Ratio::one(), path, "initial_factor", "must be at least 1");
}

void ScenarioGrid::check(const char* path) const {
  const auto not_negative = [&](Ratio r, const char* key) {
    require(r >= Ratio::zero(), path, key, "must not be negative");
  };
  require(!scenarios.empty(), path, "scenarios", "needs at least one");
  for (const GridScenario& s : scenarios) {
    require(s.spot > Ratio::zero(), path, "scenarios", "every spot must be above 0");
    require(s.weight >= Ratio::zero(), path, "scenarios", "no weight must be negative");
    require(s.volatility >= -Ratio::one() && s.volatility <= Ratio::one(), path, "scenarios",
            "every volatility must be between -1 and 1");
  }
  not_negative(volatility_up, "volatility_up");
  not_negative(volatility_down, "volatility_down");
  not_negative(volatility_min_up, "volatility_min_up");
  require(short_power >= 0.0 && short_power <= 2.0, path, "short_power", "must be between 0 and 2");
  require(long_power >= 0.0 && long_power <= 2.0, path, "long_power", "must be between 0 and 2");
  require(expiry_floor > Duration::zero(), path, "expiry_floor", "must be above 0");
  not_negative(roll_per_year, "roll_per_year");
  not_negative(roll_min, "roll_min");
  require(roll_max >= roll_min, path, "roll_max", "must not be below roll_min");
  not_negative(option_min, "option_min");
  require(maintenance_factor > Ratio::zero(), path, "maintenance_factor", "must be above 0");
  require(initial_factor >= maintenance_factor, path, "initial_factor",
          "must not be below maintenance_factor");
}

}  // namespace mezz::margin
