// Asks for withdrawals at a Poisson rate, so that the time until they are paid can be measured from
// the table of withdrawals. It holds enough money for `withdrawals_max`, and then stops.
// With `forced_after` it does not wait for ever for a sequencer that is down or ignores it: a
// withdrawal without a receipt by then is sent once more as a forced transaction over layer one
// (OptimismPortal.depositTransaction with the withdrawal as its call, about 150 000 gas), which
// every node must execute (availability/l1_inbox.h, derivation.h).
// Left out: proving and claiming on layer one, which the bridge's own relayers do; nonces: a
// withdrawal that the sequencer includes after all, besides the forced one, is a second withdrawal.
#pragma once

#include <map>
#include <optional>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/shock/live.h"
#include "sim/config/visit.h"

namespace mezz {

struct WithdrawalUserParams {
  double withdrawals_per_hour = 60.0;
  Money amount = 100_usd;
  std::int64_t withdrawals_max = 100'000;
  std::optional<Duration> forced_after = {};
  Gas forced_gas{150'000};
  GasPrice forced_tip = 2_gwei;
  GasPrice forced_cap = 200_gwei;

  static constexpr std::string_view kLive[] = {"withdrawals_per_hour"};
  void visit(auto& v) {
    v("withdrawals_per_hour", withdrawals_per_hour, {.doc = "Mean rate", .min = 0.0, .max = 1e7});
    v("amount", amount, {.doc = "Of each withdrawal", .min = Money{1}});
    v("withdrawals_max", withdrawals_max,
      {.doc = "Then its money is gone", .min = 1, .max = 100'000'000});
    v("forced_after", forced_after,
      {.doc = "Without a receipt by then, the withdrawal is forced over layer one; default: never",
       .min = 1_ms});
    v("forced_gas", forced_gas,
      {.doc = "Layer-one gas of a forced transaction [D]",
       .min = Gas{21'000},
       .max = Gas{16'000'000}});
    v("forced_tip", forced_tip, {.doc = "Priority fee of a forced transaction"});
    v("forced_cap", forced_cap, {.doc = "Fee above which it is not included"});
  }
};

class WithdrawalUser final : public Agent<WithdrawalUser, WithdrawalUserParams, Tunable> {
 public:
  struct Ask {};
  struct Overdue {
    std::uint64_t number;
  };

  // Throws ScenarioError when forced_after is set and there is no layer one to force over.
  WithdrawalUser(const Site& site, const WithdrawalUserParams& params, const MarketAccess& access,
                 AccountRange accounts);
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const WithdrawalUserParams& params) {
    return open_accounts(exchange, 1, params.amount * params.withdrawals_max);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Ask&);
  void on(Context& ctx, const Overdue& overdue);
  void on(Context& ctx, const Receipt& receipt) override;
  void on(Context& ctx, const ParameterChange& change) override;

  [[nodiscard]] std::uint64_t asked() const { return asked_; }
  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
  [[nodiscard]] std::uint64_t forced() const { return forced_; }
  [[nodiscard]] std::size_t unanswered() const { return unanswered_.size(); }
  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("asked", asked_);
    v("accepted", accepted_);
    v("forced", forced_);
    v("unanswered", unanswered_);
    v("next", next_);
    v("live", live_);
  }

 private:
  void wait(Context& ctx);
  [[nodiscard]] Transaction withdrawal(const Context& ctx, std::uint64_t number) const;

  std::uint64_t asked_ = 0;
  std::uint64_t accepted_ = 0;                // debited on layer two
  std::uint64_t forced_ = 0;                  // sent over layer one
  std::map<std::uint64_t, Time> unanswered_;  // number of the withdrawal, when it was asked for
  Timer next_;
  Live<WithdrawalUserParams> live_{params()};
};

}  // namespace mezz
