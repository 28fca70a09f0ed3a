// Arithmetic of concentrated liquidity (Uniswap v3-core: TickMath, SqrtPriceMath, SwapMath), exact
// to the unit. Prices are square roots of token1 per token0 times 2^96; a tick t is the price
// 1.0001^t. Rounding always favours the pool: what comes in and fees go up, what goes out goes
// down. In the one branch where the contract would overflow 256 bits (much token0 added) it divides
// in another way; that is reproduced.
#pragma once

#include "models/market/pool/wide.h"

namespace mezz::pool::clmm {

inline constexpr std::int32_t kTickMax = 887'272;
inline constexpr std::int32_t kTickMin = -kTickMax;

Wide sqrt_price_at(std::int32_t tick);
// The greatest tick whose price is not above; kTickMax's own price is out of range, as in the pool.
std::int32_t tick_at(const Wide& sqrt_price);

// Tokens between two prices (in any order) for `liquidity`.
Wide amount0_between(const Wide& a, const Wide& b, const Wide& liquidity, Round round);
Wide amount1_between(const Wide& a, const Wide& b, const Wide& liquidity, Round round);

enum class Side : std::uint8_t { ZeroForOne, OneForZero };  // the token given for the token taken
enum class Exact : std::uint8_t { Input, Output };

Wide next_sqrt_from_input(const Wide& sqrt_price, const Wide& liquidity, const Wide& amount,
                          Side side);
Wide next_sqrt_from_output(const Wide& sqrt_price, const Wide& liquidity, const Wide& amount,
                           Side side);

struct Step {
  Wide sqrt_next;
  Wide amount_in;  // without the fee
  Wide amount_out;
  Wide fee;
};
// Trades within one range of constant liquidity, from `sqrt_price` no further than `target`.
struct StepInput {
  Wide sqrt_price;
  Wide target;
  Wide liquidity;
  Wide remaining;
  Exact exact = Exact::Input;
  std::int64_t fee_ppm = 3'000;
};
Step swap_step(const StepInput& input);

}  // namespace mezz::pool::clmm
