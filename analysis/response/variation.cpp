// Which parameter the variation of a number comes from.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/response/response.h"

namespace mezz::analysis {

namespace {

struct Grid {
  std::vector<statistics::GridRun> runs;
  std::size_t seeds = 0;
  double combinations = 1;  // of the levels; too many for an integer, perhaps
  std::map<std::vector<std::size_t>, std::size_t> counts;

  [[nodiscard]] bool balanced() const {
    return static_cast<double>(counts.size()) == combinations &&
           std::all_of(counts.begin(), counts.end(),
                       [&](const auto& cell) { return cell.second == counts.begin()->second; });
  }
};

Grid grid_of(const RunSet& set, std::string_view metric, const std::vector<Factor>& factors) {
  Grid out;
  std::map<std::string, std::size_t> blocks;
  for (std::size_t r = 0; r < set.runs.size(); ++r) {
    const std::optional<double> value = number_of(set.runs[r], metric);
    if (!value) continue;
    statistics::GridRun run{.levels = {}, .block = 0, .value = *value};
    for (const Factor& factor : factors) run.levels.push_back(factor.level_of_run[r]);
    run.block = blocks.emplace(seed_text(set, set.runs[r]), blocks.size()).first->second;
    ++out.counts[run.levels];
    out.runs.push_back(std::move(run));
  }
  out.seeds = blocks.size();
  for (const Factor& factor : factors)
    out.combinations *= static_cast<double>(factor.levels.size());
  return out;
}

std::vector<std::string> notes_on(const RunSet& set, const Grid& grid) {
  std::vector<std::string> notes;
  if (grid.runs.size() < set.runs.size()) {
    notes.push_back(fmt::format("{} of {} runs have no number or are not complete",
                                set.runs.size() - grid.runs.size(), set.runs.size()));
  }
  if (static_cast<double>(grid.counts.size()) < grid.combinations) {
    notes.push_back(fmt::format(
        "{} of {:.0f} combinations have no run: parameters that go together share what "
        "they explain",
        grid.combinations - static_cast<double>(grid.counts.size()), grid.combinations));
  } else if (!grid.balanced()) {
    notes.emplace_back("some combinations have more runs than others, and weigh more");
  }
  if (grid.counts.size() == grid.runs.size()) {
    notes.emplace_back(
        "every combination has one run: chance cannot be told from what parameters do together");
  }
  return notes;
}

}  // namespace

Sensitivity sensitivity(const RunSet& set, std::string_view metric, double level) {
  Sensitivity out;
  const std::vector<Factor> factors = factors_of(set);
  if (factors.empty()) {
    out.problem = "no parameter varies but the seed";
    return out;
  }
  const Grid grid = grid_of(set, metric, factors);
  out.runs = grid.runs.size();
  out.seeds = grid.seeds;
  if (grid.runs.empty()) {
    out.problem = "no complete run has the number";
    return out;
  }
  const auto shares = statistics::first_order_indices(grid.runs, {.level = level});
  if (std::isnan(shares.front().value)) {
    out.problem = "the number is the same in every run";
    return out;
  }
  double sum = 0;
  for (std::size_t f = 0; f < factors.size(); ++f) {
    out.factors.push_back({factors[f].name, factors[f].levels.size(), shares[f]});
    sum += shares[f].value;
  }
  std::stable_sort(
      out.factors.begin(), out.factors.end(),
      [](const FactorShare& a, const FactorShare& b) { return a.share.value > b.share.value; });
  out.chance = statistics::share_within(grid.runs);
  const double chance = std::isnan(out.chance) ? 0.0 : out.chance;
  if (grid.balanced()) out.together = std::max(0.0, 1.0 - sum - chance);
  out.notes = notes_on(set, grid);
  return out;
}

}  // namespace mezz::analysis
