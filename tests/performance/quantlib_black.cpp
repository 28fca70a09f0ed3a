#include "tests/performance/quantlib_black.h"

#include <cmath>
#include <ql/option.hpp>
#include <ql/pricingengines/blackcalculator.hpp>

namespace mezz::pricing {

double quantlib_black(const QuantLibOption& o) {
  const QuantLib::BlackCalculator calculator(
      o.call ? QuantLib::Option::Call : QuantLib::Option::Put, o.strike, o.forward,
      o.volatility * std::sqrt(o.time), std::exp(-o.rate * o.time));
  return calculator.value() + calculator.deltaForward() + calculator.gammaForward() +
         calculator.vega(o.time) + calculator.theta(o.forward, o.time);
}

}  // namespace mezz::pricing
