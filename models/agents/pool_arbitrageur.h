// Keeps pools near the mark: looks at every pool of its node at intervals and, where the marginal
// price is further than `threshold` from the mark, trades toward it until the next lot would no
// longer pay the pool's fee, with the average price half way as limit. Holds what it took until the
// price comes back. Headline numbers: trades; profit, the equity less the deposit; gain, what its
// trades were better than the mark when it heard of them, the pool's fee taken off (the arbitrage
// profit of Milionis, Moallemi and Roughgarden 2023). Left out: a hedge elsewhere, gas, priority
// auctions for the first trade of a block.
#pragma once

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/layer2/reporter.h"
#include "sim/config/visit.h"

namespace mezz {

struct PoolArbitrageurParams {
  Duration refresh = 1_s;
  Ratio threshold = 50_bp;
  Quantity clip = 100'000_lots;
  Money capital = 10'000'000_usd;

  void visit(auto& v) {
    v("refresh", refresh, {.doc = "Time between two looks", .min = 10_ms});
    v("threshold", threshold,
      {.doc = "Distance from the mark that is not worth a trade; the pool's fee is in it",
       .min = Ratio{1},
       .max = Ratio::one()});
    v("clip", clip, {.doc = "Largest order", .min = Quantity{1}});
    v("capital", capital, {.doc = "Deposit at the start", .min = Money{1}});
  }
};

class PoolArbitrageur final : public Agent<PoolArbitrageur, PoolArbitrageurParams>,
                              public Reporter {
 public:
  struct Refresh {};

  using Agent::Agent;
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const PoolArbitrageurParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Refresh&);
  void on(Context& ctx, const Receipt& receipt) override;
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("trades", trades_);
    v("gain", gain_);
  }

 private:
  void look_at(Context& ctx, InstrumentId instrument);
  [[nodiscard]] Ratio fee_of(InstrumentId instrument) const;

  std::uint64_t trades_ = 0;
  Money gain_ = Money::zero();
};

}  // namespace mezz
