#include "models/market/pool/clmm_pool.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <utility>
#include <vector>

namespace mezz::pool::clmm {
namespace {

constexpr PositionKey kWide{.owner = 1, .lower = -6'000, .upper = 6'000};
constexpr PositionKey kNarrow{.owner = 2, .lower = -60, .upper = 60};
constexpr Int128 kDeep = 1'000'000'000'000'000;

Pool pool_at_one() { return Pool(power_of_two(96), 3'000, 60); }

SwapRequest sell0(Int128 amount) {
  return {.side = Side::ZeroForOne, .exact = Exact::Input, .amount = amount, .sqrt_limit = {}};
}
SwapRequest sell1(Int128 amount) {
  return {.side = Side::OneForZero, .exact = Exact::Input, .amount = amount, .sqrt_limit = {}};
}
Int128 amount(std::int64_t from, std::int64_t to) { return *rc::gen::inRange(from, to); }
std::int32_t boundary() { return *rc::gen::inRange(-100, 100) * 60; }

TEST(ClmmPool, PositionsPayOnlyTheTokenOnTheirSide) {
  Pool pool = pool_at_one();
  const Amounts above = pool.mint({.owner = 1, .lower = 60, .upper = 120}, kDeep);
  EXPECT_TRUE(above.token0 > 0 && above.token1 == 0);
  const Amounts below = pool.mint({.owner = 1, .lower = -120, .upper = -60}, kDeep);
  EXPECT_TRUE(below.token0 == 0 && below.token1 > 0);
  EXPECT_EQ(pool.liquidity(), Wide{});
  const Amounts around = pool.mint(kNarrow, kDeep);
  EXPECT_TRUE(around.token0 > 0 && around.token1 > 0);
  EXPECT_EQ(pool.liquidity(), Wide{kDeep});
}

// Within one range the pool is a constant product of virtual reserves L and L: 10^15 each at price
// one. 10^12 in, 0.3 % fee: 0.997 * 10^12 * 10^15 / (10^15 + 0.997 * 10^12) = 996006981039.9.
TEST(ClmmPool, OneRangeTradesLikeAConstantProduct) {
  Pool pool = pool_at_one();
  pool.mint(kWide, kDeep);
  const SwapResult sold = pool.swap(sell0(1'000'000'000'000));
  EXPECT_TRUE(sold.given == 1'000'000'000'000);
  EXPECT_TRUE(sold.taken == 996'006'981'039);
  EXPECT_EQ(sold.fee, Wide{3'000'000'000});
}

TEST(ClmmPool, CrossingATickChangesTheLiquidity) {
  Pool pool = pool_at_one();
  pool.mint(kWide, kDeep);
  pool.mint(kNarrow, 3 * kDeep);
  EXPECT_EQ(pool.liquidity(), Wide{4 * kDeep});
  pool.swap({Side::ZeroForOne, Exact::Input, kDeep, sqrt_price_at(-61)});
  EXPECT_EQ(pool.sqrt_price(), sqrt_price_at(-61));
  EXPECT_EQ(pool.liquidity(), Wide{kDeep});
  pool.swap({Side::OneForZero, Exact::Input, kDeep, sqrt_price_at(61)});
  EXPECT_EQ(pool.liquidity(), Wide{kDeep});
  EXPECT_EQ(pool.tick(), 61);
  pool.swap({Side::ZeroForOne, Exact::Input, kDeep, sqrt_price_at(0)});
  EXPECT_EQ(pool.liquidity(), Wide{4 * kDeep});
}

TEST(ClmmPool, ExactOutputGivesThatOutput) {
  Pool pool = pool_at_one();
  pool.mint(kWide, kDeep);
  const SwapResult bought = pool.swap({Side::OneForZero, Exact::Output, 1'000'000, {}});
  EXPECT_TRUE(bought.taken == 1'000'000);
  // 10^6 / 0.997 = 1003009.03, plus the price moving by 10^-9 of itself.
  EXPECT_TRUE(bought.given == 1'003'011 || bought.given == 1'003'010);
}

TEST(ClmmPool, RangeWithoutLiquidityIsCrossedForNothing) {
  Pool pool = pool_at_one();
  const SwapResult nothing =
      pool.swap({Side::ZeroForOne, Exact::Input, 1'000, sqrt_price_at(-5'000)});
  EXPECT_TRUE(nothing.given == 0 && nothing.taken == 0);
  EXPECT_EQ(pool.sqrt_price(), sqrt_price_at(-5'000));
}

// 3:1 liquidity shares the fee 3:1 while both are in range; out of range the narrow one earns none.
TEST(ClmmPool, FeesGoToLiquidityInRangeInProportion) {
  Pool pool = pool_at_one();
  pool.mint({.owner = 1, .lower = -60, .upper = 60}, kDeep);
  pool.mint(kNarrow, 3 * kDeep);
  const Wide fee = pool.swap(sell0(1'000'000'000)).fee;
  EXPECT_EQ(fee, Wide{3'000'000});
  pool.burn({.owner = 1, .lower = -60, .upper = 60}, 0);
  pool.burn(kNarrow, 0);
  const Amounts first = pool.collect({.owner = 1, .lower = -60, .upper = 60});
  const Amounts second = pool.collect(kNarrow);
  EXPECT_TRUE(first.token0 == 749'999 && second.token0 == 2'249'999);  // floors of growth
  EXPECT_TRUE(first.token1 == 0 && second.token1 == 0);
}

TEST(ClmmPool, PositionOpenedLaterEarnsNothingOfThePast) {
  Pool pool = pool_at_one();
  pool.mint(kWide, kDeep);
  pool.swap(sell0(1'000'000'000));
  pool.swap(sell1(1'000'000'000));
  pool.mint(kNarrow, kDeep);
  pool.burn(kNarrow, 0);
  const Amounts earned = pool.collect(kNarrow);
  EXPECT_TRUE(earned.token0 == 0 && earned.token1 == 0);
}

struct Flow {
  Amounts in;
  Amounts out;
};
void trade(Pool& pool, Flow& flow) {
  const bool down = *rc::gen::arbitrary<bool>();
  const SwapResult result =
      pool.swap(down ? sell0(amount(0, 1'000'000'000'000)) : sell1(amount(0, 1'000'000'000'000)));
  (down ? flow.in.token0 : flow.in.token1) += result.given;
  (down ? flow.out.token1 : flow.out.token0) += result.taken;
}

RC_GTEST_PROP(ClmmPool, TokensAreConservedAndEveryoneCanBePaid, ()) {
  Pool pool = pool_at_one();
  Flow flow;
  std::vector<std::pair<PositionKey, Int128>> held;
  for (std::uint32_t owner = 0; owner < 4; ++owner) {
    const std::int32_t lower = boundary();
    const PositionKey key{owner, lower, lower + 60 * *rc::gen::inRange(1, 50)};
    const Int128 liquidity = amount(1, 1'000'000'000'000);
    const Amounts paid = pool.mint(key, liquidity);
    flow.in.token0 += paid.token0;
    flow.in.token1 += paid.token1;
    held.emplace_back(key, liquidity);
    for (int i = 0; i < 3; ++i) trade(pool, flow);
  }
  RC_ASSERT(pool.balances().token0 == flow.in.token0 - flow.out.token0);
  RC_ASSERT(pool.balances().token1 == flow.in.token1 - flow.out.token1);
  for (const auto& [key, liquidity] : held) {
    pool.burn(key, liquidity);
    pool.collect(key);  // asserts that the balance covers it
  }
  RC_ASSERT(pool.liquidity() == Wide{});
  // What stays is dust: a few units per position and step.
  RC_ASSERT(pool.balances().token0 >= 0 && pool.balances().token0 < 300);
  RC_ASSERT(pool.balances().token1 >= 0 && pool.balances().token1 < 300);
}

RC_GTEST_PROP(ClmmPool, RoundTripNeverProfits, ()) {
  Pool pool = pool_at_one();
  pool.mint(kWide, amount(1'000'000, 1'000'000'000'000));
  pool.mint(kNarrow, amount(1'000'000, 1'000'000'000'000));
  const SwapResult there = pool.swap(sell0(amount(1, 1'000'000'000'000)));
  const SwapResult back = pool.swap(sell1(there.taken));
  RC_ASSERT(back.taken <= there.given);
}

RC_GTEST_PROP(ClmmPool, SplitSwapGivesNoMoreThanTheWhole, ()) {
  Pool whole = pool_at_one();
  whole.mint(kWide, amount(1'000'000, 1'000'000'000'000));
  whole.mint(kNarrow, amount(1'000'000, 1'000'000'000'000));
  Pool split = whole;
  const Int128 first = amount(1, 500'000'000);
  const Int128 second = amount(1, 500'000'000);
  const SwapResult once = whole.swap(sell0(first + second));
  const SwapResult one = split.swap(sell0(first));
  const SwapResult two = split.swap(sell0(second));
  RC_PRE(once.given == first + second);
  RC_PRE(one.given + two.given == first + second);
  RC_ASSERT(one.taken + two.taken <= once.taken);
}

RC_GTEST_PROP(ClmmPool, FeesCollectedNeverExceedFeesPaid, ()) {
  Pool pool = pool_at_one();
  const Int128 liquidity = amount(1'000'000, 1'000'000'000'000);
  pool.mint(kWide, liquidity);
  Wide paid;
  for (int i = 0; i < 6; ++i) {
    const SwapResult result =
        pool.swap(i % 2 == 0 ? sell0(amount(0, 10'000'000'000)) : sell1(amount(0, 10'000'000'000)));
    if (i % 2 == 0) paid = paid + result.fee;
  }
  pool.burn(kWide, 0);
  const Amounts earned = pool.collect(kWide);
  RC_ASSERT(Wide{earned.token0} <= paid);
  // Each growth loses less than liquidity / 2^128 + 1 units; steps outside the range have no fee.
  RC_ASSERT(Wide{earned.token0} + Wide{20} >= paid);
}

}  // namespace
}  // namespace mezz::pool::clmm
