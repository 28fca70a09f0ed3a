// What an arbitrageur takes from a constant-product pool, per unit of its value: without fee
// sigma^2 / 8 (Milionis, Moallemi, Roughgarden, Zhang 2022); with a fee and Poisson blocks in
// closed form (Milionis, Moallemi, Roughgarden, arXiv 2305.14604); with fixed blocks in the limit
// of small blocks (Nezlobin, Tassy, arXiv 2505.05113, whose spread is twice our fee).
//   g = -ln(1 - fee), s = volatility over a block, r = g / s
//   Poisson  P(trade) = 1 / (1 + sqrt(2) r), arbitrage sigma^2/8 P(trade) e^(g/2) / (1 - s^2/8)
//   fixed    arbitrage sigma^2/8 / (1 + sqrt(2 pi) / |zeta(1/2)| r)
//            P(trade) = 1 / (sqrt(2) (r + |zeta(1/2)| / sqrt(2 pi))), r >= 1
// P(trade) of fixed blocks is derived here: what trades push the log price back by in a block is
// s^2 / 2 over the width of the band and its mean overshoot, |zeta(1/2)| / sqrt(2 pi) s for the
// steps of a normal walk (Chernoff 1965), and one trade pushes by s / sqrt(2), its first ladder
// height (Spitzer 1960). Poisson blocks have s / sqrt(2) in both places.
// The papers take the fee in one token on both sides, (e^(g/2) + e^(-g/2)) / 2; our pool, as its
// contract, takes it of what is given, and the same integral gives e^(g/2).
#include <cmath>
#include <numbers>
#include <string>

#include "scenarios/validation/cases.h"
#include "scenarios/validation/pool_market.h"
#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz::validation {

enum class BlockArrivals : std::uint8_t { Poisson, Fixed };

}  // namespace mezz::validation

namespace mezz {
template <>
struct EnumNames<validation::BlockArrivals> {
  static constexpr std::string_view names[] = {"poisson", "fixed"};
};
}  // namespace mezz

namespace mezz::validation {

namespace {

constexpr double kZetaOfHalf = -1.460354508809586812889;  // NIST DLMF 25.6: zeta(1/2)
constexpr double kDeviationMax = 0.1;
constexpr double kWidthMax = 50;  // fee / volatility of a block: beyond, hardly ever a trade

struct PoolInputs {
  double volatility = 0.05;
  Duration period = 1_d;
  Duration block_time = 12_s;
  Ratio fee = 5_bp;
  std::int64_t reserve = 1'000'000;

