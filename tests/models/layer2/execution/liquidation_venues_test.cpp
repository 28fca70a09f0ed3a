// The liquidations of Drift, GMX v2 and Synthetix v3 on the exchange: the account of
// short_account.h.
#include <gtest/gtest.h>

#include "tests/models/layer2/execution/short_account.h"

namespace mezz {
namespace {

// ---- drift

// With the buffer of 2 % of 940 the account needs 65.8 and lacks 25.8: below 50 USD, so all of it
// may be freed. The fund may have 0.95 x (7 % - 1 % - 25.8 / 940) = 3.1 %, at most 1 %. A lot frees
// 94 x (7 % - 1 %) - 94 x 1 % = 4.70: 5.49 lots, up to 6, worth 564. The keeper's fee is 5.64, the
// fund's too.
TEST(DriftLiquidation, ClosesWhatBringsTheMarginAndTheBufferBack) {
  ShortAccount c(liquidated_by(LiquidationRule::Drift));
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.held(c.target), 4_lots);
  EXPECT_EQ(c.held(c.keeper), 6_lots);
  EXPECT_EQ(c.exchange.quote(c.keeper), 10'000_usd - micros(558'360'000));
  EXPECT_EQ(c.exchange.quote(c.target), -900_usd + micros(552'720'000));
  EXPECT_EQ(c.exchange.totals().insurance_fund, 1'000_usd + micros(5'640'000));
  ASSERT_EQ(c.out.liquidations.size(), 1U);
  EXPECT_EQ(c.out.liquidations[0].step, LiquidationStep::Keeper);
  EXPECT_EQ(c.out.liquidations[0].fee, micros(5'640'000));
  EXPECT_EQ(c.out.liquidations[0].cost, micros(11'280'000));
  EXPECT_EQ(c.run(order(c.target, -1, 100)), TxStatus::Executed);  // it is over
  c.exchange.full_check();
}

// Ten times as large it lacks 258: 54.9 lots, 55, of which a tenth may go at once: 5. That costs
// 9.4; 234.5 are lacking then, 23.5 were freed. Half a minute later 75 of 150 slots have passed: 60
// % of 258 may be free, 131.3 more, which is 55.99 % of 234.5; 234.5 / 4.70 = 49.9 lots, 50: 27.
TEST(DriftLiquidation, FreesMoreAsTimeGoesBy) {
  ShortAccount c(liquidated_by(LiquidationRule::Drift), 1'000_usd, 100);
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.held(c.target), 95_lots);
  EXPECT_EQ(c.run(order(c.target, -1, 100)), TxStatus::Rejected);  // no orders meanwhile
  c.block_time = 29_s;
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.held(c.target), 95_lots - 27_lots);
  c.exchange.full_check();
}

TEST(DriftLiquidation, EndsWhenTheMarginIsBack) {
  ShortAccount c(liquidated_by(LiquidationRule::Drift), 1'000_usd, 100);
  c.index(94);
  c.liquidate(c.target, c.keeper);
  c.index(100);
  EXPECT_EQ(c.run(order(c.target, 1, 90)), TxStatus::Executed);
  c.index(94);  // and begins anew with a tenth: 95 lots lack 9.4 less than at first
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.held(c.target), 90_lots);
}

// At 88 the account lacks 20; no fee is left for the fund, the keeper has his 1 % of 880 all the
// same, and the fund pays 28.8 in the end.
TEST(DriftLiquidation, TheFundPaysWhatTheAccountLacks) {
  ShortAccount c(liquidated_by(LiquidationRule::Drift));
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  // 81.6 are lacking: a tenth of 10 lots.
  EXPECT_EQ(c.held(c.target), 9_lots);
  c.block_time = 60_s;
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.held(c.target), Quantity::zero());
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.totals().insurance_fund, 1'000_usd - micros(28'800'000));
  c.exchange.full_check();
}

// Without a fund 28.8 are shared by who holds the instrument: the keeper's 10 lots and the short's.
TEST(DriftLiquidation, ALossIsSharedByPosition) {
  ExchangeParams params = liquidated_by(LiquidationRule::Drift, Money::zero());
  params.socialise = Socialise::ByPosition;
  params.ramp.duration = Duration::zero();
  ShortAccount c(params);
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.totals().loss_socialised, micros(28'800'000));
  EXPECT_EQ(c.exchange.totals().bad_debt, Money::zero());
  EXPECT_EQ(c.exchange.quote(c.other), 2'000_usd - micros(14'400'000));
  EXPECT_EQ(c.exchange.quote(c.keeper),
            10'000_usd - 880_usd + micros(8'800'000) - micros(14'400'000));
  EXPECT_EQ(c.exchange.quote(c.bidder), 10'000_usd);
  EXPECT_EQ(c.exchange.totals().residual, Money::zero());
  c.exchange.full_check();
}

// ---- gmx_v2

// 940 less 6 bp (0.564); the rest of the collateral stays the account's.
TEST(GmxLiquidation, ThePoolClosesAtTheIndexPrice) {
  ShortAccount c(liquidated_by(LiquidationRule::GmxV2));
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.held(c.target), Quantity::zero());
  EXPECT_EQ(c.exchange.quote(c.target), micros(39'436'000));
  EXPECT_EQ(c.exchange.totals().backstop, 1'000_usd + micros(564'000));
  ASSERT_EQ(c.out.liquidations.size(), 1U);
  EXPECT_EQ(c.out.liquidations[0].step, LiquidationStep::Backstop);
  EXPECT_EQ(c.out.liquidations[0].cost, micros(564'000));
  c.exchange.full_check();
}

// At 88 it is worth 20 less than nothing: the pool pays 900 for what is worth 880.
TEST(GmxLiquidation, ThePoolBearsWhatTheCollateralLacks) {
  ShortAccount c(liquidated_by(LiquidationRule::GmxV2));
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.totals().backstop, 980_usd);
  EXPECT_EQ(c.out.liquidations[0].fund_paid, 20_usd);
  EXPECT_EQ(c.exchange.totals().bad_debt, Money::zero());
}

// A pool with 10 USD cannot carry 10 lots: the short is closed at the bankruptcy price.
TEST(GmxLiquidation, DeleveragesWhenThePoolIsTooSmall) {
  ShortAccount c(liquidated_by(LiquidationRule::GmxV2, 10_usd));
  c.index(88);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.out.liquidations[0].step, LiquidationStep::Deleverage);
  EXPECT_EQ(c.held(c.other), Quantity::zero());
}

// ---- synthetix_v3

// The vault has the 40 USD of margin and pays the keeper 5 bp of 940.
TEST(SynthetixLiquidation, AFlaggedAccountLosesItsCollateral) {
  ShortAccount c(liquidated_by(LiquidationRule::SynthetixV3));
  c.index(94);
  EXPECT_EQ(c.liquidate(c.target, c.keeper), TxStatus::Executed);
  EXPECT_EQ(c.held(c.target), Quantity::zero());
  EXPECT_EQ(c.exchange.quote(c.target), Money::zero());
  EXPECT_EQ(c.exchange.quote(c.keeper), 10'000_usd + micros(470'000));
  EXPECT_EQ(c.exchange.totals().backstop, 1'040_usd - micros(470'000));
  c.exchange.full_check();
}

