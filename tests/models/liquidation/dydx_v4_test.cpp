#include "models/liquidation/dydx_v4.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz::liquidation {
namespace {

const margin::LiquidityTier kTier{.initial_margin_ppm = 200'000,
                                  .maintenance_fraction_ppm = 500'000,
                                  .open_interest_lower = {},
                                  .open_interest_upper = {}};

// `size` in 10^-8 BTC at 50 000 USD (500 micro-dollars each), as in the dYdX v4 tests.
Subject account(Money quote, Quantity size) {
  Subject s{.size = size, .price = {50'000, -2}, .tier = kTier, .account = {}};
  s.account =
      margin::position_risk({.quantity = size, .price = s.price, .open_interest = {}}, kTier);
  s.account.net_collateral += quote;
  return s;
}
constexpr Quantity kBtc{100'000'000};

// liquidations_test.go: 50 000 of notional, 4 999 of debt beyond it.
TEST(BankruptcyPrice, TakesTheShareOfTheCollateralAndRoundsUp) {
  EXPECT_EQ(bankruptcy_price(account(-5'000_usd, {10'000'000}), {-10'000'000}), 5'000_usd);
  EXPECT_EQ(bankruptcy_price(account(-13_usd, kBtc), {-21'347}), Money{2'776});
}

TEST(BankruptcyPrice, ClosingAllOfItLeavesNothing) {
  for (const Money quote : {-5'100_usd, -4'900_usd, Money{-4'999'999'999}}) {
    const Subject s = account(quote, {10'000'000});
    EXPECT_EQ(quote + bankruptcy_price(s, -s.size), Money::zero());
  }
}

TEST(BankruptcyPrice, GrowingThePositionIsOurBug) {
  EXPECT_THROW(bankruptcy_price(account(0_usd, kBtc), {1}), AssertionFailure);
  EXPECT_THROW(bankruptcy_price(account(0_usd, kBtc), -(kBtc + 1_lot)), AssertionFailure);
}

TEST(FillablePrice, IsTheOraclePriceAtFullCollateralAndWorstAtNone) {
  const LiquidationParams params{.spread_to_maintenance_ppm = 100'000};
  // Collateral equals maintenance (10 % of 5 000): the rating is 0.
  const Fraction best = fillable_price(account(-4'500_usd, {10'000'000}), params);
  EXPECT_TRUE(best.numerator == 500 && best.denominator == 1);
  // None left: 10 % of the maintenance margin away, 495.
  const Fraction worst = fillable_price(account(-5'500_usd, {10'000'000}), params);
  EXPECT_TRUE(worst.numerator == 495 && worst.denominator == 1);
}

TEST(FillablePrice, TicksRoundInFavourOfTheLiquidatedAccount) {
  const LiquidationParams params{.spread_to_maintenance_ppm = 100'000};
  // 500 - 0.002 * 0.1 * 500e6 / 1e7 = 499.99 for a long, 500.01 for a short; ticks of one.
  EXPECT_EQ(fillable_ticks(account(-4'501_usd, {10'000'000}), params, 1), 500_ticks);
  EXPECT_EQ(fillable_ticks(account(5'499_usd, {-10'000'000}), params, 1), 500_ticks);
  EXPECT_EQ(fillable_ticks(account(-4'501_usd, {10'000'000}), params, 100'000), 1_ticks);
}

TEST(FillablePrice, HugePositionsDoNotOverflow) {
  const Subject whale = account(-4'400'000'000'000_usd + 1_usd, {8'796'093'022'208'001});
  const Price price = fillable_ticks(whale, {}, 1);
  EXPECT_GE(price, 1_ticks);
  EXPECT_LE(price, 500_ticks);
}

TEST(Subticks, RoundToATickWithinTheGrid) {
  EXPECT_EQ(to_subticks({197, 1}, true, {100, 1}), 100u);
  EXPECT_EQ(to_subticks({1'970, 1}, true, {100, 1}), 200u);
  EXPECT_EQ(to_subticks({1'970, 1}, false, {100, 1}), 100u);
  EXPECT_EQ(to_subticks({1, 3}, true, {10, -3}), 340u);
  EXPECT_EQ(to_subticks({1, 3}, false, {10, -3}), 330u);
  EXPECT_EQ(to_subticks({Int128{1} << 100, 1}, true, {100, 0}), UINT64_MAX / 100 * 100);
}

TEST(InsuranceFund, FeeIsCappedByTheSurplusAndTheLossIsWhole) {
  EXPECT_EQ(insurance_fund_delta(100_usd, 90_usd, 15'000), Money{1'500'000});
  EXPECT_EQ(insurance_fund_delta(100_usd, 99_usd, 15'000), 1_usd);
  EXPECT_EQ(insurance_fund_delta(100_usd, 103_usd, 15'000), -3_usd);
  EXPECT_EQ(insurance_fund_delta(-100_usd, -110_usd, 15'000), Money{1'500'000});
  EXPECT_TRUE(fund_can_bear(3_usd, -3_usd));
  EXPECT_FALSE(fund_can_bear(3_usd, Money{-3'000'001}));
}

TEST(BlockLimits, PositionIsClosedByTheTenthOrTheMinimum) {
  const LiquidationParams params;
  EXPECT_EQ(position_limit(50'000_usd, params).max, 5'000_usd);
  EXPECT_EQ(position_limit(-5'000_usd, params).max, 1'000_usd);
  EXPECT_EQ(position_limit(300_usd, params).max, 300_usd);
  const QuotePrice price{50'000, -2};
  EXPECT_EQ(closable(kBtc, price, 100'000_usd, params, 1_lot), -Quantity{10'000'000});
  EXPECT_EQ(closable(-kBtc, price, 2'500_usd, params, 1_lot), Quantity{5'000'000});
  EXPECT_EQ(closable(kBtc, price, Money::zero(), params, 1_lot), 0_lots);
  EXPECT_EQ(closable({500'000}, price, 100'000_usd, params, 1_lot), -Quantity{500'000});
  EXPECT_EQ(closable(kBtc, price, Money{600}, params, Quantity{1'000}), -Quantity{1'000});
}

TEST(Deleveraging, OnlyInsolventOrFinallySettledAccounts) {
  using enum DeleveragePrice;
  EXPECT_EQ(can_deleverage(Money{-1}, MarketStatus::Active), AtBankruptcyPrice);
  EXPECT_EQ(can_deleverage(Money{0}, MarketStatus::Active), No);
  EXPECT_EQ(can_deleverage(Money{0}, MarketStatus::FinalSettlement), AtOraclePrice);
  EXPECT_EQ(can_deleverage(Money{-1}, MarketStatus::FinalSettlement), AtBankruptcyPrice);
}

// deleveraging_test.go: the short is bankrupt at 49 999; the long can pay that or not.
TEST(Deleveraging, BothCloseAtTheBankruptcyPriceOrNeither) {
  const Subject bankrupt = account(49'999_usd, -kBtc);
  const auto done =
      deleverage(bankrupt, account(-45'001_usd, kBtc), kBtc, DeleveragePrice::AtBankruptcyPrice);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->liquidated_quote_change, -49'999_usd);
  EXPECT_EQ(done->offsetting_quote_change, 49'999_usd);
  EXPECT_FALSE(
      deleverage(bankrupt, account(-50'001_usd, kBtc), kBtc, DeleveragePrice::AtBankruptcyPrice));
}

TEST(Deleveraging, FinalSettlementClosesAtTheOraclePrice) {
  const auto done = deleverage(account(60'000_usd, -kBtc), account(-10'000_usd, kBtc), kBtc,
                               DeleveragePrice::AtOraclePrice);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->liquidated_quote_change, -50'000_usd);
}

}  // namespace
}  // namespace mezz::liquidation
