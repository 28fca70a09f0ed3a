// Market structure: what information costs those who quote, and orders that call for orders.
//   Kyle      impact s_v / (2 s_u), intensity s_u / s_v, profit s_v s_u / 2, what the price leaves
//             unknown s_v^2 / 2
//   Glosten, Milgrom  after k buys the odds of the high value are the prior's times
//             ((1 + mu) / (1 - mu))^k; the dealer earns nothing
//   Hawkes    rate base / (1 - n), n = jump / decay; variance over mean of the count in a window T
//             k^2 + (1 - k^2) (1 - e^(-g T)) / (g T), k = 1 / (1 - n), g = decay - jump
//             (Da Fonseca, Zaatour 2014), k^2 for long windows
#include <cmath>
#include <string>

#include "scenarios/validation/cases.h"
#include "scenarios/validation/hawkes_flow.h"
#include "scenarios/validation/information_market.h"
#include "scenarios/validation/statistics.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

template <class Entity, class EntityParams>
const Entity& run_one(World& world, const EntityParams& params) {
  const Ref<Entity> ref = world.add<Entity>("market", params);
  world.start();
  world.run(Time::max());
  return world.get(ref);
}

// ---- Kyle -----------------------------------------------------------------------------------

struct KyleParams {
  double value_deviation = 2;
  double noise_deviation = 100;
  double first_impact = 3;
  double tolerance = 0.01;
  Effort effort{.size = 10'000, .size_max = 1'000'000};

  void visit(auto& v) {
    v("value_deviation", value_deviation, {.doc = "Of the value, USD", .min = 1e-6, .max = 1e6});
    v("noise_deviation", noise_deviation,
      {.doc = "Of noise orders, lots", .min = 50.0, .max = 1e9});
    v("first_impact", first_impact,
      {.doc = "The insider's first belief, as a multiple of the equilibrium's",
       .min = 0.2,
       .max = 5.0});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: auctions of each of seven rounds of one replication"});
  }
  [[nodiscard]] double impact() const { return value_deviation / (2 * noise_deviation); }
};

class KyleEquilibrium final : public CaseOf<KyleParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const KyleParams& p = params();
    const double t = p.tolerance;
    const double variance = p.value_deviation * p.value_deviation;
    return {{"price impact, USD per lot", p.impact(), Comparison::Mean, t, true},
            {"insider's intensity, lots per USD", 1 / (2 * p.impact()), Comparison::Mean, t, true},
            {"insider's profit, USD", p.value_deviation * p.noise_deviation / 2, Comparison::Mean,
             t, true},
            {"variance that the price leaves, USD^2", variance / 2, Comparison::Mean, t, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const KyleParams& p = params();
    World world({.seed = r.seed, .replication = r.number});
    const KyleAuction::Report report =
        run_one<KyleAuction>(world, KyleAuctionParams{.value_deviation = p.value_deviation,
                                                      .noise_deviation = p.noise_deviation,
                                                      .first_impact = p.first_impact * p.impact(),
                                                      .learning_rounds = 6,
                                                      .sessions = r.size})
            .report();
    return {report.impact, report.intensity, report.profit, report.unknown};
  }

 private:
  void check() const override {
    if (params().effort.size < 1'000) {
      throw ScenarioError("effort.size", "must be at least 1000: the maker learns from so many");
    }
  }
};

// ---- Glosten, Milgrom -----------------------------------------------------------------------

struct DealerParams {
  Ratio informed = 30_percent;
  Ratio prior = 50_percent;
  std::int64_t buys = 5;
  double tolerance = 0.01;
  Effort effort{.size = 2'000, .size_max = 500'000};

  void visit(auto& v) {
    v("informed", informed,
      {.doc = "Share of arrivals who know the value", .min = 1_percent, .max = 90_percent});
    v("prior", prior,
      {.doc = "Probability that the value is 1", .min = 10_percent, .max = 90_percent});
    v("buys", buys, {.doc = "In a row, for which the posterior is shown", .min = 1, .max = 6});
    v("tolerance", tolerance, {.doc = "Absolute, of probabilities", .min = 1e-4, .max = 0.2});
    v("effort", effort, {.doc = "size: values of one replication"});
  }
};

class DealerQuotes final : public CaseOf<DealerParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const double t = params().tolerance;
    std::vector<LawRow> rows{{"ask, as quoted", posterior(1), Comparison::Exact, 1e-6},
                             {"bid, as quoted", posterior(-1), Comparison::Exact, 1e-6}};
    for (std::int64_t k = 1; k <= params().buys; ++k) {
      rows.push_back({"P(value 1) after buys in a row: " + std::to_string(k), posterior(k),
                      Comparison::Mean, t});
    }
    rows.push_back({"P(value 1) after a sell", posterior(-1), Comparison::Mean, t});
    rows.push_back({"dealer's profit per trade", 0, Comparison::Mean, t});
    return rows;
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    World world({.seed = r.seed, .replication = r.number});
    const DealerMarket& market =
        run_one<DealerMarket>(world, DealerMarketParams{.informed = params().informed,
                                                        .prior = params().prior,
                                                        .arrivals = params().buys,
                                                        .sessions = r.size});
    const auto share = [](std::int64_t part, std::int64_t whole) {
      if (whole == 0)
        throw ScenarioError("effort.size", "must be larger: a history never occurred");
      return static_cast<double>(part) / static_cast<double>(whole);
    };
    std::vector<double> values{market.first_ask(), market.first_bid()};
    for (std::size_t k = 1; k <= static_cast<std::size_t>(params().buys); ++k) {
      values.push_back(share(market.high_after(k), market.buys(k)));
    }
    values.push_back(share(market.high_after_sell(), market.first_sells()));
    values.push_back(market.profit_per_trade());
    return values;
  }

 private:
  // After `buys` more buys than sells.
  [[nodiscard]] double posterior(std::int64_t buys) const {
    const double mu = params().informed.value();
    const double prior = params().prior.value();
    const double odds =
        prior / (1 - prior) * std::pow((1 + mu) / (1 - mu), static_cast<double>(buys));
    return odds / (1 + odds);
  }
  void check() const override {
    if (params().effort.size < 1'000) {
      throw ScenarioError("effort.size", "must be at least 1000: rare histories must occur");
    }
  }
};

