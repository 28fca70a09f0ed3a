// Avellaneda and Stoikov 2008, tables 1 to 3. Given the inventory q, fills and the next step of the
// mid are independent, so (q) is a Markov chain and the first two moments of the profit given q
// obey a linear recursion: the law below is exact for the discrete market, not a second Monte
// Carlo. Profit marked to the mid: a fill at distance delta earns delta, a step of the mid earns q
// times the step.
#include <algorithm>
#include <cmath>

#include "scenarios/validation/cases.h"
#include "scenarios/validation/quoting_market.h"
#include "scenarios/validation/statistics.h"
#include "sim/world/world.h"

namespace mezz::validation {

namespace {

struct MarketMakingParams {
  QuotingParams market = {};
  double tolerance = 0.01;
  Effort effort{.size = 500, .size_max = 50'000};

  void visit(auto& v) {
    market.visit(v);
    v("tolerance", tolerance, {.doc = "Of the mean profit, relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: sessions of one replication"});
  }
};

struct Moments2 {
  double profit_mean = 0;
  double profit_variance = 0;
  double held_mean = 0;
  double held_variance = 0;
};

// P(held = q), and E[profit; held = q], E[profit^2; held = q].
struct State {
  double p = 0;
  double x = 0;
  double xx = 0;
  void add(const State& from, double weight, double gain) {
    p += weight * from.p;
    x += weight * (from.x + gain * from.p);
    xx += weight * (from.xx + 2 * gain * from.x + gain * gain * from.p);
  }
};

Moments2 exact_moments(const QuotingParams& m, Strategy strategy) {
  const std::int64_t reach = std::min<std::int64_t>(m.steps, 400);
  const auto width = static_cast<std::size_t>(2 * reach + 3);
  const auto middle = static_cast<std::size_t>(reach + 1);
  const double dt = m.horizon / static_cast<double>(m.steps);
  const double step = m.volatility * std::sqrt(dt);
  std::vector<State> now(width);
  now[middle].p = 1;
  for (std::int64_t i = 0; i < m.steps; ++i) {
    const double risk =
        m.risk_aversion * m.volatility * m.volatility * (m.horizon - static_cast<double>(i) * dt);
    const double depth = m.risk_aversion > 0
                             ? 2 / m.risk_aversion * std::log1p(m.risk_aversion / m.fill_decay)
                             : 2 / m.fill_decay;
    std::vector<State> next(width);
    for (std::size_t j = 1; j + 1 < width; ++j) {
      if (now[j].p <= 0) continue;
      const double q = static_cast<double>(j) - static_cast<double>(middle);
      const double shift = strategy == Strategy::Inventory ? q * risk : 0;
      const double below = (risk + depth) / 2 + shift;  // mid - bid
      const double above = (risk + depth) / 2 - shift;  // ask - mid
      const double buy = std::min(1.0, m.fills_at_mid * std::exp(-m.fill_decay * below) * dt);
      const double sell = std::min(1.0, m.fills_at_mid * std::exp(-m.fill_decay * above) * dt);
      next[j].add(now[j], (1 - buy) * (1 - sell), 0);
      next[j].add(now[j], buy * sell, below + above);
      next[j + 1].add(now[j], buy * (1 - sell), below);
      next[j - 1].add(now[j], sell * (1 - buy), above);
    }
    for (std::size_t j = 0; j < width; ++j) {  // the mid moves: mean 0, variance (q step)^2
      const double gain = (static_cast<double>(j) - static_cast<double>(middle)) * step;
      next[j].xx += gain * gain * next[j].p;
    }
    now = std::move(next);
  }
  State sum;
  Moments2 result;
  double square = 0;
  for (std::size_t j = 0; j < width; ++j) {
    const double q = static_cast<double>(j) - static_cast<double>(middle);
    sum.p += now[j].p;
    sum.x += now[j].x;
    sum.xx += now[j].xx;
    result.held_mean += q * now[j].p;
    square += q * q * now[j].p;
  }
  result.profit_mean = sum.x;
  result.profit_variance = sum.xx - sum.x * sum.x;
  result.held_variance = square - result.held_mean * result.held_mean;
  return result;
}

class MarketMaking final : public CaseOf<MarketMakingParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const QuotingParams& m = params().market;
    const double dt = m.horizon / static_cast<double>(m.steps);
    const double depth = m.risk_aversion > 0
                             ? 2 / m.risk_aversion * std::log1p(m.risk_aversion / m.fill_decay)
                             : 2 / m.fill_decay;
    const double spread =
        m.risk_aversion * m.volatility * m.volatility * (m.horizon + dt) / 2 + depth;
    std::vector<LawRow> rows{{"mean spread", spread, Comparison::Exact, 1e-9}};
    add_rows(rows, "inventory: ", exact_moments(m, Strategy::Inventory));
    add_rows(rows, "symmetric: ", exact_moments(m, Strategy::Symmetric));
    // Whether it holds depends on the risk aversion; at none the two strategies are one.
    if (m.risk_aversion >= 0.01) {
      rows.push_back({"-log10 p: inventory varies less (F test)", 6, Comparison::AtLeast});
    }
    return rows;
  }

  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    std::vector<double> values{0};
    double variance[2] = {0, 0};
    for (const Strategy strategy : {Strategy::Inventory, Strategy::Symmetric}) {
      QuotingParams p = params().market;
      p.strategy = strategy;
      p.sessions = r.size;
      World world({.seed = r.seed, .replication = r.number});
      const Ref<QuotingMarket> ref = world.add<QuotingMarket>("market", p);
      world.start();
      world.run(Time::max());
      const QuotingMarket& market = world.get(ref);
      std::vector<double> profit;
      std::vector<double> held;
      for (const QuotingMarket::Session& s : market.sessions()) {
        profit.push_back(s.cash + s.held * s.mid);
        held.push_back(s.held);
      }
      values[0] = market.mean_spread();
      const auto n = static_cast<double>(r.size);
      const auto spread_of = [n](const std::vector<double>& sample) {
        const double error = standard_error(sample);
        return error * error * n;
      };
      variance[static_cast<std::size_t>(strategy)] = spread_of(profit);
      values.insert(values.end(), {mean(profit), spread_of(profit), mean(held), spread_of(held)});
    }
    if (params().market.risk_aversion >= 0.01) {
      const double p = f_test_p(variance[1] / variance[0], static_cast<double>(r.size));
      values.push_back(-std::log10(std::max(p, 1e-300)));
    }
    return values;
  }

 private:
  void add_rows(std::vector<LawRow>& rows, const std::string& strategy, const Moments2& m) const {
    const double t = params().tolerance;
    const double held = 5 * t * std::sqrt(m.held_variance);
    rows.push_back({strategy + "mean profit", m.profit_mean, Comparison::Mean, t, true});
    rows.push_back(
        {strategy + "variance of profit", m.profit_variance, Comparison::Mean, 10 * t, true});
    rows.push_back({strategy + "mean final inventory", m.held_mean, Comparison::Mean, held});
    rows.push_back({strategy + "variance of it", m.held_variance, Comparison::Mean, 10 * t, true});
  }
};

}  // namespace

std::unique_ptr<ValidationCase> market_making() { return make_case<MarketMaking>(); }

}  // namespace mezz::validation
