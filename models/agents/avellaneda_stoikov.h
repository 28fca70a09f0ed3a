// Optimal quotes of a market maker with exponential utility (Avellaneda, Stoikov 2008, Quantitative
// Finance 8, 217-224). Mid price s is a Brownian motion of volatility sigma; a quote at distance
// delta is filled at rate A e^(-k delta); the horizon is `left` away:
//   reservation price  r = s - q gamma sigma^2 left
//   total spread       gamma sigma^2 left + (2 / gamma) ln(1 + gamma / k)
// Any consistent units of price and time. The spread is the paper's sum of both sides, set
// symmetrically around r. Left out: asymmetric depths, the exact non-asymptotic solution.
#pragma once

namespace mezz::avellaneda_stoikov {

struct Market {
  double mid = 0.0;
  double volatility = 0.0;  // of the price, per square root of a unit of time
  double fill_decay = 1.0;  // k
};

struct Inventory {
  double held = 0.0;  // q
  double risk_aversion = 0.1;
  double left = 1.0;  // time to the horizon
};

struct Quotes {
  double bid = 0.0;
  double ask = 0.0;
};

[[nodiscard]] double reservation_price(const Market& market, const Inventory& inventory);
[[nodiscard]] double spread(const Market& market, const Inventory& inventory);
[[nodiscard]] Quotes quotes(const Market& market, const Inventory& inventory);
// A e^(-k delta)
[[nodiscard]] double fill_intensity(double at_mid, const Market& market, double distance);

}  // namespace mezz::avellaneda_stoikov
