#include "models/market/pool/clmm_math.h"

#include <algorithm>

namespace mezz::pool::clmm {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

// 2^128 / 1.0001^(2^i / 2), i = 0 to 19, the contract's own rounding of the last digit: high and
// low 64 bits.
constexpr std::uint64_t kRoots[20][2] = {
    {0xfffcb933bd6fad37, 0xaa2d162d1a594001}, {0xfff97272373d4132, 0x59a46990580e213a},
    {0xfff2e50f5f656932, 0xef12357cf3c7fdcc}, {0xffe5caca7e10e4e6, 0x1c3624eaa0941cd0},
    {0xffcb9843d60f6159, 0xc9db58835c926644}, {0xff973b41fa98c081, 0x472e6896dfb254c0},
    {0xff2ea16466c96a38, 0x43ec78b326b52861}, {0xfe5dee046a99a2a8, 0x11c461f1969c3053},
    {0xfcbe86c7900a88ae, 0xdcffc83b479aa3a4}, {0xf987a7253ac41317, 0x6f2b074cf7815e54},
    {0xf3392b0822b70005, 0x940c7a398e4b70f3}, {0xe7159475a2c29b74, 0x43b29c7fa6e889d9},
    {0xd097f3bdfd2022b8, 0x845ad8f792aa5825}, {0xa9f746462d870fdf, 0x8a65dc1f90e061e5},
    {0x70d869a156d2a1b8, 0x90bb3df62baf32f7}, {0x31be135f97d08fd9, 0x81231505542fcfa6},
    {0x09aa508b5b7a84e1, 0xc677de54f3e99bc9}, {0x005d6af8dedb8119, 0x6699c329225ee604},
    {0x00002216e584f5fa, 0x1ea926041bedfe98}, {0x00000000048a1703, 0x91f7dc42444e8fa2}};

const Wide& q96() {
  static const Wide value = power_of_two(96);
  return value;
}

Wide all_ones() { return wrapping_subtract(Wide{0}, Wide{1}); }

Wide root(int i) {
  Wide value;
  value.limbs[2] = kRoots[i][0];
  value.limbs[3] = kRoots[i][1];
  return value;
}

// Token0 in lowers the price: sqrt * L / (L + amount * sqrt), rounded up.
Wide after_adding_token0(const Wide& sqrt_price, const Wide& liquidity, const Wide& amount) {
  const Wide scaled = liquidity * q96();
  if (product_fits(amount, sqrt_price) && sum_fits(scaled, amount * sqrt_price)) {
    return mul_div(scaled, sqrt_price, scaled + amount * sqrt_price, Round::Up);
  }
  return divide(scaled, scaled / sqrt_price + amount, Round::Up);
}

Wide after_removing_token0(const Wide& sqrt_price, const Wide& liquidity, const Wide& amount) {
  const Wide scaled = liquidity * q96();
  const Wide product = amount * sqrt_price;
  MEZZ_ASSERT(scaled > product);  // more than the range holds
  return mul_div(scaled, sqrt_price, scaled - product, Round::Up);
}

void check(const Wide& sqrt_price, const Wide& liquidity) {
  MEZZ_ASSERT(sqrt_price > Wide{});
  MEZZ_ASSERT(liquidity > Wide{});
}

Wide amount_in_between(const StepInput& in, const Wide& to, bool zero_for_one) {
  return zero_for_one ? amount0_between(in.sqrt_price, to, in.liquidity, Round::Up)
                      : amount1_between(in.sqrt_price, to, in.liquidity, Round::Up);
}

Wide amount_out_between(const StepInput& in, const Wide& to, bool zero_for_one) {
  return zero_for_one ? amount1_between(in.sqrt_price, to, in.liquidity, Round::Down)
                      : amount0_between(in.sqrt_price, to, in.liquidity, Round::Down);
}

}  // namespace

