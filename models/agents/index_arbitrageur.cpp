#include "models/agents/index_arbitrageur.h"

#include <algorithm>

namespace mezz {

ArbitrageSide arbitrage(Price outside, Price best_bid, Price best_ask, Ratio cost) {
  MEZZ_ASSERT(outside.ticks > 0);
  if (best_bid.ticks > 0 && best_bid > outside.up_by(cost)) return ArbitrageSide::Sell;
  if (best_ask.ticks > 0 && best_ask < outside.down_by(cost)) return ArbitrageSide::Buy;
  return ArbitrageSide::None;
}

void IndexArbitrageur::on(Context&, const PriceTick& tick) {
  if (tick.time >= outside_.time) outside_ = tick;
}

void IndexArbitrageur::on(Context& ctx, const MarkUpdate&) { act(ctx); }

void IndexArbitrageur::act(Context& ctx) {
  if (!outside_.time.happened()) return;
  if (waiting_since_.happened() && ctx.now() - waiting_since_ < params().patience) return;
  const MarketUpdate& market = view().last;
  const ArbitrageSide side =
      arbitrage(outside_.price, market.best_bid, market.best_ask, params().cost);
  if (side == ArbitrageSide::None) return;
  const Quantity limit = params().clip * params().clips_max;
  const Quantity room = side == ArbitrageSide::Buy ? limit - position() : limit + position();
  const Quantity size = std::min(room, params().clip);
  if (size <= Quantity::zero()) return;
  // Takes every level that still pays for the costs.
  const bool buys = side == ArbitrageSide::Buy;
  const Price limit_price =
      buys ? outside_.price.down_by(params().cost) : outside_.price.up_by(params().cost);
  place(ctx, {.account = account(),
              .quantity = buys ? size : -size,
              .price = limit_price,
              .time_in_force = TimeInForce::Ioc,
              .priority = static_cast<std::uint8_t>(params().priority)});
  ++orders_;
  waiting_since_ = ctx.now();
}

void IndexArbitrageur::on(Context&, const Receipt& receipt) {
  waiting_since_ = Time::never();
  if (receipt.filled == Quantity::zero() || !outside_.time.happened()) return;
  const ContractSpec& contract = node().params().contract;
  gain_ += notional(contract, receipt.filled, outside_.price) -
           notional(contract, receipt.filled, receipt.average);
}

void IndexArbitrageur::report(MetricList& out) const { out.money(metric_name("gain"), gain_); }

}  // namespace mezz
