#include "models/pricing/heston.h"

#include <array>

#include "models/pricing/complex.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz::pricing {
namespace {

constexpr double kPi = 0x1.921fb54442d18p1;
constexpr int kNodes = 64;

struct Rule {
  std::array<double, kNodes> node;  // on [-1, 1]
  std::array<double, kNodes> weight;
};

// Gauss-Legendre: the zeros of the Legendre polynomial by Newton's steps.
Rule make_rule() {
  Rule rule{};
  for (int i = 0; i < kNodes; ++i) {
    double x = numeric::cos(kPi * (i + 0.75) / (kNodes + 0.5));
    double slope = 1.0;
    for (int step = 0; step < 8; ++step) {
      double before = 1.0;
      double here = x;
      for (int n = 2; n <= kNodes; ++n) {
        const double next = ((2 * n - 1) * x * here - (n - 1) * before) / n;
        before = here;
        here = next;
      }
      slope = kNodes * (x * here - before) / (x * x - 1.0);
      x -= here / slope;
    }
    const auto at = static_cast<std::size_t>(i);
    rule.node[at] = x;
    rule.weight[at] = 2.0 / ((1.0 - x * x) * slope * slope);
  }
  return rule;
}
const Rule& rule() {
  static const Rule made = make_rule();
  return made;
}

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
  const Complex gone = exp((-time) * d);
  const Complex rest = Complex{1.0, 0.0} - gone;
  const Complex one_less_g = Complex{1.0, 0.0} - g;
  const Complex logarithm = log1p(g * rest / one_less_g);
  const Complex level = (m.kappa * m.theta) * (time * slope - (2.0 / variance) * logarithm);
  const Complex start = m.v0 * (slope * rest / (Complex{1.0, 0.0} - g * gone));
  return exp(level + start);
}

struct Panel {
  double value = 0.0;  // of the integral
  double size = 0.0;   // of the integral of the absolute value
};
Panel integrate(const Heston& m, double time, double x, double from, double to) {
  const Rule& gauss = rule();
  const double half = 0.5 * (to - from);
  Panel panel;
  for (std::size_t i = 0; i < kNodes; ++i) {
    const double u = from + half * (1.0 + gauss.node[i]);
    const Complex phi = characteristic(m, time, u);
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

double heston_price(const Heston& m, const SpotOption& o) {
  MEZZ_ASSERT(o.spot > 0.0 && o.strike > 0.0 && o.time > 0.0);
  MEZZ_ASSERT(m.v0 >= 0.0 && m.kappa >= 0.0 && m.theta >= 0.0);
  MEZZ_ASSERT(m.v0 + m.kappa * m.theta > 0.0);
  MEZZ_ASSERT(m.sigma > 0.0);
  MEZZ_ASSERT(m.rho > -1.0 && m.rho < 1.0);
  const double spot = o.spot * numeric::exp(-o.yield * o.time);
  const double strike = o.strike * numeric::exp(-o.rate * o.time);
  const double x = numeric::log(spot / strike);
  const double unit = numeric::sqrt(spot) * numeric::sqrt(strike);
  const double covered = unit / kPi * integral(m, o.time, x);
  const double price = (o.right == OptionRight::Call ? spot : strike) - covered;
  return price > 0.0 ? price : 0.0;
}

}  // namespace mezz::pricing
