// The theoretical price of a listing and its Greeks: doubles in, ticks out.
#include "models/market/listing.h"
#include "models/pricing/black.h"
#include "models/pricing/perpetual.h"
#include "models/pricing/svi.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz {
namespace {

constexpr double kYearSeconds = 365.0 * 86'400.0;
constexpr double kPowerRatioMax = 10.0;  // of a power perpetual's price to its payoff

double years(Duration d) { return d.seconds() / kYearSeconds; }

// What is left to happen, in doubles; money in micro-dollars per unit.
struct Point {
  double index;
  double strike;
  double average;   // of the part of the window that has passed
  double averaged;  // its weight in the settlement
  double before;    // years until the averaging of the rest begins
  double within;    // years over which it averages
  double volatility;
  double slope;  // of the volatility over the strike, per micro-dollar
  double carry;
};

// E[average^2] / E[average]^2 of a lognormal martingale over a time of variance v is
// 2 (e^v - 1 - v) / v^2; its logarithm is the variance of the average, and its derivative follows.
struct AverageVariance {
  double variance;
  double slope;  // d variance / dv
};
AverageVariance average_variance(double v) {
  if (v >= 1.0) {
    const double moment = 2.0 * (numeric::expm1(v) - v) / (v * v);
    return {numeric::log(moment), 2.0 * numeric::expm1(v) / (v * v) / moment - 2.0 / v};
  }
  // 2 v^n / (n + 2)!, summed until nothing is added: the closed form cancels for small v.
  double term = 1.0;
  double more = 0.0;
  double slope = 0.0;
  for (int n = 1; term > 1e-18 * more; ++n) {
    slope += n * term / (n + 2);
    term *= v / (n + 2);
    more += term;
  }
  return {numeric::log1p(more), slope / (1.0 + more)};
}

// The random part of the settlement index: share x average(forward, deviation) + fixed.
struct Rest {
  double fixed;
  double share;
  double forward;
  double deviation;
  double deviation_slope;  // per 1.00 of volatility
};
Rest rest_of(const Point& p) {
  const double growth = p.carry * p.within;
  const double averaging = growth == 0.0 ? 1.0 : numeric::expm1(growth) / growth;
  const AverageVariance inside = average_variance(p.volatility * p.volatility * p.within);
  const double deviation = numeric::sqrt(p.volatility * p.volatility * p.before + inside.variance);
  const double time = p.before + inside.slope * p.within;
  return {.fixed = p.averaged * p.average,
          .share = 1.0 - p.averaged,
          .forward = p.index * numeric::exp(p.carry * p.before) * averaging,
          .deviation = deviation,
          .deviation_slope = deviation > 0.0 ? p.volatility * time / deviation : 0.0};
}

// Black-76 with the deviation as volatility over one unit of time.
pricing::OptionGreeks black(const Rest& rest, double strike, pricing::OptionRight right) {
  return pricing::black76({.right = right,
                           .forward = rest.forward,
                           .strike = strike,
                           .time = 1.0,
                           .volatility = rest.deviation});
}

pricing::OptionRight right_of(ListingKind kind) {
  return is_call(kind) ? pricing::OptionRight::Call : pricing::OptionRight::Put;
}

double option_value(const ListingSpec& spec, const Point& p) {
  const Rest rest = rest_of(p);
  const double left = p.strike - rest.fixed;  // to be reached by share x average
  if (rest.share <= 0.0 || left <= 0.0) {
    const double out = rest.share * rest.forward - left;
    const double in = is_call(spec.kind) ? out : -out;
    return in > 0.0 ? in : 0.0;
  }
  return rest.share * black(rest, left / rest.share, right_of(spec.kind)).price;
}

// - d call / d strike per unit of payout: the probability, less what the smile's slope moves.
double digital_value(const ListingSpec& spec, const Point& p) {
  const Rest rest = rest_of(p);
  const double left = p.strike - rest.fixed;
  double above = 0.0;
  if (left <= 0.0) {
    above = 1.0;
  } else if (rest.share <= 0.0 || rest.deviation <= 0.0) {
    above = rest.share * rest.forward >= left ? 1.0 : 0.0;
  } else {
    const double strike = left / rest.share;
    const pricing::Moneyness d = pricing::moneyness(rest.forward, strike, rest.deviation);
    const double vega = black(rest, strike, pricing::OptionRight::Call).vega;
    above = numeric::normal_cdf(d.d2) - rest.share * vega * rest.deviation_slope * p.slope;
    above = above < 0.0 ? 0.0 : above > 1.0 ? 1.0 : above;
  }
  const auto payout = static_cast<double>(spec.payout.micros);
  return payout * (is_call(spec.kind) ? above : 1.0 - above);
}

// In kind the mark falls behind the payoff by log(mark / payoff) / period, in cash by
// (mark / payoff - 1) / period; either makes up for the payoff's growth.
double power_value(const ListingSpec& spec, const Point& p) {
  const auto power = static_cast<double>(spec.power);
  const double growth = 0.5 * power * (power - 1.0) * p.volatility * p.volatility;
  const double due = growth * years(spec.period());
  double ratio = 0.0;
  if (spec.funding == ListingFunding::InKind) {
    ratio = numeric::exp(due);
  } else {
    ratio = due < 1.0 ? 1.0 / (1.0 - due) : kPowerRatioMax;
  }
  if (!(ratio < kPowerRatioMax)) ratio = kPowerRatioMax;
  return 1e6 * numeric::pow(p.index / static_cast<double>(spec.power_scale.micros), power) * ratio;
}

// Micro-dollars per unit, before the normalisation factor.
double value_at(const ListingSpec& spec, const Point& p) {
  switch (spec.kind) {
    case ListingKind::Future: {
      const Rest rest = rest_of(p);
      return rest.fixed + rest.share * rest.forward;
    }
    case ListingKind::Call:
    case ListingKind::Put:
      return option_value(spec, p);
    case ListingKind::DigitalCall:
    case ListingKind::DigitalPut:
      return digital_value(spec, p);
    case ListingKind::EverlastingCall:
    case ListingKind::EverlastingPut:
      return pricing::everlasting_option({.right = right_of(spec.kind),
                                          .spot = p.index,
                                          .strike = p.strike,
                                          .time = years(spec.period()),
                                          .volatility = p.volatility},
                                         pricing::FundingTime::Continuous);
    case ListingKind::PowerPerp:
      return power_value(spec, p);
    case ListingKind::LinearPerp:
    case ListingKind::InversePerp:
    case ListingKind::Spot:
      break;
  }
  return p.index;
}

// Where the strike stands on the smile, and how the volatility moves with it.
void set_volatility(const ListingSpec& spec, const MarkState& state, Point& p) {
  const double factor = state.volatility_factor.value();
  p.volatility = spec.volatility.value() * factor;
  if (!spec.smile.has_value()) return;
  const ListingSmile& s = *spec.smile;
  const double forward = p.index * numeric::exp(p.carry * (p.before + p.within));
  const pricing::SviPoint w =
      pricing::total_variance({.a = s.a, .b = s.b, .rho = s.rho, .m = s.m, .sigma = s.sigma},
                              numeric::log(p.strike / forward));
  const double volatility = numeric::sqrt(w.variance > 0.0 ? w.variance : 0.0);
  p.volatility = volatility * factor;
  if (volatility > 0.0) p.slope = 0.5 * w.first / volatility / p.strike * factor;
}

Point point_of(const ListingSpec& spec, const MarkState& state) {
  MEZZ_ASSERT(state.index > Money::zero());
  MEZZ_ASSERT(state.averaged >= Ratio::zero());
  MEZZ_ASSERT(state.averaged <= Ratio::one());
  MEZZ_ASSERT(state.volatility_factor > Ratio::zero());
  Point p{};
  p.index = static_cast<double>(state.index.micros);
  p.strike = static_cast<double>(spec.strike.micros);
  p.average = static_cast<double>(state.average.micros);
  p.averaged = state.averaged.value();
  p.carry = spec.carry.value();
  if (expires(spec.kind)) {
    Duration left = Time::zero() + spec.expiry - state.now;
    if (left < Duration::zero()) left = Duration::zero();
    const Duration within = left < spec.settlement_window ? left : spec.settlement_window;
    p.before = years(left - within);
    p.within = years(within);
  }
  set_volatility(spec, state, p);
  return p;
}

double normalisation(const ListingSpec& spec, const MarkState& state) {
  if (spec.funding != ListingFunding::InKind) return 1.0;
  return static_cast<double>(state.normalisation_ppb) * 1e-9;
}

Price to_ticks(double micros, Money tick, std::int64_t least) {
  const double ticks = micros / static_cast<double>(tick.micros);
  if (!(ticks < static_cast<double>(kMarkTicksMax))) return {kMarkTicksMax};
  const std::int64_t rounded = listing_rules::half_even(ticks);
  return {rounded < least ? least : rounded};
}

// Relative step of the index for differences: small against the width of the distribution, so that
// the error stays at its square, and large against rounding.
double index_step(const ListingSpec& spec, const Point& p) {
  double width = 1.0;
  if (is_everlasting(spec.kind)) {
    width = p.volatility * numeric::sqrt(years(spec.period()));
  } else if (expires(spec.kind) && spec.kind != ListingKind::Future) {
    width = rest_of(p).deviation;
  }
  const double step = 1e-3 * (width < 1.0 ? width : 1.0);
  return step > 1e-7 ? step : 1e-7;
}

double theta(const ListingSpec& spec, const MarkState& state, const Point& p, double value) {
  const Duration left = Time::zero() + spec.expiry - state.now;
  if (!expires(spec.kind) || left <= Duration::zero()) return 0.0;
  const Duration step = left < 1_min ? left : 1_min;
  MarkState later = state;
  later.now = state.now + step;
  Point moved = point_of(spec, later);
  moved.volatility = p.volatility;
  moved.slope = p.slope;
  // The window that passes meanwhile averages an index that stands still.
  if (p.within > moved.within) {
    const double added = (1.0 - p.averaged) * (p.within - moved.within) / p.within;
    moved.averaged = p.averaged + added;
    moved.average = (p.averaged * p.average + added * p.index) / moved.averaged;
  }
  return (value_at(spec, moved) - value) / years(step);
}

}  // namespace

