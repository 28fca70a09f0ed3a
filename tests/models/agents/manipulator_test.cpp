#include "models/agents/manipulator.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/market/price/price_process.h"
#include "sim/check/error.h"
#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

TEST(Manipulator, BuysInEqualSlicesThatAddUp) {
  EXPECT_EQ(due(Quantity{1'000}, 0, 3), Quantity::zero());
  EXPECT_EQ(due(Quantity{1'000}, 1, 3), Quantity{333});
  EXPECT_EQ(due(Quantity{1'000}, 2, 3), Quantity{666});
  EXPECT_EQ(due(Quantity{1'000}, 3, 3), Quantity{1'000});
  EXPECT_EQ(due(Quantity{1'000}, 9, 3), Quantity{1'000});
  EXPECT_EQ(due(Quantity{1'000}, -1, 3), Quantity::zero());
}

// One winner and its own other side with 1 M USD each. Depth 100 000 USD: 5 M USD are 50 depths, a
// factor of e^0.5 = 1.6487. The market's index follows the outside price by hand.
struct Scene {
  World world{{.seed = 3}};
  Ref<PriceProcess> price;
  Ref<MiniMarket> market = world.add<MiniMarket>("market", exchange_params());
  Ref<Manipulator> agent;

  static ExchangeParams exchange_params() {
    ExchangeParams params = test_exchange();
    params.withdrawal_gate_blocks = 0;
    return params;
  }
  explicit Scene(const ManipulatorParams& params) {
    PriceProcessParams outside{.kind = PricePathKind::Scripted, .step = 1_s};
    outside.impact.depth = 100'000_usd;
    outside.impact.half_life = 365_d;
    price = world.add<PriceProcess>("price", outside, test_exchange().contract);
    Exchange& exchange = world.get(market).exchange;
    (void)open_accounts(exchange, 1, 100'000'000_usd);  // others' deposits
    const AccountRange accounts = Manipulator::genesis(exchange, params);
    agent = world.add<Manipulator>(
        "agent", params, MarketAccess{.inbox = market, .node = &exchange, .outside = price},
        accounts);
    world.get(market).own(accounts, agent);
    world.get(market).observers.push_back(agent);
    exchange.end_genesis();
    world.start();
  }
  [[nodiscard]] const Manipulator::Books& books() { return world.get(agent).books(); }
  Exchange& exchange() { return world.get(market).exchange; }
  void run(Duration until) {
    for (Duration now = world_time(); now < until; now += 1_s) {
      world.run(Time::zero() + now);
      world.engine().schedule(
          world.engine().now(), Ref<Inbox>(market),
          MiniMarket::report(world.get(price).price().ticks, world.engine().now()));
    }
    world.run(Time::zero() + until);
  }
  [[nodiscard]] Duration world_time() { return world.engine().now() - Time::zero(); }
};

ManipulatorParams borrower() {
  return {.winners = 1,
          .capital = 1'000'000_usd,
          .leverage = Ratio::one() * 2,
          .counterparty = Counterparty::Own,
          .pyramid = false,
          .clip = 1'000'000_lots,
          .interval = 1_s,
          .open_at = 2_s,
          .pump_at = 20_s,
          .pump_duration = 10_s,
          .spot = 5'000'000_usd,
          .dump_at = 60_s,
          .dump_duration = 1_s,
          .withdraw_max = 1'500'000_usd};
}

TEST(Manipulator, OpensBothSidesThroughTheBook) {
  Scene scene(borrower());
  scene.run(15_s);
  const AccountRange accounts = scene.world.get(scene.agent).accounts();
  // 2 M USD at 50 USD a lot.
  EXPECT_EQ(scene.exchange().position(accounts.at(0)), Quantity{40'000});
  EXPECT_EQ(scene.exchange().position(accounts.at(1)), Quantity{-40'000});
}

// 5 M USD bought over 50 depths cost 10 M (e^0.5 - 1) = 6 487 212.71 USD. The long gains 2 M x
// 0.648721 = 1 297 443 USD; the withdrawal is bounded by what free margin there is: equity 2 297
// 443 less 2 % of 3.3 M.
TEST(Manipulator, PumpsAndWithdrawsAgainstTheUnrealisedProfit) {
  Scene scene(borrower());
  scene.run(50_s);
  EXPECT_NEAR(static_cast<double>(scene.world.get(scene.price).price().ticks), 824'361.0, 2.0);
  EXPECT_NEAR(scene.books().spot_paid.usd(), 10e6 * (std::exp(0.5) - 1.0), 1.0);
  EXPECT_NEAR(scene.books().unrealised_max.usd(), 1'297'443.0, 2'000.0);  // less the fees
  EXPECT_EQ(scene.books().withdrawn, 1'500'000_usd);
  scene.run(80_s);
  // Sold along the same curve in one piece: nothing is lost but what decays, next to nothing.
  EXPECT_NEAR(scene.books().spot_net.usd(), 0.0, 10.0);
  EXPECT_NEAR(static_cast<double>(scene.world.get(scene.price).price().ticks), 500'000.0, 1.0);
  // Its cash: 1.5 M out, 2 M in. Its long owes what it took beyond its own: it is bankrupt.
  EXPECT_NEAR(scene.world.get(scene.agent).profit().usd(), -500'000.0, 10.0);
  EXPECT_LT(scene.exchange().equity(scene.world.get(scene.agent).accounts().at(0), {500'000}),
            Money::zero());
  scene.exchange().full_check();
}

TEST(Manipulator, StripsTheSideThatWillLose) {
  ManipulatorParams params = borrower();
  params.strip_losers = true;
  params.withdraw_max = Money::zero();
  params.spot = Money::zero();
  Scene scene(params);
  scene.run(40_s);
  const AccountId loser = scene.world.get(scene.agent).accounts().at(1);
  // What is left is the initial margin: 2 % of 2 M USD.
  EXPECT_NEAR(scene.exchange().equity(loser, {500'000}).usd(), 40'000.0, 2'000.0);
  EXPECT_EQ(scene.exchange().free_collateral(loser), Money::zero());
}

TEST(Manipulator, RefusesTimesThatRunBackwards) {
  ManipulatorParams params = borrower();
  params.dump_at = 25_s;  // before the pump is over
  EXPECT_THROW(Scene{params}, ScenarioError);
}

}  // namespace
}  // namespace mezz
