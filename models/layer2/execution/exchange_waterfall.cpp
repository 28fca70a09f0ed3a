// What outlives one liquidation: the vault, the auctions of Maker, and who cools down or is being
// liquidated by Drift's rule.
#include <algorithm>
#include <utility>

#include "models/layer2/execution/exchange.h"
#include "models/liquidation/maker_clip.h"
#include "models/liquidation/synthetix_v3.h"
#include "sim/check/fingerprint.h"

namespace mezz {
namespace {

namespace maker = liquidation::maker;
using maker::Ray;

}  // namespace

// ---- the vault ---------------------------------------------------------------------------------

void Exchange::open_vault() {
  vault_ = open_account();
  rows_[vault_.value].flags |= kVault;
  ledger_.post(
      {.debit = SystemAccount::External, .credit = vault_, .amount = params_.insurance_fund});
}

// Lots that the vault may offer now.
Quantity ExchangeState::vault_offers(InstrumentId instrument) const {
  const Quantity held = position(vault_, instrument).abs();
  if (params_.liquidation_rule != LiquidationRule::SynthetixV3) {
    return {mul_div(held.lots, params_.backstop.unwind_share.ppb, Ratio::kScale, Round::Up)};
  }
  const std::int64_t per_unit = market_of(instrument).contract.lots_per_unit();
  const auto units = [&](Quantity lots) { return Wad::of(lots.lots, per_unit); };
  std::vector<liquidation::synthetix_v3::Closed> before;
  for (const Sold& sold : sold_) {
    if (sold.instrument != instrument.value) continue;
    before.push_back({.at = sold.at, .units = units(sold.lots)});
  }
  const Wad most = liquidation::synthetix_v3::closable(
      {.fees = params_.maker_fee + params_.taker_fee,
       .skew_scale = Wad::whole(params_.venue_margin.synthetix_v3.skew_scale),
       .multiplier = params_.window.multiplier,
       .window = params_.window.window,
       .premium_max = params_.window.premium_max,
       .step = units({1})},
      before, scalars_.now, units(held), units(held));
  return {narrow(mul_div_wide(most.units, per_unit, Wad::kOne, Round::Down))};
}

// After every index price: the vault offers part of what it holds, and is deleveraged when it is
// insolvent.
void Exchange::tend_backstop(BlockOutput& out) {
  scalars_.insurance_fund_min =
      std::min(scalars_.insurance_fund_min, equity(vault_, scalars_.oracle));
  for (std::uint16_t i = 0; i < markets_.size(); ++i) {
    const Quantity held = position(vault_, {i});
    if (held == Quantity::zero() || !trading({i}) || markets_[i].pool >= 0) continue;
    const bool sells = held > Quantity::zero();
    const Price fair = mark({i});
    const Quantity part = vault_offers({i});
    if (part == Quantity::zero()) continue;
    Taker taker{.account = vault_,
                .instrument = {i},
                .side = sells ? Side::Sell : Side::Buy,
                .limit = sells ? std::max(Price{1}, fair.down_by(params_.backstop.unwind_slippage))
                               : fair.up_by(params_.backstop.unwind_slippage),
                .left = part,
                .fee = Ratio::zero()};
    FillSum sum;
    (void)match(taker, sum, out);
    const bool counts = params_.liquidation_rule == LiquidationRule::SynthetixV3;
    if (!counts || sum.quantity == Quantity::zero()) continue;
    sold_.push_back({.instrument = i, .at = scalars_.now, .lots = sum.quantity});
  }
  Row& row = rows_[vault_.value];
  const bool insolvent = equity(vault_, scalars_.oracle) < Money::zero();
  if (!insolvent) {
    row.flags &= ~std::uint32_t{kMarked};
    return;
  }
  if (holds_nothing(vault_)) {
    sweep(vault_, scalars_.now, out);
    return;
  }
  if ((row.flags & kMarked) == 0) marked_.push_back(vault_);
  row.flags |= kMarked;
}

// ---- the auctions of Maker ---------------------------------------------------------------------

// Rounded in favour of the account: up for a sale, down for a purchase.
Price ExchangeState::clip_price(const Clip& clip, Quantity position, Time now) const {
  const Ray top = maker::multiply(Ray::from(params_.clip.start), {Ray::kOne * clip.mark.ticks});
  const Ray falls = maker::stair_step_price(top, Ray::from(params_.clip.cut), params_.clip.step,
                                            now - clip.started);
  const std::int64_t ticks = narrow(divide(falls.units, Ray::kOne, Round::Up));
  const std::int64_t mirrored = 2 * clip.mark.ticks - ticks;
  return {std::max<std::int64_t>(1, position > Quantity::zero() ? ticks : mirrored)};
}

std::uint64_t ExchangeState::waterfall_hash() const {
  Fingerprint hash;
  for (const Clip& clip : clips_) {
    hash.add(clip.account.value + (std::uint64_t{clip.instrument.value} << 32U),
             static_cast<std::uint64_t>(clip.mark.ticks));
    hash.add(static_cast<std::uint64_t>(clip.started.ns));
  }
  for (const Cooling& cooling : cooling_) {
    hash.add(cooling.account.value + (std::uint64_t{cooling.instrument.value} << 32U),
             static_cast<std::uint64_t>(cooling.until.ns));
  }
  for (const Ramped& ramped : ramped_) {
    hash.add(ramped.account.value + (std::uint64_t{ramped.instrument.value} << 32U),
             static_cast<std::uint64_t>(ramped.started.ns));
    hash.add(static_cast<std::uint64_t>(ramped.freed.micros));
  }
  for (const Sold& sold : sold_) {
    hash.add(sold.instrument, static_cast<std::uint64_t>(sold.at.ns));
    hash.add(static_cast<std::uint64_t>(sold.lots.lots));
  }
  return hash.value();
}

}  // namespace mezz
