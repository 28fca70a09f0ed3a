// Holders who sell when it falls: accounts as rows of one entity, long from the start, that close
// at the market for two reasons.
//   stop-loss   a share of them has a stop at a drawn distance below the price they came in at: a
//               smallest distance plus an exponential. It is touched by the mark or by the last
//               trade; with the last trade the selling of some reaches the stops of others through
//               the book (the cascades of Osler 2005). Accounts are filed under their stop, so a
//               price costs what it touches.
//   panic       when the mark has moved by `panic_move` down within `panic_window`, each holder
//               sells with probability `panic_share`; the alarm is armed again when half of the
//               move is gone.
// The order is sent a drawn reaction time later, immediate or cancel and reduce-only, at any price;
// what is left is sent again every `retry` until the account is flat. Sizes are Pareto, cut.
// The other side of the crowd is taken as in genesis.h. Left out: shorts, trailing stops, buying
// back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/agents/agent.h"
#include "models/agents/genesis.h"
#include "models/agents/return_window.h"
#include "models/layer2/reporter.h"
#include "models/liquidation/price_index.h"
#include "sim/config/visit.h"
#include "sim/random/distribution_params.h"
#include "sim/record/probe.h"

namespace mezz {

enum class StopTrigger : std::uint8_t { Mark, LastTrade };
template <>
struct EnumNames<StopTrigger> {
  static constexpr std::string_view names[] = {"mark", "last_trade"};
};

struct PanicSellerParams {
  std::int64_t accounts = 5'000;
  Money notional_min = 500_usd;
  Money notional_max = 500'000_usd;
  double notional_exponent = 1.2;
  Ratio leverage = Ratio::one() * 2;
  StopTrigger trigger = StopTrigger::Mark;
  Ratio stop_share = 50_percent;
  Ratio stop_min = 2_percent;
  Ratio stop_mean = 5_percent;
  Ratio panic_move = 10_percent;
  Duration panic_window = 10_min;
  Ratio panic_share = 20_percent;
  DelayDistribution reaction = DelayDistribution::exponential(5_s);
  Duration retry = 10_s;

  void visit(auto& v) {
    v("accounts", accounts, {.doc = "Holders, all long", .min = 1, .max = 20'000'000});
    v("notional_min", notional_min, {.doc = "Smallest position", .min = Money{1}});
    v("notional_max", notional_max, {.doc = "Largest position", .min = Money{1}});
    v("notional_exponent", notional_exponent,
      {.doc = "Pareto exponent of the size; smaller is heavier", .min = 0.1, .max = 20.0});
    v("leverage", leverage,
      {.doc = "Notional over collateral", .min = Ratio{1'000'000}, .max = Ratio::one() * 1'000});
    v("trigger", trigger, {.doc = "Which price touches a stop"});
    v("stop_share", stop_share,
      {.doc = "Share of accounts that have a stop", .min = Ratio::zero(), .max = Ratio::one()});
    v("stop_min", stop_min,
      {.doc = "Smallest distance of a stop below the entry, of the price",
       .min = Ratio{1},
       .max = Ratio::one()});
    v("stop_mean", stop_mean,
      {.doc = "Mean of what is added to it (exponential), of the price",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("panic_move", panic_move,
      {.doc = "Fall within the window that raises the alarm",
       .min = Ratio{1},
       .max = Ratio::one()});
    v("panic_window", panic_window, {.doc = "Its length", .min = 1_s, .max = 30_d});
    v("panic_share", panic_share,
      {.doc = "Share of holders that sell at an alarm", .min = Ratio::zero(), .max = Ratio::one()});
    v("reaction", reaction, {.doc = "From the price to the order"});
    v("retry", retry, {.doc = "Time until what was not sold is offered again", .min = 100_ms});
  }
};

class PanicSeller final : public Agent<PanicSeller, PanicSellerParams>, public Reporter {
 public:
  struct Sell {
    std::uint32_t row;
  };
  struct Genesis {
    AccountRange accounts;
    Quantity net;
  };

  // Throws ScenarioError on contradictory parameters. `path` names the entity.
  static Genesis genesis(Exchange& exchange, const PanicSellerParams& params, Stream stream,
                         const std::string& path);

  PanicSeller(const Site& site, const PanicSellerParams& params, const MarketAccess& access,
              AccountRange accounts);
  using Agent::on;

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const MarkUpdate& update);
  void on(Context& ctx, const Sell& sell);
  void on(Context& ctx, const Receipt& receipt) override;

  struct Counts {
    std::uint64_t stops = 0;   // touched
    std::uint64_t alarms = 0;  // panics
    std::uint64_t panics = 0;  // holders that sold at one
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    Agent::visit_state(v);
    v("stops", stops_);
    v("selling", selling_);
    v("past", past_);
    v("alarm", alarm_);
    v("counts", counts_);
  }

 private:
  void start_selling(Context& ctx, std::uint32_t row);
  void touch_stops(Context& ctx);
  void watch_for_panic(Context& ctx);

  liquidation::PriceIndex stops_;  // by row
  std::vector<std::uint8_t> selling_;
  ReturnWindow past_;
  std::uint8_t alarm_ = 0;
  Counts counts_;
  std::vector<AccountId> scratch_;  // not state

  Probe<std::uint64_t> stops_probe_{
      {.name = "stops", .doc = "Stops touched so far", .recorders = "last", .unit = "account"}};
};

}  // namespace mezz
