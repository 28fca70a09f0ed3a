#include <gtest/gtest.h>

#include "models/agents/momentum_trader.h"
#include "models/agents/panic_seller.h"
#include "sim/check/error.h"
#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

TEST(ReturnWindow, ComparesWithThePriceThatHeldThen) {
  ReturnWindow past(60_s, 10_s);
  EXPECT_FALSE(past.move(10_s));
  past.add({1'000}, Time::zero());
  past.add({1'100}, Time::zero() + 10_s);
  EXPECT_EQ(past.move(10_s), Ratio{100'000'000});  // 100 of 1000
  EXPECT_FALSE(past.move(20_s));                   // nothing is known of then
  past.add({990}, Time::zero() + 45_s);            // 1100 held at 20, 30 s
  EXPECT_EQ(past.move(10_s), Ratio{-100'000'000});
  EXPECT_EQ(past.move(40_s), Ratio{-10'000'000});
  past.add({1'980}, Time::zero() + 1'000_s);
  EXPECT_EQ(past.move(60_s), Ratio{1'000'000'000});
  EXPECT_FALSE(past.move(70_s));  // longer than it looks back
}

TEST(MomentumTrader, FollowsBeyondTheThresholdAndLeavesWhenLittleIsLeft) {
  EXPECT_EQ(trend(50_bp, 50_bp, 10_bp), Trend::Up);
  EXPECT_EQ(trend(49_bp, 50_bp, 10_bp), Trend::Unclear);
  EXPECT_EQ(trend(10_bp, 50_bp, 10_bp), Trend::Unclear);
  EXPECT_EQ(trend(9_bp, 50_bp, 10_bp), Trend::None);
  EXPECT_EQ(trend(-9_bp, 50_bp, 10_bp), Trend::None);
  EXPECT_EQ(trend(-50_bp, 50_bp, 10_bp), Trend::Down);
}

// From 1 to 100 minutes in three steps of a factor of ten.
TEST(MomentumTrader, WindowsAreEvenInLogarithm) {
  EXPECT_EQ(spread_window(1_min, 100_min, 0, 3), 1_min);
  EXPECT_NEAR(spread_window(1_min, 100_min, 1, 3).seconds(), 600.0, 1e-6);
  EXPECT_EQ(spread_window(1_min, 100_min, 2, 3), 100_min);
  EXPECT_EQ(spread_window(1_min, 100_min, 0, 1), 1_min);
}

// One maker with a wall on each side of a market whose index the test reports.
struct Scene {
  World world{{.seed = 11}};
  Ref<MiniMarket> market = world.add<MiniMarket>("market", test_exchange());
  AccountRange maker = open_accounts(exchange(), 1, 1'000'000'000_usd);

  Exchange& exchange() { return world.get(market).exchange; }
  MarketAccess access() { return {.inbox = market, .node = &exchange()}; }
  template <class A>
  Ref<A> add(const typename A::Params& params, AccountRange accounts) {
    const Ref<A> agent = world.add<A>("agent", params, access(), accounts);
    world.get(market).own(accounts, agent);
    world.get(market).observers.push_back(agent);
    return agent;
  }
  void quote(std::int64_t ticks, std::int64_t lots, std::uint64_t number,
             Duration when = Duration::zero()) {
    world.engine().schedule(Time::zero() + when, Ref<Inbox>(market),
                            SubmitTransaction{{.account = maker.at(0),
                                               .price = ticks,
                                               .amount = lots,
                                               .reference = number,
                                               .submitted = {}}});
  }
  void report(std::int64_t ticks, Duration when) {
    world.engine().schedule(Time::zero() + when, Ref<Inbox>(market),
                            MiniMarket::report(ticks, Time::zero() + when));
  }
  void start() {
    exchange().end_genesis();
    world.start();
  }
  void run(Duration until) { world.run(Time::zero() + until); }
};

// 2 x 100 000 USD at 50 USD a lot are 4000 lots; at 50 500 USD, after a rise of 1 %, 3960.
TEST(MomentumTrader, HoldsItsLeverageInTheDirectionOfTheMove) {
  Scene scene;
  const MomentumTraderParams params{.traders = 1,
                                    .decisions_per_second = 2.0,
                                    .window_min = 60_s,
                                    .window_max = 60_s,
                                    .slippage = 5_percent,
                                    .clip = 10'000_lots};
  const Ref<MomentumTrader> agent =
      scene.add<MomentumTrader>(params, MomentumTrader::genesis(scene.exchange(), params));
  const AccountId account = scene.world.get(agent).accounts().at(0);
  scene.quote(505'010, -100'000, 1);
  scene.quote(494'990, 100'000, 2);
  scene.report(505'000, 100_s);
  scene.report(500'000, 300_s);
  scene.start();
  scene.run(99_s);
  EXPECT_EQ(scene.exchange().position(account), Quantity::zero());
  scene.run(150_s);
  EXPECT_EQ(scene.exchange().position(account), Quantity{3'960});
  scene.run(290_s);  // the window has passed: no move is left, and it has gone flat
  EXPECT_EQ(scene.exchange().position(account), Quantity::zero());
  scene.run(340_s);  // -0.99 %: short
  EXPECT_EQ(scene.exchange().position(account), Quantity{-4'000});
  scene.exchange().full_check();
}

TEST(MomentumTrader, RefusesContradictoryParameters) {
  Scene scene;
  const AccountRange accounts = open_accounts(scene.exchange(), 1, 1_usd);
  EXPECT_THROW((void)scene.world.add<MomentumTrader>(
                   "a", MomentumTraderParams{.window_min = 10_s, .window_max = 5_s}, scene.access(),
                   accounts),
               ScenarioError);
  EXPECT_THROW(
      (void)scene.world.add<MomentumTrader>(
          "b", MomentumTraderParams{.enter = 5_bp, .leave = 10_bp}, scene.access(), accounts),
      ScenarioError);
}

// Ten holders of 10 000 USD each at 500 000 ticks: 200 lots; one account takes the other side.
PanicSellerParams ten_holders() {
  PanicSellerParams params{.accounts = 10,
                           .notional_min = 10'000_usd,
                           .notional_max = 10'000_usd,
                           .stop_share = Ratio::one(),
                           .stop_min = 1_percent,
                           .stop_mean = Ratio::zero(),
                           .panic_share = Ratio::zero()};
  params.reaction = DelayDistribution::constant(100_ms);
  return params;
}

Ref<PanicSeller> add_holders(Scene& scene, const PanicSellerParams& params) {
  const PanicSeller::Genesis made =
      PanicSeller::genesis(scene.exchange(), params, Stream(11, 0, "agent", "genesis"), "agent");
  take_other_side(scene.exchange(), open_accounts(scene.exchange(), 1, {}).at(0), made.net,
                  Ratio::one() * 2);
  return scene.add<PanicSeller>(params, made.accounts);
}

Quantity held(Scene& scene, Ref<PanicSeller> crowd) {
  Quantity sum;
  const AccountRange accounts = scene.world.get(crowd).accounts();
  for (std::uint32_t row = 0; row < accounts.count; ++row) {
    sum += scene.exchange().position(accounts.at(row));
  }
  return sum;
}

TEST(PanicSeller, SellsAtItsStopAndNotBefore) {
  Scene scene;
  const Ref<PanicSeller> crowd = add_holders(scene, ten_holders());
  scene.quote(490'000, 10'000, 1);
  scene.report(495'001, 10_s);  // the stop stands at 495 000
  scene.report(495'000, 20_s);
  scene.start();
  scene.run(19_s);
  EXPECT_EQ(held(scene, crowd), Quantity{2'000});
  scene.run(30_s);
  EXPECT_EQ(held(scene, crowd), Quantity::zero());
  EXPECT_EQ(scene.world.get(crowd).counts().stops, 10U);
  scene.exchange().full_check();
}

TEST(PanicSeller, OffersAgainWhatNobodyTook) {
  Scene scene;
  const Ref<PanicSeller> crowd = add_holders(scene, ten_holders());
  scene.quote(490'000, 1'500, 1);
  scene.report(495'000, 5_s);
  scene.start();
  scene.run(60_s);
  EXPECT_EQ(held(scene, crowd), Quantity{500});
  scene.quote(490'000, 10'000, 2, 61_s);
  scene.run(90_s);
  EXPECT_EQ(held(scene, crowd), Quantity::zero());
}

// Stops 1 % below and deeper, by exponentials of mean 2 %; bids of 100 lots every 0.1 %. The index
// never moves. One sale of 1500 lots trades down through 15 levels to -1.5 % and touches those
// above. Triggered by the mark nothing happens; by the last trade the holders push each other down.
TEST(PanicSeller, StopsOnTheLastTradeTouchEachOther) {
  const auto cascade = [](StopTrigger trigger) {
    Scene scene;
    PanicSellerParams params = ten_holders();
    params.accounts = 100;
    params.stop_mean = 2_percent;
    params.trigger = trigger;
    const Ref<PanicSeller> crowd = add_holders(scene, params);
    for (std::int64_t level = 1; level <= 200; ++level) {
      scene.quote(500'000 - 500 * level, 100, static_cast<std::uint64_t>(level));
    }
    const AccountRange seller = open_accounts(scene.exchange(), 1, 10'000'000_usd);
    scene.world.engine().schedule(Time::zero() + 10_s, Ref<Inbox>(scene.market),
                                  SubmitTransaction{{.account = seller.at(0),
                                                     .time_in_force = TimeInForce::Ioc,
                                                     .flags = Transaction::kMarket,
                                                     .amount = -1'500,
                                                     .reference = 1,
                                                     .submitted = {}}});
    scene.start();
    scene.run(5_min);
    return scene.world.get(crowd).counts().stops;
  };
  EXPECT_EQ(cascade(StopTrigger::Mark), 0U);
  // Each holder's 200 lots take two more levels, 0.2 %. The stops up to -1.5 % are 1 - e^(-0.25) =
  // 22 % of a hundred: 22 sales of 0.2 % reach -5.9 %, where 1 - e^(-2.45) = 91 % stand, and so on
  // to the last but those beyond -20 %, e^(-9.5).
  EXPECT_GE(cascade(StopTrigger::LastTrade), 99U);
}

TEST(PanicSeller, AnAlarmMakesItsShareOfTheHoldersSellOnce) {
  Scene scene;
  PanicSellerParams params = ten_holders();
  params.accounts = 1'000;
  params.stop_share = Ratio::zero();
  params.panic_move = 10_percent;
  params.panic_window = 60_s;
  params.panic_share = 20_percent;
  const Ref<PanicSeller> crowd = add_holders(scene, params);
  scene.quote(400'000, 1'000'000, 1);
  scene.report(450'001, 70_s);
  scene.report(450'000, 100_s);
  scene.start();
  scene.run(99_s);
  EXPECT_EQ(scene.world.get(crowd).counts().alarms, 0U);
  scene.run(5_min);
  EXPECT_EQ(scene.world.get(crowd).counts().alarms, 1U);
  const auto sold = static_cast<double>(scene.world.get(crowd).counts().panics);
  EXPECT_NEAR(sold, 200.0, 63.0);  // 5 standard deviations of sqrt(1000 * 0.2 * 0.8) = 12.6
  EXPECT_EQ(held(scene, crowd), Quantity{200'000 - static_cast<std::int64_t>(sold) * 200});
  scene.exchange().full_check();
}

TEST(PanicSeller, RefusesLeverageBeyondTheMarket) {
  Scene scene;
  PanicSellerParams params = ten_holders();
  params.leverage = Ratio::one() * 51;  // the large-cap tier asks for 2 %
  EXPECT_THROW((void)PanicSeller::genesis(scene.exchange(), params,
                                          Stream(1, 0, "agent", "genesis"), "agent"),
               ScenarioError);
}

TEST(CrowdBehaviour, SnapshotContinuesTheSameRun) {
  const auto build = [](Scene& scene) {
    PanicSellerParams params = ten_holders();
    params.accounts = 200;
    params.stop_mean = 2_percent;
    add_holders(scene, params);
    scene.quote(400'000, 20'000, 1);
    for (int i = 1; i <= 20; ++i) scene.report(500'000 - 1'500 * i, 5_s * i);
    scene.start();
  };
  Scene whole;
  Scene first;
  Scene second;
  for (Scene* scene : {&whole, &first, &second}) build(*scene);
  whole.run(150_s);
  first.run(60_s);
  second.world.restore(first.world.save());
  second.run(150_s);
  EXPECT_EQ(second.world.save(), whole.world.save());
}

}  // namespace
}  // namespace mezz
