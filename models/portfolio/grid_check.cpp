// Whether an exchange can work with the numbers of a rule on a grid.
#include <algorithm>

#include "models/portfolio/grid_rules.h"
#include "sim/check/error.h"

namespace mezz {
namespace {

std::vector<Ratio> volatilities(const margin::ScenarioGrid& grid,
                                const std::vector<std::size_t>& moves) {
  std::vector<Ratio> all;
  for (const std::size_t move : moves) all.push_back(grid.scenarios[move].volatility);
  std::sort(all.begin(), all.end());
  return all;
}

std::string percent(Ratio ratio) {
  const std::int64_t bp = ratio.ppb / 100'000;
  const std::string rest = std::to_string(100 + bp % 100).substr(1);
  return std::to_string(bp / 100) + (rest == "00" ? "" : "." + rest) + " %";
}

// One tier margins whoever holds the perpetual alone, long or short (perpetual_tier).
void check_perpetual(const MarginPreset& preset, const std::string& path) {
  constexpr Ratio kRounding{1'000};
  const portfolio::Shares shares = portfolio::perpetual_shares(preset);
  if (shares.maintenance <= Ratio::zero()) {
    throw ScenarioError(path + ".scenarios",
                        "must move the spot: a perpetual alone would need no margin");
  }
  if (shares.initial > Ratio::one()) {
    throw ScenarioError(path + ".initial_factor", "makes the initial margin of a perpetual alone " +
                                                      percent(shares.initial) +
                                                      " of its notional; at most 100 %");
  }
  const portfolio::Widest most = portfolio::widest_moves(preset);
  const Ratio apart = std::max(most.down - most.up, most.up - most.down);
  const bool one_way = std::min(most.down, most.up) == Ratio::zero();
  if (apart > kRounding || (one_way && runs_scenario_grid(preset.rule))) {
    throw ScenarioError(path + ".scenarios",
                        "must count as much down as up, as a perpetual needs the same long and "
                        "short; weight x move is at most " +
                            percent(most.down) + " down and " + percent(most.up) + " up");
  }
}

// A delta must not hold a part of what the volatility is worth.
void check_deltas(const margin::ScenarioGrid& grid, const std::string& path) {
  if (grid.roll_max == Ratio::zero()) return;
  const portfolio::InnerMoves inner = portfolio::inner_moves(grid);
  if (volatilities(grid, inner.down) == volatilities(grid, inner.up)) return;
  throw ScenarioError(path + ".scenarios",
                      "the nearest spots below and above 100 % need a move that leaves the "
                      "volatility, or the same moves of it, where roll_max is above 0: deltas are "
                      "measured between them");
}

}  // namespace

void check_grid(const MarginPreset& preset, const std::string& path) {
  if (!revalues_on_grid(preset.rule)) return;
  check_perpetual(preset, path);
  if (runs_scenario_grid(preset.rule)) check_deltas(preset.grid, path);
}

}  // namespace mezz
