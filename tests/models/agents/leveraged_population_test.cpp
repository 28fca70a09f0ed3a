#include "models/agents/leveraged_population.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/agents/liquidator.h"
#include "sim/check/error.h"
#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

LeveragedPopulationParams no_reaction(std::int64_t accounts) {
  return {.accounts = accounts, .top_up_share = Ratio::zero(), .close_share = Ratio::zero()};
}

// One crowd, its counterparty, a number of keepers, reports of an index by hand.
struct Scene {
  World world{{.seed = 6}};
  Ref<MiniMarket> market;
  Ref<BaseChain> l1;
  PopulationGenesis made;
  AccountRange hedger;
  Ref<LeveragedPopulation> crowd;
  std::vector<Ref<Liquidator>> keepers;

  explicit Scene(const LeveragedPopulationParams& params, int keeper_count = 0,
                 const LiquidatorParams& keeper = {},
                 ExchangeParams exchange_params = test_exchange()) {
    market = world.add<MiniMarket>("market", exchange_params);
    BaseChainParams chain;
    chain.missed_slot_probability = Ratio::zero();
    l1 = world.add<BaseChain>("l1", chain);
    Exchange& state = exchange();
    made = LeveragedPopulation::genesis(state, params, Stream(6, 0, "crowd", "genesis"), "crowd");
    hedger = open_accounts(state, 1, 1'000'000_usd);
    take_other_side(state, hedger.at(0), made.net, Ratio::one());
    const MarketAccess access{.inbox = market, .node = &state, .l1 = l1, .bridge = market};
    crowd = world.add<LeveragedPopulation>("crowd", params, access, made.accounts);
    adopt(crowd, made.accounts);
    for (int i = 0; i < keeper_count; ++i) {
      const AccountRange account = Liquidator::genesis(state, keeper);
      keepers.push_back(
          world.add<Liquidator>("keeper" + std::to_string(i), keeper, access, account));
      adopt(keepers.back(), account);
      world.get(l1).subscribe(keepers.back());
    }
    state.end_genesis();
    world.start();
  }
  template <class A>
  void adopt(Ref<A> agent, AccountRange accounts) {
    world.get(market).own(accounts, agent);
    world.get(market).observers.push_back(agent);
  }
  Exchange& exchange() { return world.get(market).exchange; }
  void report(std::int64_t ticks, Duration when) {
    world.engine().schedule(Time::zero() + when, Ref<Inbox>(market),
                            MiniMarket::report(ticks, Time::zero() + when));
  }
  void run(Duration until) { world.run(Time::zero() + until); }
};