// ---- Hawkes ---------------------------------------------------------------------------------

struct HawkesParams {
  double base = 0.1;
  double jump = 0.6;
  double decay = 1;
  Duration window = 1'000_s;
  double tolerance = 0.005;
  Effort effort{.size = 200, .size_max = 20'000};

  void visit(auto& v) {
    v("base", base, {.doc = "Intensity without history, per second", .min = 1e-4, .max = 1e3});
    v("jump", jump, {.doc = "Of the intensity at an order, per second", .min = 0.0, .max = 1e3});
    v("decay", decay, {.doc = "Of what an order adds, per second", .min = 1e-4, .max = 1e3});
    v("window", window, {.doc = "In which orders are counted", .min = 1_s});
    v("tolerance", tolerance,
      {.doc = "Of the rate, relative; 20 times that of the Fano factor", .min = 1e-4, .max = 0.05});
    v("effort", effort, {.doc = "size: windows of one replication"});
  }
  [[nodiscard]] double branching() const { return jump / decay; }
};

class HawkesCounts final : public CaseOf<HawkesParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const HawkesParams& p = params();
    const double k = 1 / (1 - p.branching());
    const double reach = (p.decay - p.jump) * p.window.seconds();
    const double fano = k * k + (1 - k * k) * -std::expm1(-reach) / reach;
    const double t = p.tolerance;
    return {{"orders per second", p.base * k, Comparison::Mean, t, true},
            {"variance / mean of orders in a window", fano, Comparison::Mean, 20 * t, true},
            {"1 / (1 - jump / decay)^2, long windows", k * k, Comparison::Asymptote,
             20 * t + (k * k - fano) / (k * k), true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    const HawkesParams& p = params();
    World world({.seed = r.seed, .replication = r.number});
    const HawkesFlow& flow = run_one<HawkesFlow>(world, HawkesFlowParams{.base = p.base,
                                                                         .jump = p.jump,
                                                                         .decay = p.decay,
                                                                         .warm_up = warm_up(),
                                                                         .window = p.window,
                                                                         .windows = r.size});
    std::vector<double> counts;
    for (const std::int64_t count : flow.counts()) counts.push_back(static_cast<double>(count));
    const double average = mean(counts);
    const double error = standard_error(counts);
    const double fano = error * error * static_cast<double>(r.size) / average;
    return {average / p.window.seconds(), fano, fano};
  }

 private:
  // The mean intensity comes up from the base like e^(-(decay - jump) t).
  [[nodiscard]] Duration warm_up() const {
    return {static_cast<std::int64_t>(20e9 / (params().decay - params().jump))};
  }
  void check() const override {
    const HawkesParams& p = params();
    if (p.branching() > 0.9) {
      throw ScenarioError("jump", "must be at most 0.9 of the decay: at the decay orders explode");
    }
    if ((p.decay - p.jump) * p.window.seconds() < 20) {
      throw ScenarioError("window",
                          "must be at least 20 / (decay - jump): windows would not be "
                          "independent");
    }
    if (p.base * p.window.seconds() < 5) {
      throw ScenarioError("window", "must be longer: orders per window would be too few");
    }
    if (p.effort.size < 100) throw ScenarioError("effort.size", "must be at least 100");
    const double orders = p.base / (1 - p.branching()) * p.window.seconds();
    if (orders > 1e5) throw ScenarioError("window", "must be shorter: at most 100 000 orders");
  }
};

}  // namespace

std::unique_ptr<ValidationCase> kyle_equilibrium() { return make_case<KyleEquilibrium>(); }
std::unique_ptr<ValidationCase> dealer_quotes() { return make_case<DealerQuotes>(); }
std::unique_ptr<ValidationCase> hawkes_counts() { return make_case<HawkesCounts>(); }

}  // namespace mezz::validation
