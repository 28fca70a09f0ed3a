// A crowd of leveraged accounts, 10^5 and more, as rows of one entity: they hold positions from the
// start, hear of margin calls and react. Drawn at genesis per account: side, notional (Pareto,
// cut), leverage (lognormal, cut), hence collateral = notional / leverage.
//
// A margin call comes when equity falls below `margin_call` x maintenance margin. Accounts are
// filed under the price at which that happens (liquidation/price_index.h with a scaled
// requirement), so a price change costs what the called accounts cost. Each called account once
// draws what it does: tops up through the bridge after a delay, to `top_up_target` x maintenance
// margin; closes part of its position at the market after a delay; or does nothing. Rows are filed
// anew when something happened to them, and all of them every `review` (funding and liquidations
// move them unheard).
// Where margin is isolated, a top-up goes on into the position's purse, from free cash first.
//
// New entrants: `reserve_accounts` hold money without position; at a Poisson rate the next flat one
// opens a position at the market, with drawn side and leverage.
// The other side of the crowd's net position is taken by an account of the builder's choice
// (take_other_side in genesis.h). Left out: profit taking, herding, cross-account transfers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/liquidation/price_index.h"
#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"
#include "sim/record/probe.h"

namespace mezz {

struct LeveragedPopulationParams {
  std::int64_t accounts = 100'000;
  Ratio long_share = 60_percent;
  Money notional_min = 500_usd;
  Money notional_max = 5'000'000_usd;
  double notional_exponent = 1.2;
  double leverage_median = 8.0;
  double leverage_sigma = 0.6;
  double leverage_min = 1.5;
  double leverage_max = 25.0;
  Ratio margin_call = Ratio{1'500'000'000};
  Ratio top_up_share = 30_percent;
  DelayDistribution top_up_delay = DelayDistribution::exponential(10_min);
  Ratio top_up_target = Ratio::one() * 3;
  Ratio close_share = 20_percent;
  DelayDistribution close_delay = DelayDistribution::exponential(1_min);
  Ratio close_part = 50_percent;
  Duration review = 1_h;
  GasPrice deposit_tip = 2_gwei;
  GasPrice deposit_cap = 100_gwei;
  std::int64_t reserve_accounts = 0;
  Money reserve_capital = 1'000_usd;
  double entries_per_hour = 0.0;

  void visit(auto& v) {
    v("accounts", accounts, {.doc = "Accounts with a position", .min = 1, .max = 20'000'000});
    v("long_share", long_share,
      {.doc = "Share of accounts that are long", .min = Ratio::zero(), .max = Ratio::one()});
    v("notional_min", notional_min, {.doc = "Smallest position", .min = Money{1}});
    v("notional_max", notional_max, {.doc = "Largest position", .min = Money{1}});
    v("notional_exponent", notional_exponent,
      {.doc = "Pareto exponent of the size; smaller is heavier", .min = 0.1, .max = 20.0});
    v("leverage_median", leverage_median, {.doc = "Of the leverage", .min = 0.1, .max = 1'000.0});
    v("leverage_sigma", leverage_sigma,
      {.doc = "Standard deviation of its log", .min = 0.0, .max = 5.0});
    v("leverage_min", leverage_min, {.doc = "Cut below", .min = 0.01, .max = 1'000.0});
    v("leverage_max", leverage_max, {.doc = "Cut above", .min = 0.01, .max = 1'000.0});
    v("margin_call", margin_call,
      {.doc = "Equity over maintenance margin at which an account is called",
       .min = Ratio::one(),
       .max = Ratio::one() * 100});
    v("top_up_share", top_up_share,
      {.doc = "Share of called accounts that deposit", .min = Ratio::zero(), .max = Ratio::one()});
    v("top_up_delay", top_up_delay, {.doc = "From the call to the deposit on layer one"});
    v("top_up_target", top_up_target,
      {.doc = "Equity over maintenance margin that a deposit restores", .min = Ratio::one()});
    v("close_share", close_share,
      {.doc = "Share of called accounts that sell", .min = Ratio::zero(), .max = Ratio::one()});
    v("close_delay", close_delay, {.doc = "From the call to the order"});
    v("close_part", close_part,
      {.doc = "Part of the position they close", .min = Ratio{1}, .max = Ratio::one()});
    v("review", review, {.doc = "Time between two looks at every account", .min = 1_s});
    v("deposit_tip", deposit_tip, {.doc = "Priority fee of a deposit"});
    v("deposit_cap", deposit_cap, {.doc = "Fee above which a deposit is not included"});
    v("reserve_accounts", reserve_accounts,
      {.doc = "Flat accounts that may enter", .min = 0, .max = 20'000'000});
    v("reserve_capital", reserve_capital, {.doc = "Their deposit", .min = Money{1}});
    v("entries_per_hour", entries_per_hour,
      {.doc = "Mean number of entries", .min = 0.0, .max = 1e9});
  }
};

struct PopulationGenesis {
  AccountRange accounts;  // with position, then the reserve
  Quantity net;           // for take_other_side()
  Quantity longs;
  Quantity shorts;  // positive
  Money collateral;
};

class LeveragedPopulation final : public Agent<LeveragedPopulation, LeveragedPopulationParams> {
 public:
  struct TopUp {
    std::uint32_t row;
  };
  struct Close {
    std::uint32_t row;
  };
  struct Review {};
  struct Enter {};

  // Throws ScenarioError on contradictory parameters. `path` names the entity.
  static PopulationGenesis genesis(Exchange& exchange, const LeveragedPopulationParams& params,
                                   Stream stream, const std::string& path);

  LeveragedPopulation(const Site& site, const LeveragedPopulationParams& params,
                      const MarketAccess& access, AccountRange accounts);
  using Agent::on;

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const MarkUpdate& update);
  void on(Context& ctx, const Receipt& receipt) override;
  void on(Context& ctx, const TopUp& top_up);
  void on(Context& ctx, const Close& close);
  void on(Context& ctx, const Review&);
  void on(Context& ctx, const Enter&);

  struct Counts {
    std::uint64_t calls = 0;
    std::uint64_t top_ups = 0;
    std::uint64_t closes = 0;
    std::uint64_t entries = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("calls", calls_);
    v("called", called_);
    v("counts", counts_);
    v("next_reserve", next_reserve_);
  }

 private:
  void file(std::uint32_t row);
  [[nodiscard]] bool is_called(std::uint32_t row, Price mark) const;
  [[nodiscard]] bool has_purses() const {
    return node().params().margin_mode == MarginMode::Isolated;
  }
  void react(Context& ctx, std::uint32_t row);
  void wait_for_entry(Context& ctx);

  margin::LiquidityTier call_tier_;  // maintenance margin times margin_call
  liquidation::PriceIndex calls_;    // by row
  std::vector<std::uint8_t> called_;
  Counts counts_;
  std::uint32_t next_reserve_ = 0;
  std::vector<AccountId> scratch_;  // not state

  Probe<std::uint64_t> calls_probe_{{.name = "margin_calls",
                                     .doc = "Accounts called at a price update",
                                     .recorders = "last",
                                     .unit = "account"}};
};

}  // namespace mezz
