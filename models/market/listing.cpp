#include "models/market/listing.h"

#include "models/market/quote_price.h"
#include "models/market/wad.h"
#include "sim/check/assert.h"
#include "sim/numeric/elementary.h"

namespace mezz {
namespace {

constexpr Ratio kMarkLowest = {800'000'000};     // Squeeth's LOWER_MARK_RATIO
constexpr Ratio kMarkHighest = {1'400'000'000};  // and UPPER_MARK_RATIO

Money positive(Money money) { return money < Money::zero() ? Money::zero() : money; }

Money power_payoff(const ListingSpec& spec, Money index) {
  const Wad ratio = Wad::of(index.micros, spec.power_scale.micros);
  Wad product = ratio;
  for (std::int64_t i = 1; i < spec.power; ++i) product = multiply(product, ratio);
  return to_money(product, Round::Down);
}

Money price_per_unit(const ListingSpec& spec, Price price) { return spec.tick * price.ticks; }

}  // namespace

ContractSpec ListingSpec::contract() const {
  return {.underlying = name, .tick = tick, .lot_decimals = lot_decimals};
}

Duration ListingSpec::period() const {
  if (funding_period.has_value()) return *funding_period;
  if (is_everlasting(kind)) return 1_d;
  return kind == ListingKind::PowerPerp ? 420_h : 8_h;
}

Ratio window_passed(const ListingSpec& spec, Time now) {
  if (!expires(spec.kind) || spec.settlement_window == Duration::zero()) return Ratio::zero();
  const Time end = Time::zero() + spec.expiry;
  if (now >= end) return Ratio::one();
  const Duration passed = now - (end - spec.settlement_window);
  if (passed <= Duration::zero()) return Ratio::zero();
  return {mul_div(passed.ns, Ratio::kScale, spec.settlement_window.ns, Round::Down)};
}

namespace listing_rules {

Money payoff(const ListingSpec& spec, Money index) {
  switch (spec.kind) {
    case ListingKind::LinearPerp:
    case ListingKind::InversePerp:
    case ListingKind::Future:
    case ListingKind::Spot:
      return index;
    case ListingKind::Call:
    case ListingKind::EverlastingCall:
      return positive(index - spec.strike);
    case ListingKind::Put:
    case ListingKind::EverlastingPut:
      return positive(spec.strike - index);
    case ListingKind::DigitalCall:
      return index >= spec.strike ? spec.payout : Money::zero();
    case ListingKind::DigitalPut:
      return index < spec.strike ? spec.payout : Money::zero();
    case ListingKind::PowerPerp:
      break;
  }
  return power_payoff(spec, index);
}

std::int64_t half_even(double x) {
  const auto whole = static_cast<std::int64_t>(x);
  const double rest = x - static_cast<double>(whole);
  const bool up = rest > 0.5 || (rest == 0.5 && whole % 2 != 0);
  return up ? whole + 1 : whole;
}

}  // namespace listing_rules

Money lot_value(const ListingSpec& spec, Price price) {
  const ContractSpec grid = spec.contract();
  if (spec.kind != ListingKind::InversePerp) return notional(grid, {1}, price);
  return {-spec.notional.micros / grid.lots_per_unit()};
}

Money settlement_value(const ListingSpec& spec, Money settlement_index,
                       std::int64_t normalisation_ppb) {
  if (spec.kind == ListingKind::InversePerp) return lot_value(spec, {});
  const Int128 lots = spec.contract().lots_per_unit();
  const Money unit = listing_rules::payoff(spec, settlement_index);
  if (spec.funding != ListingFunding::InKind) {
    return {narrow(divide(unit.micros, lots, Round::Down))};
  }
  return {narrow(
      divide(Int128{unit.micros} * normalisation_ppb, lots * kNormalisationStart, Round::Down))};
}

Money funding_per_lot(const ListingSpec& spec, Price traded, const MarkState& state,
                      Duration elapsed) {
  if (spec.funding != ListingFunding::Cash) return Money::zero();
  MEZZ_ASSERT(state.index > Money::zero());
  MEZZ_ASSERT(elapsed >= Duration::zero());
  const Money payoff = listing_rules::payoff(spec, state.index);
  const Money base = spec.kind == ListingKind::PowerPerp ? payoff : state.index;
  const Money cap = scale(base, spec.funding_cap, Round::Down);
  Money premium = price_per_unit(spec, traded) - payoff;
  if (premium > cap) premium = cap;
  if (premium < -cap) premium = -cap;
  const Int128 lots = spec.contract().lots_per_unit();
  const Int128 paid = Int128{premium.micros} * elapsed.ns;
  if (spec.kind != ListingKind::InversePerp) {
    return {narrow(divide(paid, lots * spec.period().ns, Round::ToZero))};
  }
  return {narrow(mul_div_wide(paid, spec.notional.micros / lots,
                              Int128{state.index.micros} * spec.period().ns, Round::ToZero))};
}

std::int64_t decay(const ListingSpec& spec, std::int64_t normalisation_ppb, Price traded,
                   const MarkState& state, Duration elapsed) {
  MEZZ_ASSERT(spec.funding == ListingFunding::InKind);
  MEZZ_ASSERT(normalisation_ppb > 0);
  MEZZ_ASSERT(elapsed >= Duration::zero());
  const auto factor = static_cast<double>(normalisation_ppb);
  const Money payoff = listing_rules::payoff(spec, state.index);
  MEZZ_ASSERT(payoff > Money::zero());
  double ratio = static_cast<double>(price_per_unit(spec, traded).micros) /
                 static_cast<double>(payoff.micros) / (factor * 1e-9);
  if (ratio < kMarkLowest.value()) ratio = kMarkLowest.value();
  if (ratio > kMarkHighest.value()) ratio = kMarkHighest.value();
  const double share = static_cast<double>(elapsed.ns) / static_cast<double>(spec.period().ns);
  const double next = factor * numeric::pow(ratio, -share);
  // A mark held at 0.8 for decades: the factor stays at the end of its range.
  constexpr double kFactorMax = 4e18;
  const std::int64_t rounded = listing_rules::half_even(next < kFactorMax ? next : kFactorMax);
  return rounded < 1 ? 1 : rounded;
}

CoinChange coin_change(const ListingSpec& inverse, const ListingSpec& spot, Quantity lots,
                       Price price) {
  MEZZ_ASSERT(inverse.kind == ListingKind::InversePerp);
  MEZZ_ASSERT(spot.kind == ListingKind::Spot);
  MEZZ_ASSERT(price.ticks > 0);
  const std::int64_t lot_micros = inverse.notional.micros / inverse.contract().lots_per_unit();
  const Int128 usd = Int128{lots.lots} * lot_micros;
  const Int128 spot_lots = multiply(usd, spot.contract().lots_per_unit());
  const Int128 coin = Int128{price.ticks} * inverse.tick.micros;
  const Int128 floored = divide(spot_lots, coin, Round::Down);
  return {.coins = {narrow(floored)}, .dust = spot_lots - floored * coin, .parts = coin};
}

}  // namespace mezz
