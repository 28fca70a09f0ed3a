#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "models/agents/gas_demand_coupling.h"
#include "models/agents/index_arbitrageur.h"
#include "models/agents/market_maker.h"
#include "models/agents/noise_trader.h"
#include "models/agents/withdrawal_user.h"
#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

struct Scene {
  World world;
  Ref<PriceProcess> price;
  Ref<MiniMarket> market;
  explicit Scene(const PriceProcessParams& outside = {.kind = PricePathKind::Scripted,
                                                      .step = 250_ms},
                 std::uint64_t seed = 4)
      : world({.seed = seed}) {
    price = world.add<PriceProcess>("price", outside, test_exchange().contract);
    market = world.add<MiniMarket>("market", test_exchange());
  }
  Exchange& exchange() { return world.get(market).exchange; }
  MarketAccess access() { return {.inbox = market, .node = &exchange()}; }
  template <class A>
  Ref<A> add(const std::string& name, const typename A::Params& params, AccountRange accounts) {
    const Ref<A> agent = world.add<A>(name, params, access(), accounts);
    world.get(market).own(accounts, agent);
    world.get(market).observers.push_back(agent);
    return agent;
  }
  template <class A>
  Ref<A> add(const std::string& name, const typename A::Params& params) {
    return add<A>(name, params, A::genesis(exchange(), params));
  }
  void run(Duration until) {
    if (!started) {
      exchange().end_genesis();
      world.start();
    }
    started = true;
    world.run(Time::zero() + until);
  }
  bool started = false;
};

