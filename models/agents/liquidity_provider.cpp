#include "models/agents/liquidity_provider.h"

#include <algorithm>

#include "sim/check/error.h"

namespace mezz {

LiquidityProvider::LiquidityProvider(const Site& site, const LiquidityProviderParams& params,
                                     const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts),
      instrument_(node().find_instrument(params.instrument)) {
  if (!instrument_.exists() || node().pool(instrument_) == nullptr) {
    throw ScenarioError("agent.instrument",
                        "'" + params.instrument + "' must name a listing that has a market.pool");
  }
}

bool LiquidityProvider::needs_lots() const {
  const venue::Kind kind = node().pool(instrument_)->kind();
  return kind == venue::Kind::Cpmm || kind == venue::Kind::Clmm;
}

void LiquidityProvider::enter(Context& ctx, Phase phase, Duration next) {
  phase_ = phase;
  after(ctx, next, Next{});
}

void LiquidityProvider::on(Context& ctx, const Start&) {
  enter(ctx, Phase::Waiting, params().start);
}

void LiquidityProvider::liquidity(Context& ctx, TxKind kind, std::int64_t amount, Quantity lots) {
  Transaction tx = transaction(ctx, kind, account());
  tx.instrument = instrument_;
  tx.amount = amount;
  tx.price = lots.lots;
  submit(ctx, tx);
}

// What a step asked for is looked up a little later; what did not come about is asked for again.
void LiquidityProvider::on(Context& ctx, const Next&) {
  const Quantity held = node().position(account(), instrument_);
  const std::int64_t shares = node().pool_shares(account(), instrument_);
  switch (phase_) {
    case Phase::Waiting:
    case Phase::Buying:
      if (needs_lots() && held == Quantity::zero()) {
        const Price spot = node().pool(instrument_)->spot(node().mark(instrument_));
        const Money lot = notional(node().listing(instrument_)->contract(), Quantity{1}, spot);
        const std::int64_t lots =
            params().capital.micros / 2 / std::max<std::int64_t>(lot.micros, 1);
        if (lots > 0) {
          place(ctx, {.account = account(),
                      .quantity = {lots},
                      .price = {0},
                      .time_in_force = TimeInForce::Ioc,
                      .instrument = instrument_});
        }
        enter(ctx, Phase::Buying, kRetry);
        return;
      }
      liquidity(ctx, TxKind::AddLiquidity, node().quote(account()).micros, held);
      enter(ctx, Phase::Joining, kRetry);
      return;
    case Phase::Joining:
      enter(ctx, shares > 0 ? Phase::Providing : Phase::Buying,
            shares > 0 ? params().hold : kRetry);
      return;
    case Phase::Providing:
    case Phase::Leaving:
      if (shares > 0) {
        liquidity(ctx, TxKind::RemoveLiquidity, shares, {});
      } else if (held != Quantity::zero()) {
        place(ctx, {.account = account(),
                    .quantity = -held,
                    .price = {0},
                    .time_in_force = TimeInForce::Ioc,
                    .instrument = instrument_});
      } else {
        phase_ = Phase::Left;
        return;
      }
      enter(ctx, Phase::Leaving, kRetry);
      return;
    case Phase::Left:
      return;
  }
}

void LiquidityProvider::report(MetricList& out) const {
  out.count(metric_name("shares"), node().pool_shares(account(), instrument_));
  out.money(metric_name("equity"), node().equity(account(), node().oracle()));
}

}  // namespace mezz
