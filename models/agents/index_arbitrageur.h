// Keeps the market near the outside price: when the best bid stands above the outside price by more
// than the costs it sells into it, when the best ask stands below it buys; immediate or cancel, one
// order at a time, up to a position limit. The other leg, on the outside market, is taken as done
// at the outside price: the position is hedged, and only its margin here matters. Headline number:
// gain, what its trades were better than the outside price when it heard of them, before fees. Left
// out: funding income, limits of the outside market.
#pragma once

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/layer2/reporter.h"
#include "models/market/price/price_tick.h"
#include "sim/config/visit.h"

namespace mezz {

struct IndexArbitrageurParams {
  Ratio cost = 8_bp;
  Quantity clip = 2'000_lots;
  std::int64_t clips_max = 50;
  Duration patience = 10_s;
  Money capital = 20'000'000_usd;
  std::int64_t priority = 0;

  void visit(auto& v) {
    v("cost", cost, {.doc = "Basis below which nothing is done: fees of both legs and profit"});
    v("clip", clip, {.doc = "Largest order", .min = Quantity{1}});
    v("clips_max", clips_max, {.doc = "Largest position, in clips", .min = 1});
    v("patience", patience, {.doc = "An order without an answer is forgotten after", .min = 1_ms});
    v("capital", capital, {.doc = "Deposit at the start", .min = Money{1}});
    v("priority", priority,
      {.doc = "Tip level of its orders, or bidder whose express lane they use (section sequencing)",
       .min = 0,
       .max = 255});
  }
};

enum class ArbitrageSide : std::uint8_t { None, Buy, Sell };
// Pure: what a basis calls for. Sides that are empty have price 0.
ArbitrageSide arbitrage(Price outside, Price best_bid, Price best_ask, Ratio cost);

class IndexArbitrageur final
    : public Agent<IndexArbitrageur, IndexArbitrageurParams, PriceObserver>,
      public Reporter {
 public:
  using Agent::Agent;
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const IndexArbitrageurParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const MarkUpdate& update);
  void on(Context& ctx, const PriceTick& tick) override;
  void on(Context& ctx, const Receipt& receipt) override;
  void report(MetricList& out) const override;

  [[nodiscard]] std::uint64_t orders_sent() const { return orders_; }
  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("outside", outside_);
    v("waiting_since", waiting_since_);
    v("orders", orders_);
    v("gain", gain_);
  }

 private:
  void act(Context& ctx);

  PriceTick outside_{{}, Time::never()};
  Time waiting_since_ = Time::never();
  std::uint64_t orders_ = 0;
  Money gain_ = Money::zero();
};

}  // namespace mezz
