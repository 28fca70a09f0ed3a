#include "models/agents/avellaneda_stoikov.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/random/stream.h"

namespace mezz {
namespace {

namespace as = avellaneda_stoikov;

// Avellaneda, Stoikov 2008, section 3.3: s0 = 100, T = 1, sigma = 2, dt = 0.005, k = 1.5, A = 140.
constexpr double kStep = 0.005;
constexpr int kSteps = 200;
constexpr int kRuns = 20'000;

enum class Strategy { Inventory, Symmetric };

struct Outcome {
  double spread = 0.0;
  double profit = 0.0;
  double profit_sd = 0.0;
  double held = 0.0;
  double held_sd = 0.0;
};

// The paper's loop: binomial mid +-sigma sqrt(dt), each quote filled with probability
// A e^(-k delta) dt, at most 1. The symmetric strategy sets the same spread around the mid.
Outcome simulate(double gamma, Strategy strategy) {
  Stream stream(8, 0, "avellaneda_stoikov", "paper");
  const double move = 2.0 * std::sqrt(kStep);
  double sums[5] = {};
  for (int run = 0; run < kRuns; ++run) {
    double mid = 100.0;
    double cash = 0.0;
    double held = 0.0;
    for (int step = 0; step < kSteps; ++step) {
      const as::Market market{.mid = mid, .volatility = 2.0, .fill_decay = 1.5};
      const as::Inventory inventory{.held = strategy == Strategy::Inventory ? held : 0.0,
                                    .risk_aversion = gamma,
                                    .left = 1.0 - step * kStep};
      const as::Quotes quotes = as::quotes(market, inventory);
      sums[0] += quotes.ask - quotes.bid;
      const double buys = as::fill_intensity(140.0, market, mid - quotes.bid) * kStep;
      const double sells = as::fill_intensity(140.0, market, quotes.ask - mid) * kStep;
      const double up = stream.uniform();
      const double bid_draw = stream.uniform();
      const double ask_draw = stream.uniform();
      if (bid_draw < buys) {
        held += 1.0;
        cash -= quotes.bid;
      }
      if (ask_draw < sells) {
        held -= 1.0;
        cash += quotes.ask;
      }
      mid += up < 0.5 ? move : -move;
    }
    const double profit = cash + held * mid;
    sums[1] += profit;
    sums[2] += profit * profit;
    sums[3] += held;
    sums[4] += held * held;
  }
  for (double& sum : sums) sum /= kRuns;
  return {sums[0] / kSteps, sums[1], std::sqrt(sums[2] - sums[1] * sums[1]), sums[3],
          std::sqrt(sums[4] - sums[3] * sums[3])};
}

// validation.md A-M-4 and A-M-5: reference of 20 000 runs; mean +-0.6, standard deviations +-5 %.
void expect_near(const Outcome& got, const Outcome& reference) {
  EXPECT_NEAR(got.spread, reference.spread, 1e-4);
  EXPECT_NEAR(got.profit, reference.profit, 0.6);
  EXPECT_NEAR(got.profit_sd, reference.profit_sd, 0.05 * reference.profit_sd);
  EXPECT_NEAR(got.held, 0.0, 0.3);
  EXPECT_NEAR(got.held_sd, reference.held_sd, 0.05 * reference.held_sd);
}

TEST(AvellanedaStoikov, PaperResultsAtRiskAversionOneTenth) {
  const Outcome inventory = simulate(0.1, Strategy::Inventory);
  const Outcome symmetric = simulate(0.1, Strategy::Symmetric);
  expect_near(inventory, {1.4918, 64.86, 6.52, 0.0, 2.91});
  expect_near(symmetric, {1.4918, 68.00, 13.24, 0.0, 8.33});
  // F-test: with 20 000 runs each, a ratio of variances above 1.1 has p < 1e-6.
  EXPECT_GT(symmetric.profit_sd * symmetric.profit_sd,
            1.1 * inventory.profit_sd * inventory.profit_sd);
}

TEST(AvellanedaStoikov, PaperResultsAtRiskAversionOneHundredth) {
  expect_near(simulate(0.01, Strategy::Inventory), {1.3490, 68.38, 8.92, 0.0, 5.18});
  expect_near(simulate(0.01, Strategy::Symmetric), {1.3490, 68.64, 13.67, 0.0, 8.65});
}

TEST(AvellanedaStoikov, RiskNeutralMakerQuotesTwoOverK) {
  const as::Market market{.mid = 100.0, .volatility = 2.0, .fill_decay = 1.5};
  EXPECT_DOUBLE_EQ(as::spread(market, {.risk_aversion = 0.0, .left = 1.0}), 2.0 / 1.5);
  EXPECT_DOUBLE_EQ(as::reservation_price(market, {.held = 9.0, .risk_aversion = 0.0}), 100.0);
}

// gamma sigma^2 (T - t) = 0.4: three units long lower the reservation price by 1.2.
TEST(AvellanedaStoikov, InventorySkewsBothQuotes) {
  const as::Market market{.mid = 100.0, .volatility = 2.0, .fill_decay = 1.5};
  const as::Quotes quotes = as::quotes(market, {.held = 3.0, .risk_aversion = 0.1, .left = 1.0});
  EXPECT_NEAR(0.5 * (quotes.bid + quotes.ask), 98.8, 1e-12);
  EXPECT_NEAR(quotes.ask - quotes.bid, 0.4 + 20.0 * std::log(1.0 + 0.1 / 1.5), 1e-12);
}

}  // namespace
}  // namespace mezz
