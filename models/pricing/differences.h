// Greeks of a price that has no closed ones, by differences of fourth order; units and signs as in
// black.h. `price` is any function of a SpotOption; vega, vanna and volga are by the option's
// volatility, whatever the function makes of it.
//
// Steps are a hundredth of what the price changes over: the deviation of the log price for the
// spot, and a like share of volatility, time and rates. With a price good to 1e-13 of the spot,
// first derivatives are good to about 1e-9 of theirs, second ones to 1e-7. Next to zero, where
// there is no room below, differences look upwards only; at a jump they are a large number, never
// NaN. Left out: a kink between the steps (the caller keeps them away from it with `room`).
#pragma once

#include <algorithm>

#include "models/pricing/black.h"

namespace mezz::pricing {

struct Steps {
  double deviation = 0.1;         // typical change of the log price until expiry
  double room = __builtin_inf();  // the spot may move by less than this
};

struct Slopes {
  double first;
  double second;
};

// First and second derivative of f at x >= 0, f(x) = here; f is asked above zero only.
template <class F>
Slopes slopes(const F& f, double x, double here, double h) {
  if (x - 2.0 * h < 0.0) {
    const double up = f(x + h);
    const double far_up = f(x + 2.0 * h);
    return {(4.0 * (up - here) - (far_up - here)) / (2.0 * h),
            ((far_up - up) - (up - here)) / h / h};
  }
  const double up = f(x + h);
  const double down = f(x - h);
  const double far_up = f(x + 2.0 * h);
  const double far_down = f(x - 2.0 * h);
  return {(8.0 * (up - down) - (far_up - far_down)) / (12.0 * h),
          (16.0 * ((up - here) + (down - here)) - ((far_up - here) + (far_down - here))) /
              (12.0 * h) / h};
}

// A rate may be below zero: its slope is that of the distance from here, either way.
template <class F>
double slope_of_rate(const F& f, double rate, double h) {
  return (8.0 * (f(rate + h) - f(rate - h)) - (f(rate + 2.0 * h) - f(rate - 2.0 * h))) / (12.0 * h);
}

template <class Price>
OptionGreeks greeks_by_differences(const SpotOption& o, const Price& price, const Steps& steps) {
  const auto with = [&](double SpotOption::*member) {
    return [&o, &price, member](double value) {
      SpotOption changed = o;
      changed.*member = value;
      return price(changed);
    };
  };
  const double share = 0.01 * std::clamp(steps.deviation, 1e-6, 1.0);
  const double h_spot = std::min(o.spot > 0.0 ? share * o.spot : 1e-6 * o.strike, 0.4 * steps.room);
  const double h_volatility = std::max(0.01 * o.volatility, 1e-7);
  const double h_time = std::max(0.01 * o.time, 1e-9);
  OptionGreeks g;
  g.price = price(o);
  const Slopes by_time = slopes(with(&SpotOption::time), o.time, g.price, h_time);
  g.theta = -by_time.first;
  if (o.time > 0.0) {
    const double h_rate = share / std::max(o.time, share);
    g.rho = slope_of_rate(with(&SpotOption::rate), o.rate, h_rate);
    g.dividend_rho = slope_of_rate(with(&SpotOption::yield), o.yield, h_rate);
    const Slopes by_volatility =
        slopes(with(&SpotOption::volatility), o.volatility, g.price, h_volatility);
    g.vega = by_volatility.first;
    g.volga = by_volatility.second;
  }
  if (h_spot <= 0.0) return g;
  const auto delta_and_gamma = [&](double volatility) {
    SpotOption changed = o;
    changed.volatility = volatility;
    const auto by_spot = [&](double spot) {
      changed.spot = spot;
      return price(changed);
    };
    return slopes(by_spot, o.spot, by_spot(o.spot), h_spot);
  };
  const Slopes here = delta_and_gamma(o.volatility);
  g.delta = here.first;
  g.gamma = here.second;
  if (o.time == 0.0) return g;
  const auto delta = [&](double volatility) { return delta_and_gamma(volatility).first; };
  g.vanna = slopes(delta, o.volatility, g.delta, h_volatility).first;
  return g;
}

}  // namespace mezz::pricing
