#include "models/instruments/mark.h"

#include <algorithm>

#include "models/pricing/black.h"
#include "models/pricing/perpetual.h"
#include "models/pricing/ssvi.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz {
namespace {

constexpr double kTicksMax = 1e15;

double years(Duration d) { return d.seconds() / (365_d).seconds(); }

double usd(Money money) { return static_cast<double>(money.micros) * 1e-6; }

bool is_call(const ListingSpec& listing) {
  return listing.kind == ListingKind::Call || listing.kind == ListingKind::DigitalCall ||
         listing.kind == ListingKind::EverlastingCall;
}

pricing::Ssvi surface_at(const SurfaceParams& params, const MarkInputs& inputs) {
  double level = params.volatility.value() * inputs.volatility_factor;
  if (params.spot_beta != 0.0) {
    level *= numeric::pow(inputs.index / inputs.reference, -params.spot_beta);
  }
  return {.volatility = level, .rho = params.skew, .eta = params.smile};
}

double power_of(const ListingSpec& listing, double index) {
  const double base = index / usd(listing.power_unit);
  double value = 1.0;
  for (std::int64_t i = 0; i < listing.power; ++i) value *= base;
  return value;
}

// What is not yet known of an expiring payoff: `weight` times one on this forward and strike.
struct Unknown {
  double weight;
  double forward;
  double strike;
  double time;  // of the variance, years
};

Unknown unknown_part(const ListingSpec& listing, const SurfaceParams& params,
                     const MarkInputs& inputs) {
  const double left = years(inputs.to_expiry);
  const double window = years(listing.settlement_window);
  const double forward = inputs.index * numeric::exp(params.carry.value() * left);
  const double strike = usd(listing.strike);
  if (window == 0.0 || left >= window) {
    return {1.0, forward, strike, left - window * (2.0 / 3.0)};
  }
  const double known = inputs.fixing.share;
  MEZZ_ASSERT(known >= 0.0 && known <= 1.0);
  const double weight = 1.0 - known;
  if (weight <= 0.0) return {0.0, inputs.fixing.average, strike, 0.0};
  return {weight, forward, (strike - known * inputs.fixing.average) / weight, left / 3.0};
}

double expiring_value(const ListingSpec& listing, const SurfaceParams& params,
                      const MarkInputs& inputs) {
  const Unknown part = unknown_part(listing, params, inputs);
  if (part.weight == 0.0) return payoff(listing, inputs.fixing.average);
  if (listing.kind == ListingKind::Future) {
    return part.weight * part.forward + inputs.fixing.share * inputs.fixing.average;
  }
  const bool call = is_call(listing);
  const double sign = call ? 1.0 : -1.0;
  double deviation = 0.0;
  double volatility = 0.0;
  if (part.strike > 0.0 && part.time > 0.0) {
    const double k = numeric::log(part.strike / part.forward);
    volatility = pricing::volatility_at(surface_at(params, inputs), k, part.time);
    deviation = volatility * numeric::sqrt(part.time);
  }
  if (listing.is_digital()) {
    if (deviation == 0.0) {
      return (part.forward >= part.strike) == call ? usd(listing.payout) : 0.0;
    }
    const double d2 = pricing::moneyness(part.forward, part.strike, deviation).d2;
    return usd(listing.payout) * numeric::normal_cdf(sign * d2);
  }
  if (deviation == 0.0) {
    return part.weight * std::max(0.0, sign * (part.forward - part.strike));
  }
  return part.weight *
         pricing::black76({.right = call ? pricing::OptionRight::Call : pricing::OptionRight::Put,
                           .forward = part.forward,
                           .strike = part.strike,
                           .time = part.time,
                           .volatility = volatility})
             .price;
}

double everlasting_value(const ListingSpec& listing, const SurfaceParams& params,
                         const MarkInputs& inputs) {
  const double time = years(listing.funding_period);
  const double k = numeric::log(usd(listing.strike) / inputs.index);
  return pricing::everlasting_option(
      {.right = is_call(listing) ? pricing::OptionRight::Call : pricing::OptionRight::Put,
       .spot = inputs.index,
       .strike = usd(listing.strike),
       .time = time,
       .volatility = pricing::volatility_at(surface_at(params, inputs), k, time)},
      pricing::FundingTime::Continuous);
}

}  // namespace

void SurfaceParams::check(const std::string& path, Duration longest) const {
  const std::string wrong = pricing::wrong_parameters(
      {.volatility = volatility.value(), .rho = skew, .eta = smile}, years(longest));
  if (!wrong.empty()) throw ScenarioError(path + ".skew, smile, volatility", wrong);
}

