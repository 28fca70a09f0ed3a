// Provides liquidity to the pool of one listing: buys what lots the pool's rule needs (constant
// product and ranges), adds them with as much quote, keeps its shares for `hold` and takes all
// back, then sells the lots. Reports what the pool was worth to it: fees less what arbitrageurs
// took. Left out: ranges of its own, moving them, adding again.
#pragma once

#include <string>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/layer2/reporter.h"
#include "sim/config/visit.h"

namespace mezz {

struct LiquidityProviderParams {
  std::string instrument = {};
  Duration start = 1_min;
  Duration hold = 1_h;
  Money capital = 100'000_usd;

  void visit(auto& v) {
    v("instrument", instrument, {.doc = "Name of the listing whose pool it joins"});
    v("start", start, {.doc = "When it joins"});
    v("hold", hold, {.doc = "How long it stays", .min = 1_s});
    v("capital", capital,
      {.doc = "Deposit at the start; nearly all of it goes in", .min = Money{1}});
  }
};

class LiquidityProvider final : public Agent<LiquidityProvider, LiquidityProviderParams>,
                                public Reporter {
 public:
  enum class Phase : std::uint8_t { Waiting, Buying, Joining, Providing, Leaving, Left };
  struct Next {};

  LiquidityProvider(const Site& site, const LiquidityProviderParams& params,
                    const MarketAccess& access, AccountRange accounts);
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const LiquidityProviderParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Next&);
  void report(MetricList& out) const override;
  [[nodiscard]] Phase phase() const { return phase_; }

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("phase", phase_);
  }

 private:
  static constexpr Duration kRetry = 10_s;

  [[nodiscard]] bool needs_lots() const;
  void liquidity(Context& ctx, TxKind kind, std::int64_t amount, Quantity lots);
  void enter(Context& ctx, Phase phase, Duration next);

  InstrumentId instrument_;
  Phase phase_ = Phase::Waiting;
};

}  // namespace mezz
