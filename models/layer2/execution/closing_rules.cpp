// What each rule of liquidation_presets.h decides: how much is closed now and at which limit, who
// takes it, and what the fund adds or gets.
#include <algorithm>

#include "models/layer2/execution/closing.h"
#include "models/liquidation/aave.h"
#include "models/liquidation/hyperliquid.h"
#include "models/liquidation/maker_clip.h"

namespace mezz {
namespace {

namespace aave = liquidation::aave;
namespace hyperliquid = liquidation::hyperliquid;
namespace maker = liquidation::maker;
using maker::Ray;

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kHundredPercent = 10'000;  // in basis points

std::int64_t basis_points(Ratio ratio) { return ratio.ppb / 100'000; }

// Of the maintenance margin, in basis points.
std::int64_t health(const margin::Risk& risk) {
  const std::int64_t equity = std::max<std::int64_t>(risk.net_collateral.micros, 0);
  return mul_div(equity, kHundredPercent, risk.maintenance_margin.micros, Round::Down);
}

}  // namespace

// False: nothing may be closed now.
bool Exchange::Closing::plan(const liquidation::Subject& before) {
  const bool is_long = before.size > Quantity::zero();
  const Price any_price = is_long ? Price{1} : market().price_max;
  limit_ = any_price;
  left_ = -before.size;
  switch (x_.params_.liquidation_rule) {
    case LiquidationRule::DydxV4:
      left_ = liquidation::closable(before.size, before.price,
                                    x_.params_.liquidation.account_notional_max,
                                    x_.params_.liquidation, Quantity{1});
      limit_ =
          liquidation::fillable_ticks(before, x_.params_.liquidation, market().money_per_lot_tick);
      break;
    case LiquidationRule::Hyperliquid: {
      if (x_.find_of(x_.cooling_, target_, instrument_) != nullptr) break;
      const Money value = notional(market().contract, before.size, x_.mark(instrument_));
      const Wad first =
          hyperliquid::first_close(Wad::whole(before.size.lots), Wad::from(value.abs()),
                                   Wad::from(x_.params_.backstop.partial_above));
      const auto lots = static_cast<std::int64_t>(first.units / Wad::kOne);
      if (lots != 0) left_ = {-lots};
      partial_ = left_ != -before.size;
      break;
    }
    case LiquidationRule::FixedBonus: {
      const Int128 lots = aave::debt_closable(before.size.abs().lots, health(before.account));
      left_ = {is_long ? -narrow(lots) : narrow(lots)};
      break;
    }
    case LiquidationRule::Full:
      break;
    case LiquidationRule::MakerClip: {
      const Clip* clip = x_.find_of(x_.clips_, target_, instrument_);
      if (clip == nullptr) break;
      const Quantity size = x_.position(target_, clip->instrument);
      if (size == Quantity::zero()) {  // closed otherwise meanwhile: another position's turn
        x_.end_auction(target_, instrument_);
        break;
      }
      instrument_ = clip->instrument;
      left_ = -size;
      break;
    }
    case LiquidationRule::Drift: {
      const Quantity lots = ramp_lots(before);
      left_ = is_long ? -lots : lots;
      break;
    }
    case LiquidationRule::GmxV2:
    case LiquidationRule::SynthetixV3:
      break;
  }
  return left_ != Quantity::zero();
}

void Exchange::Closing::run() {
  switch (x_.params_.liquidation_rule) {
    case LiquidationRule::DydxV4:
      on_book();
      to_keeper();
      return;
    case LiquidationRule::Hyperliquid:
      on_book();
      if (partial_ && steps_ > 0) {
        x_.cooling_.push_back({.account = target_,
                               .instrument = x_.key_of(target_, instrument_),
                               .until = x_.scalars_.now + x_.params_.backstop.cooldown});
      }
      to_backstop();
      return;
    case LiquidationRule::Full:
      on_book();
      return;
    case LiquidationRule::FixedBonus:
      to_keeper();
      return;
    case LiquidationRule::MakerClip:
      by_clip();
      return;
    case LiquidationRule::Drift:
      by_ramp();
      return;
    case LiquidationRule::GmxV2:
      to_pool();
      return;
    case LiquidationRule::SynthetixV3:
      to_vault(flag_reward());
      return;
  }
}

// ---- money -------------------------------------------------------------------------------------

Exchange::Closing::FundTerms Exchange::Closing::fund_terms(const FillTerms& terms) const {
  const liquidation::Subject target = subject();
  const Money bankruptcy = liquidation::bankruptcy_price(target, terms.quantity);
  const auto against = [&](std::int64_t fee_max_ppm) {
    return liquidation::insurance_fund_delta(terms.value, bankruptcy, fee_max_ppm);
  };
  switch (x_.params_.liquidation_rule) {
    case LiquidationRule::DydxV4: {
      const Money loss_left = x_.params_.liquidation.account_insurance_loss_max - fund_paid_;
      return {against(x_.params_.liquidation.fee_max_ppm),
              std::min(x_.fund(), std::max(Money::zero(), loss_left))};
    }
    case LiquidationRule::Hyperliquid:
    case LiquidationRule::GmxV2:
    case LiquidationRule::SynthetixV3:
      return {against(0), Money::zero()};
    case LiquidationRule::Full:
      return {against(kMillion), x_.fund()};
    case LiquidationRule::FixedBonus:
    case LiquidationRule::Drift:
      return {bonus_of(terms.quantity.abs()).fund, Money::zero()};
    case LiquidationRule::MakerClip:
      return {against(x_.params_.clip.penalty.ppm(Round::Down)), x_.fund()};
  }
  MEZZ_ASSERT(false);
  return {};
}

// Aave's seizure: the notional closed is the debt that the keeper repays; that and the account's
// part of its equity are the collateral. When it is short, the bonus is paid all the same.
Exchange::Closing::Bonus Exchange::Closing::aave_bonus(Quantity lots) const {
  const Quantity change = left_ > Quantity::zero() ? lots : -lots;
  const Money at_mark = -notional(market().contract, change, x_.mark(instrument_));
  const liquidation::Subject target = subject();
  const Money part = at_mark - liquidation::bankruptcy_price(target, change);
  const Int128 debt = at_mark.abs().micros;
  const Int128 collateral = std::max<Int128>(debt + part.micros, 0);
  const aave::Asset dollar{.price = 1, .decimals = 0};
  const aave::Seizure seized =
      aave::seize(debt, collateral, dollar, dollar,
                  {.bonus_bp = kHundredPercent + basis_points(x_.params_.fixed_bonus.bonus),
                   .fee_bp = basis_points(x_.params_.fixed_bonus.fund_share)});
  const Int128 keeper = seized.to_liquidator - seized.debt_repaid;
  return {.keeper = {narrow(std::max<Int128>(keeper, 0))}, .fund = {narrow(seized.protocol_fee)}};
}

Exchange::Closing::Bonus Exchange::Closing::bonus_of(Quantity lots) const {
  return x_.params_.liquidation_rule == LiquidationRule::Drift ? ramp_bonus(lots)
                                                               : aave_bonus(lots);
}

// At the limit, or at the mark less the bonus.
ExchangeState::FillTerms Exchange::Closing::keeper_terms(Quantity lots) const {
  const bool bonus = x_.params_.liquidation_rule == LiquidationRule::FixedBonus ||
                     x_.params_.liquidation_rule == LiquidationRule::Drift;
  const Taker taker{.account = target_,
                    .instrument = instrument_,
                    .side = left_ > Quantity::zero() ? Side::Buy : Side::Sell,
                    .limit = limit_,
                    .left = lots,
                    .fee = Ratio::zero()};
  FillTerms at = x_.terms(taker, lots, bonus ? x_.mark(instrument_) : limit_);
  at.maker_fee = Money::zero();
  at.price = bonus ? x_.mark(instrument_) : limit_;
  if (bonus) at.value -= bonus_of(lots).keeper;
  return at;
}

void Exchange::Closing::to_backstop() {
  if (is_gone()) return;
  const margin::Risk now = subject().account;
  if (hyperliquid::stage(Wad::from(now.net_collateral), Wad::from(now.maintenance_margin)) ==
      hyperliquid::Stage::Backstop) {
    to_vault(Money::zero());
  }
}

void Exchange::Closing::by_clip() {
  const Clip* clip = x_.find_of(x_.clips_, target_, instrument_);
  if (clip == nullptr) {
    start_clip();
    return;
  }
  const Duration elapsed = x_.scalars_.now - clip->started;
  const Ray top = Ray::from(x_.params_.clip.start);
  const Ray falls =
      maker::stair_step_price(top, Ray::from(x_.params_.clip.cut), x_.params_.clip.step, elapsed);
  if (maker::needs_redo(top, falls, elapsed,
                        {.tail = x_.params_.clip.tail, .cusp = Ray::from(x_.params_.clip.cusp)})) {
    start_clip();
    return;
  }
  limit_ = x_.clip_price(*clip, x_.position(target_, instrument_), x_.scalars_.now);
  to_keeper();
  if (x_.position(target_, instrument_) == Quantity::zero()) {
    x_.end_auction(target_, instrument_);
  }
}

// Whoever starts an auction is paid by the fund, as far as it has something.
void Exchange::Closing::start_clip() {
  x_.end_auction(target_, instrument_);
  x_.rows_[target_.value].flags |= kAuction;
  x_.clips_.push_back({.account = target_,
                       .instrument = instrument_,
                       .mark = x_.mark(instrument_),
                       .started = x_.scalars_.now});
  const Money value = notional(market().contract, left_.abs(), x_.mark(instrument_));
  const Money reward{narrow(maker::keeper_reward(value.micros, x_.params_.clip.tip.micros,
                                                 Wad::from(x_.params_.clip.chip)))};
  const Money paid = std::min(reward, x_.fund());
  x_.pay_from_fund(keeper_, paid);
  ++steps_;
  x_.emit({.account = target_,
           .counterparty = keeper_,
           .instrument = instrument_,
           .step = LiquidationStep::AuctionStart,
           .fund_paid = paid,
           .liquidatable_since = since_},
          out_);
}

}  // namespace mezz
