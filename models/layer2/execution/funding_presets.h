// How funding follows from the perpetual's premium over the index, or from the skew of a pool: the
// rules of the venues (models/market/funding.h, models/market/funding_rules), with their numbers as
// defaults.
//   dydx_v4      the mean premium and a default rate, clamped by the margins; an hour counts as an
//                hour however late it ends, samples that a halt swallowed are zero
//   hyperliquid  premium + clamp(interest - premium), at most `cap` an hour
//   deribit      the premium outside a dead band, at most `cap`
//   derive       the premium converges within some hours, at most `cap` an hour
//   synthetix_v3, gmx_v2   the skew of a pool (skew_funding.h): of every linear perpetual that
//                trades against one with funding = cash; the perpetual on its book pays nothing,
//                and listings on books keep their own premium
// The three before those pay for the time that has passed and take the mean of the samples there
// are. Ours: all sample the impact price of the book every funding_sample and pay every
// funding_tick, where Hyperliquid samples every 5 s, Deribit pays continuously on a mark of its
// own, and Derive is told impact prices. Between two ticks, the rules of a skew also settle who
// trades against the pool, who withdraws or moves margin, and everybody before a liquidation or a
// closing of winners; margin sees what has been paid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/margin/dydx_v4.h"
#include "models/market/funding.h"
#include "models/market/impact_price.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"

namespace mezz {

enum class FundingRule : std::uint8_t {
  DydxV4,
  Hyperliquid,
  Deribit,
  Derive,
  SynthetixV3,
  GmxV2,
};
template <>
struct EnumNames<FundingRule> {
  static constexpr std::string_view names[] = {"dydx_v4", "hyperliquid",  "deribit",
                                               "derive",  "synthetix_v3", "gmx_v2"};
};
// Of a pool, and not the premium of a book.
[[nodiscard]] constexpr bool follows_skew(FundingRule rule) {
  return rule == FundingRule::SynthetixV3 || rule == FundingRule::GmxV2;
}

struct HyperliquidFundingParams {
  Ratio interest = 1_bp;
  Ratio clamp = 5_bp;
  Ratio cap = 4_percent;

  void visit(auto& v) {
    v("interest", interest, {.doc = "Per 8 hours"});
    v("clamp", clamp, {.doc = "Of interest less premium", .min = Ratio::zero()});
    v("cap", cap, {.doc = "Of the rate of an hour", .min = Ratio::zero()});
  }
};

struct DeribitFundingParams {
  Ratio damper = Ratio{250'000};
  Ratio cap = 50_bp;

  void visit(auto& v) {
    v("damper", damper, {.doc = "Half width of the dead band", .min = Ratio::zero()});
    v("cap", cap, {.doc = "Of the rate of 8 hours", .min = Ratio::zero()});
  }
};

struct DeriveFundingParams {
  std::int64_t convergence_hours = 8;
  Ratio static_rate = {};
  Ratio cap = 75_bp;

  void visit(auto& v) {
    v("convergence_hours", convergence_hours,
      {.doc = "In which the premium is paid once", .min = 1, .max = 10'000});
    v("static_rate", static_rate, {.doc = "Added, per hour"});
    v("cap", cap, {.doc = "Of the rate of an hour", .min = Ratio::zero()});
  }
};

struct SynthetixFundingParams {
  std::int64_t skew_scale = 1'000'000;
  Ratio velocity_max = 300_percent;

  void visit(auto& v) {
    v("skew_scale", skew_scale,
      {.doc = "Units of the underlying at which velocity_max is reached",
       .min = 1,
       .max = 1'000'000'000'000});
    v("velocity_max", velocity_max,
      {.doc = "Most that the rate of a day changes within a day",
       .min = Ratio{1},
       .max = 10'000_percent});
  }
};

// GMX's BTC market on Arbitrum (config/markets.ts): 5.76 x 10^-13 per second and second, at most
// 10^-8 per second; no threshold of decrease.
struct GmxFundingParams {
  Ratio increase = 43_bp;
  Ratio decrease = {};
  Ratio threshold_stable = 5_percent;
  Ratio threshold_decrease = {};
  Ratio max = Ratio{864'000};

  void visit(auto& v) {
    v("increase", increase,
      {.doc = "Of the rate of a day within a day, when one side is all there is",
       .min = Ratio{1},
       .max = 10'000_percent});
    v("decrease", decrease,
      {.doc = "Of the rate of a day within a day, below threshold_decrease",
       .min = Ratio::zero(),
       .max = 10'000_percent});
    v("threshold_stable", threshold_stable,
      {.doc = "Of long less short over long plus short: above it the rate grows on",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("threshold_decrease", threshold_decrease,
      {.doc = "The same: below it the rate falls; not above threshold_stable",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("max", max, {.doc = "Of the rate of a day", .min = Ratio{1}, .max = 100_percent});
  }
};

struct VenueFunding {
  HyperliquidFundingParams hyperliquid;
  DeribitFundingParams deribit;
  DeriveFundingParams derive;
  SynthetixFundingParams synthetix_v3;
  GmxFundingParams gmx_v2;

  void visit(auto& v) {
    v("hyperliquid", hyperliquid, {.doc = "Where funding_rule = hyperliquid"});
    v("deribit", deribit, {.doc = "Where funding_rule = deribit"});
    v("derive", derive, {.doc = "Where funding_rule = derive"});
    v("synthetix_v3", synthetix_v3, {.doc = "Where funding_rule = synthetix_v3"});
    v("gmx_v2", gmx_v2, {.doc = "Where funding_rule = gmx_v2"});
  }
};

struct FundingPreset {
  FundingRule rule = FundingRule::DydxV4;
  FundingParams dydx;
  VenueFunding venue;
};

// One sample, in millionths: the premium of the impact prices within the bound of a vote.
[[nodiscard]] std::int64_t premium_sample(const FundingPreset& preset,
                                          const margin::LiquidityTier& tier, const OrderBook& book,
                                          const ContractSpec& contract, Price index);
// Per 8 hours, in millionths, truncated; after all clamps. Zero where the rule follows a skew: a
// book has none.
[[nodiscard]] std::int64_t funding_rate(const FundingPreset& preset,
                                        const margin::LiquidityTier& tier,
                                        std::int64_t premium_ppm);
// Missing samples count as zero, and an hour as an hour: otherwise what is there, and the time.
[[nodiscard]] constexpr bool counts_nominal_time(FundingRule rule) {
  return rule == FundingRule::DydxV4;
}

}  // namespace mezz
