// Options: models/pricing against the closed forms, jumps and discrete hedges simulated.
#include <cmath>
#include <string>

#include "scenarios/validation/cases.h"
#include "scenarios/validation/hedged_options.h"
#include "scenarios/validation/option_laws.h"
#include "scenarios/validation/statistics.h"
#include "sim/check/error.h"
#include "sim/numeric/elementary.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

struct OptionTerms {
  double spot = 100;
  double strike = 100;
  double rate = 0;
  double yield = 0;
  double volatility = 0.2;
  double time = 0.5;

  void visit(auto& v) {
    v("spot", spot, {.doc = "USD", .min = 1e-6, .max = 1e9});
    v("strike", strike, {.doc = "USD", .min = 1e-6, .max = 1e9});
    v("rate", rate, {.doc = "Per year, continuous", .min = -1.0, .max = 10.0});
    v("yield", yield, {.doc = "Of the asset, per year, continuous", .min = -1.0, .max = 10.0});
    v("volatility", volatility, {.doc = "Per square root of a year", .min = 0.001, .max = 20.0});
    v("time", time, {.doc = "To expiry, years", .min = 1e-6, .max = 100.0});
  }
  [[nodiscard]] OptionInputs inputs() const {
    return {spot, strike, rate, yield, volatility, time};
  }
};

// ---- price and Greeks -----------------------------------------------------------------------

struct GreeksParams {
  OptionTerms option = {};
  double tolerance = 1e-8;

  void visit(auto& v) {
    option.visit(v);
    v("tolerance", tolerance, {.doc = "Absolute, and relative above 1", .min = 1e-12, .max = 0.1});
  }
};

class OptionValuesCase final : public CaseOf<GreeksParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    std::vector<LawRow> rows;
    add(rows, "call ", call_values(params().option.inputs()));
    add(rows, "put ", put_values(params().option.inputs()));
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication&) const override {
    std::vector<double> values;
    const OptionTerms& o = params().option;
    for (const auto right : {pricing::OptionRight::Call, pricing::OptionRight::Put}) {
      const pricing::OptionGreeks g =
          pricing::bsm({right, o.spot, o.strike, o.time, o.volatility, o.rate, o.yield});
      values.insert(values.end(), {g.price, g.delta, g.gamma, g.vega, g.theta, g.rho});
    }
    return values;
  }

 private:
  void add(std::vector<LawRow>& rows, const std::string& right, const OptionValues& v) const {
    const auto row = [&](const std::string& name, double value) {
      const bool large = std::fabs(value) > 1;
      rows.push_back({right + name, value, Comparison::Exact, params().tolerance, large});
    };
    row("price", v.price);
    row("delta", v.delta);
    row("gamma", v.gamma);
    row("vega, per 1.00 of volatility", v.vega);
    row("theta, per year", v.theta);
    row("rho, per 1.00 of rate", v.rho);
  }
};

// ---- jumps ----------------------------------------------------------------------------------

