#include "models/agents/funding_trader.h"

#include <algorithm>

#include "sim/check/error.h"

namespace mezz {

FundingTrader::FundingTrader(const Site& site, const FundingTraderParams& params,
                             const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts), instrument_(chosen()) {
  mezz::check(params.processing, path() + ".processing");
  if (params.hedge == CarryHedge::Spot && !access.outside.exists()) {
    throw ScenarioError(path(), "needs a market outside, or hedge = \"none\"");
  }
  if (params.exit >= params.enter) throw ScenarioError(path() + ".exit", "must be below enter");
}

InstrumentId FundingTrader::chosen() const {
  const std::string& name = params().instrument;
  if (name.empty()) return kMainInstrument;
  const InstrumentId found = node().find_instrument(name);
  const bool pooled = found.exists() && node().pool(found) != nullptr;
  if (!pooled || node().listing(found)->kind != ListingKind::LinearPerp) {
    throw ScenarioError(
        path() + ".instrument",
        "'" + name + "' must name a listing of kind linear_perp that has a market.pool");
  }
  if (node().listing(found)->lot_decimals != node().params().contract.lot_decimals) {
    throw ScenarioError(path() + ".instrument",
                        "'" + name +
                            "' must have the lot_decimals of market.contract: its hedge "
                            "counts in those lots");
  }
  return found;
}

void FundingTrader::on(Context& ctx, const Start&) { after(ctx, params().interval, Look{}); }

// The first look counts in full, later ones by the time since the last.
void FundingTrader::average_rate(Time now) {
  const double seen = carry::funding_per_year(node(), instrument_);
  const double dt = looked_.happened() ? (now - looked_).seconds() : 0.0;
  rate_ =
      looked_.happened() ? rate_ + (seen - rate_) * dt / (dt + params().memory.seconds()) : seen;
  looked_ = now;
  rate_sum_ += seen;
  ++looks_;
}

void FundingTrader::hedge(Context& ctx) {
  if (params().hedge == CarryHedge::None) return;
  const Quantity order = leg_.missing(held());
  if (order == Quantity::zero()) return;
  leg_.ordered += order;
  ctx.send(access().outside, OutsideOrder{.from = self(), .quantity = order});
}

void FundingTrader::on(Context& ctx, const Look&) {
  after(ctx, params().interval, Look{});
  if (!view().open()) return;
  hedge(ctx);
  average_rate(ctx.now());
  if (waiting_since_.happened() && ctx.now() - waiting_since_ < params().patience) return;
  const FundingTraderParams& p = params();
  const bool listed = instrument_ != kMainInstrument;
  const Price mark = listed ? node().mark(instrument_) : view().mark();
  const Money lot = listed ? lot_value(*node().listing(instrument_), mark)
                           : notional(node().params().contract, Quantity{1}, mark);
  if (lot <= Money::zero()) return;
  const Quantity limit{scale(p.capital, p.leverage, Round::Down).micros / lot.micros};
  const Quantity want = carry::wanted(
      {p.enter.value(), p.exit.value(), p.full.value()},
      {.open_short = rate_, .open_long = -rate_, .hold_short = rate_, .hold_long = -rate_}, held(),
      limit);
  const Quantity change = std::clamp(want - held(), -p.clip, p.clip);
  if (change == Quantity::zero()) return;
  const bool buys = change > Quantity::zero();
  waiting_since_ = ctx.now();
  after(ctx, draw(p.processing, rng()),
        Act{change, buys ? mark.up_by(p.slippage) : mark.down_by(p.slippage)});
}

void FundingTrader::on(Context& ctx, const Act& act) {
  place(ctx, {.account = account(),
              .quantity = act.quantity,
              .price = act.limit,
              .time_in_force = TimeInForce::Ioc,
              .instrument = instrument_});
}

void FundingTrader::on(Context& ctx, const Receipt& receipt) {
  if (receipt.kind != TxKind::PlaceOrder) return;
  waiting_since_ = Time::never();
  position_max_ = std::max(position_max_, held().abs());
  hedge(ctx);
}

void FundingTrader::on(Context&, const OutsideFill& fill) { leg_.fill(fill); }

Money FundingTrader::profit() const {
  const Price index = node().oracle();
  return node().equity(account(), index) - params().capital +
         notional(node().params().contract, leg_.held, index) - leg_.paid;
}

void FundingTrader::report(MetricList& out) const {
  const double mean = looks_ > 0 ? rate_sum_ / static_cast<double>(looks_) : 0.0;
  out.add(metric_name("rate.mean"), mean, "1");
  out.count(metric_name("position.max"), position_max_.lots);
  out.money(metric_name("profit"), profit());
}

}  // namespace mezz
