#include "models/layer2/execution/skew_funding.h"

#include <algorithm>

#include "models/market/funding_rules/gmx_v2.h"
#include "models/market/funding_rules/synthetix_v3.h"

namespace mezz {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr Int128 kWadPerIndex = 1'000'000;  // an index counts 10^-12 USD

Wad lots_of(Quantity lots) { return Wad::whole(lots.lots); }

void advance_velocity(SkewFunding& funding, FundingIndices& indices,
                      const TradersInterest& interest, const SkewTerms& terms, Time now) {
  const SynthetixFundingParams& p = terms.preset.venue.synthetix_v3;
  const Wad velocity = funding::synthetix_v3::velocity(
      Wad::of(interest.skew().lots, terms.lots_per_unit),
      {.skew_scale = Wad::whole(p.skew_scale), .velocity_max = Wad::from(p.velocity_max)});
  const funding::synthetix_v3::Rate next =
      funding::synthetix_v3::advance({.rate = {funding.rate}, .accrued = {funding.accrued}},
                                     velocity, now - funding.updated, terms.lot_price);
  funding.rate = next.rate.units;
  funding.accrued = next.accrued.units;
  funding.updated = now;
  indices = FundingIndex{narrow(divide(funding.accrued, kWadPerIndex, Round::Down))};
}

Int128 per_second(Ratio per_day) {
  return Int128{per_day.ppb} * (funding::gmx_v2::kFactorOne / Ratio::kScale) / kDaySeconds;
}

funding::gmx_v2::Params rule_of(const GmxFundingParams& p) {
  return {.increase = per_second(p.increase) / kDaySeconds,
          .decrease = per_second(p.decrease) / kDaySeconds,
          .threshold_stable = Wad::from(p.threshold_stable),
          .threshold_decrease = Wad::from(p.threshold_decrease),
          .max = per_second(p.max)};
}

void advance_adaptive(SkewFunding& funding, FundingIndices& indices,
                      const TradersInterest& interest, const SkewTerms& terms, Time now) {
  const Duration elapsed = 1_s * ((now - funding.updated) / 1_s);
  funding.updated = funding.updated + elapsed;
  const bool one_sided = interest.longs == Quantity::zero() || interest.shorts == Quantity::zero();
  if (elapsed == Duration::zero() || one_sided) return;
  const funding::gmx_v2::OpenInterest dollars{.longs = terms.lot_price * interest.longs.lots,
                                              .shorts = terms.lot_price * interest.shorts.lots};
  funding.rate = funding::gmx_v2::next_factor(funding.rate, dollars,
                                              rule_of(terms.preset.venue.gmx_v2), elapsed);
  const bool longs_pay = funding.rate > 0;
  const Wad due = funding::gmx_v2::side_payment(funding.rate, dollars, elapsed);
  const Quantity payers = longs_pay ? interest.longs : interest.shorts;
  const Quantity receivers = longs_pay ? interest.shorts : interest.longs;
  const Int128 paid = divide(due.units, payers.lots * kWadPerIndex, Round::Up);
  const Int128 received =
      funding::gmx_v2::claim(due, Wad::one(), lots_of(receivers)).units / kWadPerIndex;
  indices.longs = funding::advance(indices.longs, longs_pay ? paid : -received);
  indices.shorts = funding::advance(indices.shorts, longs_pay ? received : -paid);
}

}  // namespace

TradersInterest TradersInterest::without_pool(Quantity open_interest, Quantity pool) {
  MEZZ_ASSERT(pool.abs() <= open_interest);
  return {.longs = open_interest - std::max(pool, Quantity::zero()),
          .shorts = open_interest - std::max(-pool, Quantity::zero())};
}

void advance(SkewFunding& funding, FundingIndices& indices, const TradersInterest& interest,
             const SkewTerms& terms, Time now) {
  MEZZ_ASSERT(follows_skew(terms.preset.rule));
  MEZZ_ASSERT(now >= funding.updated);
  if (now == funding.updated) return;
  if (terms.preset.rule == FundingRule::SynthetixV3) {
    advance_velocity(funding, indices, interest, terms, now);
  } else {
    advance_adaptive(funding, indices, interest, terms, now);
  }
}

double rate_per_day(const SkewFunding& funding, FundingRule rule) {
  const auto rate = static_cast<double>(funding.rate);
  return rule == FundingRule::SynthetixV3 ? rate * 1e-18 : rate * 1e-30 * kDaySeconds;
}

std::int64_t rate_ppm(const SkewFunding& funding, FundingRule rule) {
  if (rule == FundingRule::SynthetixV3) return narrow(funding.rate / (Wad::kOne / 1'000'000) / 3);
  constexpr Int128 kFactorPerMillionth = funding::gmx_v2::kFactorOne / 1'000'000;
  return narrow(multiply(funding.rate, kDaySeconds / 3) / kFactorPerMillionth);
}

}  // namespace mezz
