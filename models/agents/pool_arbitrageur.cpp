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

// Of the pool that the listing trades against, which has been found before.
Ratio PoolArbitrageur::fee_of(InstrumentId instrument) const {
  const std::string& name = node().listing(instrument)->name;
  for (const PoolEntry& entry : node().params().pool) {
    if (entry.instrument == name) return entry.rule.fee;
  }
  return Ratio::zero();
}

void PoolArbitrageur::look_at(Context& ctx, InstrumentId instrument) {
  const Price mark = node().mark(instrument);
  const Price spot = node().pool(instrument)->spot(mark);
  const bool buys = spot < mark.down_by(params().threshold);
  if (!buys && spot <= mark.up_by(params().threshold)) return;
  // The price at which another lot would no longer pay its fee.
  const Ratio fee = fee_of(instrument);
  const Price edge = buys ? mark.down_by(fee) : mark.up_by(fee);
  if (buys ? spot >= edge : spot <= edge) return;
  const Price limit{(spot.ticks + edge.ticks) / 2};
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
  const Money value = lot_value(spec, receipt.average) * receipt.filled.abs().lots;
  gain_ += better * receipt.filled.lots - scale(value, fee_of(receipt.instrument), Round::Up);
}

void PoolArbitrageur::report(MetricList& out) const {
  out.count(metric_name("trades"), trades_);
  out.money(metric_name("gain"), gain_);
  out.money(metric_name("profit"), node().equity(account(), node().oracle()) - params().capital);
}

}  // namespace mezz
