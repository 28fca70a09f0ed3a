// Funding by the skew of a pool, in a running exchange. One unit is 100 lots; the pool trades at
// the index, without fee or impact, so that nothing but funding moves money between equals.
// Rules: models/market/funding_rules; facts: reference on funding (Synthetix v3, GMX v2).
#include "models/layer2/execution/skew_funding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "sim/check/error.h"
#include "tests/models/layer2/execution/desk.h"

namespace mezz {
namespace {

constexpr InstrumentId kPool{1};

ListingSpec perpetual(const std::string& name) {
  ListingSpec spec;
  spec.name = name;
  spec.kind = ListingKind::LinearPerp;
  spec.tick = Money{10'000};
  spec.lot_decimals = 2;
  spec.funding = ListingFunding::Cash;
  return spec;
}

PoolEntry oracle_pool(const std::string& name) {
  return {.instrument = name,
          .rule = {.kind = venue::Kind::OraclePool,
                   .fee = Ratio::zero(),
                   .quote = 1'000'000_usd,
                   .impact_positive = 0,
                   .impact_negative = 0}};
}

// 729 million billionths and 86.4 million are whole numbers per second in 10^-30.
ExchangeParams pooled(FundingRule rule) {
  ExchangeParams params = small_params();
  params.listing = {perpetual("P")};
  params.pool = {oracle_pool("P")};
  params.taker_fee = Ratio::zero();
  params.oracle.max_age = 365_d;
  params.funding_rule = rule;
  params.funding_tick = 12_h;
  params.venue_funding.synthetix_v3 = {.skew_scale = 1'000, .velocity_max = 300_percent};
  params.venue_funding.gmx_v2 = {.increase = Ratio{729'000'000}, .max = 100_percent};
  return params;
}

struct SkewDesk : Desk {
  AccountId first;
  AccountId second;
  AccountId third;

  explicit SkewDesk(const ExchangeParams& params) : Desk(params) {
    params.check("market");
    first = account(1'000'000_usd);
    second = account(1'000'000_usd);
    third = account(1'000'000_usd);
    start();
  }
  Transaction trade(AccountId account, std::int64_t units, InstrumentId instrument = kPool) {
    Transaction tx = order(account, units * 100, 0, 1, TimeInForce::Ioc, Transaction::kMarket);
    tx.instrument = instrument;
    return tx;
  }
  TxStatus run_after(Duration time, const Transaction& tx) {
    block_time = time;
    return run(tx);
  }
  // Everybody is settled.
  void tick_after(Duration time) {
    ASSERT_EQ(run_after(time, simple(AccountId::none(), TxKind::SettleFunding, 0)),
              TxStatus::Executed);
    ASSERT_EQ(out.funding.size(), 1 + exchange.params().pool.size());
    exchange.full_check();
  }
  [[nodiscard]] Money equity(AccountId account) const {
    return exchange.equity(account, exchange.oracle());
  }
  [[nodiscard]] Money pool() const { return exchange.pool(kPool)->holds().quote; }
  [[nodiscard]] Wad rate() const { return {exchange.skew_funding(kPool)->rate}; }
};

Money won(const SkewDesk& desk, AccountId account) { return desk.equity(account) - 1'000'000_usd; }

// ---- Synthetix v3

// 100 units of a scale of 1 000: a tenth of 300 % a day, 0.3. After half a day the rate is 0.15 a
// day; a unit pays 0.15 / 2 x 0.5 x 100 = 3.75 USD, all of them 375, to the pool.
TEST(SynthetixFundingOfAPool, ALotPaysTheMeanRateAndThePoolIsTheOtherSide) {
  SkewDesk desk(pooled(FundingRule::SynthetixV3));
  ASSERT_EQ(desk.run(desk.trade(desk.first, 100)), TxStatus::Executed);
  const Money before = desk.pool();
  desk.tick_after(12_h);
  EXPECT_EQ(won(desk, desk.first), -375_usd);
  EXPECT_EQ(desk.pool() - before, 375_usd);
  EXPECT_EQ(desk.rate(), Wad::of(15, 100));
  const FundingEvent& event = desk.out.funding[1];
  EXPECT_EQ(event.instrument, kPool);
  EXPECT_EQ(event.rate_ppm, 50'000);  // 0.15 / 3 in 8 hours
  EXPECT_EQ(event.skew, 10'000_lots);
  EXPECT_EQ(event.paid, 375_usd);
  EXPECT_EQ(event.rounding, Money::zero());
}

// On from 0.15 with a skew of -200, velocity -0.6: zero after a quarter of a day, -0.15 after two.
// In the first quarter a unit long pays 0.075 x 0.25 x 100 = 1.875 USD to a unit short, which makes
// up for the 375 of before; in the second it is paid back.
TEST(SynthetixFundingOfAPool, TheRateIsContinuousWhenTheSkewTurnsRound) {
  SkewDesk desk(pooled(FundingRule::SynthetixV3));
  ASSERT_EQ(desk.run(desk.trade(desk.first, 100)), TxStatus::Executed);
  ASSERT_EQ(desk.run_after(12_h, desk.trade(desk.first, -300)), TxStatus::Executed);
  EXPECT_EQ(desk.rate(), Wad::of(15, 100));  // the trade itself moves nothing
  EXPECT_EQ(won(desk, desk.first), -375_usd);
  desk.tick_after(6_h);
  EXPECT_EQ(desk.rate(), Wad::zero());
  EXPECT_EQ(won(desk, desk.first), Money::zero());
  desk.tick_after(6_h);
  EXPECT_EQ(desk.rate(), Wad::of(-15, 100));
  EXPECT_EQ(won(desk, desk.first), -375_usd);
  EXPECT_EQ(desk.out.funding[1].skew, -20'000_lots);
  EXPECT_EQ(desk.out.funding[1].paid, 375_usd);
  EXPECT_EQ(desk.pool(), 1'000'000_usd + 100_usd * 100 - 100_usd * 300 + 375_usd);
  EXPECT_EQ(desk.exchange.totals().rounding, Money::zero());
}

// Synthetix's own table (markets/perps-market/test/integration/Position/Funding.test.ts): a trader
// long 20 units, another who trades at the days given; scale 10 000, 300 %, price 2 000. What the
// first has paid in all by then, to a tenth of a dollar.
TEST(SynthetixFundingOfAPool, PaysWhatThePublishedTableSays) {
  struct Step {
    double days;
    std::int64_t units;
    std::optional<double> accrued;
  };
  const Step steps[] = {{1, -60, {}},         {1, 15, 120.0},       {0.25, 37, {}},
                        {2, -17, -291.375},   {0.2, 155, -297.975}, {0.1, -150, {}},
                        {0.1, -15, -278.775}, {0.03, -4, {}},       {3, 19, -893.826}};
  ExchangeParams params = pooled(FundingRule::SynthetixV3);
  params.initial_price = 2'000_usd;
  params.venue_funding.synthetix_v3.skew_scale = 10'000;
  SkewDesk desk(params);
  ASSERT_EQ(desk.run(desk.trade(desk.first, 20)), TxStatus::Executed);
  for (const Step& step : steps) {
    const Duration elapsed = 1_s * std::llround(step.days * 86'400);
    ASSERT_EQ(desk.run_after(elapsed, desk.trade(desk.second, step.units)), TxStatus::Executed);
    if (!step.accrued) continue;
    Desk copy = desk;  // settled there, so that nothing here is
    copy.block_time = Duration::zero();
    ASSERT_EQ(copy.run(simple(AccountId::none(), TxKind::SettleFunding, 0)), TxStatus::Executed);
    const Money paid = 1'000'000_usd - copy.exchange.equity(desk.first, copy.exchange.oracle());
    EXPECT_NEAR(paid.usd(), *step.accrued, 0.1);
  }
  desk.exchange.full_check();
}

TEST(SynthetixFundingOfAPool, BeyondTheScaleTheVelocityIsTheMost) {
  ExchangeParams params = pooled(FundingRule::SynthetixV3);
  params.venue_funding.synthetix_v3.skew_scale = 10;
  SkewDesk desk(params);
  ASSERT_EQ(desk.run(desk.trade(desk.first, -100)), TxStatus::Executed);
  desk.tick_after(24_h);
  EXPECT_EQ(desk.rate(), Wad::whole(-3));
}

// ---- GMX v2

// 60 units long, 40 short: f = 0.2. After a day the factor is 0.2 x 0.729 = 0.1458 a day; the longs
// owe that of 6 000 USD, 874.8: 14.58 a unit. The shorts get 874.8 / 40 = 21.87 a unit.
TEST(GmxFundingOfAPool, OneSidePaysTheOtherAndThePoolNobody) {
  SkewDesk desk(pooled(FundingRule::GmxV2));
  desk.block(
      {desk.trade(desk.first, 60), desk.trade(desk.second, -30), desk.trade(desk.third, -10)});
  const Money before = desk.pool();
  desk.tick_after(24_h);
  EXPECT_EQ(won(desk, desk.first), Money{-874'800'000});
  EXPECT_EQ(won(desk, desk.second), Money{656'100'000});
  EXPECT_EQ(won(desk, desk.third), Money{218'700'000});
  EXPECT_EQ(desk.pool(), before);
  EXPECT_EQ(desk.exchange.totals().rounding, Money::zero());
  const FundingEvent& event = desk.out.funding[1];
  EXPECT_EQ(event.rate_ppm, 48'600);
  EXPECT_EQ(event.skew, 2'000_lots);
  EXPECT_EQ(event.paid, Money{874'800'000});
}

// Long 60, short 41: what each short gets does not come out even, and the rest is rounding.
TEST(GmxFundingOfAPool, WhatDoesNotComeOutEvenIsRounding) {
  SkewDesk desk(pooled(FundingRule::GmxV2));
  desk.block(
      {desk.trade(desk.first, 60), desk.trade(desk.second, -28), desk.trade(desk.third, -13)});
  desk.tick_after(24_h);
  const Money rounding = desk.exchange.totals().rounding;
  EXPECT_EQ(won(desk, desk.first) + won(desk, desk.second) + won(desk, desk.third), -rounding);
  EXPECT_EQ(desk.out.funding[1].rounding, rounding);
  EXPECT_GT(rounding, Money::zero());
  EXPECT_LE(rounding, Money{3});
}

TEST(GmxFundingOfAPool, NobodyPaysWhileASideIsEmptyAndTheFactorStays) {
  SkewDesk desk(pooled(FundingRule::GmxV2));
  desk.block({desk.trade(desk.first, 60), desk.trade(desk.second, -40)});
  ASSERT_EQ(desk.run_after(24_h, desk.trade(desk.second, 40)), TxStatus::Executed);
  const Int128 factor = desk.exchange.skew_funding(kPool)->rate;
  EXPECT_GT(factor, 0);
  desk.tick_after(1_s);
  const Money before = won(desk, desk.first);
  desk.tick_after(24_h);
  EXPECT_EQ(won(desk, desk.first), before);
  EXPECT_EQ(desk.exchange.skew_funding(kPool)->rate, factor);
}

// 8.64 % a day is 10^-6 a second: 518.4 USD of 6 000.
TEST(GmxFundingOfAPool, TheFactorStopsAtItsMost) {
  ExchangeParams params = pooled(FundingRule::GmxV2);
  params.venue_funding.gmx_v2.max = Ratio{86'400'000};
  SkewDesk desk(params);
  desk.block({desk.trade(desk.first, 60), desk.trade(desk.second, -40)});
  desk.tick_after(24_h);
  EXPECT_EQ(won(desk, desk.first), Money{-518'400'000});
}

// A short who comes after half a day gets nothing of it. First half: 60 against 40, factor 0.0729,
// the longs pay 6 000 x 0.0729 / 2 = 218.7, all to the second account.
TEST(GmxFundingOfAPool, APositionIsPaidForTheTimeItIsHeld) {
  SkewDesk desk(pooled(FundingRule::GmxV2));
  desk.block({desk.trade(desk.first, 60), desk.trade(desk.second, -40)});
  ASSERT_EQ(desk.run_after(12_h, desk.trade(desk.third, -20)), TxStatus::Executed);
  ASSERT_EQ(desk.run_after(Duration::zero(), desk.trade(desk.third, 20)), TxStatus::Executed);
  desk.block_time = Duration::zero();
  ASSERT_EQ(desk.run(simple(AccountId::none(), TxKind::SettleFunding, 0)), TxStatus::Executed);
  EXPECT_EQ(won(desk, desk.first), Money{-218'700'000});
  EXPECT_EQ(won(desk, desk.second), Money{218'700'000});
  EXPECT_EQ(won(desk, desk.third), Money::zero());
}

// Blocks of 300 ms: the seconds that pass are counted, not the blocks.
TEST(GmxFundingOfAPool, FractionsOfASecondAreNotLost) {
  Money paid[2];
  for (const bool often : {false, true}) {
    ExchangeParams params = pooled(FundingRule::GmxV2);
    params.funding_tick = 1_min;
    SkewDesk desk(params);
    desk.block({desk.trade(desk.first, 60), desk.trade(desk.second, -40)});
    for (int i = 0; often && i < 199; ++i) {
      // Refused, but it brings the funding up to its time.
      EXPECT_EQ(desk.run_after(300_ms, desk.trade(desk.third, 1'000'000)), TxStatus::Rejected);
    }
    desk.tick_after(often ? 300_ms : 1_min);
    EXPECT_EQ(desk.exchange.skew_funding(kPool)->updated - Time::zero(), 61_s);
    paid[often ? 1 : 0] = -won(desk, desk.first);
  }
  // In one step all is paid at the last rate, in 60 at the mean: 61 / 120 of it.
  EXPECT_NEAR(paid[1].usd() / paid[0].usd(), 61.0 / 120.0, 0.01);
}

// ---- both

class SkewRules : public ::testing::TestWithParam<FundingRule> {};

// A chain that stood still for three days: the whole time counts, at the skew before it. Synthetix:
// rate 0.9, mean 0.45 a day of 3 days at 100 USD on 100 units, 13 500. GMX: f = 1 / 3 of 100
// against 50 units, 0.243 x 3 = 0.729 a day at the end, of 10 000 USD for 3 days, 21 870.
TEST_P(SkewRules, AHaltIsPaidFor) {
  SkewDesk desk(pooled(GetParam()));
  desk.block({desk.trade(desk.first, 100)});
  if (GetParam() == FundingRule::GmxV2) {
    desk.block_time = Duration::zero();
    desk.block({desk.trade(desk.second, -50)});
  }
  desk.tick_after(72_h);
  const Money expected = GetParam() == FundingRule::GmxV2 ? 21'870_usd : 13'500_usd;
  EXPECT_EQ(won(desk, desk.first), -expected);
}

TEST_P(SkewRules, WhoWithdrawsHasPaidFirst) {
  SkewDesk desk(pooled(GetParam()));
  desk.block({desk.trade(desk.first, 60), desk.trade(desk.second, -40)});
  const Money before = desk.exchange.quote(desk.first);
  ASSERT_EQ(desk.run_after(24_h, simple(desk.first, TxKind::Withdraw, 1)), TxStatus::Executed);
  EXPECT_LT(desk.exchange.quote(desk.first), before - 1_usd);
  desk.exchange.full_check();
  const Money paid = won(desk, desk.first);
  desk.block_time = Duration::zero();
  ASSERT_EQ(desk.run(simple(AccountId::none(), TxKind::SettleFunding, 0)), TxStatus::Executed);
  EXPECT_EQ(won(desk, desk.first), paid);
}

// Each pool has a skew of its own. The perpetual on its book has none and pays nothing, whatever
// premium it trades at.
TEST_P(SkewRules, EveryPoolHasItsOwnSkewAndTheBookNone) {
  ExchangeParams params = pooled(GetParam());
  params.listing.push_back(perpetual("Q"));
  params.pool.push_back(oracle_pool("Q"));
  SkewDesk desk(params);
  desk.block({desk.trade(desk.first, 60), desk.trade(desk.second, -40),
              desk.trade(desk.first, -60, {2}), desk.trade(desk.second, 40, {2})});
  desk.block({order(desk.third, 10, 120, 7), order(desk.second, -10, 120, 8)});
  ASSERT_EQ(desk.exchange.position(desk.third), 10_lots);
  ASSERT_EQ(desk.run(order(desk.third, 1'000, 120, 9)), TxStatus::Executed);
  const Money third = desk.exchange.quote(desk.third);
  desk.tick_after(24_h);
  EXPECT_EQ(desk.exchange.quote(desk.third), third);
  EXPECT_EQ(desk.out.funding[0].rate_ppm, 0);
  EXPECT_EQ(desk.out.funding[0].paid, Money::zero());
  EXPECT_GT(desk.out.funding[1].rate_ppm, 0);
  EXPECT_EQ(desk.out.funding[2].rate_ppm, -desk.out.funding[1].rate_ppm);
  EXPECT_EQ(desk.out.funding[2].paid, desk.out.funding[1].paid);
}

// 10 % of premium, 8 h for all of it: that of a listing on a book is what it is under every rule.
TEST_P(SkewRules, ListingsOnBooksKeepTheirPremium) {
  Money paid[2];
  for (const FundingRule rule : {FundingRule::DydxV4, GetParam()}) {
    ExchangeParams params = pooled(rule);
    params.funding_tick = 1_h;
    params.listing.push_back(perpetual("BOOK"));
    SkewDesk desk(params);
    const auto quote = [&](AccountId account, std::int64_t lots, std::int64_t price) {
      Transaction tx = order(account, lots, price, static_cast<std::uint64_t>(price));
      tx.instrument = {2};
      return tx;
    };
    desk.block({quote(desk.first, 100, 11'000), quote(desk.second, -100, 11'000)});
    desk.block({quote(desk.first, 100, 10'950), quote(desk.second, -100, 11'050)});
    desk.block_time = 1_h;
    desk.run(simple(AccountId::none(), TxKind::SettleFunding, 0));
    ASSERT_EQ(desk.out.funding.size(), 3U);
    EXPECT_EQ(desk.out.funding[2].instrument, InstrumentId{2});
    paid[rule == FundingRule::DydxV4 ? 0 : 1] = desk.out.funding[2].paid;
  }
  EXPECT_EQ(paid[0], Money{1'250'000});  // 10 USD / 8
  EXPECT_EQ(paid[1], paid[0]);
}

// What the position pays comes out of its purse, and free cash stays.
TEST_P(SkewRules, AnIsolatedPositionPaysFromItsPurse) {
  ExchangeParams params = pooled(GetParam());
  params.margin_mode = MarginMode::Isolated;
  SkewDesk desk(params);
  desk.block({desk.trade(desk.first, 60), desk.trade(desk.second, -40)});
  const Money purse = desk.exchange.purse(desk.first, kPool);
  const Money other = desk.exchange.purse(desk.second, kPool);
  const Money free = desk.exchange.free_collateral(desk.first);
  desk.tick_after(24_h);
  const Money paid = -won(desk, desk.first);
  EXPECT_GT(paid, 1_usd);
  EXPECT_EQ(desk.exchange.purse(desk.first, kPool), purse - paid);
  EXPECT_EQ(desk.exchange.purse(desk.second, kPool), other + won(desk, desk.second));
  EXPECT_EQ(desk.exchange.free_collateral(desk.first), free);
}

// A liquidation is of what the account has left after funding, which it pays in the same
// transaction: what it says of its losses is unchanged by it (presets_storm_test.cpp).
TEST_P(SkewRules, ALiquidationSettlesFirst) {
  SkewDesk desk(pooled(GetParam()));
  desk.block({desk.trade(desk.first, 60), desk.trade(desk.second, -40)});
  const Money before = desk.equity(desk.first);
  desk.block_time = 24_h;
  EXPECT_EQ(desk.liquidate(desk.first, desk.third), TxStatus::NotLiquidatable);
  EXPECT_LT(desk.equity(desk.first), before);
}

// ---- what is refused

struct Refused {
  const char* why;
  const char* key;
  void (*spoil)(ExchangeParams&);
};

TEST_P(SkewRules, WhatWouldNeverChargeIsRefusedByKey) {
  const Refused cases[] = {
      {"no pool", ".funding_rule", [](ExchangeParams& p) { p.pool.clear(); }},
      {"a pool of coins", ".funding_rule",
       [](ExchangeParams& p) {
         p.listing[0].kind = ListingKind::Spot;
         p.listing[0].funding = ListingFunding::None;
         p.pool[0].rule = {.kind = venue::Kind::Cpmm};
       }},
      {"a pool without funding", ".funding_rule",
       [](ExchangeParams& p) { p.listing[0].funding = ListingFunding::None; }},
      {"a period", ".listing[0].funding_period",
       [](ExchangeParams& p) { p.listing[0].funding_period = 24_h; }},
      {"a cap", ".listing[0].funding_cap",
       [](ExchangeParams& p) { p.listing[0].funding_cap = 5_percent; }},
      {"thresholds the wrong way round", ".venue_funding.gmx_v2.threshold_decrease",
       [](ExchangeParams& p) { p.venue_funding.gmx_v2.threshold_decrease = 6_percent; }},
  };
  for (const Refused& bad : cases) {
    ExchangeParams params = pooled(GetParam());
    params.check("market");
    params.funding_tick = 1_h;  // of a premium, nothing is paid less often than it is paid once
    bad.spoil(params);
    try {
      params.check("market");
      ADD_FAILURE() << bad.why;
    } catch (const ScenarioError& error) {
      EXPECT_NE(std::string(error.what()).find("market" + std::string(bad.key)), std::string::npos)
          << bad.why << ": " << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, SkewRules,
                         ::testing::Values(FundingRule::SynthetixV3, FundingRule::GmxV2),
                         [](const auto& info) { return std::string(enum_name(info.param)); });

}  // namespace
}  // namespace mezz
