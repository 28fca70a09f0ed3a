// Liquidation and deleveraging of dYdX v4 (x/clob/keeper/liquidations.go, deleveraging.go), exact.
//   bankruptcy price  quote change at which closing part of a position takes its share of what the
//                     account has left: -dNNV - floor(TNC * |dMMR| / TMMR), that is toward
//                     +infinity
//   fillable price    (PNNV - clamp(BA * (1 - TNC / TMMR), 0, 1) * SMMR * PMMR) / PS: the limit of
//   the
//                     liquidation order, rounded to a tick in favour of the liquidated account
//   insurance fund    gets at most the fee when a fill is better than bankruptcy, else pays the gap
//   deleveraging      both accounts close at the bankruptcy price of the liquidated one; refused
//   when
//                     the other account would end up worse than the margin rules allow
// Amounts in micro-dollars. Left out: the order in which offsetting accounts are tried (caller).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "models/margin/dydx_v4.h"
#include "models/margin/position_rule.h"

namespace mezz::liquidation {

using margin::Risk;

struct LiquidationParams {
  std::int64_t fee_max_ppm = 15'000;
  Money position_notional_min = 1'000_usd;          // always closable, whatever the portion
  std::int64_t position_portion_max_ppm = 100'000;  // of one position in one block
  Money account_notional_max = 100'000_usd;         // of one account in one block
  Money account_insurance_loss_max = 1'000'000_usd;
  std::int64_t bankruptcy_adjustment_ppm = 1'000'000;
  std::int64_t spread_to_maintenance_ppm = 1'500'000;

  void visit(auto& v) {
    v("fee_max_ppm", fee_max_ppm, {.doc = "Largest liquidation fee, of the notional", .min = 0});
    v("position_notional_min", position_notional_min,
      {.doc = "Part of a position that may always be closed in one block"});
    v("position_portion_max_ppm", position_portion_max_ppm,
      {.doc = "Largest part of a position closed in one block", .min = 0, .max = 1'000'000});
    v("account_notional_max", account_notional_max,
      {.doc = "Largest notional of an account closed in one block"});
    v("account_insurance_loss_max", account_insurance_loss_max,
      {.doc = "Largest payment of the insurance fund for one account in one block"});
    v("bankruptcy_adjustment_ppm", bankruptcy_adjustment_ppm,
      {.doc = "How fast the price moves to its worst as collateral vanishes", .min = 1'000'000});
    v("spread_to_maintenance_ppm", spread_to_maintenance_ppm,
      {.doc = "Worst distance from the oracle price, in maintenance margins", .min = 0});
  }
};

// One position of an account and the totals of the whole account, at the oracle price.
struct Subject {
  Quantity size = {};     // of the position
  QuotePrice price = {};  // oracle
  margin::LiquidityTier tier = {};
  const margin::PositionRule* rule = nullptr;  // of another venue; none: the tier
  std::int64_t lots_per_unit = 1;
  Risk account = {};  // all positions and the quote balance
};

// Of a position of this size in its place.
Risk position_risk(const Subject& subject, Quantity size);

// Quote change of the account (negative: it pays) for changing the position by `delta` lots, which
// must shrink it.
Money bankruptcy_price(const Subject& subject, Quantity delta);

struct Fraction {
  Int128 numerator = 0;
  Int128 denominator = 1;  // > 0, reduced
};
// Micro-dollars per lot. Asserts when the reduced fraction does not fit; use fillable_ticks in a
// run.
Fraction fillable_price(const Subject& subject, const LiquidationParams& params);
// The limit price of the liquidation order: up for a sell (closing a long), down for a buy, >= 1
// tick.
Price fillable_ticks(const Subject& subject, const LiquidationParams& params,
                     std::int64_t money_per_lot_tick);

struct SubtickGrid {
  std::uint64_t subticks_per_tick = 1;
  std::int32_t quantum_conversion_exponent = 0;
};
std::uint64_t to_subticks(const Fraction& price, bool closes_long, const SubtickGrid& grid);

// Positive: fee from the account to the fund. Negative: the fund pays. `quote` is the quote change
// of the fill for the account, `bankruptcy` that of the same close at the bankruptcy price.
Money insurance_fund_delta(Money quote, Money bankruptcy, std::int64_t fee_max_ppm);
bool fund_can_bear(Money fund_balance, Money delta);

struct BlockLimit {
  Money min;
  Money max;
};
BlockLimit position_limit(Money notional, const LiquidationParams& params);
// The change (opposite in sign to `size`) to close now; `budget` is what the account may still
// close in this block. The whole position when it fits, else at least one `step`.
Quantity closable(Quantity size, QuotePrice price, Money budget, const LiquidationParams& params,
                  Quantity step);

enum class MarketStatus : std::uint8_t { Active, FinalSettlement };
enum class DeleveragePrice : std::uint8_t { No, AtBankruptcyPrice, AtOraclePrice };
DeleveragePrice can_deleverage(Money net_collateral, MarketStatus status);

struct Deleveraged {
  Money liquidated_quote_change;
  Money offsetting_quote_change;
};
// `delta` closes (part of) the liquidated position; the offsetting account takes -delta. Empty: the
// bankruptcy prices do not overlap.
std::optional<Deleveraged> deleverage(const Subject& liquidated, const Subject& offsetting,
                                      Quantity delta, DeleveragePrice at);

}  // namespace mezz::liquidation

namespace mezz {
template <>
struct EnumNames<liquidation::MarketStatus> {
  static constexpr std::string_view names[] = {"active", "final_settlement"};
};
template <>
struct EnumNames<liquidation::DeleveragePrice> {
  static constexpr std::string_view names[] = {"no", "at_bankruptcy_price", "at_oracle_price"};
};
}  // namespace mezz
