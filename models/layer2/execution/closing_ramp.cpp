// Drift's liquidation (models/liquidation/drift.h): the keeper takes over, at the index price less
// his fee, what brings the margin back; a part of that at first, more as time goes by.
#include <algorithm>

#include "models/layer2/execution/closing.h"
#include "models/liquidation/drift.h"

namespace mezz {
namespace {

namespace drift = liquidation::drift;

constexpr std::int64_t kPpmPerBasisPoint = 100;
constexpr std::int64_t kBasePerUnit = 1'000'000'000;
constexpr Money kAllBelow = 50_usd;  // smaller positions are closed whole

std::int64_t basis_points(Ratio ratio) { return ratio.ppb / 100'000; }

}  // namespace

// Of the maintenance margin and the buffer.
Money Exchange::Closing::ramp_shortage(const margin::Risk& now) const {
  const Money buffer{narrow(
      mul_div_wide(gross_notional(), x_.params_.ramp.buffer.ppb, Ratio::kScale, Round::Down))};
  return std::max(Money::zero(), now.maintenance_margin + buffer - now.net_collateral);
}

Quantity Exchange::Closing::ramp_lots(const liquidation::Subject& before) {
  const RampParams& ramp = x_.params_.ramp;
  const Quantity all = before.size.abs();
  const Money notional = x_.value_of(instrument_, before.size).abs();
  MEZZ_ASSERT(notional > Money::zero());
  const Ramped* running = x_.find_of(x_.ramped_, target_, instrument_);
  const Duration elapsed =
      running == nullptr ? Duration::zero() : x_.scalars_.now - running->started;
  const std::int64_t slots = elapsed.ns / drift::kSlot.ns;
  const std::int64_t ratio =
      mul_div(liquidation::position_risk(before, before.size).maintenance_margin.micros, 10'000,
              notional.micros, Round::Up) +
      basis_points(ramp.buffer);
  const std::int64_t price =
      narrow(Int128{x_.market_of(instrument_).contract.tick.micros} * x_.mark(instrument_).ticks);
  const std::int64_t shortage = ramp_shortage(before.account).micros;
  const std::int64_t base =
      narrow(mul_div_wide(all.lots, kBasePerUnit, before.lots_per_unit, Round::Down));
  ramp_.fee_ppm = drift::liquidator_fee(basis_points(ramp.fee) * kPpmPerBasisPoint,
                                        basis_points(ramp.fee_max) * kPpmPerBasisPoint, slots);
  ramp_.fund_fee_ppm =
      drift::fund_fee({.shortage = shortage,
                       .base = base,
                       .margin_ratio = ratio,
                       .liquidator_fee = ramp_.fee_ppm,
                       .oracle_price = price,
                       .fee_max = basis_points(ramp.fund_fee_max) * kPpmPerBasisPoint});
  const drift::Uint128 cover = drift::base_to_cover({.shortage = shortage,
                                                     .margin_ratio = ratio,
                                                     .liquidation_fee = ramp_.fee_ppm,
                                                     .fund_fee = ramp_.fund_fee_ppm,
                                                     .oracle_price = price});
  // Never more than the position, which fits; rounded up to lots as the venue does to steps.
  const Int128 needed =
      static_cast<Int128>(std::min<drift::Uint128>(cover, static_cast<drift::Uint128>(base)));
  const std::int64_t lots = std::min(
      all.lots, narrow(mul_div_wide(needed, before.lots_per_unit, kBasePerUnit, Round::Up)));
  const std::int64_t part =
      drift::freeable_part({.initial_part = basis_points(ramp.initial_part),
                            .slots = ramp.duration.ns / drift::kSlot.ns},
                           shortage, running == nullptr ? 0 : running->freed.micros, slots);
  ramp_.covers = part >= 10'000 || notional <= kAllBelow;
  if (notional <= kAllBelow) return all;
  return {mul_div(lots, part, 10'000, Round::Down)};
}

Exchange::Closing::Bonus Exchange::Closing::ramp_bonus(Quantity lots) const {
  const Money notional = x_.value_of(instrument_, lots).abs();
  const auto part = [&](std::int64_t ppm) {
    return Money{mul_div(notional.micros, ppm, 1'000'000, Round::Down)};
  };
  return {.keeper = part(ramp_.fee_ppm), .fund = part(ramp_.fund_fee_ppm)};
}

void Exchange::Closing::by_ramp() {
  const Money before = ramp_shortage(subject().account);
  to_keeper();
  if (steps_ == 0) return;
  if (is_gone() || (ramp_.covers && left_ == Quantity::zero())) {
    x_.end_auction(target_, instrument_);
    return;
  }
  const Money freed = std::max(Money::zero(), before - ramp_shortage(subject().account));
  Ramped* running = x_.find_of(x_.ramped_, target_, instrument_);
  if (running == nullptr) {
    running = &x_.ramped_.emplace_back(Ramped{.account = target_,
                                              .instrument = x_.key_of(target_, instrument_),
                                              .started = x_.scalars_.now});
    x_.rows_[target_.value].flags |= kAuction;
  }
  running->freed += freed;
}

}  // namespace mezz
