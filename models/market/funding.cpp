#include "models/market/funding.h"

#include <algorithm>

namespace mezz::funding {
namespace {
constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kPeriodSeconds = 8 * 3'600;  // a rate is quoted for eight hours
}  // namespace

std::int64_t premium_ppm(const std::optional<PriceFraction>& impact_bid,
                         const std::optional<PriceFraction>& impact_ask, Price index) {
  MEZZ_ASSERT(index.ticks > 0);
  // Numerator over `per`: how far the price is from the index, and only beyond it.
  PriceFraction above{0, 1};
  PriceFraction below{0, 1};
  if (impact_bid) {
    MEZZ_ASSERT(impact_bid->per > 0);
    const Int128 gap = impact_bid->ticks - multiply(impact_bid->per, index.ticks);
    if (gap > 0) above = {gap, impact_bid->per};
  }
  if (impact_ask) {
    MEZZ_ASSERT(impact_ask->per > 0);
    const Int128 gap = impact_ask->ticks - multiply(impact_ask->per, index.ticks);
    if (gap < 0) below = {gap, impact_ask->per};
  }
  // At most one is left unless bid and ask cross, which no book of ours does.
  const Int128 gap = multiply(above.ticks, below.per) + multiply(below.ticks, above.per);
  const Int128 base = multiply(multiply(above.per, below.per), index.ticks);
  return narrow(multiply(gap, kMillion) / base);
}

std::int64_t max_abs_ppm(std::int64_t clamp_factor_ppm, std::int64_t initial_margin_ppm,
                         std::int64_t maintenance_margin_ppm) {
  MEZZ_ASSERT(clamp_factor_ppm >= 0);
  MEZZ_ASSERT(initial_margin_ppm >= maintenance_margin_ppm);
  return mul_div(clamp_factor_ppm, initial_margin_ppm - maintenance_margin_ppm, kMillion,
                 Round::Down);
}

std::int64_t clamp_ppm(std::int64_t value_ppm, std::int64_t bound_ppm) {
  MEZZ_ASSERT(bound_ppm >= 0);
  return std::clamp(value_ppm, -bound_ppm, bound_ppm);
}

std::int64_t median_ppm(std::vector<std::int64_t> votes, std::int64_t count_min) {
  if (std::ssize(votes) < count_min) votes.resize(static_cast<std::size_t>(count_min), 0);
  if (votes.empty()) return 0;
  std::sort(votes.begin(), votes.end());
  const std::size_t middle = votes.size() / 2;
  if (votes.size() % 2 == 1) return votes[middle];
  const Int128 sum = Int128{votes[middle - 1]} + votes[middle];
  return narrow(divide(sum, 2, sum < 0 ? Round::Down : Round::Up));
}

std::int64_t mean_ppm(const std::vector<std::int64_t>& samples, std::int64_t count_min) {
  Int128 sum = 0;
  for (const std::int64_t sample : samples) sum += sample;
  const std::int64_t count = std::max<std::int64_t>(std::ssize(samples), count_min);
  return count == 0 ? 0 : narrow(sum / count);
}

std::vector<std::int64_t> without_tails(std::vector<std::int64_t> samples,
                                        std::int64_t removal_ppm) {
  MEZZ_ASSERT(removal_ppm >= 0);
  std::sort(samples.begin(), samples.end());
  const std::int64_t count = std::ssize(samples);
  const std::int64_t total = mul_div(2 * removal_ppm, count, kMillion, Round::Down);
  if (total >= count) return samples;
  const std::int64_t bottom = total / 2;
  const std::int64_t top = total - bottom;
  return {samples.begin() + bottom, samples.end() - top};
}

Int128 index_delta(QuotePrice price, std::int64_t rate_8h_ppm, std::int64_t seconds) {
  MEZZ_ASSERT(price.value >= 0);
  MEZZ_ASSERT(seconds >= 0);
  const Int128 product = multiply(multiply(price.value, rate_8h_ppm), seconds);
  return scale_by_ten(product, price.exponent) / kPeriodSeconds;
}

FundingIndex advance(FundingIndex index, Int128 delta) {
  return {narrow(Int128{index.ppm} + delta)};
}

Int128 settlement_ppm(FundingIndex now, FundingIndex then, Quantity position) {
  return -multiply(Int128{now.ppm} - then.ppm, position.lots);
}

FundingPayment settle(FundingIndex now, FundingIndex then, Quantity position) {
  const Int128 exact = settlement_ppm(now, then, position);
  const std::int64_t money = narrow(divide(exact, kMillion, Round::Down));
  const std::int64_t dust = narrow(exact - Int128{money} * kMillion);
  MEZZ_ASSERT(dust >= 0 && dust < kMillion);
  return {{money}, dust};
}

}  // namespace mezz::funding
