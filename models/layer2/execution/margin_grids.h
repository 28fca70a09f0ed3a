// The numbers of the rules that revalue portfolios on a grid of moves (models/margin/derive_pmrm.h,
// derive_pmrm2.h, scenario_grid.h), each a section of its own beside `margin`. A section without
// scenarios has those of its venue; only scenario_grid, which is nobody's, must bring its own.
// Ours are span16's ranges and charges: every clearing house sets its own by product.
#pragma once

#include <string>

#include "models/portfolio/account_margin.h"

namespace mezz {

// Everything but the moves.
inline margin::ScenarioGrid without_moves(margin::ScenarioGrid grid) {
  grid.scenarios.clear();
  return grid;
}

struct MarginGrids {
  margin::DerivePmrm derive_pmrm{.scenarios = {}};
  margin::DerivePmrm2 derive_pmrm2{.scenarios = {}};
  CoinHaircut coin_haircut;
  margin::ScenarioGrid deribit_pm = without_moves(margin::deribit_pm());
  margin::SpanRanges span16{.price = 15_percent,
                            .volatility = 15_percent,
                            .spread_charge = 1_percent,
                            .option_min = 1_percent};
  margin::ScenarioGrid aevo_pm = without_moves(margin::aevo_pm());
  margin::ScenarioGrid scenario_grid;

  void visit(auto& v) {
    v("derive_pmrm", derive_pmrm, {.doc = "Where margin = derive_pmrm"});
    v("derive_pmrm2", derive_pmrm2, {.doc = "Where margin = derive_pmrm2"});
    v("coin_haircut", coin_haircut, {.doc = "Of coins as collateral, where margin = derive_pmrm2"});
    v("deribit_pm", deribit_pm, {.doc = "Where margin = deribit_pm (approximate)"});
    v("span16", span16, {.doc = "Where margin = span16"});
    v("aevo_pm", aevo_pm, {.doc = "Where margin = aevo_pm (approximate)"});
    v("scenario_grid", scenario_grid, {.doc = "Where margin = scenario_grid: a grid of your own"});
  }

  // Of a checked rule, into the preset.
  void fill(MarginPreset& preset) const;
  // Throws ScenarioError with the key below `path`.
  void check(MarginRule rule, const std::string& path) const;
};

}  // namespace mezz
