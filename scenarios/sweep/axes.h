// The section [sweep] of a scenario: which parameters take which values.
//   "layer2.design" = ["optimistic_rollup", "zk_rollup"]           an axis: every value ...
//   "run.seed" = { from = 1, to = 50, step = 1 }                   ... of every axis with every
//   other
//   [[sweep.zip]]   "a.b" = [1, 2]   "c.d" = ["1 h", "2 h"]        values that go together, in
//   order
//   [[sweep.skip]]  "layer2.design" = "plasma"   "a.b" = [1, 2]    combinations left out (all must
//   hold) [sweep.until]   metric, half_width or relative, ...            seeds until the mean is
//   known well enough
// Ranges are exact in the unit of the parameter (1 h to 4 h in steps of 30 min); ranges of reals
// are rounded to 12 digits. Axes are ordered by key, then come the zips, then the seeds of `until`.
// Errors: ScenarioError with file:line:column, key, value and remedy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/config/document.h"
#include "sim/config/visit.h"

namespace mezz::sweep {

struct Axis {
  std::vector<std::string> keys;  // one, or those of a zip
  std::vector<std::string> places;
  std::vector<std::vector<config::Node>> points;  // points[i][k] is the value of keys[k]
};

// All of these keys have one of these values.
struct Skip {
  std::vector<std::string> keys;
  std::vector<std::vector<config::Node>> values;
  std::string path;  // "sweep.skip[0]"
  std::string place;
};

// Seeds of one combination go on until the confidence interval of the metric's mean is narrow. It
// is looked at after `min` runs and after every further `batch`, so which runs there are depends on
// their numbers only, never on who was faster.
struct Until {
  std::string metric;
  std::optional<double> half_width;
  std::optional<double> relative;
  double confidence = 0.95;
  std::int64_t min = 8;
  std::int64_t max = 1'000;
  std::int64_t batch = 4;
  std::string place;

  void visit(auto& v) {
    v("metric", metric, {.doc = "Name of a headline metric"});
    v("half_width", half_width,
      {.doc = "Half the confidence interval, in the metric's unit", .min = 0.0});
    v("relative", relative, {.doc = "The same as a share of the mean", .min = 0.0});
    v("confidence", confidence, {.doc = "Level of the interval", .min = 0.5, .max = 0.9999});
    v("min", min, {.doc = "Runs of each combination at least", .min = 2, .max = 100'000});
    v("max", max, {.doc = "Runs of each combination at most", .min = 2, .max = 100'000});
    v("batch", batch, {.doc = "Further runs before the next look", .min = 1, .max = 100'000});
  }
};

struct Spec {
  std::vector<Axis> axes;
  std::vector<Skip> skips;
  std::optional<Until> until;
};

inline constexpr std::size_t kRunsMax = 100'000;

// The value as tables, coordinates and messages write it.
std::string value_text(const config::Node& value);
bool same_value(const config::Node& a, const config::Node& b);

// `root` is the whole scenario; its section sweep must be there (else ScenarioError).
Spec read_spec(const config::Node& root, const std::string& file);

}  // namespace mezz::sweep