Wide sqrt_price_at(std::int32_t tick) {
  MEZZ_ASSERT(tick >= kTickMin && tick <= kTickMax);
  const Wide q128 = power_of_two(128);
  const std::int32_t steps = tick < 0 ? -tick : tick;
  Wide ratio = q128;
  for (int i = 0; i < 20; ++i) {
    if ((steps >> i & 1) != 0) ratio = mul_div(ratio, root(i), q128, Round::Down);
  }
  if (tick > 0) ratio = all_ones() / ratio;
  return divide(ratio, power_of_two(32), Round::Up);
}

std::int32_t tick_at(const Wide& sqrt_price) {
  MEZZ_ASSERT(sqrt_price >= sqrt_price_at(kTickMin));
  MEZZ_ASSERT(sqrt_price < sqrt_price_at(kTickMax));
  std::int32_t low = kTickMin;  // its price is not above
  std::int32_t high = kTickMax;
  while (high - low > 1) {
    const std::int32_t middle = low + (high - low) / 2;
    (sqrt_price_at(middle) <= sqrt_price ? low : high) = middle;
  }
  return low;
}

Wide amount0_between(const Wide& a, const Wide& b, const Wide& liquidity, Round round) {
  const auto [low, high] = std::minmax(a, b);
  MEZZ_ASSERT(low > Wide{});
  const Wide scaled = liquidity * q96();
  return divide(mul_div(scaled, high - low, high, round), low, round);
}

Wide amount1_between(const Wide& a, const Wide& b, const Wide& liquidity, Round round) {
  const auto [low, high] = std::minmax(a, b);
  return mul_div(liquidity, high - low, q96(), round);
}

Wide next_sqrt_from_input(const Wide& sqrt_price, const Wide& liquidity, const Wide& amount,
                          Side side) {
  check(sqrt_price, liquidity);
  if (amount == Wide{}) return sqrt_price;
  if (side == Side::ZeroForOne) return after_adding_token0(sqrt_price, liquidity, amount);
  return sqrt_price + mul_div(amount, q96(), liquidity, Round::Down);
}

Wide next_sqrt_from_output(const Wide& sqrt_price, const Wide& liquidity, const Wide& amount,
                           Side side) {
  check(sqrt_price, liquidity);
  if (amount == Wide{}) return sqrt_price;
  if (side == Side::OneForZero) return after_removing_token0(sqrt_price, liquidity, amount);
  const Wide fall = mul_div(amount, q96(), liquidity, Round::Up);
  MEZZ_ASSERT(sqrt_price > fall);  // more than the range holds
  return sqrt_price - fall;
}

Step swap_step(const StepInput& in) {
  MEZZ_ASSERT(in.fee_ppm >= 0 && in.fee_ppm < kMillion);
  MEZZ_ASSERT(in.sqrt_price > Wide{});
  const bool zero_for_one = in.sqrt_price >= in.target;
  const Side side = zero_for_one ? Side::ZeroForOne : Side::OneForZero;
  const bool exact_in = in.exact == Exact::Input;
  const Wide to_target = exact_in ? amount_in_between(in, in.target, zero_for_one)
                                  : amount_out_between(in, in.target, zero_for_one);
  const Wide usable =
      exact_in ? mul_div(in.remaining, kMillion - in.fee_ppm, kMillion, Round::Down) : in.remaining;
  Step step;
  if (usable >= to_target) {
    step.sqrt_next = in.target;
  } else if (exact_in) {
    step.sqrt_next = next_sqrt_from_input(in.sqrt_price, in.liquidity, usable, side);
  } else {
    step.sqrt_next = next_sqrt_from_output(in.sqrt_price, in.liquidity, usable, side);
  }
  step.amount_in = amount_in_between(in, step.sqrt_next, zero_for_one);
  step.amount_out = amount_out_between(in, step.sqrt_next, zero_for_one);
  if (!exact_in) step.amount_out = std::min(step.amount_out, in.remaining);
  if (exact_in && step.sqrt_next != in.target) {
    step.fee = in.remaining - step.amount_in;  // all that is left: no dust stays with the trader
  } else {
    step.fee = mul_div(step.amount_in, in.fee_ppm, kMillion - in.fee_ppm, Round::Up);
  }
  return step;
}

}  // namespace mezz::pool::clmm
