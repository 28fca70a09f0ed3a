// QuantLib's BlackCalculator, implied deviation, Heston and American engines for one option, behind
// functions of plain numbers: QuantLib 1.29 with Boost 1.74 wants C++17, so it is a library of its
// own.
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

// blackFormulaImpliedStdDev to the accuracy given, over sqrt(time); 0 where it gives up.
// `price` is discounted.
double quantlib_implied(const QuantLibOption& option, double price, double accuracy);

// AnalyticHestonEngine (Gauss-Laguerre, 144 nodes, its default), made once for a chain of calls of
// `days` at the strikes; returns the sum of the prices.
struct QuantLibHeston {
  double spot, rate, yield, v0, kappa, theta, sigma, rho;
  int days;
};
double quantlib_heston(const QuantLibHeston& model, const double* strike, int count);

struct QuantLibAmerican {
  double spot;
  double strike;
  int days;  // of a year of 365
  double volatility;
  double rate;
  double yield;
  bool call;
};

enum class QuantLibScheme { Fast, Accurate, HighPrecision };

// Instrument and engine are made anew, as for an option seen once.
double quantlib_american(const QuantLibAmerican& option, QuantLibScheme scheme);

}  // namespace mezz::pricing
