// Constant-product pool (Uniswap v2: UniswapV2Pair, UniswapV2Library), in whole token units.
//   out = floor(in (1 - fee) R_out / (R_in + in (1 - fee)))
//   in  = floor(R_in out / ((R_out - out) (1 - fee))) + 1
//   shares of the first deposit = floor(sqrt(a b)) - 1000 (locked for ever); later the smaller
//   ratio
// The fee stays in the reserves, so their product never falls. Reserves are below 2^112 as in the
// contract. Left out: the fee switch, flash swaps, the price accumulator, transfer taxes.
#pragma once

#include <optional>

#include "models/market/pool/wide.h"

namespace mezz::pool {

struct Reserves {
  Int128 in = 0;   // of the token the trader gives
  Int128 out = 0;  // of the token it gets
};
inline constexpr std::int64_t kCpmmFeePpm = 3'000;
inline constexpr Int128 kLockedShares = 1'000;

Int128 amount_out(Int128 amount_in, const Reserves& reserves, std::int64_t fee_ppm = kCpmmFeePpm);
// Empty when the pool does not hold more than `amount_out`. Who takes nearly all of a large reserve
// pays more than 128 bits hold; amount_in asserts that it is not so.
std::optional<Wide> wide_amount_in(Int128 amount_out, const Reserves& reserves,
                                   std::int64_t fee_ppm = kCpmmFeePpm);
std::optional<Int128> amount_in(Int128 amount_out, const Reserves& reserves,
                                std::int64_t fee_ppm = kCpmmFeePpm);
// The check the contract makes: product after, less the fee, not below the product before.
bool keeps_product(const Reserves& before, Int128 amount_in, Int128 amount_out,
                   std::int64_t fee_ppm = kCpmmFeePpm);

enum class Token : std::uint8_t { A, B };

struct ConstantProductPool {
  Int128 reserve_a = 0;
  Int128 reserve_b = 0;
  Int128 shares = 0;  // includes the locked ones
  std::int64_t fee_ppm = kCpmmFeePpm;

  Int128 swap(Token given, Int128 amount);
  // Shares minted for what was paid in; zero (and nothing taken) when it is worth less than one.
  Int128 deposit(Int128 a, Int128 b);
  struct Amounts {
    Int128 a = 0;
    Int128 b = 0;
  };
  Amounts withdraw(Int128 burned);
};

}  // namespace mezz::pool
