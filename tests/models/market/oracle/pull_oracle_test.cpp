#include "models/market/oracle/pull_oracle.h"

#include <gtest/gtest.h>

#include <vector>

#include "models/market/price/price_process.h"
#include "sim/world/world.h"

namespace mezz {
namespace {

// 15/16 of the old plus 1/16 of the new move: 1 % after quiet gives 625 ppm.
TEST(PullOracle, MeanMoveGoesOneSixteenthOfTheWay) {
  EXPECT_EQ(moved_average(Ratio::zero(), {100'000}, {101'000}), Ratio{625'000});
  EXPECT_EQ(moved_average(Ratio{625'000}, {100'000}, {100'000}), Ratio{585'938});  // half to even
  EXPECT_EQ(moved_average(Ratio::zero(), {100'000}, {99'000}), Ratio{625'000});
}

class Consumer final : public EntityOf<Consumer, NoParams, SignedPriceObserver> {
 public:
  using EntityOf::EntityOf;
  void on(Context& ctx, const SignedPrice& signed_price) override {
    prices.push_back(signed_price);
    times.push_back(ctx.now());
  }
  std::vector<SignedPrice> prices;
  std::vector<Time> times;
};

struct Scene {
  World world{{.seed = 1}};
  Ref<PriceProcess> price;
  Ref<PullOracle> oracle;
  Ref<Consumer> consumer;
  explicit Scene(const std::vector<PriceSegment>& segments) {
    price = world.add<PriceProcess>(
        "price", {.kind = PricePathKind::Scripted, .step = 100_ms, .segments = segments},
        ContractSpec{.underlying = "BTC", .tick = Money{100'000}, .lot_decimals = 3});
    oracle = world.add<PullOracle>("oracle", PullOracleParams{});
    consumer = world.add<Consumer>("consumer", NoParams{});
    world.get(price).subscribe(oracle);
    world.get(oracle).subscribe(consumer);
    world.start();
  }
};

TEST(PullOracle, PublishesEvery400MillisecondsWithTheBaseConfidenceWhenQuiet) {
  Scene setup({});
  setup.world.run(Time::zero() + 4_s);
  const Consumer& heard = setup.world.get(setup.consumer);
  ASSERT_EQ(heard.prices.size(), 10U);
  EXPECT_EQ(heard.times[3], Time::zero() + 1'600_ms);
  EXPECT_EQ(heard.prices[9].price, Price{500'000});
  EXPECT_EQ(heard.prices[9].confidence, 2_bp);
}

TEST(PullOracle, ConfidenceWidensInACrash) {
  Scene setup({{.duration = 1_min, .change = Ratio{-400'000'000}}});
  setup.world.run(Time::zero() + 30_s);
  const SignedPrice last = setup.world.get(setup.consumer).prices.back();
  // 1 - 0.6^(0.4/60) = 0.340 % per publication, times gain 2, nearly reached after 75 of memory 16.
  EXPECT_NEAR(last.confidence.value(), 2e-4 + 2 * 0.00340, 2e-4);
}

TEST(PullOracle, DownIsSilentAndWrongIsMultiplied) {
  Scene setup({});
  const Ref<Shockable> target(setup.oracle);
  auto& engine = setup.world.engine();
  const auto shock = [&](ShockKind kind, ShockEdge edge, Duration at) {
    engine.schedule(Time::zero() + at, target, Shock{kind, edge, 0, 0, Ratio{2'000'000'000}});
  };
  shock(ShockKind::OracleDown, ShockEdge::Begins, 1_s);
  shock(ShockKind::OracleDown, ShockEdge::Ends, 3_s);
  shock(ShockKind::OracleWrongPrice, ShockEdge::Begins, 3_s);
  setup.world.run(Time::zero() + 4_s);
  const Consumer& heard = setup.world.get(setup.consumer);
  ASSERT_EQ(heard.prices.size(), 5U);  // 0.4, 0.8, then 3.2, 3.6, 4.0
  EXPECT_EQ(heard.times[2], Time::zero() + 3'200_ms);
  EXPECT_EQ(heard.prices[4].price, Price{1'000'000});
}

}  // namespace
}  // namespace mezz
