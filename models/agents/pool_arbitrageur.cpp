#include "models/agents/pool_arbitrageur.h"

namespace mezz {

void PoolArbitrageur::on(Context& ctx, const Start&) { after(ctx, params().refresh, Refresh{}); }

void PoolArbitrageur::on(Context& ctx, const Refresh&) {
  after(ctx, params().refresh, Refresh{});
  if (!view().open()) return;
  for (std::uint16_t i = 1; i < node().instruments(); ++i) {
    if (node().pool({i}) != nullptr && node().trading({i})) look_at(ctx, {i});
  }
}

void PoolArbitrageur::look_at(Context& ctx, InstrumentId instrument) {
  const Price mark = node().mark(instrument);
  const Price spot = node().pool(instrument)->spot(mark);
  const bool buys = spot < mark.down_by(params().threshold);
  if (!buys && spot <= mark.up_by(params().threshold)) return;
  const Price limit{(spot.ticks + mark.ticks) / 2};
  if (limit.ticks < 1) return;
  place(ctx, {.account = account(),
              .quantity = buys ? params().clip : -params().clip,
              .price = limit,
              .time_in_force = TimeInForce::Ioc,
              .instrument = instrument});
}

void PoolArbitrageur::on(Context&, const Receipt& receipt) {
  if (receipt.filled == Quantity::zero()) return;
  ++trades_;
  const ListingSpec& spec = *node().listing(receipt.instrument);
  const Money better =
      lot_value(spec, node().mark(receipt.instrument)) - lot_value(spec, receipt.average);
  gain_ += better * receipt.filled.lots;
}

void PoolArbitrageur::report(MetricList& out) const {
  out.count(metric_name("trades"), trades_);
  out.money(metric_name("gain"), gain_);
  out.money(metric_name("profit"), node().equity(account(), node().oracle()) - params().capital);
}

}  // namespace mezz
