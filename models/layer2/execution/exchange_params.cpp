#include "models/layer2/execution/exchange_params.h"

namespace mezz {

margin::LiquidityTier ExchangeParams::liquidity_tier() const {
  margin::LiquidityTier chosen = margin::preset(tier);
  if (initial_margin) chosen.initial_margin_ppm = initial_margin->ppm(Round::Up);
  if (maintenance_fraction) {
    chosen.maintenance_fraction_ppm = maintenance_fraction->ppm(Round::Up);
  }
  if (open_interest_lower) chosen.open_interest_lower = *open_interest_lower;
  if (open_interest_upper) chosen.open_interest_upper = *open_interest_upper;
  if (impact_notional) chosen.impact_notional = *impact_notional;
  MEZZ_ASSERT(chosen.initial_margin_ppm > 0);
  MEZZ_ASSERT(chosen.maintenance_fraction_ppm > 0);
  return chosen;
}

void ExchangeParams::check(const std::string& path) const {
  contract.check(path + ".contract");
  if (initial_price.micros <= 0 || initial_price.micros % contract.tick.micros != 0) {
    throw ScenarioError(path + ".initial_price", "must be a whole positive number of ticks");
  }
  for (const Ratio fee : {maker_fee, taker_fee}) {
    if (fee.ppb % 1'000 != 0) {
      throw ScenarioError(path + ".maker_fee, taker_fee", "must be whole millionths");
    }
  }
  // Somebody would be paid to trade with himself.
  if (maker_fee + taker_fee < Ratio::zero()) {
    throw ScenarioError(path + ".maker_fee", "the rebate must not exceed the taker fee");
  }
  if (funding_sample > funding_tick) {
    throw ScenarioError(path + ".funding_sample", "must not be longer than funding_tick");
  }
  const margin::LiquidityTier chosen = liquidity_tier();
  if (chosen.open_interest_upper != Money::zero() &&
      chosen.open_interest_upper <= chosen.open_interest_lower) {
    throw ScenarioError(path + ".open_interest_upper",
                        "must be above open_interest_lower, or 0 for no growth");
  }
}

}  // namespace mezz
