#include "models/agents/carry.h"

#include <algorithm>

#include "models/layer2/execution/exchange.h"

namespace mezz::carry {

namespace {

constexpr double kNever = -1e9;  // earned where there is no price to trade at
constexpr double kStays = 1e9;
constexpr double kDaysPerYear = 365.0;
constexpr double kFundingPeriodsPerYear = 365.0 * 3.0;  // rates are per 8 h

Quantity part_of(Quantity limit, double share) {
  return {static_cast<std::int64_t>(static_cast<double>(limit.lots) * std::min(share, 1.0))};
}

}  // namespace

Quantity wanted(const Band& band, const Offer& offer, Quantity held, Quantity limit) {
  MEZZ_ASSERT(limit >= Quantity::zero());
  MEZZ_ASSERT(band.full > 0.0);
  const auto opened = [&](double earns) {
    return earns >= band.enter && earns > 0.0 ? part_of(limit, earns / band.full)
                                              : Quantity::zero();
  };
  const Quantity on_short = opened(offer.open_short);
  const Quantity on_long = opened(offer.open_long);
  if (held < Quantity::zero() && offer.hold_short >= band.exit) {
    return -std::min(std::max(on_short, -held), limit);
  }
  if (held > Quantity::zero() && offer.hold_long >= band.exit) {
    return std::min(std::max(on_long, held), limit);
  }
  return on_short > Quantity::zero() ? -on_short : on_long;
}

Offer basis_offer(const Basis& basis, const Costs& costs) {
  MEZZ_ASSERT(basis.spot > 0.0);
  MEZZ_ASSERT(basis.converge_years > 0.0 && basis.hold_years > 0.0);
  const double cost = costs.round_trip / basis.hold_years;
  const double bid = (basis.bid / basis.spot - 1.0) / basis.converge_years;
  const double ask = (basis.ask / basis.spot - 1.0) / basis.converge_years;
  Offer offer{.open_short = kNever, .open_long = kNever, .hold_short = kStays, .hold_long = kStays};
  if (basis.bid > 0.0) {
    offer.open_short = bid - cost - costs.financing;
    offer.hold_long = -bid + costs.financing;
  }
  if (basis.ask > 0.0) {
    offer.open_long = -ask - cost + costs.financing;
    offer.hold_short = ask - costs.financing;
  }
  return offer;
}

double short_price(const Basis& basis, const Costs& costs, double rate) {
  const double needed = rate + costs.round_trip / basis.hold_years + costs.financing;
  return basis.spot * (1.0 + needed * basis.converge_years);
}

double long_price(const Basis& basis, const Costs& costs, double rate) {
  const double needed = rate + costs.round_trip / basis.hold_years - costs.financing;
  return basis.spot * (1.0 - needed * basis.converge_years);
}

double funding_per_year(const Exchange& exchange, InstrumentId instrument) {
  if (instrument != kMainInstrument) {
    const bool follows = exchange.skew_funding(instrument) != nullptr;
    return follows ? exchange.skew_rate_per_day(instrument) * kDaysPerYear : 0.0;
  }
  const FundingPreset preset = exchange.params().funding_preset();
  const std::int64_t premium = premium_sample(preset, exchange.tier(), exchange.book(),
                                              exchange.params().contract, exchange.oracle());
  return static_cast<double>(funding_rate(preset, exchange.tier(), premium)) * 1e-6 *
         kFundingPeriodsPerYear;
}

}  // namespace mezz::carry
