#include "models/layer2/execution/margin_grids.h"

namespace mezz {
namespace {

margin::ScenarioGrid with_moves_of(margin::ScenarioGrid grid, const margin::ScenarioGrid& preset) {
  if (grid.scenarios.empty()) grid.scenarios = preset.scenarios;
  return grid;
}

margin::ScenarioGrid grid_of(const MarginGrids& grids, MarginRule rule) {
  if (rule == MarginRule::Span16) return margin::span16(grids.span16);
  if (rule == MarginRule::AevoPm) return with_moves_of(grids.aevo_pm, margin::aevo_pm());
  if (rule == MarginRule::ScenarioGrid) return grids.scenario_grid;
  return with_moves_of(grids.deribit_pm, margin::deribit_pm());
}

}  // namespace

void MarginGrids::fill(MarginPreset& preset) const {
  preset.pmrm = derive_pmrm;
  if (preset.pmrm.scenarios.empty()) preset.pmrm.scenarios = margin::pmrm_grid();
  preset.pmrm2 = derive_pmrm2;
  if (preset.pmrm2.scenarios.empty()) preset.pmrm2.scenarios = margin::pmrm2_grid();
  preset.coin_haircut = coin_haircut;
  preset.grid = grid_of(*this, preset.rule);
}

void MarginGrids::check(MarginRule rule, const std::string& path) const {
  MarginPreset preset{.rule = rule, .position = {}, .srm = {}};
  span16.check((path + ".span16").c_str());
  fill(preset);
  preset.pmrm.check((path + ".derive_pmrm").c_str());
  preset.pmrm2.check((path + ".derive_pmrm2").c_str());
  for (const MarginRule each :
       {MarginRule::DeribitPm, MarginRule::AevoPm, MarginRule::ScenarioGrid}) {
    margin::ScenarioGrid grid = grid_of(*this, each);
    if (each != rule && grid.scenarios.empty()) grid.scenarios.emplace_back();  // nobody's grid
    grid.check((path + "." + std::string(enum_name(each))).c_str());
  }
  check_grid(preset, path + "." + std::string(enum_name(rule)));
}

}  // namespace mezz
