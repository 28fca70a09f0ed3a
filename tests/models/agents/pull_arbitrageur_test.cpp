#include "models/agents/pull_arbitrageur.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/agents/liquidator.h"
#include "sim/random/distribution.h"
#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

SignedPrice signed_price(std::int64_t ticks, Duration at) {
  return {{ticks}, 2_bp, Time::zero() + at};
}

TEST(PriceChoice, FindsTheExtremesOfWhatIsStillAccepted) {
  PriceChoice choice;
  EXPECT_FALSE(choice.lowest());
  for (const auto& [ticks, at] : {std::pair{100, 1_s}, {90, 2_s}, {120, 3_s}, {110, 4_s}}) {
    choice.add(signed_price(ticks, at));
  }
  choice.add(signed_price(1, 3_s));  // came late: another is known from later on
  EXPECT_EQ(choice.lowest()->price, Price{90});
  EXPECT_EQ(choice.highest()->price, Price{120});
  choice.forget(Time::zero() + 3_s, Time::never());  // the venue takes 3 s and later
  EXPECT_EQ(choice.lowest()->price, Price{110});
  choice.forget(Time::zero(), Time::zero() + 3_s);  // and knows that of 3 s
  EXPECT_EQ(choice.highest()->price, Price{110});
}

// Brownian motion: the mean distance of the price from the lowest of the last n steps is
// sigma sqrt(n) x sqrt(2 / pi) - 0.5826 sigma (Broadie, Glasserman, Kou 1997), here in steps of one
// sigma = 1000 ticks and n = 100: 7979 - 583 = 7396 ticks. 4000 windows; the deviation of the
// distance is sigma sqrt(n (1 - 2 / pi)) = 6028, five standard errors are 477.
TEST(PriceChoice, IsWorthWhatTheLawSays) {
  Stream stream(1, 0, "choice", "walk");
  double sum = 0.0;
  for (int window = 0; window < 4'000; ++window) {
    PriceChoice choice;
    double price = 1e9;
    for (int step = 0; step <= 100; ++step) {
      choice.add(signed_price(static_cast<std::int64_t>(price), 1_s * (step + 1)));
      if (step < 100) price += 1'000.0 * normal(stream);
    }
    sum += price - static_cast<double>(choice.lowest()->price.ticks);
  }
  EXPECT_NEAR(sum / 4'000, 1'000.0 * (std::sqrt(200.0 / 3.14159265358979) - 0.5826), 477.0);
}

// One long at ten times leverage (liquidatable at 455 000 ticks and below), a dip that lasts one
// publication, and an agent that acts when it is over.
struct Scene {
  World world{{.seed = 6}};
  Ref<MiniMarket> market;
  AccountId victim;

  explicit Scene(Duration max_age) {
    ExchangeParams params = test_exchange();
    params.oracle.policy = OraclePolicy::Pull;
    params.oracle.max_age = max_age;
    market = world.add<MiniMarket>("market", params);
    Exchange& state = exchange();
    victim = open_accounts(state, 1, 500_usd).at(0);
    const AccountId other = open_accounts(state, 1, 100'000_usd).at(0);
    state.genesis_position(victim, Quantity{100}, {500'000});
    state.genesis_position(other, Quantity{-100}, {500'000});
  }
  Exchange& exchange() { return world.get(market).exchange; }
  template <class A>
  Ref<A> add(typename A::Params params) {
    params.processing = DelayDistribution::constant(1_s);
    const AccountRange accounts = A::genesis(exchange(), params);
    const Ref<A> agent =
        world.add<A>("agent", params, MarketAccess{.inbox = market, .node = &exchange()}, accounts);
    world.get(market).own(accounts, agent);
    world.get(market).observers.push_back(agent);
    exchange().end_genesis();
    world.start();
    const std::pair<std::int64_t, Duration> path[] = {
        {500'000, 10'000_ms}, {450'000, 10'400_ms}, {500'000, 10'800_ms}};
    for (const auto& [ticks, at] : path) {
      world.engine().schedule(Time::zero() + at, Ref<SignedPriceObserver>(agent),
                              signed_price(ticks, at));
    }
    world.run(Time::zero() + 15_s);
    return agent;
  }
};

TEST(PullArbitrageur, LiquidatesAtADipThatIsOver) {
  Scene scene(30_s);
  const Ref<PullArbitrageur> agent = scene.add<PullArbitrageur>({});
  const PullArbitrageur::Counts counts = scene.world.get(agent).counts();
  EXPECT_GE(counts.won, 1U);
  EXPECT_GE(counts.chosen_old, 1U);
  EXPECT_LT(scene.exchange().position(scene.victim), Quantity{100});
  scene.exchange().full_check();
}

TEST(PullArbitrageur, AKeeperThatBringsTheNewestPriceFindsNobody) {
  Scene scene(30_s);
  const Ref<Liquidator> keeper = scene.add<Liquidator>({});
  EXPECT_EQ(scene.world.get(keeper).counts().sent, 0U);
  EXPECT_EQ(scene.exchange().position(scene.victim), Quantity{100});
}

// The dip is 0.6 s old when it acts, and 2 s are allowed for the way: 2.5 s of age are too few.
TEST(PullArbitrageur, AShortWindowLeavesNoChoice) {
  Scene scene(2'500_ms);
  const Ref<PullArbitrageur> agent = scene.add<PullArbitrageur>({});
  EXPECT_EQ(scene.world.get(agent).counts().sent, 0U);
  EXPECT_EQ(scene.exchange().position(scene.victim), Quantity{100});
}

}  // namespace
}  // namespace mezz