struct JumpOptionParams {
  OptionTerms option = {};
  double jumps_per_year = 1;
  double jump_mean = -0.1;
  double jump_deviation = 0.3;
  double tolerance = 0.01;
  Effort effort{.size = 20'000, .size_max = 2'000'000};

  void visit(auto& v) {
    option.visit(v);
    v("jumps_per_year", jumps_per_year, {.doc = "0: none", .min = 0.0, .max = 1e5});
    v("jump_mean", jump_mean, {.doc = "Of the log of a jump", .min = -2.0, .max = 2.0});
    v("jump_deviation", jump_deviation, {.doc = "Of the log of a jump", .min = 0.0, .max = 2.0});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: paths of one replication"});
  }
};

class JumpOption final : public CaseOf<JumpOptionParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const JumpOptionParams& p = params();
    const OptionInputs o = p.option.inputs();
    const double put =
        put_with_jumps(o, {o.volatility, p.jumps_per_year, p.jump_mean, p.jump_deviation});
    const double spot = o.spot * std::exp(-o.yield * o.years);
    const double strike = o.strike * std::exp(-o.rate * o.years);
    return {{"call", put + spot - strike, Comparison::Mean, p.tolerance, true},
            {"put", put, Comparison::Mean, p.tolerance, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const JumpOptionParams& p = params();
    const OptionTerms& o = p.option;
    const Duration expiry = life(o);
    Stream stream(r.seed, r.number, "option", "path");
    double call = 0;
    double put = 0;
    for (std::int64_t i = 0; i < r.size; ++i) {
      const double price = o.spot * numeric::exp(end_of_path(expiry, stream));
      call += std::max(0.0, price - o.strike);
      put += std::max(0.0, o.strike - price);
    }
    const double weight = numeric::exp(-o.rate * o.time) / static_cast<double>(r.size);
    return {call * weight, put * weight};
  }

 private:
  static Duration life(const OptionTerms& o) {
    return {static_cast<std::int64_t>(o.time * kSecondsPerYear * 1e9)};
  }
  double end_of_path(Duration expiry, Stream& stream) const {
    const JumpOptionParams& p = params();
    MertonPath path({.diffusion = {p.option.rate - p.option.yield, p.option.volatility},
                     .jumps_per_year = p.jumps_per_year,
                     .jump_mean = p.jump_mean,
                     .jump_deviation = p.jump_deviation});
    Duration now = {};
    while (const auto wait = path.draw_waiting_time(stream)) {
      if (*wait >= expiry - now) break;
      now += *wait;
      path.jump(stream);
    }
    path.advance(expiry, stream);
    return path.log_return();
  }
  void check() const override {
    const JumpOptionParams& p = params();
    if (p.jumps_per_year * p.option.time > 50) {
      throw ScenarioError("jumps_per_year", "must be at most 50 jumps in the option's life");
    }
    for (const LawRow& row : law()) {
      if (row.law < 1e-3 * p.option.spot) {
        throw ScenarioError("strike",
                            "must leave both call and put at least 0.1 % of the spot: "
                            "too few paths would pay");
      }
    }
  }
};

// ---- hedging at settlements -----------------------------------------------------------------

struct HedgeParams {
  double spot = 2'000;
  double strike = 2'000;
  double volatility = 0.8;
  Duration expiry = 30_d;
  Duration settlement = 12_h;
  double slope_tolerance = 0.03;
  double tolerance = 0.06;
  Effort effort{.size = 200, .size_max = 10'000};

  void visit(auto& v) {
    v("spot", spot, {.doc = "USD", .min = 1.0, .max = 1e6});
    v("strike", strike, {.doc = "Of the call, USD", .min = 1.0, .max = 1e6});
    v("volatility", volatility, {.doc = "Per square root of a year", .min = 0.01, .max = 5.0});
    v("expiry", expiry, {.doc = "Life of the option", .min = 1_min, .max = 3650_d});
    v("settlement", settlement,
      {.doc = "Longest time between two hedges; compared with a quarter and a sixteenth of it",
       .min = 1_ms});
    v("slope_tolerance", slope_tolerance, {.doc = "Absolute", .min = 1e-3, .max = 0.3});
    v("tolerance", tolerance, {.doc = "Of the deviations, relative", .min = 1e-3, .max = 0.5});
    v("effort", effort, {.doc = "size: paths of one replication"});
  }
  [[nodiscard]] std::int64_t hedges() const { return expiry / settlement; }
  [[nodiscard]] OptionInputs inputs() const {
    return {.spot = spot, .strike = strike, .volatility = volatility, .years = years(expiry)};
  }
};

class HedgeError final : public CaseOf<HedgeParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const HedgeParams& p = params();
    const double coarse = hedge_error(p.inputs(), static_cast<double>(p.hedges()));
    return {
        {"slope of log deviation over log hedges", -0.5, Comparison::Asymptote, p.slope_tolerance},
        {"deviation, one hedge per settlement, USD", coarse, Comparison::Asymptote, p.tolerance,
         true},
        {"deviation, 16 times as many, USD", coarse / 4, Comparison::Asymptote, p.tolerance, true},
        {"mean error / deviation, as many", 0, Comparison::Mean, 0.1}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const HedgeParams& p = params();
    World world({.seed = r.seed, .replication = r.number});
    const std::int64_t n = p.hedges();
    const Ref<HedgedOptions> ref =
        world.add<HedgedOptions>("sellers", {.spot = cents(p.spot),
                                             .strike = cents(p.strike),
                                             .volatility = p.volatility,
                                             .expiry = p.expiry,
                                             .hedges = {n, 4 * n, 16 * n},
                                             .paths = r.size});
    world.start();
    world.run(Time::max());
    double deviation[3] = {};
    double last_mean = 0;
    for (std::size_t kind = 0; kind < 3; ++kind) {
      const std::vector<double> errors = world.get(ref).errors(kind);
      deviation[kind] = standard_error(errors) * std::sqrt(static_cast<double>(r.size));
      last_mean = mean(errors);
    }
    // The deviations approach their limit from below: a few percent here.
    // Least squares over three points at equal distances: the ends decide.
    const double slope = std::log(deviation[2] / deviation[0]) / std::log(16.0);
    return {slope, deviation[0], deviation[2], last_mean / deviation[2]};
  }

 private:
  static Price cents(double usd) { return {static_cast<std::int64_t>(std::llround(usd * 100))}; }
  void check() const override {
    const HedgeParams& p = params();
    if (p.hedges() < 20 || p.hedges() > 2'000) {
      throw ScenarioError("settlement", "must give 20 to 2000 hedges: the law is a limit of many");
    }
    if (p.expiry % p.settlement != Duration::zero() || p.expiry.ns % (16 * p.hedges()) != 0) {
      throw ScenarioError("settlement", "must divide the expiry, its sixteenth too");
    }
    const double root = p.volatility * std::sqrt(years(p.expiry));
    if (std::fabs(std::log(p.spot / p.strike)) > root) {
      throw ScenarioError("strike",
                          "must lie within one deviation of the spot: further out the "
                          "error is that of few paths");
    }
    if (hedge_error(p.inputs(), static_cast<double>(16 * p.hedges())) < 0.05) {
      throw ScenarioError("volatility", "must be larger: errors would be those of whole cents");
    }
    if (p.effort.size < 2) throw ScenarioError("effort.size", "must be at least 2");
  }
};

}  // namespace

std::unique_ptr<ValidationCase> option_values() { return make_case<OptionValuesCase>(); }
std::unique_ptr<ValidationCase> jump_option() { return make_case<JumpOption>(); }
std::unique_ptr<ValidationCase> hedge_at_settlements() { return make_case<HedgeError>(); }

}  // namespace mezz::validation
