// Cash and carry: sells a future or perpetual that trades above its underlying and buys the
// underlying outside, or the other way round, when what that earns per year (carry.h) is worth it,
// and holds until it is not, or until the future has settled. It looks every `interval`, decides on
// the book of its own node and the outside price it has heard, and sends `processing` later, one
// order at a time: immediate or cancel, to open not beyond the price that still earns `enter`, to
// close within `slippage` of the outside price. The leg outside follows the position its node
// tells, liquidations included, and moves the outside price where that has an impact.
// Headline numbers: basis.mean (middle of the book over the outside price, less one, at its looks:
// also when it never trades, for comparisons without it), position.max, profit (both legs at the
// index, fees and funding included, less the capital). Left out: margin for the leg outside, moving
// money between the legs, borrowing fees.
#pragma once

#include <string>

#include "models/agents/agent.h"
#include "models/agents/carry.h"
#include "models/agents/genesis.h"
#include "models/agents/spot_leg.h"
#include "models/layer2/reporter.h"
#include "models/market/price/price_tick.h"
#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"

namespace mezz {

struct BasisTraderParams {
  std::string instrument = {};
  Ratio enter = 10_percent;
  Ratio exit = 2_percent;
  Ratio full = 50_percent;
  Ratio cost = 15_bp;
  Duration holding = 7_d;
  Ratio financing = 5_percent;
  Money capital = 5'000'000_usd;
  Ratio leverage = Ratio::one() * 2;
  Quantity clip = 500_lots;
  Ratio slippage = 1_percent;
  Duration interval = 10_s;
  DelayDistribution processing = DelayDistribution::constant(50_ms);
  Duration patience = 30_s;

  void visit(auto& v) {
    v("instrument", instrument,
      {.doc = "Listing it trades, a future or linear perpetual; empty: the perpetual"});
    v("enter", enter,
      {.doc = "Opened when it earns this per year, after costs", .min = Ratio::zero()});
    v("exit", exit, {.doc = "Closed when it earns less per year; below enter"});
    v("full", full,
      {.doc = "From here on its whole limit; below, that share of it", .min = Ratio{1'000'000}});
    v("cost", cost,
      {.doc = "Of both legs, in and out, of the notional",
       .min = Ratio::zero(),
       .max = 10_percent});
    v("holding", holding,
      {.doc = "Time over which a perpetual's costs are spread; a future's is the time left",
       .min = 1_min,
       .max = 365_d});
    v("financing", financing, {.doc = "What its money costs per year", .min = Ratio::zero()});
    v("capital", capital, {.doc = "Deposit at the start", .min = Money{1}});
    v("leverage", leverage,
      {.doc = "Largest position over its capital, at the outside price", .min = Ratio{1'000'000}});
    v("clip", clip, {.doc = "Largest order", .min = Quantity{1}});
    v("slippage", slippage,
      {.doc = "How far from the outside price it closes",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("interval", interval, {.doc = "Time between two looks", .min = 100_ms});
    v("processing", processing, {.doc = "From the decision to the transaction"});
    v("patience", patience, {.doc = "An order without an answer is forgotten after", .min = 1_ms});
  }
};

class BasisTrader final
    : public Agent<BasisTrader, BasisTraderParams, PriceObserver, OutsideTrader>,
      public Reporter {
 public:
  struct Look {};
  struct Act {
    Quantity quantity;
    Price limit;
  };

  // Throws ScenarioError: no such listing, of another kind, no market outside, exit not below
  // enter.
  BasisTrader(const Site& site, const BasisTraderParams& params, const MarketAccess& access,
              AccountRange accounts);
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const BasisTraderParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Look&);
  void on(Context& ctx, const Act& act);
  void on(Context& ctx, const PriceTick& tick) override;
  void on(Context& ctx, const Receipt& receipt) override;
  void on(Context& ctx, const OutsideFill& fill) override;
  void report(MetricList& out) const override;

  [[nodiscard]] const SpotLeg& spot_leg() const { return leg_; }
  [[nodiscard]] Money profit() const;

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("outside", outside_);
    v("waiting_since", waiting_since_);
    v("leg", leg_);
    v("position_max", position_max_);
    v("basis_sum", basis_sum_);
    v("looks", looks_);
  }

 private:
  [[nodiscard]] Quantity held() const { return node().position(account(), instrument_); }
  [[nodiscard]] Quantity in_contract_lots(Quantity lots) const;
  [[nodiscard]] carry::Basis basis(Time now) const;
  [[nodiscard]] Quantity limit(double spot) const;
  void hedge(Context& ctx);

  InstrumentId instrument_ = kMainInstrument;
  double usd_per_tick_ = 0.0;
  double lots_per_unit_ = 1.0;
  PriceTick outside_{{}, Time::never()};
  Time waiting_since_ = Time::never();
  SpotLeg leg_;
  Quantity position_max_;
  double basis_sum_ = 0.0;
  std::uint64_t looks_ = 0;
};

}  // namespace mezz
