// Constant product, virtual AMM, price impact and skew fill, by hand and by property.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "models/market/pool/constant_product.h"
#include "models/market/pool/price_impact.h"
#include "models/market/pool/virtual_amm.h"
#include "sim/check/error.h"

namespace mezz::pool {
namespace {

ConstantProductPool pool_of(Int128 a, Int128 b) {
  ConstantProductPool pool;
  pool.deposit(a, b);
  return pool;
}
Int128 amount(std::int64_t from, std::int64_t to) { return *rc::gen::inRange(from, to); }
Wide product(const ConstantProductPool& pool) {
  return Wide{pool.reserve_a} * Wide{pool.reserve_b};
}

TEST(ConstantProduct, HandCalculatedSwap) {
  // 1000 in of 10^6 : 10^6 at 0.3 %: 997 * 10^6 / 1000997 = 996.00698.
  EXPECT_TRUE(amount_out(1'000, {1'000'000, 1'000'000}) == 996);
  // For 996 out: 10^6 * 996 / (999004 * 0.997) = 999.993, floored plus one.
  EXPECT_TRUE(*amount_in(996, {1'000'000, 1'000'000}) == 1'000);
  EXPECT_FALSE(amount_in(1'000'000, {1'000'000, 1'000'000}));
  // All but one of 2^100 against 2^100, without a fee: 2^100 (2^100 - 1) / 1 + 1.
  const Int128 large = Int128{1} << 100;
  EXPECT_EQ(*wide_amount_in(large - 1, {large, large}, 0),
            power_of_two(200) - power_of_two(100) + Wide{1});
}

TEST(ConstantProduct, SharesOfTheFirstAndOfLaterDeposits) {
  ConstantProductPool pool = pool_of(40'000, 10'000);  // sqrt(4 * 10^8) = 20000
  EXPECT_TRUE(pool.shares == 20'000);
  EXPECT_TRUE(pool.deposit(4'000, 5'000) == 2'000);  // the smaller ratio: a tenth
  const auto out = pool.withdraw(2'000);             // an eleventh of 44000 and 15000
  EXPECT_TRUE(out.a == 4'000 && out.b == 1'363);
  ConstantProductPool tiny;
  EXPECT_TRUE(tiny.deposit(1'000, 1'000) == 0);
  EXPECT_TRUE(tiny.reserve_a == 0);
}

RC_GTEST_PROP(ConstantProduct, ProductNeverFallsAndOneUnitMoreBreaksIt, ()) {
  ConstantProductPool pool =
      pool_of(amount(1'000'000, 1'000'000'000'000), amount(1'000'000, 1'000'000'000'000));
  for (int i = 0; i < 8; ++i) {
    const Wide before = product(pool);
    const Token given = amount(0, 2) == 0 ? Token::A : Token::B;
    const Reserves reserves = given == Token::A ? Reserves{pool.reserve_a, pool.reserve_b}
                                                : Reserves{pool.reserve_b, pool.reserve_a};
    const Int128 in = amount(0, 10'000'000'000);
    const Int128 out = pool.swap(given, in);
    RC_ASSERT(product(pool) >= before);
    RC_ASSERT(!keeps_product(reserves, in, out + 1));
  }
}

RC_GTEST_PROP(ConstantProduct, RoundTripNeverProfits, ()) {
  ConstantProductPool pool =
      pool_of(amount(1'000'000, 1'000'000'000'000), amount(1'000'000, 1'000'000'000'000));
  const Int128 in = amount(1, 10'000'000'000);
  const Int128 out = pool.swap(Token::A, in);
  RC_ASSERT(pool.swap(Token::B, out) <= in);
}

RC_GTEST_PROP(ConstantProduct, AskedInputBuysTheOutput, ()) {
  const Reserves reserves = {amount(1'000, 1'000'000'000), amount(1'000, 1'000'000'000)};
  const Int128 out = amount(1, narrow(reserves.out));
  RC_ASSERT(amount_out(*amount_in(out, reserves), reserves) >= out);
}

RC_GTEST_PROP(ConstantProduct, DepositAndWithdrawNeverProfits, ()) {
  ConstantProductPool pool =
      pool_of(amount(100'000, 1'000'000'000), amount(100'000, 1'000'000'000));
  const Int128 a = amount(0, 1'000'000'000);
  const Int128 b = amount(0, 1'000'000'000);
  const auto out = pool.withdraw(pool.deposit(a, b));
  RC_ASSERT(out.a <= a);
  RC_ASSERT(out.b <= b);
}

const VirtualAmm kAmm{.quote = Wad::whole(1'000), .base = Wad::whole(100)};

TEST(VirtualAmmRule, ExactDivisionsAreNotTouchedAndOthersCostAUnit) {
  // k = 100000; 1000 + 250 leaves 80 base: 20 exactly. Adding 2000 leaves 33.3...: 66.6... less
  // one.
  EXPECT_EQ(base_for_quote(kAmm, Direction::AddToPool, Wad::whole(250)), Wad::whole(20));
  EXPECT_EQ(base_for_quote(kAmm, Direction::AddToPool, Wad::whole(2'000)),
            (Wad{Wad::whole(100).units - Wad::of(100, 3).units - 1}));
  EXPECT_EQ(base_for_quote(kAmm, Direction::RemoveFromPool, Wad::whole(200)), Wad::whole(25));
  // 100000 / 700 = 142.857142...: owes one unit more than 42.857142... floored.
  EXPECT_EQ(base_for_quote(kAmm, Direction::RemoveFromPool, Wad::whole(300)),
            (Wad{Wad::of(1'000, 7).units - Wad::whole(100).units + 1}));
  EXPECT_THROW((void)base_for_quote(kAmm, Direction::RemoveFromPool, Wad::whole(1'000)),
               AssertionFailure);
}

RC_GTEST_PROP(VirtualAmmRule, OpeningAndClosingNeverProfits, ()) {
  const VirtualAmm amm{.quote = {amount(1'000'000, 1'000'000'000'000) * 1'000'000'000},
                       .base = {amount(1'000'000, 1'000'000'000'000) * 1'000'000'000}};
  const Wad quote = {amount(1, 100'000'000) * 1'000'003};
  const Wad bought = base_for_quote(amm, Direction::AddToPool, quote);
  const VirtualAmm after = after_quote(amm, Direction::AddToPool, quote);
  RC_PRE(bought >= Wad::zero());
  RC_ASSERT(quote_for_base(after, Direction::AddToPool, bought) <= quote);
}

TEST(PriceImpact, PowerIsZeroBelowADollar) {
  EXPECT_EQ(impact_power(0.99, 2, 1), 0);
  EXPECT_EQ(impact_power(1, 2, 0.5), 0.5);
  EXPECT_EQ(impact_power(300, 2, 0.5), 45'000);
}

const ImpactFactors kFactors{.positive = 1e-6, .negative = 2e-6, .exponent = 2};

TEST(PriceImpact, SameSideAndCrossOver) {
  const auto impact = [](Money longs_before, Money longs_after) {
    return price_impact({longs_before, 10'000_usd}, {longs_after, 10'000_usd}, kFactors);
  };
  // d 1000 -> 3000: -(9 - 1) * 2; back: +(9 - 1) * 1.
  EXPECT_EQ(impact(11'000_usd, 13'000_usd), -16_usd);
  EXPECT_EQ(impact(13'000_usd, 11'000_usd), 8_usd);
  // +2000 -> -1000: +4 * 1 - 1 * 2.
  EXPECT_EQ(impact(12'000_usd, 9'000_usd), 2_usd);
  EXPECT_EQ(impact(10'000_usd, 10'000_usd), 0_usd);
}

TEST(PriceImpact, PositiveFactorNeverExceedsTheNegative) {
  const ImpactFactors generous{.positive = 9e-6, .negative = 2e-6, .exponent = 2};
  EXPECT_EQ(price_impact({13'000_usd, 10'000_usd}, {10'000_usd, 10'000_usd}, generous), 18_usd);
}

TEST(PriceImpact, PoolCapsWhatItPaysAndKeepsWhatItTakes) {
  ImpactPool pool{5_usd};
  const ImpactCaps caps{.positive_max = 50_bp, .negative_max = 100_bp};
  EXPECT_EQ(settle_impact(pool, 8_usd, 2'000_usd, caps), 5_usd);  // what the pool holds
  EXPECT_EQ(pool.balance, 0_usd);
  EXPECT_EQ(settle_impact(pool, -30_usd, 2'000_usd, caps), -20_usd);  // 1 % of the size
  EXPECT_EQ(pool.balance, 20_usd);
  EXPECT_EQ(settle_impact(pool, 8_usd, 1'000_usd, caps), 5_usd);  // 0.5 % of the size
}

RC_GTEST_PROP(PriceImpact, OpeningAndClosingNeverProfits, ()) {
  const Imbalance before{{narrow(amount(0, 1'000'000'000'000))},
                         {narrow(amount(0, 1'000'000'000'000))}};
  const Imbalance after{before.longs + Money{narrow(amount(1, 1'000'000'000'000))}, before.shorts};
  const Money there = price_impact(before, after, kFactors);
  const Money back = price_impact(after, before, kFactors);
  RC_ASSERT(there + back <= Money::zero());
}

TEST(SkewFill, MeanOfThePremiumsBeforeAndAfter) {
  const SkewMarket market{.skew = Wad::whole(100), .skew_scale = Wad::whole(10'000)};
  // Buying 200 at 50: premiums 1 % and 3 %, mean 2 %. Selling 200: 1 % and -1 %.
  EXPECT_EQ(skew_fill_price(market, Wad::whole(200), Wad::whole(50)), Wad::whole(51));
  EXPECT_EQ(skew_fill_price(market, Wad::whole(-200), Wad::whole(50)), Wad::whole(50));
}

}  // namespace
}  // namespace mezz::pool
