// What the rules of liquidation_presets.h do differently: how much is closed now and at which
// limit, who takes it, what the fund adds or gets, and who bears what is left.
#include <algorithm>
#include <utility>

#include "models/layer2/execution/exchange.h"
#include "models/liquidation/aave.h"
#include "models/liquidation/hyperliquid.h"
#include "models/liquidation/maker_clip.h"
#include "sim/check/fingerprint.h"

namespace mezz {
namespace {

namespace aave = liquidation::aave;
namespace hyperliquid = liquidation::hyperliquid;
namespace maker = liquidation::maker;
using maker::Ray;

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kHundredPercent = 10'000;  // in basis points

std::int64_t basis_points(Ratio ratio) { return ratio.ppb / 100'000; }

Ray ray(Ratio ratio) { return {Int128{ratio.ppb} * (Ray::kOne / Ratio::kScale)}; }

// Of the maintenance margin, in basis points.
std::int64_t health(const margin::Risk& risk) {
  const std::int64_t equity = std::max<std::int64_t>(risk.net_collateral.micros, 0);
  return mul_div(equity, kHundredPercent, risk.maintenance_margin.micros, Round::Down);
}

}  // namespace

// ---- plans
// ---------------------------------------------------------------------------------------

// False: nothing may be closed now.
bool Exchange::plan_closing(Closing& closing, const liquidation::Subject& before) {
  const bool is_long = before.size > Quantity::zero();
  const Price any_price = is_long ? Price{1} : market_of(closing.instrument).price_max;
  closing.limit = any_price;
  closing.left = -before.size;
  switch (params_.liquidation_rule) {
    case LiquidationRule::DydxV4:
      closing.left =
          liquidation::closable(before.size, before.price, params_.liquidation.account_notional_max,
                                params_.liquidation, Quantity{1});
      closing.limit = liquidation::fillable_ticks(before, params_.liquidation,
                                                  market_of(closing.instrument).money_per_lot_tick);
      break;
    case LiquidationRule::Hyperliquid: {
      if (is_cooling(closing.target, closing.instrument)) break;
      const Money value =
          notional(market_of(closing.instrument).contract, before.size, mark(closing.instrument));
      const Wad first =
          hyperliquid::first_close(Wad::whole(before.size.lots), Wad::from(value.abs()),
                                   Wad::from(params_.backstop.partial_above));
      const auto lots = static_cast<std::int64_t>(first.units / Wad::kOne);
      if (lots != 0) closing.left = {-lots};
      closing.partial = closing.left != -before.size;
      break;
    }
    case LiquidationRule::FixedBonus: {
      const Int128 lots = aave::debt_closable(before.size.abs().lots, health(before.account));
      closing.left = {is_long ? -narrow(lots) : narrow(lots)};
      break;
    }
    case LiquidationRule::Full:
      break;
    case LiquidationRule::MakerClip: {
      const Clip* clip = find_clip(closing.target, closing.instrument);
      if (clip == nullptr) break;
      const Quantity size = position(closing.target, clip->instrument);
      if (size == Quantity::zero()) {  // closed otherwise meanwhile: another position's turn
        end_auction(closing.target, closing.instrument);
        break;
      }
      closing.instrument = clip->instrument;
      closing.left = -size;
      break;
    }
  }
  return closing.left != Quantity::zero();
}

void Exchange::run_closing(Closing& closing, BlockOutput& out) {
  switch (params_.liquidation_rule) {
    case LiquidationRule::DydxV4:
      close_on_book(closing, out);
      close_to_keeper(closing, out);
      return;
    case LiquidationRule::Hyperliquid:
      close_on_book(closing, out);
      if (closing.partial && closing.steps > 0) {
        cooling_.push_back({.account = closing.target,
                            .instrument = key_of(closing.target, closing.instrument),
                            .until = scalars_.now + params_.backstop.cooldown});
      }
      close_to_backstop(closing, out);
      return;
    case LiquidationRule::Full:
      close_on_book(closing, out);
      return;
    case LiquidationRule::FixedBonus:
      close_to_keeper(closing, out);
      return;
    case LiquidationRule::MakerClip:
      close_by_clip(closing, out);
      return;
  }
}

// ---- money -------------------------------------------------------------------------------------

Exchange::FundTerms Exchange::fund_terms(const Closing& closing, const FillTerms& terms) const {
  const liquidation::Subject target = subject(closing.target, closing.instrument);
  const Money bankruptcy = liquidation::bankruptcy_price(target, terms.quantity);
  const auto against = [&](std::int64_t fee_max_ppm) {
    return liquidation::insurance_fund_delta(terms.value, bankruptcy, fee_max_ppm);
  };
  switch (params_.liquidation_rule) {
    case LiquidationRule::DydxV4: {
      const Money loss_left = params_.liquidation.account_insurance_loss_max - closing.fund_paid;
      return {against(params_.liquidation.fee_max_ppm),
              std::min(fund(), std::max(Money::zero(), loss_left))};
    }
    case LiquidationRule::Hyperliquid:
      return {against(0), Money::zero()};
    case LiquidationRule::Full:
      return {against(kMillion), fund()};
    case LiquidationRule::FixedBonus:
      return {bonus_of(closing, terms.quantity.abs()).fund, Money::zero()};
    case LiquidationRule::MakerClip:
      return {against(params_.clip.penalty.ppm(Round::Down)), fund()};
  }
  MEZZ_ASSERT(false);
  return {};
}

// Aave's seizure: the notional closed is the debt that the keeper repays; that and the account's
// part of its equity are the collateral. When it is short, the bonus is paid all the same.
Exchange::Bonus Exchange::bonus_of(const Closing& closing, Quantity lots) const {
  const Quantity change = closing.left > Quantity::zero() ? lots : -lots;
  const Money at_mark =
      -notional(market_of(closing.instrument).contract, change, mark(closing.instrument));
  const liquidation::Subject target = subject(closing.target, closing.instrument);
  const Money part = at_mark - liquidation::bankruptcy_price(target, change);
  const Int128 debt = at_mark.abs().micros;
  const Int128 collateral = std::max<Int128>(debt + part.micros, 0);
  const aave::Asset dollar{.price = 1, .decimals = 0};
  const aave::Seizure seized =
      aave::seize(debt, collateral, dollar, dollar,
                  {.bonus_bp = kHundredPercent + basis_points(params_.fixed_bonus.bonus),
                   .fee_bp = basis_points(params_.fixed_bonus.fund_share)});
  const Int128 keeper = seized.to_liquidator - seized.debt_repaid;
  return {.keeper = {narrow(std::max<Int128>(keeper, 0))}, .fund = {narrow(seized.protocol_fee)}};
}

// At the limit, or at the mark less the bonus.
Exchange::FillTerms Exchange::keeper_terms(const Closing& closing, Quantity lots) const {
  const bool bonus = params_.liquidation_rule == LiquidationRule::FixedBonus;
  const Taker taker{.account = closing.target,
                    .instrument = closing.instrument,
                    .side = closing.left > Quantity::zero() ? Side::Buy : Side::Sell,
                    .limit = closing.limit,
                    .left = lots,
                    .fee = Ratio::zero()};
  FillTerms at = terms(taker, lots, bonus ? mark(closing.instrument) : closing.limit);
  at.maker_fee = Money::zero();
  at.price = bonus ? mark(closing.instrument) : closing.limit;
  if (bonus) at.value -= bonus_of(closing, lots).keeper;
  return at;
}

// ---- the vault of Hyperliquid
// --------------------------------------------------------------------

void Exchange::open_vault() {
  vault_ = open_account();
  rows_[vault_.value].flags |= kVault;
  ledger_.post(
      {.debit = SystemAccount::External, .credit = vault_, .amount = params_.insurance_fund});
}

bool Exchange::is_cooling(AccountId account, InstrumentId instrument) const {
  return std::any_of(cooling_.begin(), cooling_.end(), [&](const Cooling& c) {
    return c.account == account && together(account, c.instrument, instrument);
  });
}

// Everything the account (or the purse) has, at nothing: what is left of its margin is the vault's,
// and so is its debt.
void Exchange::close_to_backstop(Closing& closing, BlockOutput& out) {
  const AccountId target = closing.target;
  if (holds_nothing(target)) return;
  if (isolated(target) && position(target, closing.instrument) == Quantity::zero()) return;
  const margin::Risk now = subject(target, closing.instrument).account;
  if (hyperliquid::stage(Wad::from(now.net_collateral), Wad::from(now.maintenance_margin)) !=
      hyperliquid::Stage::Backstop) {
    return;
  }
  const Bid bid{.target = target,
                .instrument = closing.instrument,
                .bidder = vault_,
                .since = closing.since,
                .part = Wad::one(),
                .price = {},
                .payout = {},
                .step = LiquidationStep::Backstop};
  if (!can_take(bid)) return;
  take(bid, out);
  ++closing.steps;
  closing.left = Quantity::zero();
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
    const std::int64_t part =
        mul_div(held.abs().lots, params_.backstop.unwind_share.ppb, Ratio::kScale, Round::Up);
    if (part == 0) continue;
    Taker taker{.account = vault_,
                .instrument = {i},
                .side = sells ? Side::Sell : Side::Buy,
                .limit = sells ? std::max(Price{1}, fair.down_by(params_.backstop.unwind_slippage))
                               : fair.up_by(params_.backstop.unwind_slippage),
                .left = {part},
                .fee = Ratio::zero()};
    FillSum sum;
    (void)match(taker, sum, out);
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

// ---- the auction of Maker
// ------------------------------------------------------------------------

const Exchange::Clip* Exchange::find_clip(AccountId account, InstrumentId instrument) const {
  const auto at = std::find_if(clips_.begin(), clips_.end(), [&](const Clip& clip) {
    return clip.account == account && together(account, clip.instrument, instrument);
  });
  return at == clips_.end() ? nullptr : &*at;
}

// Rounded in favour of the account: up for a sale, down for a purchase.
Price Exchange::clip_price(const Clip& clip, Quantity position, Time now) const {
  const Ray top = maker::multiply(ray(params_.clip.start), {Ray::kOne * clip.mark.ticks});
  const Ray falls =
      maker::stair_step_price(top, ray(params_.clip.cut), params_.clip.step, now - clip.started);
  const std::int64_t ticks = narrow(divide(falls.units, Ray::kOne, Round::Up));
  const std::int64_t mirrored = 2 * clip.mark.ticks - ticks;
  return {std::max<std::int64_t>(1, position > Quantity::zero() ? ticks : mirrored)};
}

void Exchange::close_by_clip(Closing& closing, BlockOutput& out) {
  const Clip* clip = find_clip(closing.target, closing.instrument);
  if (clip == nullptr) {
    start_clip(closing, out);
    return;
  }
  const Duration elapsed = scalars_.now - clip->started;
  const Ray top = ray(params_.clip.start);
  const Ray falls = maker::stair_step_price(top, ray(params_.clip.cut), params_.clip.step, elapsed);
  if (maker::needs_redo(top, falls, elapsed,
                        {.tail = params_.clip.tail, .cusp = ray(params_.clip.cusp)})) {
    start_clip(closing, out);
    return;
  }
  closing.limit = clip_price(*clip, position(closing.target, closing.instrument), scalars_.now);
  close_to_keeper(closing, out);
  if (position(closing.target, closing.instrument) == Quantity::zero()) {
    end_auction(closing.target, closing.instrument);
  }
}

// Whoever starts an auction is paid by the fund, as far as it has something.
void Exchange::start_clip(Closing& closing, BlockOutput& out) {
  end_auction(closing.target, closing.instrument);
  rows_[closing.target.value].flags |= kAuction;
  clips_.push_back({.account = closing.target,
                    .instrument = closing.instrument,
                    .mark = mark(closing.instrument),
                    .started = scalars_.now});
  const Money value = notional(market_of(closing.instrument).contract, closing.left.abs(),
                               mark(closing.instrument));
  const Money reward{narrow(
      maker::keeper_reward(value.micros, params_.clip.tip.micros,
                           Wad{Int128{params_.clip.chip.ppb} * (Wad::kOne / Ratio::kScale)}))};
  const Money paid = std::min(reward, fund());
  pay_from_fund(closing.keeper, paid);
  ++closing.steps;
  emit({.account = closing.target,
        .counterparty = closing.keeper,
        .instrument = closing.instrument,
        .step = LiquidationStep::AuctionStart,
        .fund_paid = paid,
        .liquidatable_since = closing.since},
       out);
}

// ---- losses that nobody paid
// ---------------------------------------------------------------------

void Exchange::book_loss(LiquidationEvent event, Money loss, BlockOutput& out) {
  if (loss == Money::zero()) return;
  MEZZ_ASSERT(loss > Money::zero());
  const bool shared = params_.socialise == Socialise::ProRata;
  ledger_.post({.debit = shared ? SystemAccount::SocialisedLoss : SystemAccount::BadDebt,
                .credit = event.account,
                .amount = loss});
  event.step = shared ? LiquidationStep::Socialised : LiquidationStep::BadDebt;
  (shared ? event.socialised : event.bad_debt) = loss;
  if (!shared) ++scalars_.bad_debt_accounts;
  emit(event, out);
}

// Shares round up; what that brings too much is rounding. Nobody pays more than his equity, and
// what is beyond the equity of all is bad debt.
void Exchange::share_losses() {
  const Money loss = -ledger_.balance(SystemAccount::SocialisedLoss);
  MEZZ_ASSERT(loss >= Money::zero());
  if (loss == Money::zero()) return;
  std::vector<std::pair<AccountId, Money>> payers;
  Money all;
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    if ((rows_[i].flags & kNobodys) != 0) continue;
    const Money value = payable({i});
    if (value <= Money::zero()) continue;
    payers.emplace_back(AccountId{i}, value);
    all += value;
  }
  const Money borne = std::min(loss, all);
  for (const auto& [account, value] : payers) {
    const Money share{mul_div(borne.micros, value.micros, all.micros, Round::Up)};
    MEZZ_ASSERT(share <= value);
    charge(account, share);
    touch(account);
  }
  if (borne < loss) {
    ledger_.post({.debit = SystemAccount::BadDebt,
                  .credit = SystemAccount::SocialisedLoss,
                  .amount = loss - borne});
    scalars_.loss_socialised -= loss - borne;
    ++scalars_.bad_debt_accounts;
  }
  const Money excess = ledger_.balance(SystemAccount::SocialisedLoss);
  MEZZ_ASSERT(excess >= Money::zero() && excess.micros <= static_cast<std::int64_t>(payers.size()));
  ledger_.settle(SystemAccount::SocialisedLoss, SystemAccount::Rounding, -excess);
}

std::uint64_t Exchange::waterfall_hash() const {
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
  return hash.value();
}

}  // namespace mezz
