#include "scenarios/validation/option_laws.h"

#include <cmath>
#include <numbers>

#include "scenarios/validation/statistics.h"

namespace mezz::validation {

namespace {

double density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

// sign +1 for a call, -1 for a put.
OptionValues values(const OptionInputs& o, double sign) {
  const double root = o.volatility * std::sqrt(o.years);
  const double discount = std::exp(-o.rate * o.years);
  const double kept = std::exp(-o.yield * o.years);
  const double d1 = (std::log(o.spot / o.strike) + (o.rate - o.yield) * o.years) / root + root / 2;
  const double d2 = d1 - root;
  const double n1 = normal_cdf(sign * d1);
  const double n2 = normal_cdf(sign * d2);
  const double vega = o.spot * kept * density(d1) * std::sqrt(o.years);
  return {.price = sign * (o.spot * kept * n1 - o.strike * discount * n2),
          .delta = sign * kept * n1,
          .gamma = kept * density(d1) / (o.spot * root),
          .vega = vega,
          .theta = -vega * o.volatility / (2 * o.years) -
                   sign * (o.rate * o.strike * discount * n2 - o.yield * o.spot * kept * n1),
          .rho = sign * o.strike * o.years * discount * n2};
}

}  // namespace

OptionValues call_values(const OptionInputs& o) { return values(o, 1); }
OptionValues put_values(const OptionInputs& o) { return values(o, -1); }

double put_with_jumps(const OptionInputs& o, const JumpLaw& law) {
  const double forward = o.spot * std::exp((o.rate - o.yield) * o.years);
  const Shortfall in_forwards = shortfall(o.strike / forward, law, o.years);
  return std::exp(-o.rate * o.years) * forward * in_forwards.expected;
}

double hedge_error(const OptionInputs& o, double hedges) {
  // Var = T / N sigma^4 / 2 integral E[(S^2 Gamma)^2] dt; d2 is normal at every time, so with
  // t = T sin(x) this is K^2 sigma^2 T / (4 pi N) integral over 0..pi/2 of e^(-d2^2 / (1 + sin x)).
  const double root = o.volatility * std::sqrt(o.years);
  const double d2 = std::log(o.spot / o.strike) / root - root / 2;
  constexpr int kPanels = 2'000;  // Simpson
  const double step = std::numbers::pi / 2 / kPanels;
  double sum = 0;
  for (int i = 0; i <= kPanels; ++i) {
    const double weight = (i == 0 || i == kPanels) ? 1 : (i % 2 == 1 ? 4 : 2);
    sum += weight * std::exp(-d2 * d2 / (1 + std::sin(step * i)));
  }
  const double integral = sum * step / 3;
  return o.strike * root * std::sqrt(integral / (4 * std::numbers::pi * hedges));
}

}  // namespace mezz::validation
