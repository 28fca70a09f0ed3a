#include "scenarios/validation/quoting_market.h"

#include <algorithm>

#include "models/agents/avellaneda_stoikov.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::validation {

namespace as = avellaneda_stoikov;

QuotingMarket::QuotingMarket(const Site& site, const QuotingParams& params)
    : EntityOf(site, params), sessions_(static_cast<std::size_t>(params.sessions)) {
  MEZZ_ASSERT(params.sessions > 0 && params.steps > 0);
  for (Session& session : sessions_) session.mid = params.mid;
}

void QuotingMarket::on(Context& ctx, const Start&) { after(ctx, 1_s, Step{}); }

void QuotingMarket::on(Context& ctx, const Step&) {
  const QuotingParams& p = params();
  const double dt = p.horizon / static_cast<double>(p.steps);
  const double left = p.horizon - static_cast<double>(done_) * dt;
  const double move = p.volatility * numeric::sqrt(dt);
  for (Session& session : sessions_) {
    const as::Market market{session.mid, p.volatility, p.fill_decay};
    const double leaning = p.strategy == Strategy::Inventory ? session.held : 0.0;
    const as::Quotes quotes = as::quotes(market, {leaning, p.risk_aversion, left});
    const double bid_fill =
        std::min(1.0, as::fill_intensity(p.fills_at_mid, market, session.mid - quotes.bid) * dt);
    const double ask_fill =
        std::min(1.0, as::fill_intensity(p.fills_at_mid, market, quotes.ask - session.mid) * dt);
    const double bid_draw = rng().uniform();
    const double ask_draw = rng().uniform();
    const double mid_draw = rng().uniform();
    if (bid_draw < bid_fill) {
      session.held += 1;
      session.cash -= quotes.bid;
    }
    if (ask_draw < ask_fill) {
      session.held -= 1;
      session.cash += quotes.ask;
    }
    session.mid += mid_draw < 0.5 ? move : -move;
  }
  spread_sum_ += as::spread({p.mid, p.volatility, p.fill_decay}, {0, p.risk_aversion, left});
  ++done_;
  if (done_ < p.steps) after(ctx, 1_s, Step{});
}

double QuotingMarket::mean_spread() const {
  MEZZ_ASSERT(done_ > 0);
  return spread_sum_ / static_cast<double>(done_);
}

}  // namespace mezz::validation