// Fees of 6 bp x 200 units x 150 % x 30 s = 5.4 units a window: 5 lots, then nothing until they are
// 30 s old.
TEST(SynthetixLiquidation, TheVaultSellsNoMoreThanTheWindowAllows) {
  ExchangeParams params = liquidated_by(LiquidationRule::SynthetixV3);
  params.venue_margin.synthetix_v3.skew_scale = 200;
  params.window.premium_max = Ratio::zero();
  ShortAccount c(params);
  c.index(94);
  c.liquidate(c.target, c.keeper);
  c.run(order(c.bidder, 20, 94));
  c.index(94);
  EXPECT_EQ(c.held(c.bidder), 5_lots);
  c.index(94);
  EXPECT_EQ(c.held(c.bidder), 5_lots);
  c.block_time = 29_s;
  c.index(94);
  EXPECT_EQ(c.held(c.bidder), 10_lots);
  c.exchange.full_check();
}

// The vault holds 10 and then 5 of 200 units: 5 %, 2.5 %. Below 3 % a block that sold nothing yet
// may sell another window's worth.
TEST(SynthetixLiquidation, ASmallRestMayGoSooner) {
  ExchangeParams params = liquidated_by(LiquidationRule::SynthetixV3);
  params.venue_margin.synthetix_v3.skew_scale = 200;
  params.window.premium_max = 3_percent;
  ShortAccount c(params);
  c.index(94);
  c.liquidate(c.target, c.keeper);
  c.run(order(c.bidder, 20, 94));
  c.index(94);
  EXPECT_EQ(c.held(c.bidder), 5_lots);
  c.index(94);
  EXPECT_EQ(c.held(c.bidder), 10_lots);
}

}  // namespace
}  // namespace mezz
