// QuantLib behind functions of plain numbers: an independent oracle for models/pricing, and the
// peer of tests/performance. QuantLib 1.29 with Boost 1.74 wants C++17, so it is a library of its
// own. Times given in days are of a year of 365.
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

// An option on a spot with a yield. Asset, cash and gap are decided at `strike`; a gap option pays
// the difference from `amount`, a cash digital pays `amount`.
enum class QuantLibPayoff { Vanilla, Cash, Asset, Gap };
struct QuantLibSpotOption {
  double spot;
  double strike;
  double time;
  double volatility;
  double rate;
  double yield;
  bool call;
  QuantLibPayoff payoff = QuantLibPayoff::Vanilla;
  double amount = 1.0;
};
// In the units of models/pricing/black.h.
struct QuantLibGreeks {
  double price;
  double delta;
  double gamma;
  double vega;
  double theta;
  double rho;
  double dividend_rho;
};
// BlackCalculator.
QuantLibGreeks quantlib_greeks(const QuantLibSpotOption& option);
// bachelierBlackFormula and its derivatives: price, forward delta and vega, the rest zero.
// `volatility` is absolute.
QuantLibGreeks quantlib_bachelier(const QuantLibOption& option);

// Pays when, or if, the spot touches `strike` within `days`.
struct QuantLibOneTouch {
  double spot;
  double strike;
  int days;
  double volatility;
  double rate;
  double yield;
  bool call;        // the barrier is above the spot
  bool asset;       // pays the asset, else 1.00
  bool at_expiry;   // else when it touches
  bool if_touched;  // else if it does not
};
double quantlib_one_touch(const QuantLibOneTouch& option);

// Calls of `days` at the strikes, engine made once for the chain.
struct QuantLibHeston {
  double spot, rate, yield, v0, kappa, theta, sigma, rho;
  int days;
};
// AnalyticHestonEngine with its default, 144 Gauss-Laguerre nodes, which misses short expiries and
// wild parameters; or with adaptive Gauss-Lobatto to 1e-12.
enum class QuantLibIntegral { Default, Adaptive };
void quantlib_heston(const QuantLibHeston& model, QuantLibIntegral integral, const double* strike,
                     int count, double* price);

struct QuantLibAmerican {
  double spot;
  double strike;
  int days;
  double volatility;
  double rate;
  double yield;
  bool call;
};

enum class QuantLibScheme { Fast, Accurate, HighPrecision };

// Instrument and engine are made anew, as for an option seen once.
double quantlib_american(const QuantLibAmerican& option, QuantLibScheme scheme);

}  // namespace mezz::pricing
