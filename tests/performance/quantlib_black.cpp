#include "tests/performance/quantlib_black.h"

#include <cmath>
#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/models/equity/hestonmodel.hpp>
#include <ql/option.hpp>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/blackformula.hpp>
#include <ql/pricingengines/vanilla/analytichestonengine.hpp>
#include <ql/pricingengines/vanilla/qdfpamericanengine.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/processes/hestonprocess.hpp>
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

double quantlib_implied(const QuantLibOption& o, double price, double accuracy) {
  try {
    return QuantLib::blackFormulaImpliedStdDev(
               o.call ? QuantLib::Option::Call : QuantLib::Option::Put, o.strike, o.forward, price,
               std::exp(-o.rate * o.time), 0.0, QuantLib::Null<double>(), accuracy) /
           std::sqrt(o.time);
  } catch (const QuantLib::Error&) {
    return 0.0;
  }
}

double quantlib_heston(const QuantLibHeston& m, const double* strike, int count) {
  namespace ql = QuantLib;
  const ql::Date today(1, ql::March, 2026);
  ql::Settings::instance().evaluationDate() = today;
  const ql::Actual365Fixed day_count;
  const auto flat = [&](double rate) {
    return ql::Handle<ql::YieldTermStructure>(
        ql::ext::make_shared<ql::FlatForward>(today, rate, day_count));
  };
  const auto process = ql::ext::make_shared<ql::HestonProcess>(
      flat(m.rate), flat(m.yield),
      ql::Handle<ql::Quote>(ql::ext::make_shared<ql::SimpleQuote>(m.spot)), m.v0, m.kappa, m.theta,
      m.sigma, m.rho);
  const auto engine = ql::ext::make_shared<ql::AnalyticHestonEngine>(
      ql::ext::make_shared<ql::HestonModel>(process));
  const auto exercise = ql::ext::make_shared<ql::EuropeanExercise>(today + m.days);
  double sum = 0.0;
  for (int i = 0; i < count; ++i) {
    ql::VanillaOption option(
        ql::ext::make_shared<ql::PlainVanillaPayoff>(ql::Option::Call, strike[i]), exercise);
    option.setPricingEngine(engine);
    sum += option.NPV();
  }
  return sum;
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
