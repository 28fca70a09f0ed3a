// Two or many runs on one axis: the aligned difference of a pair, and the band of an ensemble. A
// series holds its value until the next one (as a step), so runs with different clocks can be
// compared at any moment.
#pragma once

#include <memory>
#include <vector>

#include "gui/model/run_data.h"

namespace mezz::gui {

// second - first at every moment at which one of them has a value, from when both have one.
std::shared_ptr<const Series> difference(const Series& first, const Series& second);

struct Band {
  std::vector<std::int64_t> times;
  std::vector<double> low;
  std::vector<double> middle;
  std::vector<double> high;
};

// Smallest, median and largest of the runs at `points` equal steps over `range`; NaN where no run
// has a value. With two or three runs quantiles in between would promise too much.
Band ensemble_band(const std::vector<std::shared_ptr<const Series>>& runs, TimeRange range,
                   std::size_t points);

// What the first divergence of two runs says, from their fingerprints (analysis/
// compare_fingerprints.h), for the comparison view.
struct Divergence {
  bool equal = false;
  Time from = {};
  Time to = {};
  std::string text;
};
Divergence first_divergence(const std::string& first, const std::string& second,
                            const LoadOptions& options = {});

}  // namespace mezz::gui
