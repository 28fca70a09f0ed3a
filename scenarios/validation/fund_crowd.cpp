#include "scenarios/validation/fund_crowd.h"

#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"
#include "sim/random/distribution.h"

namespace mezz::validation {

namespace {

Money micros(double amount) {
  return {static_cast<std::int64_t>(amount < 0 ? amount - 0.5 : amount + 0.5)};
}

}  // namespace

FundCrowd::FundCrowd(const Site& site, const FundCrowdParams& p) : EntityOf(site, p) {
  MEZZ_ASSERT(p.balance < p.success);
  MEZZ_ASSERT(p.funds > 0);
  for (std::int64_t i = 0; i < p.funds; ++i) {
    const AccountId fund = ledger_.open_account();
    ledger_.post({SystemAccount::External, fund, p.balance});
    running_.push_back(fund);
  }
}

void FundCrowd::on(Context& ctx, const Start&) { after(ctx, 1_s, Round{}); }

Money FundCrowd::change(AccountId fund, Money amount) {
  ledger_.settle(fund, SystemAccount::External, amount);
  return ledger_.balance(fund);
}

void FundCrowd::write_off(AccountId fund) {
  const Money missing = -ledger_.balance(fund);
  if (missing > Money::zero()) ledger_.post({SystemAccount::BadDebt, fund, missing});
}

bool FundCrowd::flip(AccountId fund) {
  const Money stake = params().stake;
  return change(fund, rng().chance(params().win) ? stake : -stake) <= Money::zero();
}

bool FundCrowd::claim(AccountId fund) {
  const auto mean = static_cast<double>(params().claim.micros);
  static_cast<void>(change(fund, micros(mean * params().premium * exponential(rng()))));
  return change(fund, -micros(mean * exponential(rng()))) < Money::zero();
}

bool FundCrowd::diffuse(AccountId fund) {
  const FundCrowdParams& p = params();
  const double before = ledger_.balance(fund).usd();
  const double variance = p.deviation * p.deviation * p.step;
  const double move = p.drift * p.step + numeric::sqrt(variance) * normal(rng());
  const double draw = rng().uniform();
  const double after = change(fund, micros(move * 1e6)).usd();
  // A round takes as many draws with or without a crossing.
  return after <= 0 || draw < numeric::exp(-2 * before * after / variance);
}

void FundCrowd::on(Context& ctx, const Round&) {
  std::vector<AccountId> left;
  for (const AccountId fund : running_) {
    bool is_ruined = false;
    switch (params().risk) {
      case FundRisk::CoinFlips:
        is_ruined = flip(fund);
        break;
      case FundRisk::Claims:
        is_ruined = claim(fund);
        break;
      case FundRisk::Diffusion:
        is_ruined = diffuse(fund);
        break;
    }
    if (is_ruined) {
      ++ruined_;
      write_off(fund);
    } else if (ledger_.balance(fund) < params().success) {
      left.push_back(fund);
    }
  }
  running_ = std::move(left);
  if (!running_.empty()) after(ctx, 1_s, Round{});
}

}  // namespace mezz::validation
