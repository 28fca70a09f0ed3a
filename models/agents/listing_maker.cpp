#include "models/agents/listing_maker.h"

#include <algorithm>

#include "sim/numeric/elementary.h"

namespace mezz {
namespace {

std::size_t slot_of(InstrumentId instrument, bool bid) {
  return 2U * (instrument.value - 1U) + (bid ? 0U : 1U);
}

double usd_per_tick(const Exchange& exchange) {
  return static_cast<double>(exchange.params().contract.tick.micros) * 1e-6;
}

}  // namespace

ListingMaker::ListingMaker(const Site& site, const ListingMakerParams& params,
                           const MarketAccess& access, AccountRange accounts)
    : Agent(site, params, access, accounts), quoted_(2U * (node().instruments() - 1U)) {
  MEZZ_ASSERT(quoted_.size() < kFirstNumber);
  if (site.recording == nullptr) return;
  unhedged_.bind(*site.recording, path());
  error_probe_.bind(*site.recording, path());
  rms_probe_.bind(*site.recording, path());
}

void ListingMaker::on(Context& ctx, const Start&) {
  after(ctx, params().refresh, Refresh{});
  after(ctx, params().hedge_every, Hedge{});
}

// ---- quotes ------------------------------------------------------------------------------------

// Bids round down, asks up.
ListingMaker::Quotes ListingMaker::around_mark(InstrumentId instrument) const {
  const double mark = static_cast<double>(node().mark(instrument).ticks);
  const double held = static_cast<double>(node().position(account(), instrument).lots) /
                      static_cast<double>(params().clip.lots);
  const double centre = mark * (1.0 - params().skew.value() * held);
  const double away = mark * params().half_spread.value() + 1.0;
  const auto ticks = [](double price, bool bid) -> Price {
    if (price < 1.0) return {bid ? 0 : 1};
    const auto whole = static_cast<std::int64_t>(std::min(price, 1e12));
    return {!bid && static_cast<double>(whole) < price ? whole + 1 : whole};
  };
  return {.bid = ticks(centre - away, true), .ask = ticks(centre + away, false)};
}

double ListingMaker::vega(Duration expiry) const {
  double sum = 0.0;
  for (std::uint16_t i = 1; i < node().instruments(); ++i) {
    const Quantity held = node().position(account(), {i});
    if (held == Quantity::zero() || !node().trading({i})) continue;
    const ListingSpec& spec = *node().listing({i});
    if (spec.expiry != expiry) continue;
    sum += static_cast<double>(held.lots) * greeks(spec, node().mark_state({i})).vega;
  }
  return sum;
}

// A digital in the money falls when the volatility rises: the worse of both prices on each side.
ListingMaker::Quotes ListingMaker::on_surface(InstrumentId instrument) const {
  const ListingSpec& spec = *node().listing(instrument);
  const double spread = params().volatility_spread.value();
  const double shift = -spread * vega(spec.expiry) / params().vega_scale.usd();
  const auto price_at = [&](double factor) {
    MarkState state = node().mark_state(instrument);
    state.volatility_factor =
        Ratio{static_cast<std::int64_t>(std::clamp(factor, 0.05, 20.0) * 1e9)};
    return mark(spec, state).ticks;
  };
  const std::int64_t low = price_at(1.0 + shift - spread);
  const std::int64_t high = price_at(1.0 + shift + spread);
  return {.bid = {std::max<std::int64_t>(0, std::min(low, high) - 1)},
          .ask = {std::max(low, high) + 1}};
}

ListingMaker::Quotes ListingMaker::quotes_of(InstrumentId instrument) const {
  const ListingKind kind = node().listing(instrument)->kind;
  const bool surface = params().quote_in == QuoteIn::Volatility && moves_with_volatility(kind);
  return surface ? on_surface(instrument) : around_mark(instrument);
}

void ListingMaker::quote(Context& ctx, InstrumentId instrument, bool bid, Price price) {
  const std::size_t slot = slot_of(instrument, bid);
  const Quantity held = node().position(account(), instrument);
  const Quantity limit = params().clip * params().clips_max;
  const bool full = bid ? held >= limit : held <= -limit;
  if (full) price = Price{0};
  if (price == quoted_[slot]) return;
  quoted_[slot] = price;
  if (price.ticks == 0) {
    cancel(ctx, slot + 1);
    return;
  }
  place(ctx, {.account = account(),
              .quantity = bid ? params().clip : -params().clip,
              .price = price,
              .time_in_force = TimeInForce::PostOnly,
              .number = slot + 1,
              .instrument = instrument});
}

void ListingMaker::on(Context& ctx, const Refresh&) {
  after(ctx, params().refresh, Refresh{});
  if (!view().open()) return;
  for (std::uint16_t i = 1; i < node().instruments(); ++i) {
    if (!node().trading({i}) || node().pool({i}) != nullptr) continue;
    const Quotes quotes = quotes_of({i});
    quote(ctx, {i}, true, quotes.bid);
    quote(ctx, {i}, false, quotes.ask);
  }
}

void ListingMaker::on(Context&, const Receipt& receipt) {
  const bool placed = receipt.kind == TxKind::PlaceOrder && receipt.status != TxStatus::Executed;
  const std::uint64_t slot = receipt.reference - 1;
  if (placed && slot < quoted_.size()) quoted_[slot] = {0};
}

void ListingMaker::on(Context&, const MakerFill& fill) {
  const std::uint64_t slot = fill.reference - 1;
  if (slot < quoted_.size()) quoted_[slot] = {0};
}

// ---- the hedge ---------------------------------------------------------------------------------

double ListingMaker::delta(Price index) const {
  double sum = 0.0;
  for (std::uint16_t i = 1; i < node().instruments(); ++i) {
    const InstrumentId instrument{i};
    const Quantity held = node().position(account(), instrument);
    if (held == Quantity::zero() || !node().trading(instrument)) continue;
    const ListingSpec& spec = *node().listing(instrument);
    MarkState state = node().mark_state(instrument);
    state.index = node().params().contract.tick * index.ticks;
    sum += static_cast<double>(held.lots) * greeks(spec, state).delta;
  }
  return sum;
}

void ListingMaker::on(Context&, const MarkUpdate& update) {
  if (params().hedge_on != HedgeOn::Published && params().hedge_on != HedgeOn::Settled) return;
  if (!seen_.empty() && seen_.back().index == update.mark) return;
  while (!seen_.empty() && seen_.back().block >= view().last.block) seen_.pop_back();
  seen_.push_back({view().last.block, update.mark});
}

Price ListingMaker::news() {
  if (params().hedge_on == HedgeOn::Never) return {};
  if (params().hedge_on == HedgeOn::Local) return view().mark();
  const bool published = params().hedge_on == HedgeOn::Published;
  const BlockId reached = access().chain->reached(published ? Rung::Published : Rung::Settled);
  if (reached <= hedged_to_) return {};
  hedged_to_ = reached;
  std::size_t last = 0;
  while (last + 1 < seen_.size() && seen_[last + 1].block <= reached) ++last;
  if (seen_.empty() || seen_[last].block > reached) return {};
  seen_.erase(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(last));
  return seen_.front().index;
}

void ListingMaker::measure(Context& ctx) {
  const Price index = view().mark();
  const double lots = static_cast<double>(node().params().contract.lots_per_unit());
  const double open = delta(index) + static_cast<double>(position().lots) / lots;
  unhedged_.record(ctx.now(), open);
  if (measured_.ticks > 0) {
    const double gain =
        open * usd_per_tick(node()) * static_cast<double>((index - measured_).ticks);
    error_ += gain;
    error_squared_ += gain * gain;
    error_probe_.record(ctx.now(), error_);
    rms_probe_.record(ctx.now(), numeric::sqrt(error_squared_));
  }
  measured_ = index;
}

void ListingMaker::report(MetricList& out) const {
  out.count(metric_name("hedges"), hedges_);
  out.add(metric_name("hedge_error"), error_, "USD");
  out.add(metric_name("hedge_error.rms"), numeric::sqrt(error_squared_), "USD");
}

void ListingMaker::on(Context& ctx, const Hedge&) {
  after(ctx, params().hedge_every, Hedge{});
  if (!view().open()) return;
  measure(ctx);
  const Price index = news();
  if (index.ticks == 0) return;
  const double lots = static_cast<double>(node().params().contract.lots_per_unit());
  const double wanted = std::clamp(-delta(index) * lots, -1e15, 1e15);
  const Quantity gap = Quantity{static_cast<std::int64_t>(wanted)} - position();
  if (gap.abs() <= params().hedge_band) return;
  ++hedges_;
  if (gap > Quantity::zero()) {
    buy(ctx, gap, AtMarket{});
  } else {
    sell(ctx, -gap, AtMarket{});
  }
}

}  // namespace mezz