double payoff(const ListingSpec& listing, double index, double normalisation) {
  switch (listing.kind) {
    case ListingKind::LinearPerp:
    case ListingKind::Future:
      return index;
    case ListingKind::Call:
    case ListingKind::EverlastingCall:
      return std::max(0.0, index - usd(listing.strike));
    case ListingKind::Put:
    case ListingKind::EverlastingPut:
      return std::max(0.0, usd(listing.strike) - index);
    case ListingKind::DigitalCall:
      return index >= usd(listing.strike) ? usd(listing.payout) : 0.0;
    case ListingKind::DigitalPut:
      return index < usd(listing.strike) ? usd(listing.payout) : 0.0;
    case ListingKind::PowerPerp:
      return power_of(listing, index) * normalisation;
  }
  MEZZ_ASSERT(false);
  return 0.0;
}

double model_value(const ListingSpec& listing, const SurfaceParams& surface,
                   const MarkInputs& inputs) {
  MEZZ_ASSERT(inputs.index > 0.0 && inputs.reference > 0.0);
  MEZZ_ASSERT(inputs.to_expiry >= Duration::zero());
  switch (listing.kind) {
    case ListingKind::LinearPerp:
      return inputs.index;
    case ListingKind::EverlastingCall:
    case ListingKind::EverlastingPut:
      return everlasting_value(listing, surface, inputs);
    case ListingKind::PowerPerp: {
      const double value =
          pricing::power_perpetual({.power = static_cast<double>(listing.power),
                                    .spot = inputs.index / usd(listing.power_unit),
                                    .volatility = surface_at(surface, inputs).volatility,
                                    .period = years(listing.funding_period)});
      return value * inputs.normalisation;
    }
    default:
      return expiring_value(listing, surface, inputs);
  }
}

Price to_ticks(const ListingSpec& listing, double usd_per_unit) {
  MEZZ_ASSERT(usd_per_unit >= 0.0);
  const double ticks = usd_per_unit / usd(listing.tick);
  if (!(ticks < kTicksMax)) return {static_cast<std::int64_t>(kTicksMax)};
  // Half to even: adding 2^52 leaves the integer nearest.
  constexpr double kShift = 4'503'599'627'370'496.0;
  return {static_cast<std::int64_t>((ticks + kShift) - kShift)};
}

Money funding_per_lot(const ListingSpec& listing, const FundingTerms& terms) {
  MEZZ_ASSERT(!listing.expires() && listing.funding_period > Duration::zero());
  const std::int64_t reach =
      mul_div(terms.model.ticks, listing.funding_cap.ppb, Ratio::kScale, Round::ToZero);
  const std::int64_t traded =
      std::clamp(terms.traded.ticks, terms.model.ticks - reach, terms.model.ticks + reach);
  const Int128 gap =
      Int128{traded - terms.payoff.ticks} * listing.contract("index").money_per_lot_tick();
  return {mul_div(narrow(gap), terms.elapsed.ns, listing.funding_period.ns, Round::ToZero)};
}

std::int64_t decayed(const ListingSpec& listing, std::int64_t normalisation_ppb,
                     const FundingTerms& terms) {
  MEZZ_ASSERT(listing.in_kind() && normalisation_ppb > 0);
  if (terms.payoff.ticks <= 0) return normalisation_ppb;
  const double ratio = std::clamp(
      static_cast<double>(terms.traded.ticks) / static_cast<double>(terms.payoff.ticks), 0.8, 1.4);
  const double part = terms.elapsed.seconds() / listing.funding_period.seconds();
  const double factor = numeric::exp(-part * numeric::log(ratio));
  const double next = static_cast<double>(normalisation_ppb) * factor;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(next));
}

ListingGreeks greeks(const ListingSpec& listing, const SurfaceParams& surface,
                     const MarkInputs& inputs) {
  // Central differences: one rule for every kind, exact to about 1e-6 of the value.
  const auto at = [&](double index, double volatility, Duration to_expiry) {
    MarkInputs moved = inputs;
    moved.index = index;
    moved.volatility_factor = volatility;
    moved.to_expiry = to_expiry;
    return model_value(listing, surface, moved);
  };
  const double h = inputs.index * 1e-4;
  const double v = inputs.volatility_factor;
  const Duration left = inputs.to_expiry;
  const double here = at(inputs.index, v, left);
  const double up = at(inputs.index + h, v, left);
  const double down = at(inputs.index - h, v, left);
  constexpr double kVega = 1e-4;
  const double level = surface_at(surface, inputs).volatility;
  ListingGreeks result;
  result.delta = (up - down) / (2 * h);
  result.gamma = (up - 2 * here + down) / (h * h);
  result.vega =
      (at(inputs.index, v * (1 + kVega), left) - at(inputs.index, v * (1 - kVega), left)) /
      (2 * kVega * level);
  if (listing.expires() && left > listing.settlement_window + 1_min) {
    result.theta = (at(inputs.index, v, left - 1_min) - here) / years(1_min);
  }
  return result;
}

}  // namespace mezz
