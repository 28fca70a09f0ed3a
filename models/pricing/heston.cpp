#include "models/pricing/heston.h"

#include <algorithm>

#include "models/pricing/differences.h"
#include "models/pricing/heston_parts.h"
#include "models/pricing/quadrature.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

constexpr double kPi = 0x1.921fb54442d18p1;
constexpr int kNodes = 64;
// Deviations of the log price, and of the variance, below which chance in the variance is nothing.
constexpr double kNarrow = 1e-8;
constexpr double kStill = 1e-30;
// A spot or strike outside of this is none, or all.
constexpr double kLeast = 1e-150;
constexpr double kMost = 1e150;

struct Panel {
  double value = 0.0;  // of the integral
  double size = 0.0;   // of the integral of the absolute value
};
Panel integrate(const Heston& m, double time, double x, double from, double to) {
  const auto& gauss = GaussLegendre<kNodes>::rule();
  const double half = 0.5 * (to - from);
  Panel panel;
  for (std::size_t i = 0; i < kNodes; ++i) {
    const double u = from + half * (1.0 + gauss.node[i]);
    const Complex phi = detail::characteristic(m, time, u);
    const double weight = half * gauss.weight[i] / (u * u + 0.25);
    const double cosine = numeric::cos(u * x);
    const double sine = numeric::sin(u * x);
    panel.value += weight * (phi.re * cosine - phi.im * sine);
    panel.size += weight * numeric::sqrt(norm(phi));
  }
  return panel;
}

// Over all u: panels double in width; one that turns often is cut into pieces.
double integral(const Heston& m, double time, double x) {
  constexpr double kTurnsPerPiece = 8.0;
  constexpr double kLast = 5e5;  // largest angle that numeric::cos takes, with room
  const double turns_per_unit = (x < 0.0 ? -x : x) / (2.0 * kPi);
  double sum = 0.0;
  double from = 0.0;
  double to = 1.0;
  for (int panels = 0; panels < 40; ++panels) {
    const int pieces = 1 + static_cast<int>((to - from) * turns_per_unit / kTurnsPerPiece);
    double size = 0.0;
    for (int i = 0; i < pieces; ++i) {
      const double left = from + (to - from) * i / pieces;
      const double right = from + (to - from) * (i + 1) / pieces;
      const Panel panel = integrate(m, time, x, left, right);
      sum += panel.value;
      size += panel.size;
    }
    if (size < 1e-17 || 2.0 * to * turns_per_unit * 2.0 * kPi > kLast) break;
    from = to;
    to *= 2.0;
  }
  return sum;
}

}  // namespace

namespace detail {

// E exp(i z X) at z = u - i/2, X = log(S_T / F). There z^2 + i z = u^2 + 1/4 is real.
Complex characteristic(const Heston& m, double time, double u) {
  const double q = u * u + 0.25;
  const double variance = m.sigma * m.sigma;
  const Complex beta{m.kappa - 0.5 * m.rho * m.sigma, -m.rho * m.sigma * u};
  const Complex d = sqrt(beta * beta + Complex{variance * q, 0.0});
  const Complex sum = beta + d;
  // (beta - d) / sigma^2 without its cancellation.
  const Complex slope = Complex{-q, 0.0} / sum;
  const Complex g = variance * (slope / sum);
  const Complex rest = Complex{} - expm1((-time) * d);
  const Complex gone = Complex{1.0, 0.0} - rest;
  const Complex one_less_g = Complex{1.0, 0.0} - g;
  const Complex logarithm = log1p(g * rest / one_less_g);
  const Complex level = (m.kappa * m.theta) * (time * slope - (2.0 / variance) * logarithm);
  const Complex start = m.v0 * (slope * rest / (Complex{1.0, 0.0} - g * gone));
  return exp(level + start);
}

// Of the variance over the option's life: theta + (v0 - theta) (1 - exp(-kappa T)) / (kappa T).
double mean_variance(const Heston& m, double time) {
  const double decay = m.kappa * time;
  if (decay == 0.0) return m.v0;
  const double weight = std::min(1.0, -numeric::expm1(-decay) / decay);
  return m.theta + (m.v0 - m.theta) * weight;
}

}  // namespace detail

double heston_price(const Heston& m, const SpotOption& o) {
  MEZZ_ASSERT(o.spot >= 0.0 && o.strike >= 0.0 && o.time >= 0.0);
  MEZZ_ASSERT(m.v0 >= 0.0 && m.kappa >= 0.0 && m.theta >= 0.0);
  MEZZ_ASSERT(m.sigma >= 0.0);
  MEZZ_ASSERT(m.rho > -1.0 && m.rho < 1.0);
  const double spot = o.spot * numeric::exp(-o.yield * o.time);
  const double strike = o.strike * numeric::exp(-o.rate * o.time);
  const double variance = detail::mean_variance(m, o.time);
  const bool is_integral = m.sigma > kStill && variance * o.time > kNarrow * kNarrow &&
                           spot > kLeast && strike > kLeast && spot < kMost && strike < kMost;
  if (!is_integral) {
    SpotOption lognormal = o;
    lognormal.volatility = numeric::sqrt(variance);
    return bsm(lognormal).price;
  }
  const double x = numeric::log(spot / strike);
  const double unit = numeric::sqrt(spot) * numeric::sqrt(strike);
  const double covered = unit / kPi * integral(m, o.time, x);
  const double most = o.right == OptionRight::Call ? spot : strike;
  return std::clamp(most - covered, 0.0, most);
}

OptionGreeks heston_greeks(const Heston& m, const SpotOption& o) {
  SpotOption by_deviation = o;
  by_deviation.volatility = numeric::sqrt(m.v0);
  const auto price = [&](const SpotOption& changed) {
    Heston model = m;
    model.v0 = changed.volatility * changed.volatility;
    return heston_price(model, changed);
  };
  const double deviation = numeric::sqrt(detail::mean_variance(m, o.time) * o.time);
  return greeks_by_differences(by_deviation, price, {.deviation = deviation});
}

}  // namespace mezz::pricing
