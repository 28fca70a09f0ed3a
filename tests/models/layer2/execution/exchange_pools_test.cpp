// Listings that trade against pools: who gets what, and that the pool's account is its mirror.
#include <gtest/gtest.h>

#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

ListingSpec listed(const std::string& name, ListingKind kind) {
  ListingSpec spec;
  spec.name = name;
  spec.kind = kind;
  spec.tick = Money{10'000};
  spec.lot_decimals = 2;
  return spec;
}

ExchangeParams pooled(ListingKind kind, const venue::PoolParams& rule) {
  ExchangeParams params = small_params();
  params.listing = {listed("X", kind)};
  params.pool = {{.instrument = "X", .rule = rule}};
  params.taker_fee = Ratio::zero();
  params.oracle.max_age = 365_d;
  params.check("exchange");
  return params;
}

Transaction trade_order(AccountId account, std::int64_t lots, std::int64_t price) {
  Transaction tx = order(account, lots, price, 1, TimeInForce::Ioc,
                         price == 0 ? std::uint8_t{Transaction::kMarket} : std::uint8_t{0});
  tx.instrument = {1};
  return tx;
}

struct PoolDesk : Desk {
  AccountId trader;
  AccountId provider;
  explicit PoolDesk(const ExchangeParams& params) : Desk(params) {
    trader = account(100'000_usd);
    provider = account(100'000_usd);
    start();
  }
  [[nodiscard]] const venue::Pool& pool() const { return *exchange.pool({1}); }
};

// 1 000 units (100 000 lots) and 100 000 USD without fee. Who buys 10 units pays
// 100 000 x 1 000 / 990 - 100 000 = 1 010.101010... USD, rounded up: x y = k.
TEST(Pools, ConstantProductSellsAlongTheCurve) {
  PoolDesk desk(pooled(ListingKind::Spot,
                       {.kind = venue::Kind::Cpmm, .fee = Ratio::zero(), .quote = 100'000_usd}));
  ASSERT_EQ(desk.run(trade_order(desk.trader, 1'000, 0)), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.quote(desk.trader), 100'000_usd - Money{1'010'101'011});
  EXPECT_EQ(desk.exchange.position(desk.trader, {1}), 1'000_lots);
  EXPECT_EQ(desk.pool().holds().quote, 100'000_usd + Money{1'010'101'011});
  EXPECT_EQ(desk.pool().holds().lots, 99'000_lots);
  desk.exchange.full_check();
}

// A limit of 100.50 USD on average: q / (1 000 - q) x 100 000 / q = 100.5 at q = 1 000 - 995.0249.
TEST(Pools, TheLimitIsTheAveragePrice) {
  PoolDesk desk(pooled(ListingKind::Spot,
                       {.kind = venue::Kind::Cpmm, .fee = Ratio::zero(), .quote = 100'000_usd}));
  ASSERT_EQ(desk.run(trade_order(desk.trader, 1'000, 10'050)), TxStatus::PartlyFilled);
  EXPECT_EQ(desk.exchange.position(desk.trader, {1}), 497_lots);
  EXPECT_EQ(desk.run(trade_order(desk.trader, 1, 9'000)), TxStatus::Rejected);
}

TEST(Pools, ProvidersGetTheirPartOfTheFeesBack) {
  PoolDesk desk(pooled(ListingKind::LinearPerp, {.kind = venue::Kind::SkewPool,
                                                 .fee = 1_percent,
                                                 .quote = 50'000_usd,
                                                 .skew_scale = Quantity{1'000'000'000}}));
  Transaction add = simple(desk.provider, TxKind::AddLiquidity, (50'000_usd).micros);
  add.instrument = {1};
  ASSERT_EQ(desk.run(add), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.quote(desk.provider), 50'000_usd);
  ASSERT_EQ(desk.run(trade_order(desk.trader, 1'000, 0)), TxStatus::Executed);   // 10 units, fee 10
  ASSERT_EQ(desk.run(trade_order(desk.trader, -1'000, 0)), TxStatus::Executed);  // and 10 again
  Transaction remove =
      simple(desk.provider, TxKind::RemoveLiquidity, desk.exchange.pool_shares(desk.provider, {1}));
  remove.instrument = {1};
  ASSERT_EQ(desk.run(remove), TxStatus::Executed);
  // Half of 20 USD of fees; the premium of a skew of one in a million is below a cent.
  EXPECT_NEAR(static_cast<double>(desk.exchange.quote(desk.provider).micros), 100'010e6, 2e4);
  EXPECT_EQ(desk.exchange.pool_shares(desk.provider, {1}), 0);
  EXPECT_EQ(desk.run(remove), TxStatus::Rejected);
  desk.exchange.full_check();
}

// The pool is the other side of every trade of a virtual AMM, and nobody liquidates it.
TEST(Pools, ThePoolIsCounterpartyAndCannotBeLiquidated) {
  PoolDesk desk(pooled(ListingKind::LinearPerp, {.kind = venue::Kind::Vamm,
                                                 .fee = Ratio::zero(),
                                                 .quote = 1'000_usd,
                                                 .virtual_lots = Quantity{1'000'000}}));
  ASSERT_EQ(desk.run(trade_order(desk.trader, 10'000, 0)), TxStatus::Executed);
  const AccountId pool{0};
  EXPECT_EQ(desk.exchange.position(pool, {1}), -10'000_lots);
  ASSERT_EQ(desk.index(150), TxStatus::Executed);
  EXPECT_LT(desk.exchange.equity(pool, {150}), Money::zero());
  EXPECT_FALSE(desk.exchange.any_liquidatable({150}));
  EXPECT_EQ(desk.liquidate(pool, desk.provider), TxStatus::NotLiquidatable);
  EXPECT_EQ(desk.run(simple(pool, TxKind::Withdraw, 1)), TxStatus::Rejected);
  desk.exchange.full_check();
}

// ---- winners that a pool cannot pay

ExchangeParams oracle_pooled(Money quote, Ratio above, Ratio until) {
  return pooled(ListingKind::LinearPerp, {.kind = venue::Kind::OraclePool,
                                          .fee = Ratio::zero(),
                                          .quote = quote,
                                          .impact_positive = 0,
                                          .impact_negative = 0,
                                          .deleverage_above = above,
                                          .deleverage_until = until});
}

// Two are long 50 units, one from 100 and one from 110 USD. At 120 they have won 1 000 and 500 USD,
// 15 % of what the pool would have without them, 10 000 USD. Down to 10 %: (1 500 - 1 000) / 0.9 =
// 555.56 USD are realised, all by who has won most: 5 000 x 555.56 / 1 000 = 2 778 lots, rounded
// up.
TEST(Pools, ClosesTheLargestWinnersWhenTheirProfitsAreTooMuchOfThePool) {
  PoolDesk desk(oracle_pooled(10'000_usd, 14_percent, 10_percent));
  ASSERT_EQ(desk.run(trade_order(desk.trader, 5'000, 0)), TxStatus::Executed);
  ASSERT_EQ(desk.index(110), TxStatus::Executed);  // 5 %
  EXPECT_TRUE(desk.out.liquidations.empty());
  ASSERT_EQ(desk.run(trade_order(desk.provider, 5'000, 0)), TxStatus::Executed);
  ASSERT_EQ(desk.index(120), TxStatus::Executed);
  EXPECT_EQ(desk.exchange.position(desk.trader, {1}), 2'222_lots);
  EXPECT_EQ(desk.exchange.position(desk.provider, {1}), 5'000_lots);
  EXPECT_EQ(desk.exchange.quote(desk.trader), Money{98'333'600'000});  // 95 000 + 2 778 x 1.2
  ASSERT_EQ(desk.out.liquidations.size(), 1U);
  const LiquidationEvent& event = desk.out.liquidations.front();
  EXPECT_EQ(event.account, desk.trader);
  EXPECT_EQ(event.step, LiquidationStep::Deleverage);
  EXPECT_EQ(event.quantity, -2'778_lots);
  EXPECT_EQ(event.cost, Money::zero());  // at the mark
  const ExchangeTotals totals = desk.exchange.totals();
  EXPECT_EQ(totals.adl_notional, Money{3'333'600'000});
  EXPECT_EQ(totals.adl_profitable, 1);
  desk.exchange.full_check();
}

TEST(Pools, LosersOfTheSameSideCountAgainstItsWinners) {
  PoolDesk desk(oracle_pooled(10'000_usd, 14_percent, 10_percent));
  ASSERT_EQ(desk.index(150), TxStatus::Executed);
  ASSERT_EQ(desk.run(trade_order(desk.provider, 5'000, 0)), TxStatus::Executed);
  ASSERT_EQ(desk.index(100), TxStatus::Executed);
  ASSERT_EQ(desk.run(trade_order(desk.trader, 5'000, 0)), TxStatus::Executed);
  ASSERT_EQ(desk.index(130), TxStatus::Executed);  // 1 500 won, 1 000 lost: 5 %
  EXPECT_EQ(desk.exchange.position(desk.trader, {1}), 5'000_lots);
  EXPECT_EQ(desk.exchange.totals().adl_notional, Money::zero());
}

// 1 000 USD against 50 units: 20 USD of rise are all there is, and it rises by 60.
TEST(Pools, ThatCloseWinnersInTimeStayAbleToPay) {
  for (const bool closes : {false, true}) {
    for (const std::int64_t side : {1, -1}) {
      PoolDesk desk(oracle_pooled(1'000_usd, closes ? 50_percent : Ratio::zero(), Ratio::zero()));
      ASSERT_EQ(desk.run(trade_order(desk.trader, 5'000 * side, 0)), TxStatus::Executed);
      for (std::int64_t move = 5; move <= 60; move += 5) {
        ASSERT_EQ(desk.index(100 + move * side), TxStatus::Executed);
      }
      const Price index{100 + 60 * side};
      EXPECT_EQ(desk.exchange.equity(AccountId{0}, index) > Money::zero(), closes);
      EXPECT_EQ(desk.exchange.totals().adl_counterparties > 0, closes);
      desk.exchange.full_check();
    }
  }
}

struct BadPool {
  const char* why;
  const char* key;
  void (*spoil)(ExchangeParams&);
};

TEST(Pools, BadOnesAreRefusedByKey) {
  const BadPool cases[] = {
      {"no such listing", "pool[0].instrument",
       [](ExchangeParams& p) { p.pool[0].instrument = "Y"; }},
      {"two pools", "pool[1].instrument", [](ExchangeParams& p) { p.pool.push_back(p.pool[0]); }},
      {"a curve of coins for a perpetual", "pool[0].rule.kind",
       [](ExchangeParams& p) { p.listing[0].kind = ListingKind::LinearPerp; }},
      {"a virtual one for coins", "pool[0].rule.kind",
       [](ExchangeParams& p) { p.pool[0].rule.kind = venue::Kind::Vamm; }},
      {"winners of a curve", "pool[0].rule.deleverage_above",
       [](ExchangeParams& p) { p.pool[0].rule.deleverage_above = 50_percent; }},
      {"until above the threshold", "pool[0].rule.deleverage_until",
       [](ExchangeParams& p) { p.pool[0].rule.deleverage_until = 50_percent; }},
      {"no cash", "pool[0].rule.quote",
       [](ExchangeParams& p) { p.pool[0].rule.quote = Money::zero(); }},
  };
  for (const BadPool& bad : cases) {
    ExchangeParams params = pooled(ListingKind::Spot, {.kind = venue::Kind::Cpmm});
    bad.spoil(params);
    try {
      params.check("exchange");
      ADD_FAILURE() << bad.why;
    } catch (const ScenarioError& error) {
      EXPECT_NE(std::string(error.what()).find(bad.key), std::string::npos)
          << bad.why << ": " << error.what();
    }
  }
}

}  // namespace
}  // namespace mezz
