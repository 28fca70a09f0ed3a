#include "models/agents/basis_trader.h"

#include <algorithm>

#include "sim/check/error.h"

namespace mezz {

namespace {

constexpr Duration kYear = 365_d;
// A premium is worth its whole rate until this long before the expiry: what is left of it then is
// noise of the tick.
constexpr Duration kShortest = 1_h;

double years(Duration time) { return time.seconds() / kYear.seconds(); }

carry::Costs costs_of(const BasisTraderParams& p) {
  return {.round_trip = p.cost.value(), .financing = p.financing.value()};
}

}  // namespace

BasisTrader::BasisTrader(const Site& site, const BasisTraderParams& params,
                         const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts) {
  mezz::check(params.processing, path() + ".processing");
  if (!access.outside.exists()) throw ScenarioError(path(), "needs a market outside");
  if (params.exit >= params.enter) throw ScenarioError(path() + ".exit", "must be below enter");
  const ExchangeParams& exchange = node().params();
  ContractSpec contract = exchange.contract;
  if (!params.instrument.empty()) {
    instrument_ = node().find_instrument(params.instrument);
    const std::string key = path() + ".instrument";
    if (!instrument_.exists()) {
      throw ScenarioError(key, "no listing is called '" + params.instrument + "'");
    }
    const ListingSpec* spec = node().listing(instrument_);
    if (spec->kind != ListingKind::Future && spec->kind != ListingKind::LinearPerp) {
      throw ScenarioError(
          key, "must be a future or a linear_perp, not a " + std::string(enum_name(spec->kind)));
    }
    if (node().pool(instrument_) != nullptr) {
      throw ScenarioError(key, "must trade on an order book, not against a pool");
    }
    contract = spec->contract();
  }
  usd_per_tick_ = contract.tick.usd();
  lots_per_unit_ = static_cast<double>(contract.lots_per_unit());
}

void BasisTrader::on(Context& ctx, const Start&) { after(ctx, params().interval, Look{}); }

void BasisTrader::on(Context&, const PriceTick& tick) {
  if (tick.time >= outside_.time || !outside_.time.happened()) outside_ = tick;
}

// Toward zero: what a coarser grid cannot express stays open.
Quantity BasisTrader::in_contract_lots(Quantity lots) const {
  const auto contract = static_cast<double>(node().params().contract.lots_per_unit());
  return {static_cast<std::int64_t>(static_cast<double>(lots.lots) * contract / lots_per_unit_)};
}

carry::Basis BasisTrader::basis(Time now) const {
  const OrderBook& book = node().book(instrument_);
  const auto usd = [&](Side side) {
    return book.has(side) ? static_cast<double>(book.best(side).ticks) * usd_per_tick_ : 0.0;
  };
  const ListingSpec* spec = node().listing(instrument_);
  Duration converge = 8_h;
  if (spec != nullptr) {
    converge = spec->kind == ListingKind::Future
                   ? std::max(spec->expiry - (now - Time::zero()), kShortest)
                   : spec->period();
  }
  const bool ends = spec != nullptr && spec->kind == ListingKind::Future;
  return {.spot = static_cast<double>(outside_.price.ticks) * node().params().contract.tick.usd(),
          .bid = usd(Side::Buy),
          .ask = usd(Side::Sell),
          .converge_years = years(converge),
          .hold_years = years(ends ? converge : params().holding)};
}

Quantity BasisTrader::limit(double spot) const {
  const double units = params().capital.usd() * params().leverage.value() / spot;
  return {static_cast<std::int64_t>(std::min(units * lots_per_unit_, 1e15))};
}

void BasisTrader::hedge(Context& ctx) {
  const Quantity order = leg_.missing(in_contract_lots(held()));
  if (order == Quantity::zero()) return;
  leg_.ordered += order;
  ctx.send(access().outside, OutsideOrder{.from = self(), .quantity = order});
}

void BasisTrader::on(Context& ctx, const Look&) {
  after(ctx, params().interval, Look{});
  if (!view().open() || !outside_.time.happened()) return;
  hedge(ctx);
  if (!node().trading(instrument_)) return;
  const carry::Basis now = basis(ctx.now());
  if (now.bid > 0.0 && now.ask > 0.0) {
    basis_sum_ += (now.bid + now.ask) / (2.0 * now.spot) - 1.0;
    ++looks_;
  }
  if (waiting_since_.happened() && ctx.now() - waiting_since_ < params().patience) return;
  const carry::Costs costs = costs_of(params());
  const carry::Band band{params().enter.value(), params().exit.value(), params().full.value()};
  const Quantity have = held();
  const Quantity want = carry::wanted(band, carry::basis_offer(now, costs), have, limit(now.spot));
  const Quantity clip = params().clip;
  const Quantity change = std::clamp(want - have, -clip, clip);
  if (change == Quantity::zero()) return;
  const bool buys = change > Quantity::zero();
  const bool opens = have == Quantity::zero() || (have > Quantity::zero()) == buys;
  const double far = params().slippage.value();
  double price = now.spot * (buys ? 1.0 + far : 1.0 - far);
  if (opens) {
    price = buys ? carry::long_price(now, costs, band.enter)
                 : carry::short_price(now, costs, band.enter);
  }
  const auto ticks = static_cast<std::int64_t>(std::clamp(price / usd_per_tick_, 1.0, 1e12));
  waiting_since_ = ctx.now();
  after(ctx, draw(params().processing, rng()), Act{change, Price{buys ? ticks : ticks + 1}});
}

void BasisTrader::on(Context& ctx, const Act& act) {
  place(ctx, {.account = account(),
              .quantity = act.quantity,
              .price = act.limit,
              .time_in_force = TimeInForce::Ioc,
              .instrument = instrument_});
}

void BasisTrader::on(Context& ctx, const Receipt& receipt) {
  if (receipt.kind != TxKind::PlaceOrder) return;
  waiting_since_ = Time::never();
  position_max_ = std::max(position_max_, held().abs());
  hedge(ctx);
}

void BasisTrader::on(Context&, const OutsideFill& fill) { leg_.fill(fill); }

Money BasisTrader::profit() const {
  const Price index = node().oracle();
  return node().equity(account(), index) - params().capital +
         notional(node().params().contract, leg_.held, index) - leg_.paid;
}

void BasisTrader::report(MetricList& out) const {
  const double mean = looks_ > 0 ? basis_sum_ / static_cast<double>(looks_) : 0.0;
  out.add(metric_name("basis.mean"), mean, "1");
  out.count(metric_name("position.max"), position_max_.lots);
  out.money(metric_name("profit"), profit());
}

}  // namespace mezz