TEST(LeveragedPopulation, GenesisFollowsItsDistributionsAndBalances) {
  constexpr std::int64_t kAccounts = 100'000;
  LeveragedPopulationParams params = no_reaction(kAccounts);
  Scene scene(params);
  const Exchange& exchange = scene.exchange();
  std::vector<double> leverage;
  std::int64_t longs = 0;
  std::int64_t above = 0;  // notional above ten times the minimum
  for (std::uint32_t row = 0; row < scene.made.accounts.count; ++row) {
    const AccountId account = scene.made.accounts.at(row);
    const Money value =
        notional(exchange.params().contract, exchange.position(account), {500'000}).abs();
    const Money equity = exchange.equity(account, {500'000});
    leverage.push_back(value.usd() / equity.usd());
    longs += exchange.position(account) > Quantity::zero() ? 1 : 0;
    above += value >= 5'000_usd ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(longs) / kAccounts, 0.6, 0.008);  // 5 sd of 0.00155
  std::nth_element(leverage.begin(), leverage.begin() + kAccounts / 2, leverage.end());
  EXPECT_NEAR(leverage[kAccounts / 2], 8.0, 0.1);
  EXPECT_LE(*std::max_element(leverage.begin(), leverage.end()), 25.0 + 1e-6);
  // Pareto: P(X > 10 x_min) = 10^-1.2 = 0.0631, 5 sd of 0.00077.
  EXPECT_NEAR(static_cast<double>(above) / kAccounts, 0.0631, 0.004);
  EXPECT_EQ(exchange.position(scene.hedger.at(0)), -scene.made.net);
  std::vector<AccountId> breached;
  exchange.collect_liquidatable({500'000}, breached);
  EXPECT_TRUE(breached.empty());
}

TEST(LeveragedPopulation, TooMuchLeverageIsRefused) {
  Exchange exchange(test_exchange());  // 2 % initial margin: at most 50
  LeveragedPopulationParams params = no_reaction(10);
  params.leverage_max = 51.0;
  EXPECT_THROW(
      (void)LeveragedPopulation::genesis(exchange, params, Stream(1, 0, "a", "b"), "crowd"),
      ScenarioError);
}

// L = 10 throughout, m = 1.2 %, call at 1.5 m = 1.8 %: a long is called below
// 0.9 / (1 - 0.018) = 0.916497 of the entry, i.e. at 458 248 ticks.
TEST(LeveragedPopulation, MarginCallsComeAtTheirPriceOnceEach) {
  LeveragedPopulationParams params = no_reaction(1'000);
  params.leverage_median = 10.0;
  params.leverage_sigma = 0.0;
  params.long_share = Ratio::one();
  Scene scene(params);
  scene.report(458'300, 1_s);
  scene.run(5_s);
  EXPECT_EQ(scene.world.get(scene.crowd).counts().calls, 0U);
  scene.report(458'200, 6_s);
  scene.run(10_s);
  EXPECT_EQ(scene.world.get(scene.crowd).counts().calls, 1'000U);
  scene.report(458'100, 11_s);
  scene.run(15_s);
  EXPECT_EQ(scene.world.get(scene.crowd).counts().calls, 1'000U);
}

TEST(LeveragedPopulation, TopUpsCrossTheBridgeAndRestoreTheTarget) {
  LeveragedPopulationParams params = no_reaction(200);
  params.leverage_median = 10.0;
  params.leverage_sigma = 0.0;
  params.long_share = Ratio::one();
  params.top_up_share = Ratio::one();
  params.top_up_delay = DelayDistribution::constant(10_s);
  Scene scene(params);
  scene.report(458'200, 1_s);
  scene.run(5_min);
  EXPECT_EQ(scene.world.get(scene.crowd).counts().top_ups, 200U);
  EXPECT_EQ(scene.world.get(scene.market).count(TxKind::Deposit), 200U);
  const AccountId account = scene.made.accounts.at(0);
  const margin::Risk risk = scene.exchange().risk(account, {458'200});
  EXPECT_EQ(risk.net_collateral, risk.maintenance_margin * 3);
  // It is filed again: at 440 000 equity is below 1.5 maintenance margins once more.
  scene.report(440'000, 6_min);
  scene.run(7_min);
  EXPECT_EQ(scene.world.get(scene.crowd).counts().calls, 400U);
}

// The deposit arrives as free cash and goes on into the purse, which is what the margin rule sees.
TEST(LeveragedPopulation, TopUpsReachTheIsolatedPosition) {
  LeveragedPopulationParams params = no_reaction(50);
  params.leverage_median = 10.0;
  params.leverage_sigma = 0.0;
  params.long_share = Ratio::one();
  params.top_up_share = Ratio::one();
  params.top_up_delay = DelayDistribution::constant(10_s);
  ExchangeParams exchange_params = test_exchange();
  exchange_params.margin_mode = MarginMode::Isolated;
  Scene scene(params, 0, {}, exchange_params);
  scene.report(458'200, 1_s);
  scene.run(5_min);
  EXPECT_EQ(scene.world.get(scene.crowd).counts().top_ups, 50U);
  EXPECT_EQ(scene.world.get(scene.market).count(TxKind::MoveMargin), 50U);
  for (std::uint32_t row = 0; row < scene.made.accounts.count; ++row) {
    const AccountId account = scene.made.accounts.at(row);
    const margin::Risk risk = scene.exchange().position_risk(account, kMainInstrument);
    EXPECT_EQ(risk.net_collateral, risk.maintenance_margin * 3);
    EXPECT_EQ(scene.exchange().free_collateral(account), Money::zero());
  }
}

TEST(LeveragedPopulation, PanicClosesPartOfThePosition) {
  LeveragedPopulationParams params = no_reaction(50);
  params.leverage_median = 10.0;
  params.leverage_sigma = 0.0;
  params.long_share = Ratio::one();
  params.notional_max = 2'000_usd;
  params.close_share = Ratio::one();
  params.close_delay = DelayDistribution::constant(2_s);
  Scene scene(params);
  const Quantity before = scene.exchange().position(scene.made.accounts.at(7));
  scene.world.engine().schedule(Time::zero(), Ref<Inbox>(scene.market),
                                SubmitTransaction{{.account = scene.hedger.at(0),
                                                   .price = 458'000,
                                                   .amount = 10'000,
                                                   .reference = 9,
                                                   .submitted = {}}});
  scene.report(458'200, 2_s);
  scene.run(20_s);
  EXPECT_EQ(scene.world.get(scene.crowd).counts().closes, 50U);
  const Quantity after = scene.exchange().position(scene.made.accounts.at(7));
  EXPECT_EQ(after, Quantity{before.lots - (before.lots + 1) / 2});
}

TEST(LeveragedPopulation, EntrantsOpenPositionsFromTheReserve) {
  LeveragedPopulationParams params = no_reaction(10);
  params.reserve_accounts = 50;
  params.entries_per_hour = 3'600.0;
  params.leverage_max = 10.0;
  Scene scene(params);
  for (const std::int64_t side : {-1, 1}) {
    scene.world.engine().schedule(Time::zero(), Ref<Inbox>(scene.market),
                                  SubmitTransaction{{.account = scene.hedger.at(0),
                                                     .price = 500'000 - side * 50,
                                                     .amount = side * 20'000,
                                                     .reference = side > 0 ? 1ULL : 2ULL,
                                                     .submitted = {}}});
  }
  scene.run(30_s);
  const std::uint64_t entries = scene.world.get(scene.crowd).counts().entries;
  EXPECT_GT(entries, 15U);  // 30 expected, 5 sd of 5.5 below
  std::uint64_t holding = 0;
  for (std::uint32_t row = 10; row < 60; ++row) {
    holding += scene.exchange().position(scene.made.accounts.at(row)) != Quantity::zero() ? 1 : 0;
  }
  EXPECT_GE(holding + 2, entries);  // the last may still wait for their block
  EXPECT_GT(holding, 10U);
}

// ---- keepers
// --------------------------------------------------------------------------------------

LeveragedPopulationParams tenfold_longs(std::int64_t accounts) {
  LeveragedPopulationParams params = no_reaction(accounts);
  params.leverage_median = 10.0;
  params.leverage_sigma = 0.0;
  params.long_share = Ratio::one();
  params.notional_max = 2'000_usd;
  return params;
}

std::size_t liquidatable(const Exchange& exchange, std::int64_t ticks) {
  std::vector<AccountId> found;
  exchange.collect_liquidatable({ticks}, found);
  return found.size();
}

// m = 1.2 %: liquidatable below 0.9 / 0.988 = 0.910931, 455 465 ticks.
TEST(Liquidator, ClosesWhatIsBelowMaintenance) {
  Scene scene(tenfold_longs(100), 1, {.unwind = false, .capital = 100'000'000_usd});
  scene.report(455'500, 1_s);
  scene.run(10_s);
  EXPECT_EQ(scene.world.get(scene.keepers[0]).counts().sent, 0U);
  scene.report(455'000, 11_s);
  scene.run(5_min);
  EXPECT_EQ(liquidatable(scene.exchange(), 455'000), 0U);
  const Liquidator::Counts counts = scene.world.get(scene.keepers[0]).counts();
  EXPECT_GE(counts.won, 100U);
  EXPECT_GT(scene.exchange().position(scene.world.get(scene.keepers[0]).accounts().at(0)),
            Quantity::zero());
  scene.exchange().full_check();
}

TEST(Liquidator, CompetitorsShareThePreyAndPayForLosing) {
  Scene scene(tenfold_longs(300), 3, {.unwind = false, .capital = 100'000'000_usd});
  scene.report(455'000, 1_s);
  scene.run(5_min);
  EXPECT_EQ(liquidatable(scene.exchange(), 455'000), 0U);
  std::uint64_t lost = 0;
  for (const Ref<Liquidator> keeper : scene.keepers) {
    EXPECT_GT(scene.world.get(keeper).counts().won, 0U);
    lost += scene.world.get(keeper).counts().lost;
  }
  EXPECT_GT(lost, 0U);
}

// Base fee about 7 gwei.
TEST(Liquidator, StaysOutWhenGasIsAboveItsCap) {
  Scene scene(tenfold_longs(100), 1, {.fee_cap = 1_gwei});
  scene.report(455'000, 30_s);
  scene.run(3_min);
  EXPECT_EQ(scene.world.get(scene.keepers[0]).counts().sent, 0U);
  EXPECT_GT(scene.world.get(scene.keepers[0]).counts().stayed_out, 0U);
  EXPECT_EQ(liquidatable(scene.exchange(), 455'000), 100U);
}

TEST(Liquidator, SpendsNoMoreThanItsGasBudget) {
  // 5000 gas at about 7 gwei are 3.5e-5 ETH; a budget of 2e-4 ETH pays for some five transactions.
  Scene scene(tenfold_longs(100), 1, {.gas_budget = Wei{200'000'000'000'000}});
  scene.report(455'000, 30_s);
  scene.run(3_min);
  const Liquidator& keeper = scene.world.get(scene.keepers[0]);
  EXPECT_GT(keeper.counts().sent, 0U);
  EXPECT_LT(keeper.counts().sent, 40U);
  EXPECT_LE(keeper.gas_spent(), Wei{200'000'000'000'000});
}

TEST(Liquidator, SleepsDuringAKeeperOutage) {
  Scene scene(tenfold_longs(100), 1, {.unwind = false, .capital = 100'000'000_usd});
  const Ref<Shockable> target(scene.keepers[0]);
  const auto shock = [&](ShockEdge edge, Duration at) {
    scene.world.engine().schedule(Time::zero() + at, target,
                                  Shock{ShockKind::KeeperDown, edge, 0, 0, Ratio::one()});
  };
  shock(ShockEdge::Begins, 1_s);
  shock(ShockEdge::Ends, 60_s);
  scene.report(455'000, 2_s);
  scene.run(59_s);
  EXPECT_EQ(scene.world.get(scene.keepers[0]).counts().sent, 0U);
  scene.run(70_s);
  EXPECT_GT(scene.world.get(scene.keepers[0]).counts().won, 0U);
}

TEST(Liquidator, BringsTheSignedPriceUnderAPullOracle) {
  ExchangeParams pull = test_exchange();
  pull.oracle.policy = OraclePolicy::Pull;
  Scene scene(tenfold_longs(100), 1, {.unwind = false, .capital = 100'000'000_usd}, pull);
  scene.world.engine().schedule(Time::zero() + 10_s, Ref<SignedPriceObserver>(scene.keepers[0]),
                                SignedPrice{{455'000}, 2_bp, Time::zero() + 10_s});
  scene.run(13_s);
  EXPECT_EQ(scene.exchange().oracle(), Price{455'000});
  EXPECT_GT(scene.world.get(scene.keepers[0]).counts().won, 0U);
}

TEST(LeveragedPopulation, SnapshotContinuesTheSameCrash) {
  LeveragedPopulationParams params{.accounts = 2'000};
  params.top_up_delay = DelayDistribution::exponential(20_s);
  params.close_delay = DelayDistribution::exponential(5_s);
  const auto crash = [](Scene& scene) {
    for (int i = 1; i <= 10; ++i) scene.report(500'000 - 5'000 * i, 10_s * i);
  };
  Scene whole(params, 2);
  Scene first(params, 2);
  Scene second(params, 2);
  crash(whole);
  crash(first);
  whole.run(120_s);
  first.run(60_s);
  second.world.restore(first.world.save());
  second.run(120_s);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.save(), whole.world.save());
  EXPECT_GT(whole.world.get(whole.crowd).counts().top_ups, 10U);
  EXPECT_GT(whole.exchange().totals().liquidations, 10);
  whole.exchange().full_check();
}

}  // namespace
}  // namespace mezz
