// Asks for withdrawals at a Poisson rate, so that the time until they are paid can be measured from
// the table of withdrawals. It holds enough money for `withdrawals_max`, and then stops. Left out:
// proving and claiming on layer one, which the bridge's own relayers do.
#pragma once

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "sim/config/visit.h"

namespace mezz {

struct WithdrawalUserParams {
  double withdrawals_per_hour = 60.0;
  Money amount = 100_usd;
  std::int64_t withdrawals_max = 100'000;

  void visit(auto& v) {
    v("withdrawals_per_hour", withdrawals_per_hour, {.doc = "Mean rate", .min = 0.0, .max = 1e7});
    v("amount", amount, {.doc = "Of each withdrawal", .min = Money{1}});
    v("withdrawals_max", withdrawals_max,
      {.doc = "Then its money is gone", .min = 1, .max = 100'000'000});
  }
};

class WithdrawalUser final : public Agent<WithdrawalUser, WithdrawalUserParams> {
 public:
  struct Ask {};

  using Agent::Agent;
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const WithdrawalUserParams& params) {
    return open_accounts(exchange, 1, params.amount * params.withdrawals_max);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Ask&);
  void on(Context& ctx, const Receipt& receipt) override;

  [[nodiscard]] std::uint64_t asked() const { return asked_; }
  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("asked", asked_);
    v("accepted", accepted_);
  }

 private:
  void wait(Context& ctx);

  std::uint64_t asked_ = 0;
  std::uint64_t accepted_ = 0;  // debited on layer two
};

}  // namespace mezz
