// Funding rules of venues other than dYdX v4, given the inputs of a row.
#include "models/market/funding_rules/deribit.h"
#include "models/market/funding_rules/derive.h"
#include "models/market/funding_rules/gmx_v2.h"
#include "models/market/funding_rules/hyperliquid.h"
#include "models/market/funding_rules/squeeth.h"
#include "models/market/funding_rules/synthetix_v3.h"
#include "scenarios/vectors/wad_fields.h"

namespace mezz::vectors {
namespace {

std::string deribit_funding(const Row& row) {
  const Inputs in(row);
  funding::deribit::Params params;
  params.damper = wad_or(in, "damper", params.damper);
  params.cap = wad_or(in, "cap", params.cap);
  const Wad rate = funding::deribit::rate_per_8h(wad(in, "mark"), wad(in, "index"), params);
  if (row.quantity == "funding_rate_8h") return text_of(rate);
  unknown_quantity(row);
}

std::string derive_funding(const Row& row) {
  const Inputs in(row);
  funding::derive::Params params;
  params.convergence_hours = in.integer_or("convergence_hours", params.convergence_hours);
  params.static_rate = wad_or(in, "static_rate", params.static_rate);
  params.cap = wad_or(in, "cap", params.cap);
  const funding::derive::Quotes quotes{.index = wad(in, "index"),
                                       .impact_bid = wad(in, "impact_bid"),
                                       .impact_ask = wad(in, "impact_ask")};
  const Wad rate = funding::derive::hourly_rate(quotes, params);
  if (row.quantity == "hourly_rate") return text_of(rate);
  if (row.quantity != "funding_cash") unknown_quantity(row);
  const Duration elapsed = {
      narrow(multiply(wad(in, "hours"), Wad::whole((1_h).ns)).units / Wad::kOne)};
  const Wad change = funding::derive::aggregate_change(rate, quotes.index, elapsed);
  return text_of(funding::derive::payment(wad(in, "size"), change));
}

std::string gmx_funding(const Row& row) {
  const Inputs in(row);
  funding::gmx_v2::Params params{.increase = in.big("increase_1e30"),
                                 .decrease = in.big("decrease_1e30"),
                                 .max = in.big("max_1e30")};
  params.threshold_stable = wad_or(in, "threshold_stable", params.threshold_stable);
  params.threshold_decrease = wad_or(in, "threshold_decrease", params.threshold_decrease);
  if (row.quantity != "next_saved_funding_factor_per_second_1e30") unknown_quantity(row);
  return text_of(funding::gmx_v2::next_factor(
      in.big("saved"), {.longs = wad(in, "long_oi_usd"), .shorts = wad(in, "short_oi_usd")}, params,
      seconds(in, "dt_seconds")));
}

std::string hyperliquid_funding(const Row& row) {
  const Inputs in(row);
  funding::hyperliquid::Params params;
  params.interest_8h = wad_or(in, "interest", params.interest_8h);
  params.clamp = wad_or(in, "clamp", params.clamp);
  params.cap_hourly = wad_or(in, "cap", params.cap_hourly);
  const Wad premium = wad(in, "premium");
  if (row.quantity == "funding_rate_8h") {
    return text_of(funding::hyperliquid::rate_per_8h(premium, params));
  }
  if (row.quantity == "funding_rate_1h" || row.quantity == "hourly_rate") {
    return text_of(funding::hyperliquid::hourly_rate(premium, params));
  }
  unknown_quantity(row);
}

std::string squeeth(const Row& row) {
  const Inputs in(row);
  funding::squeeth::Params params;
  if (in.has("funding_period_seconds")) {
    params.funding_period = seconds(in, "funding_period_seconds");
  }
  if (row.quantity != "normalization_factor") unknown_quantity(row);
  return text_of(funding::squeeth::normalization_factor(
      wad(in, "nf"), {.index = wad(in, "index_twap"), .mark = wad(in, "mark_twap")},
      seconds(in, "dt_seconds"), params));
}

// "0.25d" in days, "6h" in hours, "90s" in seconds.
Duration elapsed_of(std::string_view text) {
  text = trim(text);
  if (text.empty()) throw InputError{"a step needs TIME:ORDER"};
  const Duration unit = text.back() == 'd' ? 24_h : text.back() == 'h' ? 1_h : 1_s;
  const Wad count = wad(text.substr(0, text.size() - 1));
  return {narrow(mul_div_wide(count.units, unit.ns, Wad::kOne, Round::HalfEven))};
}

// Another trader moves the skew at the end of each step; what the first one has paid is asked.
std::string synthetix_steps(const Inputs& in) {
  const funding::synthetix_v3::Params params{.skew_scale = wad(in, "skew_scale"),
                                             .velocity_max = wad(in, "max_velocity")};
  const Wad price = wad(in, "price");
  Wad skew = wad(in, "initial_skew");
  funding::synthetix_v3::Rate rate;
  for (const std::string_view step : split(in.text("steps"), '|')) {
    const std::size_t colon = step.find(':');
    const Wad speed = funding::synthetix_v3::velocity(skew, params);
    rate = funding::synthetix_v3::advance(rate, speed, elapsed_of(step.substr(0, colon)), price);
    if (colon != std::string_view::npos) skew = skew + wad(step.substr(colon + 1));
  }
  return text_of(multiply(rate.accrued, wad(in, "trader_size")));
}

std::string synthetix_funding(const Row& row) {
  const Inputs in(row);
  if (row.quantity == "accrued_funding_paid_by_trader") return synthetix_steps(in);
  if (row.quantity != "funding_rate") unknown_quantity(row);
  const Wad velocity = in.has("prev_velocity")
                           ? wad(in, "prev_velocity")
                           : funding::synthetix_v3::velocity(
                                 wad(in, "skew"), {.skew_scale = wad(in, "skew_scale"),
                                                   .velocity_max = wad(in, "max_velocity")});
  return text_of(funding::synthetix_v3::advance({.rate = wad(in, "prev_rate")}, velocity,
                                                seconds(in, "dt_seconds"), Wad::zero())
                     .rate);
}

constexpr Family kFamilies[] = {
    {"deribit_funding", deribit_funding},     {"derive_perp_funding", derive_funding},
    {"gmx_v2_adaptive_funding", gmx_funding}, {"hyperliquid_funding", hyperliquid_funding},
    {"squeeth_normalization", squeeth},       {"synthetix_v3_funding", synthetix_funding},
};

}  // namespace

std::span<const Family> funding_families() { return kFamilies; }

}  // namespace mezz::vectors
