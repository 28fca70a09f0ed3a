// What outlives one liquidation: the vault of Hyperliquid, the auctions of Maker, and losses that
// nobody paid.
#include <algorithm>
#include <utility>

#include "models/layer2/execution/exchange.h"
#include "models/liquidation/maker_clip.h"
#include "sim/check/fingerprint.h"

namespace mezz {

// ---- the vault of Hyperliquid ------------------------------------------------------------------

void Exchange::open_vault() {
  vault_ = open_account();
  rows_[vault_.value].flags |= kVault;
  ledger_.post(
      {.debit = SystemAccount::External, .credit = vault_, .amount = params_.insurance_fund});
}

bool ExchangeState::is_cooling(AccountId account, InstrumentId instrument) const {
  return std::any_of(cooling_.begin(), cooling_.end(), [&](const Cooling& c) {
    return c.account == account && together(account, c.instrument, instrument);
  });
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

// ---- the auctions of Maker ---------------------------------------------------------------------

const ExchangeState::Clip* ExchangeState::find_clip(AccountId account,
                                                    InstrumentId instrument) const {
  const auto at = std::find_if(clips_.begin(), clips_.end(), [&](const Clip& clip) {
    return clip.account == account && together(account, clip.instrument, instrument);
  });
  return at == clips_.end() ? nullptr : &*at;
}

// Rounded in favour of the account: up for a sale, down for a purchase.
Price ExchangeState::clip_price(const Clip& clip, Quantity position, Time now) const {
  const liquidation::maker::Ray top =
      liquidation::maker::multiply(liquidation::maker::Ray::from(params_.clip.start),
                                   {liquidation::maker::Ray::kOne * clip.mark.ticks});
  const liquidation::maker::Ray falls = liquidation::maker::stair_step_price(
      top, liquidation::maker::Ray::from(params_.clip.cut), params_.clip.step, now - clip.started);
  const std::int64_t ticks = narrow(divide(falls.units, liquidation::maker::Ray::kOne, Round::Up));
  const std::int64_t mirrored = 2 * clip.mark.ticks - ticks;
  return {std::max<std::int64_t>(1, position > Quantity::zero() ? ticks : mirrored)};
}

// ---- losses that nobody paid -------------------------------------------------------------------

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
  return hash.value();
}

}  // namespace mezz
