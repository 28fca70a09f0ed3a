#include "models/liquidation/drift.h"

#include <algorithm>

#include "models/market/quote_price.h"
#include "models/market/wad.h"

namespace mezz::liquidation::drift {
namespace {

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kRatioToFee = 100;          // 10^-4 to 10^-6
constexpr std::int64_t kWeightPrecision = 10;      // weights are refined to 10^-5
constexpr std::int64_t kWhole = 10'000;            // parts are 10^-4
constexpr std::int64_t kAtOnceBelow = 50'000'000;  // 50 dollars
constexpr std::int64_t kGraceSlots = 1'500;
constexpr Int128 kBase = 1'000'000'000;

Int128 product_over_million(Int128 a, Int128 b) { return multiply(a, b) / kMillion; }

Int128 magnitude(Int128 value) { return value < 0 ? -value : value; }

}  // namespace

Uint128 base_to_cover(const PerpShortage& position) {
  MEZZ_ASSERT(position.shortage >= 0 && position.oracle_price >= 0);
  MEZZ_ASSERT(position.quote_price >= 0);
  const std::int64_t ratio = position.margin_ratio * kRatioToFee;
  if (position.oracle_price == 0 || ratio <= position.liquidation_fee) return kAllBase;
  const Int128 price = product_over_million(position.oracle_price, position.quote_price);
  // The fund's fee is taken at the oracle price alone, without the quote asset's.
  const Int128 freed = product_over_million(price, ratio - position.liquidation_fee) -
                       product_over_million(position.oracle_price, position.fund_fee);
  if (freed <= 0) return kAllBase;
  const Int128 base = mul_div_wide(position.shortage, kBase, freed, Round::Down);
  return std::min(static_cast<Uint128>(base), kAllBase);
}

Uint128 liability_to_cover(const SpotShortage& position) {
  MEZZ_ASSERT(position.shortage >= 0 && position.liability_price > 0);
  MEZZ_ASSERT(position.liability_multiplier > 0);
  if (position.asset_weight >= position.liability_weight) return kAllTokens;
  const Int128 liability = Int128{position.liability_weight} * kWeightPrecision;
  const Int128 asset =
      multiply(position.asset_weight * kWeightPrecision, position.asset_multiplier) /
      position.liability_multiplier;
  if (asset >= liability) return kAllTokens;
  const Int128 fee = product_over_million(position.liability_price, position.fund_fee);
  const Int128 freed =
      multiply(position.liability_price, liability - asset) - multiply(fee, liability);
  if (freed <= 0) return kAllTokens;
  const std::int32_t extra = position.liability_decimals - 6;
  const Int128 scale = Int128{kMillion} * 10'000 * kWeightPrecision;
  const Int128 shortage = multiply(position.shortage, power_of_ten(std::max(extra, 0)));
  const Int128 tokens = mul_div_wide(shortage, scale, freed, Round::Down);
  return static_cast<Uint128>(std::max<Int128>(1, tokens / power_of_ten(std::max(-extra, 0))));
}

std::int64_t fund_fee(const FundFee& position) {
  MEZZ_ASSERT(position.shortage >= 0 && position.base >= 0);
  MEZZ_ASSERT(position.fee_max >= 0);
  const std::int64_t ratio = position.margin_ratio * kRatioToFee;
  const Int128 price = product_over_million(position.oracle_price, position.quote_price);
  if (price <= 0 || position.base == 0 || ratio <= position.liquidator_fee) return 0;
  const Int128 per_base = multiply(position.shortage, kBase) / position.base;
  const Int128 missing = multiply(per_base, kMillion) / price;
  const Int128 left = std::max<Int128>(0, ratio - position.liquidator_fee - missing);
  return narrow(std::min<Int128>(position.fee_max, left * 19 / 20));
}

std::int64_t freeable_part(const Ramp& ramp, std::int64_t shortage, std::int64_t freed,
                           std::int64_t slots_elapsed) {
  MEZZ_ASSERT(shortage >= 0 && freed >= 0 && slots_elapsed >= 0);
  if (shortage < kAtOnceBelow || ramp.slots == 0) return kWhole;
  const Int128 part =
      std::min<Int128>(kWhole, multiply(slots_elapsed, kWhole) / ramp.slots + ramp.initial_part);
  const Int128 may_be_free = multiply(Int128{shortage} + freed, part) / kWhole;
  return narrow(multiply(std::max<Int128>(0, may_be_free - freed), kWhole) / shortage);
}

std::int64_t liquidator_fee(std::int64_t base, std::int64_t fee_max, std::int64_t slots_elapsed) {
  MEZZ_ASSERT(base >= 0 && slots_elapsed >= 0);
  if (slots_elapsed < kGraceSlots) return base;
  return std::min(base + slots_elapsed, fee_max);
}

Int128 funding_step(std::int64_t loss, Int128 base_long, Int128 base_short) {
  const Int128 base = magnitude(base_long) + magnitude(base_short);
  MEZZ_ASSERT(base > 0);
  const Int128 per_base = mul_div_wide(magnitude(loss), kBase, base, Round::Up);
  return multiply(per_base, 1'000);
}

Int128 deposit_index_step(Int128 loss, Int128 deposits, Int128 index) {
  MEZZ_ASSERT(index > 0);
  MEZZ_ASSERT(deposits >= 0);
  if (deposits == 0) return 0;
  return std::min(mul_div_wide(magnitude(loss), index, deposits, Round::Up), index - 1);
}

}  // namespace mezz::liquidation::drift
