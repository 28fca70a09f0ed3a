#include "models/market/price/price_process.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz {
namespace {

class Listener final : public EntityOf<Listener, NoParams, PriceObserver> {
 public:
  using EntityOf::EntityOf;
  void on(Context&, const PriceTick& tick) override { ticks.push_back(tick); }
  void visit_state(auto& v) { v("ticks", ticks); }
  std::vector<PriceTick> ticks;
};

const ContractSpec kContract{.underlying = "BTC", .tick = Money{100'000}, .lot_decimals = 3};

struct Market {
  World world;
  Ref<PriceProcess> process;
  Ref<Listener> listener;
  explicit Market(const PriceProcessParams& params, std::uint64_t seed = 1)
      : world({.seed = seed}) {
    world.place("outside");
    process = world.add<PriceProcess>("price", params, kContract);
    world.place("inside");
    listener = world.add<Listener>("listener", NoParams{});
    world.get(process).subscribe(listener);
    world.link("outside", "inside", {.delay = DelayDistribution::constant(40_ms)});
    world.start();
  }
  [[nodiscard]] const std::vector<PriceTick>& run(Duration until) {
    world.run(Time::zero() + until);
    return world.get(listener).ticks;
  }
};

// A-L-10: p0 exp(ln(0.6) t / 3600), rounded to ticks of 0.1 USD, at any step.
TEST(PriceProcess, ScriptedCrashIsExactAtEveryTick) {
  for (const Duration step : {250_ms, 60_s}) {
    Market market({.kind = PricePathKind::Scripted,
                   .step = step,
                   .segments = {{.duration = 1_h, .change = Ratio{-400'000'000}}}});
    const std::vector<PriceTick>& ticks = market.run(2_h);
    ASSERT_GT(ticks.size(), 118U);
    for (const PriceTick& tick : ticks) {
      const double t = std::min(tick.time.seconds(), 3600.0);
      const double exact = 500'000.0 * std::exp(std::log(0.6) * t / 3600.0);
      EXPECT_NEAR(static_cast<double>(tick.price.ticks), exact, 0.5 + 1e-6) << t;
    }
    EXPECT_EQ(ticks.front().price, Price{500'000});
    EXPECT_EQ(ticks.back().price, Price{300'000});
  }
}

TEST(PriceProcess, ShockMultipliesAtOnceAndStays) {
  Market market({.kind = PricePathKind::Scripted, .step = 1_min});
  market.world.engine().schedule(
      Time::zero() + 90_s, Ref<Shockable>(market.process),
      Shock{ShockKind::PriceJump, ShockEdge::Begins, 0, 0, Ratio{800'000'000}});
  market.world.engine().schedule(
      Time::zero() + 200_s, Ref<Shockable>(market.process),
      Shock{ShockKind::PriceJump, ShockEdge::Ends, 0, 0, Ratio{800'000'000}});
  const std::vector<PriceTick>& ticks = market.run(300_s);
  ASSERT_EQ(ticks.size(), 6U);  // 0, 60, 90, 120, 180, 240
  EXPECT_EQ(ticks[1].price, Price{500'000});
  EXPECT_EQ(ticks[2].time, Time::zero() + 90_s);
  EXPECT_EQ(ticks[2].price, Price{400'000});
  EXPECT_EQ(ticks[5].price, Price{400'000});
}

TEST(PriceProcess, JumpsComeBetweenStepsAndLeaveTheDiffusionAlone) {
  PriceProcessParams params{.kind = PricePathKind::Merton,
                            .step = 1_h,
                            .jumps_per_year = 20'000.0,
                            .jump_mean = 0.0,
                            .jump_deviation = 0.0};
  Market jumping(params);
  params.kind = PricePathKind::Gbm;
  Market smooth(params);
  const std::vector<PriceTick>& with = jumping.run(48_h);
  const std::vector<PriceTick>& without = smooth.run(48_h);
  EXPECT_GT(with.size(), without.size() + 60);  // mean 109.6 jumps in 48 h
  std::vector<PriceTick> on_grid;
  for (const PriceTick& tick : with) {
    if ((tick.time - Time::zero()) % 1_h == Duration::zero()) on_grid.push_back(tick);
  }
  ASSERT_EQ(on_grid.size(), without.size());
  // Jumps of size one: the same path.
  for (std::size_t i = 0; i < on_grid.size(); ++i) EXPECT_EQ(on_grid[i].price, without[i].price);
}

TEST(PriceProcess, SnapshotContinuesTheSamePath) {
  const PriceProcessParams params{.kind = PricePathKind::Merton, .jumps_per_year = 500'000.0};
  Market whole(params);
  whole.world.run(Time::zero() + 2_min);
  Market first(params);
  first.world.run(Time::zero() + 1_min);
  const std::vector<std::byte> snapshot = first.world.save();
  Market second(params);
  second.world.restore(snapshot);
  second.world.run(Time::zero() + 2_min);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.save(), whole.world.save());
}

TEST(PriceProcess, ReplayWithoutFileIsRefused) {
  EXPECT_THROW(Market({.kind = PricePathKind::Replay}), ScenarioError);
  EXPECT_THROW(Market({.kind = PricePathKind::Replay, .file = "/none.csv"}), ScenarioError);
}

}  // namespace
}  // namespace mezz
