// Liquidation sizes and bankruptcy of Drift v2 (programs/drift/src/math/liquidation.rs), on its own
// integer grids: quote and prices 10^-6, base 10^-9, margin ratios and weights 10^-4, fees and
// multipliers 10^-6.
//   perp base to close  shortage / [price * (margin ratio - fee) - price * fund fee]
//   liability to move   shortage / [price * (liability weight - asset weight * asset multiplier /
//                       liability multiplier) - price * fund fee * liability weight]
//   fund fee            0.95 * (margin ratio - fee - shortage / notional), at most the market's
//   ramp                of the shortage at first only a part may be freed, of what was freed since
//                       the liquidation began and what is short now; the part grows to all within
//                       150 slots. Shortages below 50 dollars: all
//   liquidator's fee    grows by 10^-6 per slot since the beginning, once 1 500 slots have passed
//   bankruptcy          perp: a funding-rate step shared by all open base, rounded up at 10^-6;
//                       spot: a step down of the deposit index, rounded up
// Divisions floor where nothing else is said. kAll means no amount is enough: take everything.
// Ramp and fee are those of the revisions that know them (calculate_max_pct_to_liquidate,
// get_liquidation_fee); slots are taken as 400 ms.
#pragma once

#include "sim/types/rounding.h"
#include "sim/types/time.h"

namespace mezz::liquidation::drift {

__extension__ using Uint128 = unsigned __int128;

inline constexpr Uint128 kAllBase = UINT64_MAX;
inline constexpr Uint128 kAllTokens = ~Uint128{0};

struct PerpShortage {
  std::int64_t shortage = 0;
  std::int64_t margin_ratio = 0;
  std::int64_t liquidation_fee = 0;
  std::int64_t fund_fee = 0;
  std::int64_t oracle_price = 0;
  std::int64_t quote_price = 1'000'000;
};
Uint128 base_to_cover(const PerpShortage& position);

struct SpotShortage {
  std::int64_t shortage = 0;
  std::int64_t asset_weight = 0;
  std::int64_t asset_multiplier = 1'000'000;
  std::int64_t liability_weight = 0;
  std::int64_t liability_multiplier = 1'000'000;
  std::int32_t liability_decimals = 6;
  std::int64_t liability_price = 0;
  std::int64_t fund_fee = 0;
};
Uint128 liability_to_cover(const SpotShortage& position);

struct FundFee {
  std::int64_t shortage = 0;
  std::int64_t base = 0;
  std::int64_t margin_ratio = 0;
  std::int64_t liquidator_fee = 0;
  std::int64_t oracle_price = 0;
  std::int64_t quote_price = 1'000'000;
  std::int64_t fee_max = 0;
};
std::int64_t fund_fee(const FundFee& position);

inline constexpr Duration kSlot = 400_ms;

struct Ramp {
  std::int64_t initial_part = 1'000;  // 10^-4
  std::int64_t slots = 150;           // from the initial part to all; 0: all at once
};
// Part of what covers the shortage that may be closed now, 10^-4.
std::int64_t freeable_part(const Ramp& ramp, std::int64_t shortage, std::int64_t freed,
                           std::int64_t slots_elapsed);
std::int64_t liquidator_fee(std::int64_t base, std::int64_t fee_max, std::int64_t slots_elapsed);

// Added to the cumulative funding rate of both sides, 10^-9 quote per base.
Int128 funding_step(std::int64_t loss, Int128 base_long, Int128 base_short);
// Taken from the cumulative deposit index (10^10 = one), which stays at least 1.
Int128 deposit_index_step(Int128 loss, Int128 deposits, Int128 index = 10'000'000'000);

}  // namespace mezz::liquidation::drift
