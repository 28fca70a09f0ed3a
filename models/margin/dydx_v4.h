// Margin rules of dYdX v4 (x/perpetuals/lib, liquidity_tier.go, x/subaccounts/lib), exact to the
// micro-dollar. Requirements round up, notionals truncate.
//   initial      ceil(notional * effective fraction); the fraction grows from its base to 100 %
//   while
//                open interest goes from the tier's lower to its upper cap
//   maintenance  ceil(ceil(notional * base fraction) * maintenance fraction): open interest never
//                enters it
//   liquidatable maintenance > 0 and net collateral < maintenance (strict)
// An account without positions and with negative collateral is therefore not liquidatable: its loss
// needs a sweep of its own. Left out: collateral other than the quote asset.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/market/quote_price.h"
#include "sim/types/enum_names.h"
#include "sim/types/money.h"

namespace mezz::margin {

struct LiquidityTier {
  std::int64_t initial_margin_ppm = 20'000;
  std::int64_t maintenance_fraction_ppm = 600'000;  // of the initial margin
  Money open_interest_lower = {};                   // where the initial margin starts to grow
  Money open_interest_upper = {};                   // where it reaches 100 %; 0: it never grows
  Money impact_notional = 10'000_usd;

  void visit(auto& v) {
    v("initial_margin_ppm", initial_margin_ppm,
      {.doc = "Initial margin fraction in millionths", .min = 0, .max = 1'000'000});
    v("maintenance_fraction_ppm", maintenance_fraction_ppm,
      {.doc = "Maintenance margin as a fraction of the initial", .min = 0, .max = 1'000'000});
    v("open_interest_lower", open_interest_lower,
      {.doc = "Open interest at which the initial margin starts to grow"});
    v("open_interest_upper", open_interest_upper,
      {.doc = "Open interest at which the initial margin is 100 %; 0: it never grows"});
    v("impact_notional", impact_notional, {.doc = "Depth that the impact prices sweep"});
  }
};

enum class Tier : std::uint8_t { LargeCap, MidCap, SmallCap, LongTail, Isolated, Safety };
LiquidityTier preset(Tier tier);  // the tiers of the genesis file

// All in micro-dollars; Int128 because open interest may exceed any account.
Int128 net_notional(Int128 base, QuotePrice price);
std::int64_t maintenance_margin_ppm(const LiquidityTier& tier);
std::int64_t effective_initial_margin_ppm(const LiquidityTier& tier, Int128 open_interest);
Int128 initial_margin(Int128 notional, std::int64_t fraction_ppm);
Int128 maintenance_margin(Int128 notional, const LiquidityTier& tier);

struct Risk {
  Money net_collateral = {};  // quote balance plus signed notionals
  Money initial_margin = {};
  Money maintenance_margin = {};

  Risk& operator+=(const Risk& o) {
    net_collateral += o.net_collateral;
    initial_margin += o.initial_margin;
    maintenance_margin += o.maintenance_margin;
    return *this;
  }
};

struct PositionInputs {
  Quantity quantity;
  QuotePrice price;
  Money open_interest = {};                    // notional of the market after the trade checked
  std::int64_t custom_initial_margin_ppm = 0;  // an account's own, stricter fraction
};
// What one position adds to the account; the quote balance is added to net_collateral by the
// caller.
Risk position_risk(const PositionInputs& position, const LiquidityTier& tier);

bool is_initial_collateralised(const Risk& risk);
bool is_liquidatable(const Risk& risk);

enum class UpdateResult : std::uint8_t {
  Success,
  NewlyUndercollateralised,
  StillUndercollateralised
};
// May the account move from `before` to `after`? Yes when it is then initial-collateralised, or
// when the maintenance requirement does not grow and collateral / maintenance does not fall.
UpdateResult check_update(const Risk& before, const Risk& after);

}  // namespace mezz::margin

namespace mezz {
template <>
struct EnumNames<margin::Tier> {
  static constexpr std::string_view names[] = {"large_cap", "mid_cap",  "small_cap",
                                               "long_tail", "isolated", "safety"};
};
template <>
struct EnumNames<margin::UpdateResult> {
  static constexpr std::string_view names[] = {"success", "newly_undercollateralised",
                                               "still_undercollateralised"};
};
}  // namespace mezz