// 5 a second for 1000 s: 5000 +- 5 standard deviations of 70.7.
TEST(NoiseTrader, OrdersArriveAtTheirRateWithTheirMix) {
  Scene scene;
  const Ref<NoiseTrader> crowd =
      scene.add<NoiseTrader>("noise", {.leverage_max = Ratio::one() * 1'000});
  scene.run(1'000_s);
  const double sent = static_cast<double>(scene.world.get(crowd).orders_sent());
  EXPECT_NEAR(sent, 5'000, 354);
  double market = 0;
  double buys = 0;
  double orders = 0;
  std::set<AccountId> accounts;
  for (const Transaction& tx : scene.world.get(scene.market).log) {
    if (tx.kind != TxKind::PlaceOrder) continue;
    orders += 1;
    market += (tx.flags & Transaction::kMarket) != 0 ? 1 : 0;
    buys += tx.amount > 0 ? 1 : 0;
    accounts.insert(tx.account);
  }
  EXPECT_NEAR(market / orders, 0.6, 0.035);  // 5 sd of 0.0069
  EXPECT_NEAR(buys / orders, 0.5, 0.035);
  EXPECT_EQ(accounts.size(), 200U);
  scene.exchange().full_check();
}

TEST(NoiseTrader, AtItsLimitItOnlyTradesBack) {
  Scene scene;
  const NoiseTraderParams params{.traders = 1,
                                 .orders_per_second = 50.0,
                                 .market_share = Ratio::one(),
                                 .buy_share = Ratio::one(),
                                 .size_mean = 1'000_lots,
                                 .size_cv = 0.0};
  const AccountRange maker = open_accounts(scene.exchange(), 1, 100'000'000_usd);
  const Ref<NoiseTrader> crowd = scene.add<NoiseTrader>("noise", params);
  const AccountId account = scene.world.get(crowd).accounts().at(0);
  scene.world.engine().schedule(Time::zero(), Ref<Inbox>(scene.market),
                                SubmitTransaction{{.account = maker.at(0),
                                                   .price = 500'010,
                                                   .amount = -1'000'000,
                                                   .reference = 1,
                                                   .submitted = {}}});
  scene.world.engine().schedule(Time::zero(), Ref<Inbox>(scene.market),
                                SubmitTransaction{{.account = maker.at(0),
                                                   .price = 499'990,
                                                   .amount = 1'000'000,
                                                   .reference = 2,
                                                   .submitted = {}}});
  scene.run(60_s);
  // A block holds some 50 orders sent before the limit was seen; then it sells. Never beyond what
  // margin allows, always with two-sided flow.
  bool sold = false;
  for (const Transaction& tx : scene.world.get(scene.market).log) {
    sold = sold || (tx.account == account && tx.amount < 0);
  }
  EXPECT_TRUE(sold);
  scene.exchange().full_check();
}

TEST(MarketMaker, QuotesBothSidesAroundTheOutsidePrice) {
  Scene scene;
  const Ref<MarketMaker> maker = scene.add<MarketMaker>("maker", {});
  scene.world.get(scene.price).subscribe(maker);
  scene.run(5_s);
  const OrderBook& book = scene.exchange().book();
  EXPECT_EQ(book.live(), 6U);
  // Half spread: (2 / 100) ln(1 + 100 * 4e-4) / 2 = 3.922 bp, risk 0.5 * 100 * 0.25 * 60 s / year
  // = 0.238 bp / 10 (below a tick of 0.02 bp times ten), minimum 1 bp: 4.946 bp = 247.3 ticks.
  const double risk = 0.5 * 100.0 * 0.25 * 60.0 / (365.0 * 86'400.0);
  const double half = 0.01 * std::log(1.04) + risk + 1e-4;
  EXPECT_NEAR(static_cast<double>(book.best(Side::Buy).ticks), 500'000 * (1 - half), 1.0);
  EXPECT_NEAR(static_cast<double>(book.best(Side::Sell).ticks), 500'000 * (1 + half), 1.0);
  // Nothing changed after that: no further orders.
  EXPECT_EQ(scene.world.get(maker).quotes_sent(), 6U);
}

TEST(MarketMaker, ReplacesItsQuotesWhenThePriceMoves) {
  Scene scene({.kind = PricePathKind::Scripted,
               .step = 250_ms,
               .segments = {{.duration = 10_s, .change = 1_percent}}});
  const Ref<MarketMaker> maker = scene.add<MarketMaker>("maker", {.volatility_memory = 1_d});
  scene.world.get(scene.price).subscribe(maker);
  scene.run(12_s);
  const OrderBook& book = scene.exchange().book();
  EXPECT_EQ(book.live(), 6U);
  EXPECT_GT(book.best(Side::Buy), Price{504'000});
  EXPECT_LT(book.best(Side::Buy), Price{505'000});
  EXPECT_GT(scene.world.get(maker).quotes_sent(), 100U);
}

TEST(MarketMaker, SkewsAgainstItsInventoryAndStopsAtItsLimit) {
  Scene scene;
  const MarketMakerParams params{.clip = 100_lots, .risk_aversion = 1'000.0, .clips_max = 5};
  const AccountRange accounts = MarketMaker::genesis(scene.exchange(), params);
  const AccountRange other = open_accounts(scene.exchange(), 1, 1'000'000_usd);
  scene.exchange().genesis_position(accounts.at(0), Quantity{500}, {500'000});
  scene.exchange().genesis_position(other.at(0), Quantity{-500}, {500'000});
  const Ref<MarketMaker> maker = scene.add<MarketMaker>("maker", params, accounts);
  scene.world.get(scene.price).subscribe(maker);
  scene.run(5_s);
  const OrderBook& book = scene.exchange().book();
  EXPECT_FALSE(book.has(Side::Buy));  // 5 clips long: no more bids
  const double per_clip = 1'000.0 * 0.25 * 60.0 / (365.0 * 86'400.0);
  const double half = 0.5 * per_clip + 0.001 * std::log(1.0 + 1'000.0 * 4e-4) + 1e-4;
  EXPECT_NEAR(static_cast<double>(book.best(Side::Sell).ticks), 500'000 * (1 - 5 * per_clip + half),
              1.0);
}

// Steps of 0.1 % every 250 ms: variance per year 1e-6 * 4 * 31 536 000 = 126.1.
TEST(MarketMaker, EstimatesVarianceFromThePrice) {
  Scene scene({.kind = PricePathKind::Scripted,
               .step = 250_ms,
               .segments = {{.duration = 250_s, .change = Ratio{1'716'923'932}}}});  // 1.001^1000
  const Ref<MarketMaker> maker =
      scene.add<MarketMaker>("maker", {.volatility_memory = 10_s, .capital = 100'000'000_usd});
  scene.world.get(scene.price).subscribe(maker);
  scene.run(200_s);
  EXPECT_NEAR(scene.world.get(maker).variance(), 126.1, 1.5);
}

TEST(IndexArbitrageur, ActsOnlyBeyondTheCost) {
  EXPECT_EQ(arbitrage({100'000}, {100'080}, {100'090}, 8_bp), ArbitrageSide::None);
  EXPECT_EQ(arbitrage({100'000}, {100'081}, {100'090}, 8_bp), ArbitrageSide::Sell);
  EXPECT_EQ(arbitrage({100'000}, {99'900}, {99'920}, 8_bp), ArbitrageSide::None);
  EXPECT_EQ(arbitrage({100'000}, {99'900}, {99'919}, 8_bp), ArbitrageSide::Buy);
  EXPECT_EQ(arbitrage({100'000}, {0}, {0}, 8_bp), ArbitrageSide::None);
}

TEST(IndexArbitrageur, TakesQuotesThatAreStale) {
  Scene scene;
  const AccountRange stale = open_accounts(scene.exchange(), 1, 10'000'000_usd);
  const Ref<IndexArbitrageur> agent =
      scene.add<IndexArbitrageur>("arbitrageur", {.clip = 100_lots, .clips_max = 3});
  scene.world.get(scene.price).subscribe(agent);
  scene.world.engine().schedule(Time::zero(), Ref<Inbox>(scene.market),
                                SubmitTransaction{{.account = stale.at(0),
                                                   .price = 505'000,
                                                   .amount = 1'000,
                                                   .reference = 1,
                                                   .submitted = {}}});
  scene.run(20_s);
  // Sold 3 clips of 100 into the bid of 1000, one order at a time, and stopped at its limit.
  const AccountId account = scene.world.get(agent).accounts().at(0);
  EXPECT_EQ(scene.exchange().position(account), Quantity{-300});
  EXPECT_EQ(scene.world.get(agent).orders_sent(), 3U);
}

TEST(WithdrawalUser, AsksUntilItsMoneyIsGone) {
  Scene scene;
  const Ref<WithdrawalUser> user = scene.add<WithdrawalUser>(
      "user", {.withdrawals_per_hour = 3'600.0, .amount = 100_usd, .withdrawals_max = 20});
  scene.run(120_s);
  EXPECT_EQ(scene.world.get(user).asked(), 20U);
  EXPECT_EQ(scene.world.get(user).accepted(), 20U);
  EXPECT_EQ(scene.exchange().totals().withdrawn, 2'000_usd);
}

// -40 % in 1 h is 0.170 % per 12 s: every interval a pulse.
TEST(GasDemandCoupling, MovesBecomePulses) {
  EXPECT_EQ(relative_move({500'000}, {499'150}), Ratio{1'700'000});
  Scene scene({.kind = PricePathKind::Scripted,
               .step = 1_s,
               .segments = {{.duration = 10_min, .change = Ratio::zero()},
                            {.duration = 1_h, .change = Ratio{-400'000'000}}}});
  const Ref<BaseChain> l1 = scene.world.add<BaseChain>("l1", BaseChainParams{});
  const Ref<GasDemandCoupling> coupling =
      scene.world.add<GasDemandCoupling>("coupling", GasDemandCouplingParams{}, l1);
  scene.world.get(scene.price).subscribe(coupling);
  scene.run(10_min);
  EXPECT_EQ(scene.world.get(coupling).pulses(), 0U);
  scene.run(20_min);
  EXPECT_EQ(scene.world.get(coupling).pulses(), 50U);
}

TEST(MarketAgents, SnapshotContinuesTheSameRun) {
  const PriceProcessParams outside{.kind = PricePathKind::Gbm, .volatility = 2.0};
  const auto build = [&](Scene& scene) {
    const Ref<MarketMaker> maker = scene.add<MarketMaker>("maker", {});
    scene.add<NoiseTrader>("noise", {.orders_per_second = 20.0});
    const Ref<IndexArbitrageur> arbitrageur = scene.add<IndexArbitrageur>("arbitrageur", {});
    scene.add<WithdrawalUser>("user", {.withdrawals_per_hour = 600.0});
    scene.world.get(scene.price).subscribe(maker);
    scene.world.get(scene.price).subscribe(arbitrageur);
  };
  Scene whole(outside);
  Scene first(outside);
  Scene second(outside);
  for (Scene* scene : {&whole, &first, &second}) build(*scene);
  whole.run(120_s);
  first.run(60_s);
  second.run(Duration::zero());
  second.world.restore(first.world.save());
  second.run(120_s);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.save(), whole.world.save());
  EXPECT_GT(whole.exchange().totals().trades, 100);
  whole.exchange().full_check();
}

}  // namespace
}  // namespace mezz
