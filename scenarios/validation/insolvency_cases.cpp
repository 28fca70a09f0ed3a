// Insolvency and latency: a crowd of leveraged longs under the venue's margin rules against the
// closed forms of barrier_laws.h.
#include <cmath>
#include <string>

#include "scenarios/validation/barrier_laws.h"
#include "scenarios/validation/cases.h"
#include "scenarios/validation/liquidation_crowd.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

const LiquidationCrowd& run_crowd(World& world, const CrowdParams& params) {
  const Ref<LiquidationCrowd> crowd = world.add<LiquidationCrowd>("crowd", params);
  world.start();
  world.run(Time::max());
  return world.get(crowd);
}

void check_position(double leverage, Ratio maintenance) {
  static_cast<void>(leveraged_long(leverage, maintenance));  // throws
}

// ---- is the liquidation price touched? ------------------------------------------------------

struct HitParams {
  double leverage = 10;
  Ratio maintenance = 5_percent;
  double volatility = 0.8;
  Duration horizon = 1_d;
  Duration poll = 0_s;
  double tolerance = 0.005;
  Effort effort{.size = 10'000, .size_max = 1'000'000};

  void visit(auto& v) {
    v("leverage", leverage, {.doc = "Notional / collateral at entry", .min = 1.01, .max = 1000.0});
    v("maintenance", maintenance,
      {.doc = "Margin, as a share of current notional", .min = Ratio{1'000}, .max = 50_percent});
    v("volatility", volatility, {.doc = "Per square root of a year", .min = 0.01, .max = 50.0});
    v("horizon", horizon, {.doc = "How long the position is open", .min = 1_s});
    v("poll", poll, {.doc = "Time between two looks of the oracle; 0: continuous"});
    v("tolerance", tolerance, {.doc = "Absolute, of the probability", .min = 1e-5, .max = 0.5});
    v("effort", effort, {.doc = "size: paths of one replication"});
  }
};

class LiquidationHit final : public CaseOf<HitParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const HitParams& p = params();
    const double barrier = liquidation_price(p.leverage, p.maintenance.value());
    std::vector<LawRow> rows{{"liquidation price / entry", barrier, Comparison::Exact, 2e-7}};
    if (p.poll == Duration::zero()) {
      rows.push_back({"P(hit)", hit_probability(barrier, p.volatility, years(p.horizon)),
                      Comparison::Mean, p.tolerance});
    } else {
      // An expansion in the square root of the interval, not exact: the next term is what the
      // tolerance is for.
      const double shifted = shifted_barrier(barrier, p.volatility, years(p.poll));
      rows.push_back({"P(hit), polled", hit_probability(shifted, p.volatility, years(p.horizon)),
                      Comparison::Asymptote, p.tolerance});
    }
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const HitParams& p = params();
    const bool polled = p.poll > Duration::zero();
    World world({.seed = r.seed, .replication = r.number});
    const LiquidationCrowd& crowd = run_crowd(
        world, {.paths = r.size,
                .leverage = p.leverage,
                .maintenance = p.maintenance,
                .price = {.diffusion = {.volatility = p.volatility}},
                .watching = polled ? Watching::Polled : Watching::Continuous,
                .horizon = p.horizon,
                .step = polled ? p.poll : p.horizon / 4,  // the bridge makes any step exact
                .close = false});
    const double price =
        static_cast<double>(crowd.position().liquidation.ticks) / static_cast<double>(kEntry.ticks);
    return {price, static_cast<double>(crowd.hits()) / static_cast<double>(r.size)};
  }

 private:
  void check() const override {
    check_position(params().leverage, params().maintenance);
    const bool whole =
        params().poll == Duration::zero() || (params().horizon % params().poll == Duration::zero());
    if (!whole) throw ScenarioError("poll", "must divide the horizon");
  }
};

// ---- what happens between hit and close -----------------------------------------------------

struct DelayParams {
  double leverage = 10;
  Ratio maintenance = 5_percent;
  double volatility = 3.0;
  double jumps_per_year = 0;
  double jump_mean = -0.05;
  double jump_deviation = 0.10;
  DelayDistribution delay = DelayDistribution::constant(1_h);
  Begin begin = Begin::AtLiquidationPrice;
  Duration horizon = 1_d;
  double tolerance = 0.02;
  double tolerance_absolute = 0;
  Effort effort{.size = 20'000, .size_max = 2'000'000};

  void visit(auto& v) {
    v("leverage", leverage, {.doc = "Notional / collateral at entry", .min = 1.01, .max = 1000.0});
    v("maintenance", maintenance,
      {.doc = "Margin, as a share of current notional", .min = Ratio{1'000}, .max = 50_percent});
    v("volatility", volatility, {.doc = "Per square root of a year", .min = 0.01, .max = 50.0});
    v("jumps_per_year", jumps_per_year, {.doc = "Merton jumps; 0: none", .min = 0.0, .max = 1e6});
    v("jump_mean", jump_mean, {.doc = "Of the log of a jump", .min = -2.0, .max = 2.0});
    v("jump_deviation", jump_deviation, {.doc = "Of the log of a jump", .min = 0.0, .max = 2.0});
    v("delay", delay, {.doc = "From hit to close; constant or uniform"});
    v("begin", begin,
      {.doc = "at_liquidation_price: what follows a hit; at_entry: the whole chain"});
    v("horizon", horizon, {.doc = "at_entry: how long the position is open", .min = 1_s});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-4, .max = 0.9});
    v("tolerance_absolute", tolerance_absolute,
      {.doc = "Instead, where the law is practically zero", .min = 0.0, .max = 0.1});
    v("effort", effort, {.doc = "size: paths of one replication"});
  }
};

class LiquidationDelay final : public CaseOf<DelayParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const DelayParams& p = params();
    const double t = p.tolerance;
    const Shortfall after = after_hit();
    if (p.begin == Begin::AtEntry) {
      const double barrier = liquidation_price(p.leverage, p.maintenance.value());
      const double hit = hit_probability(barrier, p.volatility, years(p.horizon));
      return {
          {"P(hit)", hit, Comparison::Mean, t, true},
          {"bad debt / entry notional", hit * barrier * after.expected, Comparison::Mean, t, true}};
    }
    if (p.tolerance_absolute > 0) {
      const double a = p.tolerance_absolute;
      return {{"P(insolvent | hit)", after.probability, Comparison::Rare, a},
              {"E[shortfall | hit] / H", after.expected, Comparison::Asymptote, a}};
    }
    const Comparison counts = after.probability < 0.02 ? Comparison::Rare : Comparison::Mean;
    return {{"P(insolvent | hit)", after.probability, counts, t, true},
            {"E[shortfall | hit] / H", after.expected, Comparison::Mean, t, true}};
  }

  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const DelayParams& p = params();
    World world({.seed = r.seed, .replication = r.number});
    const LiquidationCrowd& crowd =
        run_crowd(world, {.paths = r.size,
                          .leverage = p.leverage,
                          .maintenance = p.maintenance,
                          .price = {.diffusion = {.volatility = p.volatility},
                                    .jumps_per_year = p.jumps_per_year,
                                    .jump_mean = p.jump_mean,
                                    .jump_deviation = p.jump_deviation},
                          .begin = p.begin,
                          .horizon = p.horizon,
                          .step = p.horizon,
                          .delay = p.delay});
    const auto paths = static_cast<double>(r.size);
    const double debt = crowd.bad_debt().usd() / paths;  // of one position
    if (p.begin == Begin::AtEntry) {
      const double entry = notional(kEntry);
      return {static_cast<double>(crowd.hits()) / paths, debt / entry};
    }
    return {static_cast<double>(crowd.insolvent()) / paths,
            debt / notional(crowd.position().liquidation)};
  }

 private:
  static double notional(Price price) {
    return static_cast<double>(price.ticks) * static_cast<double>(kSize.lots) * 1e-6;
  }
  [[nodiscard]] Shortfall after_hit() const {
    const DelayParams& p = params();
    const JumpLaw law{p.volatility, p.jumps_per_year, p.jump_mean, p.jump_deviation};
    const double strike = 1 - p.maintenance.value();
    if (p.delay.kind == DelayKind::Constant) return shortfall(strike, law, years(p.delay.mean));
    return shortfall_uniform(strike, law, years(p.delay.mean - p.delay.spread),
                             years(p.delay.mean + p.delay.spread));
  }
  void check() const override {
    const DelayParams& p = params();
    check_position(p.leverage, p.maintenance);
    mezz::check(p.delay, "delay");
    if (p.delay.kind != DelayKind::Constant && p.delay.kind != DelayKind::Uniform) {
      throw ScenarioError("delay.kind", "must be constant or uniform: no law for others");
    }
    if (p.delay.kind == DelayKind::Uniform && p.delay.spread <= Duration::zero()) {
      throw ScenarioError("delay.spread", "must be > 0");
    }
    if (p.begin == Begin::AtEntry && p.jumps_per_year > 0) {
      throw ScenarioError("jumps_per_year", "must be 0 with begin = at_entry: no closed form");
    }
    if (p.delay.mean > 365_d) throw ScenarioError("delay.mean", "must be at most 365 d");
  }
};

}  // namespace

std::unique_ptr<ValidationCase> liquidation_hit() { return make_case<LiquidationHit>(); }
std::unique_ptr<ValidationCase> liquidation_delay() { return make_case<LiquidationDelay>(); }

}  // namespace mezz::validation
