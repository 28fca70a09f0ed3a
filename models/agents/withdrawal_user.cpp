#include "models/agents/withdrawal_user.h"

#include "sim/random/distribution.h"

namespace mezz {

void WithdrawalUser::wait(Context& ctx) {
  if (params().withdrawals_per_hour <= 0.0) return;
  const double hours = exponential(rng()) / params().withdrawals_per_hour;
  after(ctx, to_drawn_duration(hours * 3.6e12), Ask{});
}

void WithdrawalUser::on(Context& ctx, const Start&) { wait(ctx); }

void WithdrawalUser::on(Context& ctx, const Ask&) {
  if (asked_ == static_cast<std::uint64_t>(params().withdrawals_max)) return;
  ++asked_;
  withdraw(ctx, params().amount);
  wait(ctx);
}

void WithdrawalUser::on(Context&, const Receipt& receipt) {
  if (receipt.kind == TxKind::Withdraw && receipt.status == TxStatus::Executed) ++accepted_;
}

}  // namespace mezz
