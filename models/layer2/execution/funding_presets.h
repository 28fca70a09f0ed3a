// How the perpetual's funding follows from its premium over the index: the rules of the venues
// (models/market/funding.h, models/market/funding_rules), with their numbers as defaults.
//   dydx_v4      the mean premium and a default rate, clamped by the margins; an hour counts as an
//                hour however late it ends, samples that a halt swallowed are zero
//   hyperliquid  premium + clamp(interest - premium), at most `cap` an hour
//   deribit      the premium outside a dead band, at most `cap`
//   derive       the premium converges within some hours, at most `cap` an hour
// The last three pay for the time that has passed and take the mean of the samples there are.
// Ours: all sample the impact price of the book every funding_sample and pay every funding_tick,
// where Hyperliquid samples every 5 s, Deribit pays continuously on a mark of its own, and Derive
// is told impact prices. Left out: rules that follow the skew of a pool (GMX v2, Synthetix v3).
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

enum class FundingRule : std::uint8_t { DydxV4, Hyperliquid, Deribit, Derive };
template <>
struct EnumNames<FundingRule> {
  static constexpr std::string_view names[] = {"dydx_v4", "hyperliquid", "deribit", "derive"};
};

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

struct VenueFunding {
  HyperliquidFundingParams hyperliquid;
  DeribitFundingParams deribit;
  DeriveFundingParams derive;

  void visit(auto& v) {
    v("hyperliquid", hyperliquid, {.doc = "Where funding_rule = hyperliquid"});
    v("deribit", deribit, {.doc = "Where funding_rule = deribit"});
    v("derive", derive, {.doc = "Where funding_rule = derive"});
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
// Per 8 hours, in millionths, truncated; after all clamps.
[[nodiscard]] std::int64_t funding_rate(const FundingPreset& preset,
                                        const margin::LiquidityTier& tier,
                                        std::int64_t premium_ppm);
// Missing samples count as zero, and an hour as an hour: otherwise what is there, and the time.
[[nodiscard]] constexpr bool counts_nominal_time(FundingRule rule) {
  return rule == FundingRule::DydxV4;
}

}  // namespace mezz
