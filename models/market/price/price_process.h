// The price of the underlying in the outside world, whatever the simulated market does. On a grid
// of steps it publishes a PriceTick to its observers over their links:
//   price = base(t) * exp(script(t)) * shocks * impact     rounded to the contract's tick
// base is the initial price moved by GBM, by Merton's jump diffusion or by the same with a
// volatility that wanders (volatility_factors.h), constant (scripted), or a recorded series
// (replay). The script's segments run from time 0 and may ride on any base. A jump
// of Merton's and a shock PriceJump act, and are published, at their exact time; the diffusion then
// stands where the last grid point left it, so its draws are the same with and without jumps. A
// shock is permanent: its end changes nothing.
// Who trades outside (outside_market.h) moves the price by price_impact.h, and it is published at
// once. Left out: feedback of the simulated market itself on the outside price.
#pragma once

#include <string>
#include <vector>

#include "models/market/instrument.h"
#include "models/market/price/outside_market.h"
#include "models/market/price/price_impact.h"
#include "models/market/price/price_path.h"
#include "models/market/price/price_tick.h"
#include "models/market/price/volatility_factors.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/probe.h"

namespace mezz {

enum class PricePathKind : std::uint8_t { Scripted, Gbm, Merton, Replay, StochasticVolatility };
template <>
struct EnumNames<PricePathKind> {
  static constexpr std::string_view names[] = {"scripted", "gbm", "merton", "replay",
                                               "stochastic_volatility"};
};

struct PriceProcessParams {
  PricePathKind kind = PricePathKind::Gbm;
  Money initial_price = 50'000_usd;
  Duration step = 250_ms;
  double drift = 0.0;
  double volatility = 0.8;
  VolatilityFactorsParams factors = {};
  double jumps_per_year = 100.0;
  double jump_mean = -0.05;
  double jump_deviation = 0.10;
  PriceImpactParams impact = {};
  std::vector<PriceSegment> segments = {};
  std::string file = {};
  CsvColumns columns = {};
  TimeFormat time_format = TimeFormat::Auto;
  Duration start_offset = {};
  BarUse use = BarUse::Ohlc;
  Interpolation interpolation = Interpolation::Previous;
  bool rescale = false;

  void visit(auto& v) {
    v("kind", kind, {.doc = "Where the price comes from"});
    v("initial_price", initial_price,
      {.doc = "Of one unit of the underlying; replay takes it from the file", .min = Money{1}});
    v("step", step, {.doc = "Time between two ticks", .min = 1_ms, .max = 1_d});
    v("drift", drift,
      {.doc = "Growth of the mean price per year (gbm, merton, stochastic_volatility)",
       .min = -100.0,
       .max = 100.0});
    v("volatility", volatility,
      {.doc = "Per square root of a year (gbm, merton, stochastic_volatility)",
       .min = 0.0,
       .max = 100.0});
    v("factors", factors, {.doc = "How the volatility wanders (stochastic_volatility)"});
    v("jumps_per_year", jumps_per_year,
      {.doc = "Mean number of jumps (merton, stochastic_volatility)", .min = 0.0, .max = 1e9});
    v("jump_mean", jump_mean,
      {.doc = "Mean of the log of a jump's factor (the same)", .min = -10.0, .max = 10.0});
    v("jump_deviation", jump_deviation,
      {.doc = "Standard deviation of the same", .min = 0.0, .max = 10.0});
    v("impact", impact, {.doc = "What trading outside does to the price"});
    v("segments", segments,
      {.doc = "Scripted moves, one after the other from time 0, on top of any kind",
       .count_max = 10'000});
    v("file", file, {.doc = "CSV file to replay"});
    v("columns", columns, {.doc = "Headers of its columns"});
    v("time_format", time_format, {.doc = "How it writes time"});
    v("start_offset", start_offset, {.doc = "Time after the first row at which the run starts"});
    v("use", use, {.doc = "Which prices of a bar are visited"});
    v("interpolation", interpolation, {.doc = "Between two points of the file"});
    v("rescale", rescale, {.doc = "Scale the file so that it starts at initial_price"});
  }
};

class PriceProcess final
    : public EntityOf<PriceProcess, PriceProcessParams, Shockable, OutsideMarket> {
 public:
  struct Step {};
  struct Jump {};

  // Reads the file of a replay. Throws ScenarioError.
  PriceProcess(const Site& site, const PriceProcessParams& params, const ContractSpec& contract);
  void subscribe(Ref<PriceObserver> observer);  // while building

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Step&);
  void on(Context& ctx, const Jump&);
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const OutsideOrder& order) override;

  [[nodiscard]] Price price() const { return price_; }
  // For builders: what the exchange should start with.
  [[nodiscard]] Price initial_price() const { return price_at(Duration::zero()); }
  // Empty unless a file is replayed.
  [[nodiscard]] const GapReport& gaps() const { return gaps_; }

  void visit_state(auto& v) {
    v("path", path_);
    v("diffusion_stream", diffusion_stream_);
    v("jump_stream", jump_stream_);
    v("volatility_stream", volatility_stream_);
    v("factors", factors_);
    v("impact", impact_);
    v("shocked", shocked_);
    v("price", price_);
  }

 private:
  void load_file();
  [[nodiscard]] bool random() const {
    return params().kind == PricePathKind::Gbm || params().kind == PricePathKind::Merton ||
           params().kind == PricePathKind::StochasticVolatility;
  }
  // In micro-dollars, before the impact of trades and rounding.
  [[nodiscard]] double untouched_at(Duration since_start) const;
  [[nodiscard]] Price price_at(Duration since_start) const;
  void publish(Context& ctx);
  void plan_jump(Context& ctx);

  ContractSpec contract_;
  std::vector<Ref<PriceObserver>> observers_;
  MertonPath path_;  // without jumps it is the GBM
  ScriptedPath script_;
  ReplayPath replay_;
  double replay_scale_ = 1.0;
  GapReport gaps_;
  VolatilityFactors factors_;
  PriceImpact impact_;
  Stream diffusion_stream_;
  Stream jump_stream_;
  Stream volatility_stream_;
  double shocked_ = 0.0;  // log of the shocks so far
  Price price_;

  Probe<Price> price_probe_{
      {.name = "price", .doc = "Price of the underlying outside", .recorders = "vector"}};
};

}  // namespace mezz
