#include "models/liquidation/dydx_v4.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>

namespace mezz::liquidation {
namespace {

// The fillable price has a numerator of up to 230 bits before it is reduced.
using Wide = boost::multiprecision::int512_t;
constexpr std::int64_t kMillion = 1'000'000;

struct WideFraction {
  Wide numerator;
  Wide denominator;  // > 0
};

Wide wide_power_of_ten(std::int32_t exponent) {
  MEZZ_ASSERT(exponent >= 0 && exponent <= 38);
  return boost::multiprecision::pow(Wide{10}, static_cast<unsigned>(exponent));
}

// For numerators >= 0.
Wide divide_wide(const Wide& numerator, const Wide& denominator, bool up) {
  MEZZ_ASSERT(denominator > 0);
  MEZZ_ASSERT(numerator >= 0);
  return up ? Wide{(numerator + denominator - 1) / denominator} : Wide{numerator / denominator};
}

// The account once the position is changed by `delta` and its quote balance by `quote`. Only
// collateral and the maintenance requirement matter to the checks made here; the initial one is
// carried along.
Risk after_change(const Subject& subject, Quantity delta, Money quote) {
  const Risk before = position_risk(subject, subject.size);
  const Risk after = position_risk(subject, subject.size + delta);
  return {.net_collateral =
              subject.account.net_collateral + quote + after.net_collateral - before.net_collateral,
          .initial_margin =
              subject.account.initial_margin + after.initial_margin - before.initial_margin,
          .maintenance_margin = subject.account.maintenance_margin + after.maintenance_margin -
                                before.maintenance_margin};
}

WideFraction wide_fillable_price(const Subject& subject, const LiquidationParams& params) {
  MEZZ_ASSERT(subject.size != Quantity::zero());
  const Risk position = position_risk(subject, subject.size);
  const Wide total_margin = subject.account.maintenance_margin.micros;
  MEZZ_ASSERT(total_margin > 0);
  // Bankruptcy rating as a fraction of total_margin * 10^6, kept within 0 and 1.
  const Wide whole = total_margin * kMillion;
  const Wide missing = total_margin - subject.account.net_collateral.micros;
  Wide rating = missing * params.bankruptcy_adjustment_ppm;
  rating = std::clamp(rating, Wide{0}, whole);
  const Wide spread =
      rating * params.spread_to_maintenance_ppm * position.maintenance_margin.micros;
  WideFraction price{Wide{position.net_collateral.micros} * whole * kMillion - spread,
                     whole * kMillion * subject.size.lots};
  if (price.denominator < 0) {
    price.numerator = -price.numerator;
    price.denominator = -price.denominator;
  }
  return price;
}

Int128 narrow_wide(const Wide& value) {
  MEZZ_ASSERT(boost::multiprecision::abs(value) <= Wide{(Int128{INT64_MAX} << 63)});
  return value.convert_to<Int128>();
}

}  // namespace

Risk position_risk(const Subject& subject, Quantity size) {
  if (subject.rule != nullptr) {
    return margin::position_risk(
        *subject.rule,
        {.quantity = size, .price = subject.price, .lots_per_unit = subject.lots_per_unit});
  }
  return margin::position_risk({.quantity = size, .price = subject.price, .open_interest = {}},
                               subject.tier);
}

Money bankruptcy_price(const Subject& subject, Quantity delta) {
  MEZZ_ASSERT(subject.account.maintenance_margin > Money::zero());
  MEZZ_ASSERT(delta.abs() <= subject.size.abs() && (delta.lots < 0) != (subject.size.lots < 0));
  const Risk before = position_risk(subject, subject.size);
  const Risk after = position_risk(subject, subject.size + delta);
  const Money notional_change = after.net_collateral - before.net_collateral;
  const Money margin_change = (after.maintenance_margin - before.maintenance_margin).abs();
  const Money share = {mul_div(subject.account.net_collateral.micros, margin_change.micros,
                               subject.account.maintenance_margin.micros, Round::Down)};
  return -notional_change - share;
}

Fraction fillable_price(const Subject& subject, const LiquidationParams& params) {
  const WideFraction price = wide_fillable_price(subject, params);
  const Wide common = boost::multiprecision::gcd(price.numerator, price.denominator);
  MEZZ_ASSERT(common > 0);
  return {narrow_wide(price.numerator / common), narrow_wide(price.denominator / common)};
}

Price fillable_ticks(const Subject& subject, const LiquidationParams& params,
                     std::int64_t money_per_lot_tick) {
  MEZZ_ASSERT(money_per_lot_tick > 0);
  WideFraction price = wide_fillable_price(subject, params);
  if (price.numerator <= 0) return {1};
  price.denominator *= money_per_lot_tick;
  const bool closes_long = subject.size > Quantity::zero();
  const Wide ticks = divide_wide(price.numerator, price.denominator, closes_long);
  MEZZ_ASSERT(ticks <= INT64_MAX);
  return {std::max<std::int64_t>(ticks.convert_to<std::int64_t>(), 1)};
}

std::uint64_t to_subticks(const Fraction& price, bool closes_long, const SubtickGrid& grid) {
  MEZZ_ASSERT(grid.subticks_per_tick > 0);
  MEZZ_ASSERT(price.denominator > 0);
  const Wide step = grid.subticks_per_tick;
  const Wide largest = UINT64_MAX / grid.subticks_per_tick * grid.subticks_per_tick;
  if (price.numerator <= 0) return grid.subticks_per_tick;
  Wide numerator = price.numerator;
  Wide denominator = Wide{price.denominator} * step;
  const std::int32_t exponent = grid.quantum_conversion_exponent;
  if (exponent >= 0) {
    denominator *= wide_power_of_ten(exponent);
  } else {
    numerator *= wide_power_of_ten(-exponent);
  }
  const Wide rounded = divide_wide(numerator, denominator, closes_long) * step;
  return std::clamp(rounded, step, largest).convert_to<std::uint64_t>();
}

Money insurance_fund_delta(Money quote, Money bankruptcy, std::int64_t fee_max_ppm) {
  MEZZ_ASSERT(fee_max_ppm >= 0);
  const Money surplus = quote - bankruptcy;
  if (surplus <= Money::zero()) return surplus;
  const Money fee_max = {mul_div(quote.abs().micros, fee_max_ppm, kMillion, Round::Down)};
  MEZZ_ASSERT(fee_max >= Money::zero());
  return std::min(fee_max, surplus);
}

bool fund_can_bear(Money fund_balance, Money delta) {
  return delta >= Money::zero() || fund_balance + delta >= Money::zero();
}

BlockLimit position_limit(Money notional, const LiquidationParams& params) {
  const Money size = notional.abs();
  const Money min = std::min(size, params.position_notional_min);
  const Money portion = {
      mul_div(size.micros, params.position_portion_max_ppm, kMillion, Round::Down)};
  MEZZ_ASSERT(portion >= Money::zero());
  return {.min = min, .max = std::max(min, portion)};
}

Quantity closable(Quantity size, QuotePrice price, Money budget, const LiquidationParams& params,
                  Quantity step) {
  MEZZ_ASSERT(step > Quantity::zero());
  MEZZ_ASSERT(size != Quantity::zero());
  const Money notional = Money{narrow(margin::net_notional(size.lots, price))}.abs();
  const Money most = std::min(position_limit(notional, params).max, budget);
  if (most <= Money::zero()) return Quantity::zero();
  if (notional <= most || size.abs() <= step) return -size;
  const std::int64_t exact = mul_div(size.abs().lots, most.micros, notional.micros, Round::Down);
  const std::int64_t lots = std::clamp(exact / step.lots * step.lots, step.lots, size.abs().lots);
  return {size.lots > 0 ? -lots : lots};
}

DeleveragePrice can_deleverage(Money net_collateral, MarketStatus status) {
  if (net_collateral < Money::zero()) return DeleveragePrice::AtBankruptcyPrice;
  return status == MarketStatus::FinalSettlement ? DeleveragePrice::AtOraclePrice
                                                 : DeleveragePrice::No;
}

std::optional<Deleveraged> deleverage(const Subject& liquidated, const Subject& offsetting,
                                      Quantity delta, DeleveragePrice at) {
  MEZZ_ASSERT(at != DeleveragePrice::No);
  MEZZ_ASSERT((liquidated.size.lots < 0) != (offsetting.size.lots < 0));
  MEZZ_ASSERT(delta.abs() <= offsetting.size.abs());
  Money quote;
  if (at == DeleveragePrice::AtBankruptcyPrice) {
    quote = bankruptcy_price(liquidated, delta);
  } else {
    const Risk before = position_risk(liquidated, liquidated.size);
    const Risk after = position_risk(liquidated, liquidated.size + delta);
    quote = before.net_collateral - after.net_collateral;
  }
  const auto allowed = [](const Subject& s, Quantity change, Money paid) {
    return margin::check_update(s.account, after_change(s, change, paid)) ==
           margin::UpdateResult::Success;
  };
  if (!allowed(liquidated, delta, quote) || !allowed(offsetting, -delta, -quote)) return {};
  return Deleveraged{.liquidated_quote_change = quote, .offsetting_quote_change = -quote};
}

}  // namespace mezz::liquidation
