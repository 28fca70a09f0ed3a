// A market maker after Avellaneda and Stoikov (avellaneda_stoikov.h) with an endless horizon: the
// time left is always `horizon`. Prices are relative to the reference (1 = the reference price),
// inventory counts in clips, so that one set of parameters fits every underlying:
//   skew per clip  risk_aversion * variance over the horizon
//   spread         the same + (2 / risk_aversion) ln(1 + risk_aversion * fill_decay)
// The reference is the outside price where the maker sees one, else the market's index. Variance is
// estimated from that price with a memory, never below `volatility`. Quotes are post-only orders
// with fixed numbers: placing again replaces. Each refresh sends only the quotes whose price or
// size has changed, or all of them with `always`. Headline number: profit, the equity at the index
// less the deposit. Left out: hedging outside, adverse-selection estimates.
#pragma once

#include <array>

#include "models/agents/agent.h"
#include "models/agents/avellaneda_stoikov.h"
#include "models/agents/genesis.h"
#include "models/layer2/reporter.h"
#include "models/market/price/price_tick.h"
#include "models/shock/live.h"
#include "sim/config/visit.h"

namespace mezz {

struct MarketMakerParams {
  Duration refresh = 250_ms;
  std::int64_t levels = 3;
  Quantity clip = 1'000_lots;
  Ratio level_distance = 5_bp;
  Ratio half_spread_min = 1_bp;
  double risk_aversion = 100.0;
  Duration horizon = 1_min;
  Ratio fill_decay = 4_bp;
  double volatility = 0.5;
  Duration volatility_memory = 5_min;
  std::int64_t clips_max = 20;
  bool always = false;
  Money capital = 10'000'000_usd;

  static constexpr std::string_view kLive[] = {"refresh", "level_distance", "half_spread_min",
                                               "risk_aversion"};
  void visit(auto& v) {
    v("refresh", refresh, {.doc = "Time between two looks at the quotes", .min = 1_ms});
    v("levels", levels, {.doc = "Quotes on each side", .min = 1, .max = 16});
    v("clip", clip, {.doc = "Size of each quote", .min = Quantity{1}});
    v("level_distance", level_distance, {.doc = "Between two quotes of a side", .min = Ratio{1}});
    v("half_spread_min", half_spread_min,
      {.doc = "Added to the model's half spread", .min = Ratio::zero()});
    v("risk_aversion", risk_aversion,
      {.doc = "Per clip and relative price; 0: no skew", .min = 0.0, .max = 1e9});
    v("horizon", horizon, {.doc = "Time the maker expects to hold inventory", .min = 1_ms});
    v("fill_decay", fill_decay,
      {.doc = "Distance at which fills become rarer by a factor e", .min = Ratio{1'000}});
    v("volatility", volatility,
      {.doc = "Least volatility assumed, per square root of a year", .min = 0.0, .max = 100.0});
    v("volatility_memory", volatility_memory, {.doc = "Of the volatility estimate", .min = 1_s});
    v("clips_max", clips_max, {.doc = "Inventory at which one side is withdrawn", .min = 1});
    v("always", always, {.doc = "Send every quote at every refresh"});
    v("capital", capital, {.doc = "Deposit at the start", .min = Money{1}});
  }
};

class MarketMaker final : public Agent<MarketMaker, MarketMakerParams, PriceObserver, Tunable>,
                          public Reporter {
 public:
  static constexpr std::size_t kLevelsMax = 16;
  struct Refresh {};

  using Agent::Agent;
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const MarketMakerParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Refresh&);
  void on(Context& ctx, const PriceTick& tick) override;
  void on(Context& ctx, const Receipt& receipt) override;
  void on(Context& ctx, const MakerFill& fill) override;
  // Heard at the next look at the quotes.
  void on(Context&, const ParameterChange& change) override { live_.apply(change); }
  void report(MetricList& out) const override;

  [[nodiscard]] std::uint64_t quotes_sent() const { return sent_; }
  // Variance per year that the quotes use.
  [[nodiscard]] double variance() const;

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("quoted", quoted_);
    v("reference", reference_);
    v("estimate", estimate_);
    v("sent", sent_);
    v("live", live_);
  }

 private:
  [[nodiscard]] Price reference() const {
    return reference_.time.happened() ? reference_.price : view().mark();
  }
  [[nodiscard]] Price quote_price(bool bid, std::int64_t level) const;
  void quote(Context& ctx, std::size_t slot, Price price);
  void forget(std::uint64_t number);

  std::array<Price, 2 * kLevelsMax> quoted_{};  // 0 = nothing, as far as known
  PriceTick reference_{{}, Time::never()};
  double estimate_ = 0.0;
  std::uint64_t sent_ = 0;
  Live<MarketMakerParams> live_{params()};
};

}  // namespace mezz
