// The margin rules of single positions that a scenario may choose instead of dYdX v4's, with the
// venues' numbers as defaults; the rules are in models/margin (position_rule.h). Requirements of
// several positions add up, long and short, perpetual and linear listings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/margin/position_rule.h"
#include "models/market/instrument.h"
#include "models/portfolio/account_margin.h"
#include "sim/types/enum_names.h"
#include "sim/types/ratio.h"

namespace mezz {

// Isolated: every position, in the perpetual or in a listing, has its own part of the account's
// cash, at least the initial margin of every increase, and can lose no more than that; closing part
// of it gives that part of its equity back (exchange_isolated.cpp). What an account owns at genesis
// belongs to its position. A MoveMargin puts free cash in or takes out what is not needed. Rules of
// portfolios see each position as a portfolio of its own.
enum class MarginMode : std::uint8_t { Cross, Isolated };
template <>
struct EnumNames<MarginMode> {
  static constexpr std::string_view names[] = {"cross", "isolated"};
};

// Hyperliquid: BTC's tiers, 40 times and 20 times above 150 million.
struct LeverageTierParams {
  Money from = {};
  std::int64_t leverage_max = 40;

  void visit(auto& v) {
    v("from", from, {.doc = "Notional above which it holds; 0 for the first", .min = Money{0}});
    v("leverage_max", leverage_max, {.doc = "At most", .min = 1, .max = 1'000});
  }
};

struct GmxMarginParams {
  Ratio open = 1_percent;
  Ratio liquidation = 1_percent;
  Money floor = 1_usd;
  Ratio closing_fee = 6_bp;

  void visit(auto& v) {
    v("open", open, {.doc = "Least collateral after a trade, of the size"});
    v("liquidation", liquidation, {.doc = "Least collateral otherwise, of the size"});
    v("floor", floor, {.doc = "Least collateral, whatever the size"});
    v("closing_fee", closing_fee, {.doc = "Cost of closing, of the size", .max = Ratio::one()});
  }
};

struct SynthetixMarginParams {
  std::int64_t skew_scale = 1'000'000;
  Ratio initial_ratio = 100_percent;
  Ratio initial_min = 2_percent;
  Ratio maintenance_scalar = 50_percent;
  Ratio reward = 5_bp;
  Money position_min = 50_usd;
  Money reward_max = 500_usd;

  void visit(auto& v) {
    v("skew_scale", skew_scale,
      {.doc = "Units at which initial_ratio is reached; 0: size does not enter", .min = 0});
    v("initial_ratio", initial_ratio, {.doc = "Added at a size of skew_scale, in proportion"});
    v("initial_min", initial_min, {.doc = "Initial margin of the smallest position"});
    v("maintenance_scalar", maintenance_scalar, {.doc = "Of the initial ratio"});
    v("reward", reward, {.doc = "To the keeper, of the notional"});
    v("position_min", position_min, {.doc = "Added for every position"});
    v("reward_max", reward_max, {.doc = "Most that a keeper is paid for an account"});
  }
};

struct DriftMarginParams {
  Ratio initial = 10_percent;
  Ratio maintenance = 5_percent;
  std::int64_t size_factor_ppm = 0;

  void visit(auto& v) {
    v("initial", initial, {.doc = "Of the notional, whole basis points"});
    v("maintenance", maintenance, {.doc = "Of the notional, whole basis points"});
    v("size_factor_ppm", size_factor_ppm,
      {.doc = "Grows with the root of the size; 0: it does not", .min = 0, .max = 1'000'000});
  }
};

struct VenueMargins {
  std::vector<LeverageTierParams> leverage = {{.from = {}, .leverage_max = 40},
                                              {.from = 150'000'000_usd, .leverage_max = 20}};
  GmxMarginParams gmx_v2;
  SynthetixMarginParams synthetix_v3;
  DriftMarginParams drift;

  void visit(auto& v) {
    v("leverage", leverage, {.doc = "Where margin = hyperliquid", .count_max = 16});
    v("gmx_v2", gmx_v2,
      {.doc = "Where margin = gmx_v2; closing_fee where liquidation_rule is, too"});
    v("synthetix_v3", synthetix_v3,
      {.doc =
           "Where margin = synthetix_v3; skew_scale and rewards where liquidation_rule is, too"});
    v("drift", drift, {.doc = "Where margin = drift"});
  }

  // Throws ScenarioError with the key below `path`.
  void check(MarginRule rule, const std::string& path) const;
  [[nodiscard]] margin::PositionRule rule(MarginRule rule) const;
};

}  // namespace mezz
