// European options on a lognormal price: Black-76 on a forward, Black-Scholes-Merton on a spot with
// a dividend (or lending) yield. Pure functions of doubles.
//
// Units. Prices, spot, forward and strike in one currency; time in years; rates per year,
// continuously compounded; volatility per square root of a year, 1.00 = 100 %.
//   delta  per 1.00 of spot (bsm) or forward (black76)      gamma  of delta, per 1.00
//   vega   per 1.00 of volatility                           volga  of vega, per 1.00 of volatility
//   vanna  of delta, per 1.00 of volatility                 theta  per year, - d price / d time
//   rho    per 1.00 of rate; black76 holds the forward      dividend_rho  per 1.00 of yield (bsm)
// Sources: F. Black, J. Financial Economics 3 (1976); E. Haug, The Complete Guide to Option Pricing
// Formulas, 2nd ed. (2007), chapters 1 and 2.
//
// Limits are values: time or volatility of zero gives the discounted intrinsic value and, where the
// derivative does not exist, zero; spot or strike may be zero. Negative ones are our bug
// (asserted). What a discount factor makes too large for a double is infinite, what it makes too
// small is zero; inputs that are numbers never give NaN.
#pragma once

#include <cstdint>

namespace mezz::pricing {

enum class OptionRight : std::uint8_t { Call, Put };
// +1 for a call, -1 for a put.
[[nodiscard]] constexpr double sign_of(OptionRight right) {
  return right == OptionRight::Call ? 1.0 : -1.0;
}

struct SpotOption {
  OptionRight right = OptionRight::Call;
  double spot = 0.0;
  double strike = 0.0;
  double time = 0.0;
  double volatility = 0.0;
  double rate = 0.0;
  double yield = 0.0;
};
struct ForwardOption {
  OptionRight right = OptionRight::Call;
  double forward = 0.0;
  double strike = 0.0;
  double time = 0.0;
  double volatility = 0.0;
  double rate = 0.0;
};

struct OptionGreeks {
  double price = 0.0;
  double delta = 0.0;
  double gamma = 0.0;
  double vega = 0.0;
  double theta = 0.0;
  double rho = 0.0;
  double vanna = 0.0;
  double volga = 0.0;
  double dividend_rho = 0.0;
};

[[nodiscard]] OptionGreeks bsm(const SpotOption& option);
[[nodiscard]] OptionGreeks black76(const ForwardOption& option);

// Relative change of the price per relative change of the underlying. It grows without bound as the
// price vanishes, so at a price of zero it is infinite: upwards for a call, downwards for a put.
[[nodiscard]] double elasticity(OptionRight right, const OptionGreeks& greeks, double underlying);

// d1 and d2 with their limits: infinite where the deviation volatility * sqrt(time) is zero.
struct Moneyness {
  double d1;
  double d2;
};
[[nodiscard]] Moneyness moneyness(double forward, double strike, double deviation);

// The price of the option in units of sqrt(F K), with x = log(F / K) and deviation s: full relative
// precision far from the money too (P. Jaeckel, Let's Be Rational, Wilmott 2015).
[[nodiscard]] double normalised_black(OptionRight right, double x, double s);

}  // namespace mezz::pricing
