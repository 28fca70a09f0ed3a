#include "models/agents/market_maker.h"

#include <algorithm>

#include "models/market/price/price_path.h"
#include "sim/numeric/elementary.h"

namespace mezz {

namespace as = avellaneda_stoikov;

void MarketMaker::on(Context& ctx, const Start&) { after(ctx, live_->refresh, Refresh{}); }

double MarketMaker::variance() const {
  return std::max(estimate_, params().volatility * params().volatility);
}

void MarketMaker::on(Context&, const PriceTick& tick) {
  if (reference_.time.happened()) {
    if (tick.time <= reference_.time) return;
    const Duration dt = tick.time - reference_.time;
    const PriceMove step = tick.price - reference_.price;
    const double move =
        static_cast<double>(step.ticks) / static_cast<double>(reference_.price.ticks);
    const double rate = move * move / years(dt);
    const double weight = dt.seconds() / (dt.seconds() + params().volatility_memory.seconds());
    estimate_ += weight * (rate - estimate_);
  }
  reference_ = tick;
}

// Bids round down and asks up: a quote is never better than the model's.
Price MarketMaker::quote_price(bool bid, std::int64_t level) const {
  const as::Market market{.mid = 1.0,
                          .volatility = numeric::sqrt(variance()),
                          .fill_decay = 1.0 / params().fill_decay.value()};
  const double held =
      static_cast<double>(position().lots) / static_cast<double>(params().clip.lots);
  const as::Quotes best = as::quotes(
      market,
      {.held = held, .risk_aversion = live_->risk_aversion, .left = years(params().horizon)});
  const double away =
      live_->half_spread_min.value() + static_cast<double>(level) * live_->level_distance.value();
  const double relative = bid ? best.bid - away : best.ask + away;
  const double ticks = relative * static_cast<double>(reference().ticks);
  const double clamped = std::clamp(ticks, 1.0, 1e15);
  const auto whole = static_cast<std::int64_t>(clamped);
  const bool up = !bid && static_cast<double>(whole) < clamped;
  return {up ? whole + 1 : whole};
}

void MarketMaker::quote(Context& ctx, std::size_t slot, Price price) {
  if (quoted_[slot] == price && !params().always) return;
  const bool bid = slot < kLevelsMax;
  quoted_[slot] = price;
  ++sent_;
  place(ctx, {.account = account(),
              .quantity = bid ? params().clip : -params().clip,
              .price = price,
              .time_in_force = TimeInForce::PostOnly,
              .number = slot + 1});
}

void MarketMaker::on(Context& ctx, const Refresh&) {
  after(ctx, live_->refresh, Refresh{});
  if (!view().open()) return;
  const Quantity limit = params().clip * params().clips_max;
  for (const bool bid : {true, false}) {
    const bool full = bid ? position() >= limit : position() <= -limit;
    for (std::int64_t level = 0; level < params().levels; ++level) {
      const std::size_t slot = static_cast<std::size_t>(level) + (bid ? 0 : kLevelsMax);
      if (!full) {
        quote(ctx, slot, quote_price(bid, level));
      } else if (quoted_[slot].ticks != 0) {
        quoted_[slot] = {0};
        cancel(ctx, slot + 1);
      }
    }
  }
}

// The next refresh places it again.
void MarketMaker::forget(std::uint64_t number) {
  if (number >= 1 && number <= quoted_.size()) quoted_[number - 1] = {0};
}

void MarketMaker::on(Context&, const Receipt& receipt) {
  if (receipt.kind == TxKind::PlaceOrder && receipt.status != TxStatus::Executed) {
    forget(receipt.reference);
  }
}

// Filled in part or whole: quote the full clip again.
void MarketMaker::on(Context&, const MakerFill& fill) { forget(fill.reference); }

void MarketMaker::report(MetricList& out) const {
  out.money(metric_name("profit"), node().equity(account(), node().oracle()) - params().capital);
}

}  // namespace mezz
