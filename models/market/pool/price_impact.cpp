#include "models/market/pool/price_impact.h"

#include <algorithm>
#include <cmath>

#include "sim/numeric/elementary.h"

namespace mezz::pool {
namespace {

constexpr double kMicrosMax = 9e18;

Money rounded_down(double dollars) {
  const double micros = std::floor(dollars * 1e6);
  MEZZ_ASSERT(std::fabs(micros) < kMicrosMax);
  return {static_cast<std::int64_t>(micros)};
}

double distance(const Imbalance& interest) {
  return (interest.longs - interest.shorts).abs().usd();
}

bool heavy_side_changes(const Imbalance& before, const Imbalance& after) {
  const Money a = before.longs - before.shorts;
  const Money b = after.longs - after.shorts;
  return (a > Money::zero() && b < Money::zero()) || (a < Money::zero() && b > Money::zero());
}

}  // namespace

double impact_power(double dollars, double exponent, double factor) {
  MEZZ_ASSERT(dollars >= 0);
  if (dollars < 1) return 0;
  return numeric::pow(dollars, exponent) * factor;
}

Money price_impact(const Imbalance& before, const Imbalance& after, const ImpactFactors& factors) {
  MEZZ_ASSERT(factors.positive >= 0 && factors.negative >= 0);
  MEZZ_ASSERT(factors.exponent >= 1);
  const double from = distance(before);
  const double to = distance(after);
  const double positive = std::min(factors.positive, factors.negative);
  double gain = 0;
  double cost = 0;
  if (heavy_side_changes(before, after)) {
    gain = impact_power(from, factors.exponent, positive);
    cost = impact_power(to, factors.exponent, factors.negative);
  } else {
    const double factor = to < from ? positive : factors.negative;
    gain = impact_power(from, factors.exponent, factor);
    cost = impact_power(to, factors.exponent, factor);
  }
  return rounded_down(gain - cost);
}

Money settle_impact(ImpactPool& pool, Money impact, Money size, const ImpactCaps& caps) {
  MEZZ_ASSERT(size >= Money::zero());
  MEZZ_ASSERT(pool.balance >= Money::zero());
  const Money most = std::min(pool.balance, scale(size, caps.positive_max, Round::Down));
  const Money least = -scale(size, caps.negative_max, Round::Down);
  const Money settled = std::clamp(impact, least, most);
  pool.balance -= settled;
  return settled;
}

Wad skew_fill_price(const SkewMarket& market, Wad size, Wad oracle_price) {
  MEZZ_ASSERT(market.skew_scale > Wad::zero());
  MEZZ_ASSERT(oracle_price > Wad::zero());
  const Wad premium_before = divide(market.skew, market.skew_scale);
  const Wad premium_after = divide(market.skew + size, market.skew_scale);
  const Wad before = oracle_price + multiply(oracle_price, premium_before);
  const Wad after = oracle_price + multiply(oracle_price, premium_after);
  return {(before + after).units / 2};
}

}  // namespace mezz::pool
