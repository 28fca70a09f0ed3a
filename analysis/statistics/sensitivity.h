// How much of the variation over a full grid of parameters each parameter explains by itself: the
// first-order index var(E[Y | X]) / var(Y) (Sobol 1993), which on a grid is Pearson's correlation
// ratio. All levels weigh the same, so the index is about the grid that was chosen, not about a law
// of the parameters. What the indices leave to 1 is what parameters do together, and chance.
// Chance counts as variation of Y, and makes every index larger by about (levels - 1) / runs of its
// share. Interval: percentile bootstrap over the blocks (the seeds), whole blocks at a time as runs
// with one seed have their randomness in common; with one block it is the whole line. Blocks that
// lack a run of the grid are used as they are.
// Values are finite (asserted). Left out: total-order indices.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/statistics/interval.h"

namespace mezz::statistics {

struct GridRun {
  std::vector<std::size_t> levels;  // of each parameter, from 0
  std::size_t block = 0;            // the seed, by number
  double value = 0;
};

struct SensitivityOptions {
  double level = 0.95;
  std::size_t draws = 999;
  std::uint64_t seed = 1;
};

// One per parameter; NaN when nothing varies. n is the number of runs.
std::vector<Estimate> first_order_indices(std::span<const GridRun> runs,
                                          const SensitivityOptions& options = {});

// The share of the variation that is left between runs of one and the same combination of levels,
// which is chance; NaN when nothing varies or no combination has two runs.
double share_within(std::span<const GridRun> runs);

}  // namespace mezz::statistics
