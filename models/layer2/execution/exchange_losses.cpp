// Losses that nobody paid: bad debt, or shared at the end of the block. A share rounds up; what
// that brings too much is rounding. Nobody pays more than he has, and what is lacking then is bad
// debt.
#include <algorithm>
#include <utility>

#include "models/layer2/execution/exchange.h"

namespace mezz {

void Exchange::book_loss(LiquidationEvent event, Money loss, BlockOutput& out) {
  if (loss == Money::zero()) return;
  MEZZ_ASSERT(loss > Money::zero());
  const bool shared = params_.socialise != Socialise::None;
  ledger_.post({.debit = shared ? SystemAccount::SocialisedLoss : SystemAccount::BadDebt,
                .credit = event.account,
                .amount = loss});
  event.step = shared ? LiquidationStep::Socialised : LiquidationStep::BadDebt;
  (shared ? event.socialised : event.bad_debt) = loss;
  if (!shared) ++scalars_.bad_debt_accounts;
  if (params_.socialise == Socialise::ByPosition) {
    shared_losses_.push_back({.instrument = event.instrument, .amount = loss});
  }
  emit(event, out);
}

void Exchange::share_losses() {
  const Money loss = -ledger_.balance(SystemAccount::SocialisedLoss);
  MEZZ_ASSERT(loss >= Money::zero());
  if (loss == Money::zero()) return;
  std::int64_t payers = 0;
  if (params_.socialise == Socialise::ProRata) payers = share_by_equity(loss);
  for (const SharedLoss& shared : shared_losses_) payers += share_by_position(shared);
  shared_losses_.clear();
  const Money excess = ledger_.balance(SystemAccount::SocialisedLoss);
  if (excess < Money::zero()) {
    ledger_.post({.debit = SystemAccount::BadDebt,
                  .credit = SystemAccount::SocialisedLoss,
                  .amount = -excess});
    scalars_.loss_socialised += excess;
    ++scalars_.bad_debt_accounts;
    return;
  }
  MEZZ_ASSERT(excess.micros <= payers);
  ledger_.settle(SystemAccount::SocialisedLoss, SystemAccount::Rounding, -excess);
}

// Returns how many paid.
std::int64_t Exchange::share_by_equity(Money loss) {
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
  return static_cast<std::int64_t>(payers.size());
}

// Both sides pay alike, as a step of the funding rate of all open base does on Drift.
std::int64_t Exchange::share_by_position(const SharedLoss& loss) {
  std::vector<std::pair<AccountId, Quantity>> holders;
  Int128 all = 0;
  market_of(loss.instrument).positions.for_each_holder([&](AccountId account, const Position& row) {
    if ((rows_[account.value].flags & kNobodys) != 0) return;
    holders.emplace_back(account, row.size.abs());
    all += row.size.abs().lots;
  });
  for (const auto& [account, lots] : holders) {
    const Money share{narrow(mul_div_wide(loss.amount.micros, lots.lots, all, Round::Up))};
    const Money paid = std::clamp(payable(account), Money::zero(), share);
    if (paid == Money::zero()) continue;
    charge(account, paid);
    touch(account);
  }
  return static_cast<std::int64_t>(holders.size());
}

}  // namespace mezz
