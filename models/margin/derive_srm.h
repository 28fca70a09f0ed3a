// Derive's standard margin (StandardManager.sol of v2-core): net margin of a portfolio of options,
// perpetuals, base collateral and cash, above zero when the requirement is covered. Exact in 18
// decimals; products truncate toward zero, as the contract's do.
//
// Per market and expiry the options need the smaller burden of two:
//   isolated   every short alone: call  mark + max(spot_max - OTM / S, spot_min) S    (initial)
//                                       mark + call_maintenance S                     (maintenance)
//              put   mark + min(put_maintenance S, put_mark_maintenance mark)         (maintenance)
//                    the call's form, or put_initial_offset times maintenance if more (initial)
//              longs are worth nothing and need nothing
//   greatest loss of the pay-off at zero and at every strike, and for calls sold without a call
//              bought a share of the forward for each
// A perpetual needs a share of its notional; base collateral counts at a factor. Initial margin
// adds what uncertain oracles (confidence below a threshold) and a stablecoin below its peg cost.
// Marks are inputs: prices per option, quantised by whoever computed them. Left out: netting over
// markets, fees of settlement, the portfolio manager (a scenario engine).
#pragma once

#include <vector>

#include "models/market/wad.h"
#include "sim/types/ratio.h"

namespace mezz::margin {

enum class Requirement : std::uint8_t { Initial, Maintenance };

struct DeriveSrm {
  Ratio perp_initial = 10_percent;
  Ratio perp_maintenance = 650_bp;
  Ratio spot_max = 15_percent;
  Ratio spot_min = 13_percent;
  Ratio call_maintenance = 9_percent;
  Ratio put_maintenance = 9_percent;
  Ratio put_mark_maintenance = 9_percent;
  Ratio put_initial_offset = 105_percent;
  Ratio unpaired_initial = 120_percent;
  Ratio unpaired_maintenance = 110_percent;
  Ratio confidence_threshold = 55_percent;
  Ratio confidence_factor = 100_percent;
  Ratio depeg_threshold = 99_percent;
  Ratio depeg_factor = 200_percent;
  Ratio base_factor = 80_percent;
  Ratio base_initial_scale = 9'375_bp;

  void visit(auto& v) {
    v("perp_initial", perp_initial, {.doc = "Share of a perpetual's notional", .min = Ratio{0}});
    v("perp_maintenance", perp_maintenance, {.doc = "The same to keep it", .min = Ratio{0}});
    v("spot_max", spot_max,
      {.doc = "Of the spot, for a short option at the money", .min = Ratio{0}});
    v("spot_min", spot_min, {.doc = "And for one far from it", .min = Ratio{0}});
    v("call_maintenance", call_maintenance, {.doc = "Of the spot, to keep", .min = Ratio{0}});
    v("put_maintenance", put_maintenance, {.doc = "Of the spot, to keep", .min = Ratio{0}});
    v("put_mark_maintenance", put_mark_maintenance, {.doc = "Of the mark", .min = Ratio{0}});
    v("put_initial_offset", put_initial_offset, {.doc = "Least initial margin, of maintenance"});
    v("unpaired_initial", unpaired_initial, {.doc = "Of the forward, per call sold uncovered"});
    v("unpaired_maintenance", unpaired_maintenance, {.doc = "The same, to keep"});
    v("confidence_threshold", confidence_threshold, {.doc = "Below it an oracle costs margin"});
    v("confidence_factor", confidence_factor, {.doc = "Per unit of missing confidence"});
    v("depeg_threshold", depeg_threshold, {.doc = "Stablecoin price that still counts as 1"});
    v("depeg_factor", depeg_factor, {.doc = "Per dollar below it, times spot and size"});
    v("base_factor", base_factor, {.doc = "Of base collateral's value"});
    v("base_initial_scale", base_initial_scale, {.doc = "The same for initial margin, on top"});
  }
  // Throws ScenarioError with the key below `path`.
  void check(const char* path) const;
};

struct SrmOption {
  bool call = true;
  Wad strike;
  Wad amount;  // negative: sold
  Wad mark;    // per option
  Wad confidence = Wad::one();
};
struct SrmExpiry {
  Wad forward;
  Wad confidence = Wad::one();
  std::vector<SrmOption> options;
};
struct SrmMarket {
  Wad spot;
  Wad spot_confidence = Wad::one();
  Wad perp_price;
  Wad perp_confidence = Wad::one();
  Wad perp_size;
  Wad perp_profit;  // unsettled
  Wad base;         // units of the underlying as collateral, not negative
  std::vector<SrmExpiry> expiries;
};
struct SrmPortfolio {
  Wad cash;
  Wad stable_price = Wad::one();
  std::vector<SrmMarket> markets;
};

// Parts of the net margin: requirements are negative.
struct SrmMargin {
  Wad cash;
  Wad perp;  // profit less requirement
  Wad options;
  Wad base;
  Wad contingency;  // of oracles and the peg
  [[nodiscard]] Wad net() const { return cash + perp + options + base + contingency; }
};
[[nodiscard]] SrmMargin net_margin(const DeriveSrm& rule, const SrmPortfolio& portfolio,
                                   Requirement requirement);

// One expiry's options alone, not above zero.
[[nodiscard]] Wad option_margin(const DeriveSrm& rule, Wad spot, const SrmExpiry& expiry,
                                Requirement requirement);

}  // namespace mezz::margin
