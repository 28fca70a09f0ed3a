// European options under S. Heston's stochastic variance (Review of Financial Studies 6, 1993):
//   dS = (r - q) S dt + sqrt(v) S dW,   dv = kappa (theta - v) dt + sigma sqrt(v) dZ,   dW dZ = rho
//   dt
// by A. Lewis's single integral (Option Valuation under Stochastic Volatility, 2000) over the
// characteristic function in the form without branch cuts (H. Albrecher et al., The Little Heston
// Trap, Wilmott 2007), Gauss-Legendre on panels that double in width until nothing is left.
//
// Units: v0, theta variances per year; kappa per year; sigma per year (volatility of variance).
// Asked (asserted): none of the inputs negative but rates and rho, |rho| < 1.
// Limits are values: with time, spot, strike, sigma or the whole variance at zero (or a spot,
// strike or sigma that is nothing beside the others, or a deviation of the log price below 1e-8)
// the price is Black and Scholes's at the mean variance, which is exact at the limits. Error: about
// 1e-13 of the spot. Greeks by differences (differences.h); vega, vanna and volga are per 1.00 of
// today's volatility sqrt(v0), the other parameters held.
#pragma once

#include "models/pricing/black.h"

namespace mezz::pricing {

struct Heston {
  double v0 = 0.04;
  double kappa = 1.0;
  double theta = 0.04;
  double sigma = 0.5;
  double rho = -0.5;
};

// `option.volatility` is not read.
[[nodiscard]] double heston_price(const Heston& model, const SpotOption& option);
[[nodiscard]] OptionGreeks heston_greeks(const Heston& model, const SpotOption& option);

}  // namespace mezz::pricing