  void visit(auto& v) {
    v("volatility", volatility,
      {.doc = "Of the log price, per square root of the period", .min = 1e-6, .max = 50.0});
    v("period", period, {.doc = "Unit of time of volatility and results", .min = 1_s});
    v("block_time", block_time, {.doc = "Mean time between blocks", .min = 1_ms, .max = 1_d});
    v("fee", fee,
      {.doc = "Of what is given to the pool, whole ppm", .min = Ratio::zero(), .max = 5_percent});
    v("reserve", reserve,
      {.doc = "Tokens on each side; one is 10^18 units", .min = 1, .max = 1'000'000'000});
  }
  [[nodiscard]] double deviation() const {
    return volatility * std::sqrt(block_time.seconds() / period.seconds());
  }
  [[nodiscard]] double log_fee() const { return -std::log1p(-fee.value()); }
  [[nodiscard]] double width() const { return log_fee() / deviation(); }
  [[nodiscard]] double loss_without_fee() const { return volatility * volatility / 8; }
};

double poisson_trades(const PoolInputs& p) { return 1 / (1 + std::numbers::sqrt2 * p.width()); }
double poisson_gain(const PoolInputs& p) {
  const double s = p.deviation();
  return p.loss_without_fee() * poisson_trades(p) * std::exp(p.log_fee() / 2) / (1 - s * s / 8);
}
// Mean overshoot of a normal walk of deviation 1 over a far barrier.
double overshoot() { return -kZetaOfHalf / std::sqrt(2 * std::numbers::pi); }
double fixed_gain(const PoolInputs& p) {
  return p.loss_without_fee() / (1 + p.width() / overshoot());
}
double fixed_trades(const PoolInputs& p) {
  return 1 / (std::numbers::sqrt2 * (p.width() + overshoot()));
}

PoolMarketParams market_of(const PoolInputs& p, std::int64_t blocks) {
  return {.deviation = p.deviation(),
          .block_time = p.block_time,
          .fee_ppm = p.fee.ppb / 1'000,
          .reserve = p.reserve,
          .fixed = true,
          .poisson = true,
          .blocks = blocks};
}

void check_inputs(const PoolInputs& p) {
  if (p.fee.ppb % 1'000 != 0) throw ScenarioError("fee", "must be whole millionths");
  if (p.deviation() > kDeviationMax) {
    throw ScenarioError("block_time",
                        "must be shorter: the price may move by at most 10 % (one deviation) "
                        "within a block");
  }
  if (p.deviation() < 1e-8) {
    throw ScenarioError("volatility", "must be larger: trades would be of single token units");
  }
  if (p.width() > kWidthMax) {
    throw ScenarioError("fee",
                        "must be at most 50 times the volatility of a block: else there "
                        "are too few trades to count");
  }
}

const PoolMarket& run_market(World& world, const PoolMarketParams& params) {
  const Ref<PoolMarket> market = world.add<PoolMarket>("market", params);
  world.start();
  world.run(Time::max());
  return world.get(market);
}

// ---- one kind of blocks ---------------------------------------------------------------------

struct PoolParams {
  PoolInputs pool = {};
  BlockArrivals blocks = BlockArrivals::Poisson;
  double tolerance = 0.01;
  Effort effort{.size = 30'000, .size_max = 4'000'000};

  void visit(auto& v) {
    pool.visit(v);
    v("blocks", blocks, {.doc = "poisson or fixed"});
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-4, .max = 0.5});
    v("effort", effort, {.doc = "size: blocks of one replication"});
  }
};

class PoolArbitrage final : public CaseOf<PoolParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const PoolInputs& p = params().pool;
    const double t = params().tolerance;
    const std::string rate = "arbitrage / pool value, per period";
    const std::string trades = "P(trade) in a block";
    if (params().blocks == BlockArrivals::Fixed && p.fee == Ratio::zero()) {
      const double s =
          p.deviation();  // E[cosh(z / 2)] - 1 for z ~ N(0, s^2): sigma^2 / 8 for small
      const double exact = std::expm1(s * s / 8) * (p.period.seconds() / p.block_time.seconds());
      return {{rate, exact, Comparison::Mean, t, true}};
    }
    if (params().blocks == BlockArrivals::Fixed) {
      std::vector<LawRow> rows{{rate, fixed_gain(p), Comparison::Asymptote, t, true}};
      if (is_wide()) rows.push_back({trades, fixed_trades(p), Comparison::Asymptote, t, true});
      return rows;
    }
    return {{trades, poisson_trades(p), Comparison::Mean, t, true},
            {rate, poisson_gain(p), Comparison::Mean, t, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    World world({.seed = r.seed, .replication = r.number});
    PoolMarketParams market = market_of(params().pool, r.size);
    const bool fixed = params().blocks == BlockArrivals::Fixed;
    market.fixed = fixed;
    market.poisson = !fixed;
    const PoolMarket& run = run_market(world, market);
    const Duration period = params().pool.period;
    if (fixed) {
      std::vector<double> values{run.fixed().gain_per(period)};
      if (is_wide()) values.push_back(run.fixed().trades_per_block());
      return values;
    }
    return {run.poisson().trades_per_block(), run.poisson().gain_per(period)};
  }

 private:
  // Where the limit that gives P(trade) of fixed blocks is good to a tenth of a percent.
  [[nodiscard]] bool is_wide() const { return params().pool.width() >= 1; }
  void check() const override { check_inputs(params().pool); }
};

// ---- both kinds under one price path --------------------------------------------------------

struct OrderingParams {
  PoolInputs pool = {};
  double tolerance = 0.03;
  Effort effort{.size = 100'000, .size_max = 4'000'000};

  void visit(auto& v) {
    pool.visit(v);
    v("tolerance", tolerance, {.doc = "Relative", .min = 1e-3, .max = 0.5});
    v("effort", effort, {.doc = "size: blocks of one replication, of each kind"});
  }
};

class PoolOrdering final : public CaseOf<OrderingParams> {
 public:
  [[nodiscard]] std::vector<LawRow> law() const override {
    const PoolInputs& p = params().pool;
    const double t = params().tolerance;
    return {{"arbitrage, fixed / Poisson blocks", fixed_gain(p) / poisson_gain(p),
             Comparison::Asymptote, t, true},
            {"1 - that (fixed blocks lose less)", 0, Comparison::AtLeast},
            {"P(trade), fixed / Poisson blocks", fixed_trades(p) / poisson_trades(p),
             Comparison::Asymptote, t, true}};
  }
  [[nodiscard]] std::vector<double> replicate(const Replication& r) const override {
    World world({.seed = r.seed, .replication = r.number});
    const PoolMarket& run = run_market(world, market_of(params().pool, r.size));
    const Duration period = params().pool.period;
    const double ratio = run.fixed().gain_per(period) / run.poisson().gain_per(period);
    return {ratio, 1 - ratio, run.fixed().trades_per_block() / run.poisson().trades_per_block()};
  }

 private:
  void check() const override {
    check_inputs(params().pool);
    if (params().pool.width() < 1) {
      throw ScenarioError("fee",
                          "must be at least the volatility of a block: the two kinds of "
                          "blocks differ in the limit of a wide band");
    }
  }
};

}  // namespace

std::unique_ptr<ValidationCase> pool_arbitrage() { return make_case<PoolArbitrage>(); }
std::unique_ptr<ValidationCase> pool_ordering() { return make_case<PoolOrdering>(); }

}  // namespace mezz::validation
