#include "models/market/pool/clmm_math.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/check/error.h"

namespace mezz::pool::clmm {
namespace {

TEST(WideNumber, IsExactAndAssertsAtItsEnds) {
  const Wide most = wrapping_subtract(Wide{0}, Wide{1});
  EXPECT_EQ(text_of(most),
            "115792089237316195423570985008687907853269984665640564039457584007913129639935");
  EXPECT_EQ(mul_div(most, most, most, Round::Up), most);
  EXPECT_EQ(wrapping_add(most, Wide{3}), Wide{2});
  EXPECT_THROW((void)(most + Wide{1}), AssertionFailure);
  EXPECT_THROW((void)(Wide{1} - Wide{2}), AssertionFailure);
  EXPECT_EQ(divide(Wide{7}, Wide{2}, Round::Up), Wide{4});
  EXPECT_FALSE(wide_from(text_of(most) + "0"));
  EXPECT_EQ(sqrt_ratio_x96(Wide{9}, Wide{4}) / power_of_two(95), Wide{3});
}

// The ends of the range as the contract states them.
TEST(Tick, EndsOfTheRange) {
  EXPECT_EQ(text_of(sqrt_price_at(kTickMin)), "4295128739");
  EXPECT_EQ(text_of(sqrt_price_at(kTickMax)), "1461446703485210103287273052203988822378723970342");
  EXPECT_EQ(sqrt_price_at(0), power_of_two(96));
  EXPECT_EQ(tick_at(sqrt_price_at(kTickMin)), kTickMin);
  EXPECT_EQ(tick_at(sqrt_price_at(kTickMax) - Wide{1}), kTickMax - 1);
  EXPECT_THROW((void)tick_at(sqrt_price_at(kTickMax)), AssertionFailure);
}

// Independent of the table: (sqrt(1.0001) * 2^96)^2 = 1.0001 * 2^192, so for even ticks the price
// is an exact power. 1.0001^2 = 1.00020001.
TEST(Tick, FirstTicksAreThePowersOfTheBase) {
  const auto near = [](std::int32_t tick, const Wide& n, const Wide& d) {
    const Wide exact = sqrt_ratio_x96(n, d);
    const Wide ours = sqrt_price_at(tick);
    const Wide apart = ours > exact ? ours - exact : exact - ours;
    // One part in 2^90, or the rounding up of the last unit.
    return apart <= exact / power_of_two(90) + Wide{1};
  };
  const Wide ten4{10'000};
  EXPECT_TRUE(near(1, Wide{10'001}, ten4));
  EXPECT_TRUE(near(-1, ten4, Wide{10'001}));
  EXPECT_TRUE(near(2, Wide{100'020'001}, ten4 * ten4));
  EXPECT_TRUE(near(3, Wide{1'000'300'030'001}, ten4 * ten4 * ten4));
}

RC_GTEST_PROP(Tick, PriceRisesAndTickAtInvertsIt, ()) {
  const std::int32_t tick = *rc::gen::inRange(kTickMin, kTickMax);
  const Wide price = sqrt_price_at(tick);
  RC_ASSERT(price < sqrt_price_at(tick + 1));
  RC_ASSERT(tick_at(price) == tick);
  if (tick > kTickMin) RC_ASSERT(tick_at(price - Wide{1}) == tick - 1);
}

// Between prices 1 and 4 (roots 1 and 2): token0 = L (1 - 1/2), token1 = L (2 - 1).
TEST(Amounts, HandCalculated) {
  const Wide one = power_of_two(96);
  const Wide two = power_of_two(97);
  EXPECT_EQ(amount0_between(one, two, Wide{1'000}, Round::Up), Wide{500});
  EXPECT_EQ(amount1_between(two, one, Wide{1'000}, Round::Down), Wide{1'000});
  EXPECT_EQ(amount0_between(one, two, Wide{1'001}, Round::Down), Wide{500});
  EXPECT_EQ(amount0_between(one, two, Wide{1'001}, Round::Up), Wide{501});
  // 1000 token1 more take the root from 1 to 2; 500 token0 more take it back.
  EXPECT_EQ(next_sqrt_from_input(one, Wide{1'000}, Wide{1'000}, Side::OneForZero), two);
  EXPECT_EQ(next_sqrt_from_input(two, Wide{1'000}, Wide{500}, Side::ZeroForOne), one);
  EXPECT_EQ(next_sqrt_from_output(one, Wide{1'000}, Wide{500}, Side::OneForZero), two);
  EXPECT_EQ(next_sqrt_from_output(two, Wide{1'000}, Wide{1'000}, Side::ZeroForOne), one);
  EXPECT_THROW((void)next_sqrt_from_output(one, Wide{1'000}, Wide{1'000}, Side::OneForZero),
               AssertionFailure);
}

// 2^255 of token0 overflow the product: the other branch, 2^96 / 2^96 + 2^255 in the denominator.
TEST(Amounts, OverflowingInputStillLeavesAPrice) {
  EXPECT_EQ(next_sqrt_from_input(power_of_two(96), Wide{1}, power_of_two(255), Side::ZeroForOne),
            Wide{1});
}

StepInput any_step() {
  const auto price = [] { return sqrt_price_at(*rc::gen::inRange(-200'000, 200'000)); };
  StepInput in;
  in.sqrt_price = price();
  in.target = price();
  in.liquidity = Wide{*rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000'000)};
  in.remaining = Wide{*rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000)};
  in.exact = *rc::gen::arbitrary<bool>() ? Exact::Input : Exact::Output;
  in.fee_ppm = *rc::gen::inRange(0, 100'000);
  return in;
}

RC_GTEST_PROP(SwapStep, StaysWithinTargetAndAmount, ()) {
  const StepInput in = any_step();
  const Step step = swap_step(in);
  const bool down = in.sqrt_price >= in.target;
  const bool within = down ? step.sqrt_next >= in.target && step.sqrt_next <= in.sqrt_price
                           : step.sqrt_next <= in.target && step.sqrt_next >= in.sqrt_price;
  RC_ASSERT(within);
  if (in.exact == Exact::Input) {
    RC_ASSERT(step.amount_in + step.fee <= in.remaining);
    if (step.sqrt_next != in.target) RC_ASSERT(step.amount_in + step.fee == in.remaining);
  } else {
    RC_ASSERT(step.amount_out <= in.remaining);
  }
  // The fee is at least its share of what was paid.
  const Wide paid = step.amount_in + step.fee;
  RC_ASSERT(step.fee * Wide{1'000'000} >= paid * Wide{in.fee_ppm});
}

}  // namespace
}  // namespace mezz::pool::clmm
