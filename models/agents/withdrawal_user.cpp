#include "models/agents/withdrawal_user.h"

#include "sim/check/error.h"
#include "sim/random/distribution.h"

namespace mezz {

WithdrawalUser::WithdrawalUser(const Site& site, const WithdrawalUserParams& params,
                               const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts) {
  if (params.forced_after && !access.can_force()) {
    throw ScenarioError(path() + ".forced_after", "needs layer one and its inbox; leave it out");
  }
}

void WithdrawalUser::wait(Context& ctx) {
  if (live_->withdrawals_per_hour <= 0.0) return;
  const double hours = exponential(rng()) / live_->withdrawals_per_hour;
  next_ = after(ctx, to_drawn_duration(hours * 3.6e12), Ask{});
}

Transaction WithdrawalUser::withdrawal(const Context& ctx, std::uint64_t number) const {
  Transaction tx = transaction(ctx, TxKind::Withdraw, account());
  tx.amount = params().amount.micros;
  tx.reference = number;
  MEZZ_ASSERT(tx.amount > 0);
  return tx;
}

void WithdrawalUser::on(Context& ctx, const Start&) { wait(ctx); }

void WithdrawalUser::on(Context& ctx, const Ask&) {
  if (asked_ == static_cast<std::uint64_t>(params().withdrawals_max)) return;
  const std::uint64_t number = ++asked_;
  submit(ctx, withdrawal(ctx, number));
  if (params().forced_after) {
    unanswered_[number] = ctx.now();
    after(ctx, *params().forced_after, Overdue{number});
  }
  wait(ctx);
}

// A Poisson stream has no memory: at another rate the wait for the next withdrawal begins anew.
void WithdrawalUser::on(Context& ctx, const ParameterChange& change) {
  const double before = live_->withdrawals_per_hour;
  live_.apply(change);
  if (live_->withdrawals_per_hour == before) return;
  if (asked_ == static_cast<std::uint64_t>(params().withdrawals_max)) return;
  ctx.cancel(next_);
  wait(ctx);
}

void WithdrawalUser::on(Context& ctx, const Overdue& overdue) {
  if (!unanswered_.contains(overdue.number)) return;
  MEZZ_ASSERT(access().can_force());
  MEZZ_ASSERT(overdue.number <= asked_);
  const std::uint64_t written = access().forced->write_forced(withdrawal(ctx, overdue.number));
  ++forced_;
  ctx.send(access().l1,
           SubmitL1Transaction{.to = access().bridge,
                               .from = {},
                               .tag = overdue.number,
                               .a = written,
                               .gas = static_cast<std::uint32_t>(params().forced_gas.units),
                               .kind = L1CallKind::ForcedTransaction,
                               .tip = MilliGwei::from(params().forced_tip),
                               .cap = MilliGwei::from(params().forced_cap)});
}

void WithdrawalUser::on(Context&, const Receipt& receipt) {
  if (receipt.kind != TxKind::Withdraw) return;
  unanswered_.erase(receipt.reference);
  if (receipt.status == TxStatus::Executed) ++accepted_;
}

}  // namespace mezz
