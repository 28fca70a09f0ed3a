// Black-76 for many options at once: price and five first numbers a risk engine needs, from arrays
// of columns. The same instructions run two, four or eight options at a time (SSE2, AVX2, AVX-512),
// chosen when the program runs; only + - * / and the square root of IEEE 754 are used, without
// fused multiply-add, so every choice gives the same bits.
//
// Units. Prices and strikes in one currency; time in years; volatility per square root of a year
// (1.00 = 100 %); rate per year, continuously compounded. Results, all discounted:
//   price   of the option on a forward F            exp(-r T) (+-) [F N(+-d1) - K N(+-d2)]
//   delta   per 1.00 of the forward
//   gamma   of delta per 1.00 of the forward
//   vega    per 1.00 of volatility
//   theta   per year, forward and rate held: - d price / d T
// Source: F. Black, The pricing of commodity contracts, J. Financial Economics 3 (1976). The normal
// distribution is exp(-t^2 / 2) times a polynomial in (t - 5) / (t + 5), the idea of Shepherd and
// Laframboise, Math. Comp. 36 (1981), with coefficients of our own (relative error 5e-16).
//
// Asked of the caller: forward, strike, time and volatility positive and finite; |rate * time|
// below 700. A total deviation (volatility * sqrt(time)) below 1e-10 counts as 1e-10, and a price
// is never below zero. Not here: what the scalar functions of this folder also give (vanna, volga).
#pragma once

#include <cstddef>

#include "sim/numeric/isa.h"

namespace mezz::pricing {

// Columns of equal length, owned by the caller.
struct OptionColumns {
  std::size_t count = 0;
  const double* forward = nullptr;
  const double* strike = nullptr;
  const double* time = nullptr;
  const double* volatility = nullptr;
  const double* rate = nullptr;
  const double* sign = nullptr;  // +1 call, -1 put
};

// The options of one expiry: forward, time and rate are shared, so is all that depends on them.
struct ChainColumns {
  std::size_t count = 0;
  double forward = 1.0;
  double time = 1.0;
  double rate = 0.0;
  const double* strike = nullptr;
  const double* log_strike = nullptr;  // numeric::log of it; strikes seldom change
  const double* volatility = nullptr;
  const double* sign = nullptr;
};

struct GreekColumns {
  double* price = nullptr;
  double* delta = nullptr;
  double* gamma = nullptr;
  double* vega = nullptr;
  double* theta = nullptr;
};

void black_batch(const OptionColumns& options, const GreekColumns& out, Isa isa = widest_isa());
void black_chain(const ChainColumns& chain, const GreekColumns& out, Isa isa = widest_isa());

}  // namespace mezz::pricing
