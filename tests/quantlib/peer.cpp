#include "tests/quantlib/peer.h"

#include <cmath>
#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/models/equity/hestonmodel.hpp>
#include <ql/option.hpp>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/blackformula.hpp>
#include <ql/pricingengines/vanilla/analyticdigitalamericanengine.hpp>
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
namespace {

namespace ql = QuantLib;

// QuantLib's engines ask a global for the date.
ql::Date today() {
  const ql::Date date(1, ql::March, 2026);
  ql::Settings::instance().evaluationDate() = date;
  return date;
}

ql::Handle<ql::YieldTermStructure> flat(double rate) {
  return ql::Handle<ql::YieldTermStructure>(
      ql::ext::make_shared<ql::FlatForward>(today(), rate, ql::Actual365Fixed()));
}

ql::Handle<ql::Quote> quote(double spot) {
  return ql::Handle<ql::Quote>(ql::ext::make_shared<ql::SimpleQuote>(spot));
}

ql::ext::shared_ptr<ql::BlackScholesMertonProcess> lognormal(double spot, double volatility,
                                                             double rate, double yield) {
  return ql::ext::make_shared<ql::BlackScholesMertonProcess>(
      quote(spot), flat(yield), flat(rate),
      ql::Handle<ql::BlackVolTermStructure>(ql::ext::make_shared<ql::BlackConstantVol>(
          today(), ql::NullCalendar(), volatility, ql::Actual365Fixed())));
}

ql::Option::Type type_of(bool call) { return call ? ql::Option::Call : ql::Option::Put; }

ql::ext::shared_ptr<ql::StrikedTypePayoff> payoff_of(const QuantLibSpotOption& o) {
  switch (o.payoff) {
    case QuantLibPayoff::Cash:
      return ql::ext::make_shared<ql::CashOrNothingPayoff>(type_of(o.call), o.strike, o.amount);
    case QuantLibPayoff::Asset:
      return ql::ext::make_shared<ql::AssetOrNothingPayoff>(type_of(o.call), o.strike);
    case QuantLibPayoff::Gap:
      return ql::ext::make_shared<ql::GapPayoff>(type_of(o.call), o.strike, o.amount);
    case QuantLibPayoff::Vanilla:
      break;
  }
  return ql::ext::make_shared<ql::PlainVanillaPayoff>(type_of(o.call), o.strike);
}

}  // namespace

double quantlib_black(const QuantLibOption& o) {
  const ql::BlackCalculator calculator(type_of(o.call), o.strike, o.forward,
                                       o.volatility * std::sqrt(o.time),
                                       std::exp(-o.rate * o.time));
  return calculator.value() + calculator.deltaForward() + calculator.gammaForward() +
         calculator.vega(o.time) + calculator.theta(o.forward, o.time);
}

double quantlib_implied(const QuantLibOption& o, double price, double accuracy) {
  try {
    return ql::blackFormulaImpliedStdDev(type_of(o.call), o.strike, o.forward, price,
                                         std::exp(-o.rate * o.time), 0.0, ql::Null<double>(),
                                         accuracy) /
           std::sqrt(o.time);
  } catch (const ql::Error&) {
    return 0.0;
  }
}

QuantLibGreeks quantlib_greeks(const QuantLibSpotOption& o) {
  const double forward = o.spot * std::exp((o.rate - o.yield) * o.time);
  const ql::BlackCalculator calculator(payoff_of(o), forward, o.volatility * std::sqrt(o.time),
                                       std::exp(-o.rate * o.time));
  return {.price = calculator.value(),
          .delta = calculator.delta(o.spot),
          .gamma = calculator.gamma(o.spot),
          .vega = calculator.vega(o.time),
          .theta = calculator.theta(o.spot, o.time),
          .rho = calculator.rho(o.time),
          .dividend_rho = calculator.dividendRho(o.time)};
}

QuantLibGreeks quantlib_bachelier(const QuantLibOption& o) {
  const double deviation = o.volatility * std::sqrt(o.time);
  const double discount = std::exp(-o.rate * o.time);
  QuantLibGreeks greeks{};
  greeks.price =
      ql::bachelierBlackFormula(type_of(o.call), o.strike, o.forward, deviation, discount);
  greeks.delta =
      (o.call ? discount : -discount) *
      ql::bachelierBlackFormulaAssetItmProbability(type_of(o.call), o.strike, o.forward, deviation);
  greeks.vega = std::sqrt(o.time) *
                ql::bachelierBlackFormulaStdDevDerivative(o.strike, o.forward, deviation, discount);
  return greeks;
}

double quantlib_one_touch(const QuantLibOneTouch& o) {
  const auto process = lognormal(o.spot, o.volatility, o.rate, o.yield);
  const auto exercise =
      ql::ext::make_shared<ql::AmericanExercise>(today(), today() + o.days, o.at_expiry);
  const auto payoff = payoff_of({.spot = o.spot,
                                 .strike = o.strike,
                                 .time = 0.0,
                                 .volatility = 0.0,
                                 .rate = 0.0,
                                 .yield = 0.0,
                                 .call = o.call,
                                 .payoff = o.asset ? QuantLibPayoff::Asset : QuantLibPayoff::Cash});
  ql::VanillaOption option(payoff, exercise);
  if (o.if_touched) {
    option.setPricingEngine(ql::ext::make_shared<ql::AnalyticDigitalAmericanEngine>(process));
  } else {
    option.setPricingEngine(ql::ext::make_shared<ql::AnalyticDigitalAmericanKOEngine>(process));
  }
  return option.NPV();
}

void quantlib_heston(const QuantLibHeston& m, QuantLibIntegral integral, const double* strike,
                     int count, double* price) {
  const auto model = ql::ext::make_shared<ql::HestonModel>(ql::ext::make_shared<ql::HestonProcess>(
      flat(m.rate), flat(m.yield), quote(m.spot), m.v0, m.kappa, m.theta, m.sigma, m.rho));
  const auto engine = integral == QuantLibIntegral::Default
                          ? ql::ext::make_shared<ql::AnalyticHestonEngine>(model)
                          : ql::ext::make_shared<ql::AnalyticHestonEngine>(model, 1e-12, 1'000'000);
  const auto exercise = ql::ext::make_shared<ql::EuropeanExercise>(today() + m.days);
  for (int i = 0; i < count; ++i) {
    ql::VanillaOption option(
        ql::ext::make_shared<ql::PlainVanillaPayoff>(ql::Option::Call, strike[i]), exercise);
    option.setPricingEngine(engine);
    price[i] = option.NPV();
  }
}

double quantlib_american(const QuantLibAmerican& o, QuantLibScheme scheme) {
  const auto process = lognormal(o.spot, o.volatility, o.rate, o.yield);
  ql::VanillaOption option(ql::ext::make_shared<ql::PlainVanillaPayoff>(type_of(o.call), o.strike),
                           ql::ext::make_shared<ql::AmericanExercise>(today(), today() + o.days));
  const auto iteration = scheme == QuantLibScheme::Fast ? ql::QdFpAmericanEngine::fastScheme()
                         : scheme == QuantLibScheme::Accurate
                             ? ql::QdFpAmericanEngine::accurateScheme()
                             : ql::QdFpAmericanEngine::highPrecisionScheme();
  option.setPricingEngine(ql::ext::make_shared<ql::QdFpAmericanEngine>(process, iteration));
  return option.NPV();
}

}  // namespace mezz::pricing