Price mark(const ListingSpec& spec, const MarkState& state) {
  const Point p = point_of(spec, state);
  const bool option = spec.kind != ListingKind::Future && expires(spec.kind);
  const std::int64_t least = option || is_everlasting(spec.kind) ? 0 : 1;
  return to_ticks(value_at(spec, p) * normalisation(spec, state), spec.tick, least);
}

double mark_volatility(const ListingSpec& spec, const MarkState& state) {
  return point_of(spec, state).volatility;
}

ListingGreeks greeks(const ListingSpec& spec, const MarkState& state) {
  const auto lots = static_cast<double>(spec.contract().lots_per_unit());
  if (spec.kind == ListingKind::InversePerp) {
    return {.value = lot_value(spec, {}).usd()};
  }
  const Point p = point_of(spec, state);
  const double unit = 1e-6 / lots * normalisation(spec, state);  // to USD per lot
  const double value = value_at(spec, p);
  const double step = index_step(spec, p) * p.index;
  Point up = p;
  Point down = p;
  up.index += step;
  down.index -= step;
  const double above = value_at(spec, up);
  const double below = value_at(spec, down);
  ListingGreeks g;
  g.value = value * unit;
  g.delta = (above - below) / (up.index - down.index) * 1e6 * unit;
  const bool bends = p.volatility > 0.0 || spec.kind == ListingKind::PowerPerp;
  if (bends) g.gamma = (above - 2.0 * value + below) / (step * step) * 1e12 * unit;
  g.theta = theta(spec, state, p, value) * unit;
  if (p.volatility > 0.0) {
    up = down = p;
    up.volatility *= 1.0 + 1e-4;
    down.volatility *= 1.0 - 1e-4;
    g.vega = (value_at(spec, up) - value_at(spec, down)) / (up.volatility - down.volatility) * unit;
  }
  if (expires(spec.kind)) {
    up = down = p;
    up.carry += 1e-4;
    down.carry -= 1e-4;
    g.rho = (value_at(spec, up) - value_at(spec, down)) / (up.carry - down.carry) * unit;
  }
  return g;
}

}  // namespace mezz
