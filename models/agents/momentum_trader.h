// A crowd that follows moves: each trader looks at the return of the mark over a window of its own,
// buys when it is above a threshold, sells when it is below minus the threshold, and goes flat when
// little is left of the move (time-series momentum: Moskowitz, Ooi, Pedersen 2012; the chartists of
// Lux, Marchesi 1999). Windows are spread evenly in logarithm between the shortest and the longest,
// by row. Decisions come as one Poisson stream for the whole crowd; who decides is drawn. Orders
// are immediate or cancel, at most one clip, within `slippage` of the mark. Left out: volatility
// targeting, switching between following and valuing.
#pragma once

#include <vector>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/agents/return_window.h"
#include "sim/config/visit.h"

namespace mezz {

struct MomentumTraderParams {
  std::int64_t traders = 100;
  double decisions_per_second = 1.0;
  Duration window_min = 1_min;
  Duration window_max = 1_h;
  Duration sample = 5_s;
  Ratio enter = 50_bp;
  Ratio leave = 10_bp;
  Ratio slippage = 1_percent;
  Duration patience = 10_s;
  Quantity clip = 1'000_lots;
  Money capital = 100'000_usd;
  Ratio leverage = Ratio::one() * 2;

  void visit(auto& v) {
    v("traders", traders, {.doc = "Accounts of the crowd", .min = 1, .max = 1'000'000});
    v("decisions_per_second", decisions_per_second,
      {.doc = "Mean of the whole crowd", .min = 0.0, .max = 1e6});
    v("window_min", window_min, {.doc = "Shortest window that a trader looks back", .min = 1_s});
    v("window_max", window_max, {.doc = "Longest; the others lie between", .max = 30_d});
    v("sample", sample, {.doc = "Grid on which past prices are kept", .min = 100_ms});
    v("enter", enter,
      {.doc = "Return over the window beyond which it follows",
       .min = Ratio{1},
       .max = Ratio::one()});
    v("leave", leave,
      {.doc = "Return below which it goes flat", .min = Ratio::zero(), .max = Ratio::one()});
    v("slippage", slippage,
      {.doc = "How far from the mark it trades", .min = Ratio::zero(), .max = Ratio::one()});
    v("patience", patience, {.doc = "An order without an answer is forgotten after", .min = 1_ms});
    v("clip", clip, {.doc = "Largest order", .min = Quantity{1}});
    v("capital", capital, {.doc = "Deposit of each trader at the start", .min = Money{1}});
    v("leverage", leverage, {.doc = "Notional it holds, over its capital", .min = Ratio{1}});
  }
};

enum class Trend : std::uint8_t { Down, None, Up, Unclear };
// Pure: what a return calls for. Between `leave` and `enter` a trader keeps what it has.
Trend trend(Ratio move, Ratio enter, Ratio leave);
// The window of a row: even in logarithm from `shortest` (row 0) to `longest` (last row).
Duration spread_window(Duration shortest, Duration longest, std::uint32_t row, std::uint32_t rows);

class MomentumTrader final : public Agent<MomentumTrader, MomentumTraderParams> {
 public:
  struct Decide {};

  // Throws ScenarioError on contradictory windows or thresholds.
  MomentumTrader(const Site& site, const MomentumTraderParams& params, const MarketAccess& access,
                 AccountRange accounts);
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const MomentumTraderParams& params) {
    return open_accounts(exchange, static_cast<std::uint32_t>(params.traders), params.capital);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const MarkUpdate& update);
  void on(Context& ctx, const Decide&);
  void on(Context& ctx, const Receipt& receipt) override;

  [[nodiscard]] std::uint64_t orders_sent() const { return orders_; }
  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("past", past_);
    v("waiting_since", waiting_since_);
    v("orders", orders_);
  }

 private:
  void wait(Context& ctx);
  [[nodiscard]] Quantity full_position() const;

  std::vector<Duration> windows_;  // by row; from the parameters, not state
  ReturnWindow past_;
  std::vector<Time> waiting_since_;  // by row: an order without an answer
  std::uint64_t orders_ = 0;
};

}  // namespace mezz
