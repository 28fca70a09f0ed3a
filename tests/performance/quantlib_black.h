// QuantLib's BlackCalculator for one option, behind a function of plain numbers: QuantLib 1.29 with
// Boost 1.74 wants C++17, so it is a library of its own.
#pragma once

namespace mezz::pricing {

struct QuantLibOption {
  double forward;
  double strike;
  double time;
  double volatility;
  double rate;
  bool call;
};

// The sum of price, forward delta, forward gamma, vega and theta: nothing may be optimised away.
double quantlib_black(const QuantLibOption& option);

}  // namespace mezz::pricing
