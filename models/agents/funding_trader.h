// Collects funding of the perpetual, or of a perpetual that trades against a pool whose skew sets
// it (market.funding_rule = synthetix_v3 or gmx_v2; under other rules it pays nothing): takes the
// side that receives, when the rate per year is worth it, and leaves when it is not. The rate is
// what longs would pay if the book stayed as it is (carry::funding_per_year, clamps included; of a
// skew, what the paying side pays now, which under GMX's rule is less than what a smaller side
// receives), averaged over `memory`; what to hold follows from the same hysteresis as for basis
// traders. It looks every `interval`, sends `processing` later, one order at a time, immediate or
// cancel, within `slippage` of the mark. `hedge` = spot holds the opposite outside, so that only
// the funding is earned; without it it also bears the price. Headline numbers: rate.mean (per year,
// at its looks: also when it never trades), position.max, profit (both legs at the index, fees and
// funding included, less the capital). Left out: listings with funding by a premium, forecasts
// beyond the average, borrowing fees.
#pragma once

#include <string>

#include "models/agents/agent.h"
#include "models/agents/carry.h"
#include "models/agents/genesis.h"
#include "models/agents/spot_leg.h"
#include "models/layer2/reporter.h"
#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"

namespace mezz {

enum class CarryHedge : std::uint8_t { Spot, None };
template <>
struct EnumNames<CarryHedge> {
  static constexpr std::string_view names[] = {"spot", "none"};
};

struct FundingTraderParams {
  std::string instrument = {};
  Ratio enter = 20_percent;
  Ratio exit = 5_percent;
  Ratio full = Ratio::one();
  Duration memory = 15_min;
  CarryHedge hedge = CarryHedge::Spot;
  Money capital = 5'000'000_usd;
  Ratio leverage = Ratio::one() * 2;
  Quantity clip = 500_lots;
  Ratio slippage = 1_percent;
  Duration interval = 30_s;
  DelayDistribution processing = DelayDistribution::constant(50_ms);
  Duration patience = 30_s;

  void visit(auto& v) {
    v("instrument", instrument,
      {.doc = "Listing whose pool's skew sets the funding; empty: the perpetual"});
    v("enter", enter, {.doc = "Opened when the rate per year is this", .min = Ratio::zero()});
    v("exit", exit, {.doc = "Closed when it receives less per year; below enter"});
    v("full", full,
      {.doc = "From here on its whole limit; below, that share of it", .min = Ratio{1'000'000}});
    v("memory", memory, {.doc = "Time over which it averages the rate", .min = 1_s});
    v("hedge", hedge, {.doc = "Its other leg"});
    v("capital", capital, {.doc = "Deposit at the start", .min = Money{1}});
    v("leverage", leverage,
      {.doc = "Largest position over its capital, at the mark", .min = Ratio{1'000'000}});
    v("clip", clip, {.doc = "Largest order", .min = Quantity{1}});
    v("slippage", slippage,
      {.doc = "How far from the mark it trades", .min = Ratio::zero(), .max = Ratio::one()});
    v("interval", interval, {.doc = "Time between two looks", .min = 100_ms});
    v("processing", processing, {.doc = "From the decision to the transaction"});
    v("patience", patience, {.doc = "An order without an answer is forgotten after", .min = 1_ms});
  }
};

class FundingTrader final : public Agent<FundingTrader, FundingTraderParams, OutsideTrader>,
                            public Reporter {
 public:
  struct Look {};
  struct Act {
    Quantity quantity;
    Price limit;
  };

  // Throws ScenarioError: no market outside for the hedge, exit not below enter, an instrument
  // whose funding follows no skew or whose lots are not the perpetual's.
  FundingTrader(const Site& site, const FundingTraderParams& params, const MarketAccess& access,
                AccountRange accounts);
  using Agent::on;
  static AccountRange genesis(Exchange& exchange, const FundingTraderParams& params) {
    return open_accounts(exchange, 1, params.capital);
  }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Look&);
  void on(Context& ctx, const Act& act);
  void on(Context& ctx, const Receipt& receipt) override;
  void on(Context& ctx, const OutsideFill& fill) override;
  void report(MetricList& out) const override;

  [[nodiscard]] Quantity held() const { return node().position(account(), instrument_); }
  [[nodiscard]] const SpotLeg& spot_leg() const { return leg_; }
  [[nodiscard]] Money profit() const;

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("looked", looked_);
    v("waiting_since", waiting_since_);
    v("leg", leg_);
    v("position_max", position_max_);
    v("rate", rate_);
    v("rate_sum", rate_sum_);
    v("looks", looks_);
  }

 private:
  [[nodiscard]] InstrumentId chosen() const;
  void average_rate(Time now);
  void hedge(Context& ctx);

  InstrumentId instrument_;
  Time looked_ = Time::never();
  Time waiting_since_ = Time::never();
  SpotLeg leg_;
  Quantity position_max_;
  double rate_ = 0.0;  // per year, averaged
  double rate_sum_ = 0.0;
  std::uint64_t looks_ = 0;
};

}  // namespace mezz
