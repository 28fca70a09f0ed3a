#include "tests/performance/quantlib_black.h"

#include <cmath>
#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/option.hpp>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/vanilla/qdfpamericanengine.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

namespace mezz::pricing {

double quantlib_black(const QuantLibOption& o) {
  const QuantLib::BlackCalculator calculator(
      o.call ? QuantLib::Option::Call : QuantLib::Option::Put, o.strike, o.forward,
      o.volatility * std::sqrt(o.time), std::exp(-o.rate * o.time));
  return calculator.value() + calculator.deltaForward() + calculator.gammaForward() +
         calculator.vega(o.time) + calculator.theta(o.forward, o.time);
}

double quantlib_american(const QuantLibAmerican& o, QuantLibScheme scheme) {
  namespace ql = QuantLib;
  const ql::Date today(1, ql::March, 2026);
  ql::Settings::instance().evaluationDate() = today;
  const ql::Actual365Fixed count;
  const auto flat = [&](double rate) {
    return ql::Handle<ql::YieldTermStructure>(
        ql::ext::make_shared<ql::FlatForward>(today, rate, count));
  };
  const auto process = ql::ext::make_shared<ql::BlackScholesMertonProcess>(
      ql::Handle<ql::Quote>(ql::ext::make_shared<ql::SimpleQuote>(o.spot)), flat(o.yield),
      flat(o.rate),
      ql::Handle<ql::BlackVolTermStructure>(ql::ext::make_shared<ql::BlackConstantVol>(
          today, ql::NullCalendar(), o.volatility, count)));
  ql::VanillaOption option(ql::ext::make_shared<ql::PlainVanillaPayoff>(
                               o.call ? ql::Option::Call : ql::Option::Put, o.strike),
                           ql::ext::make_shared<ql::AmericanExercise>(today, today + o.days));
  const auto iteration = scheme == QuantLibScheme::Fast ? ql::QdFpAmericanEngine::fastScheme()
                         : scheme == QuantLibScheme::Accurate
                             ? ql::QdFpAmericanEngine::accurateScheme()
                             : ql::QdFpAmericanEngine::highPrecisionScheme();
  option.setPricingEngine(ql::ext::make_shared<ql::QdFpAmericanEngine>(process, iteration));
  return option.NPV();
}

}  // namespace mezz::pricing
