// The volatility at which Black's formula gives a price. Never NaN: a price that no volatility
// gives has a status, and the nearest volatility that makes sense (zero, or infinity).
//
// Method: the out-of-the-money option of the same strike, in units of sqrt(F K) (P. Jaeckel, Let's
// Be Rational, Wilmott 2015); the logarithm of its price, or above half of the greatest price that
// of what is missing, is matched by Newton's steps kept inside a bracket. Accuracy: a few units in
// the last place of what the price itself determines; a price of tiny value beside its intrinsic
// part determines little.
#pragma once

#include <cstdint>

#include "models/pricing/black.h"

namespace mezz::pricing {

enum class ImpliedVolStatus : std::uint8_t {
  Found,
  BelowIntrinsic,  // by more than roundings of a price: volatility 0
  AtIntrinsic,     // no time value left, within 4 x 2^-52 of forward + strike: volatility 0
  AboveMaximum,    // more than the forward (call) or the strike (put): volatility infinite
  Impossible,      // no time, forward or strike of zero, or a number that is none: volatility 0
};
struct ImpliedVol {
  double volatility = 0.0;  // per square root of a year
  ImpliedVolStatus status = ImpliedVolStatus::Found;
};

// `option.volatility` is not read. `price` is discounted, as the option's price is.
[[nodiscard]] ImpliedVol implied_volatility(const ForwardOption& option, double price);

// s with normalised_black(Call, x, s) = price for x <= 0 and 0 < price < exp(x / 2).
[[nodiscard]] double implied_deviation(double x, double price);

}  // namespace mezz::pricing
