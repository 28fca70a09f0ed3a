// How one headline number responds to what was varied, over the runs of a set:
//   - which parameter its variation comes from (statistics/sensitivity.h);
//   - a surface over two parameters that are numbers (statistics/surface.h);
//   - the tail of its distribution over the seeds (statistics/tail_fit.h).
// Runs that are complete and have a finite number count. What the runs cannot support is said in
// `problem`, what a reader must know beside the numbers in `notes`; nothing throws.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/response/factors.h"
#include "analysis/runs/run_set.h"
#include "analysis/statistics/sensitivity.h"
#include "analysis/statistics/surface.h"
#include "analysis/statistics/tail_fit.h"
#include "analysis/statistics/tail_risk.h"

namespace mezz::analysis {

// Whether the run counts, and its number.
std::optional<double> number_of(const RunRecord& run, std::string_view metric);

struct FactorShare {
  std::string name;
  std::size_t levels = 0;
  statistics::Estimate share;  // of the variation over all runs; n: the runs
};

// Where the variation of a number comes from. The shares, `together` and `chance` add up to 1 when
// every combination was run as often as the others; `notes` says when not.
struct Sensitivity {
  std::string problem = {};
  std::vector<FactorShare> factors = {};  // the largest share first
  double chance = statistics::kNone;    // between runs of one combination; NaN without repetitions
  double together = statistics::kNone;  // what the parameters do beyond the sum of their effects
  std::size_t runs = 0;
  std::size_t seeds = 0;
  std::vector<std::string> notes = {};
};
Sensitivity sensitivity(const RunSet& set, std::string_view metric, double level);

// One parameter of a surface. `logarithmic`: its logarithm takes its place.
struct SurfaceAxis {
  std::string key;
  std::string unit = "1";
  bool logarithmic = false;
  [[nodiscard]] double at(double number) const;
};

struct SurfaceCell {
  double x = 0;
  double y = 0;
  double mean = 0;  // over all runs there
  double fitted = 0;
  std::size_t runs = 0;
};

// The factors of one set.
struct SurfaceFactors {
  Factor x;
  Factor y;
};

// The least squares surface through the means of the combinations. Where every seed has been run at
// all of them, a surface is fitted for each seed too, and the intervals of the coefficients are
// Student's t over the seeds: runs that share a seed share their randomness, so that their
// deviations from the surface are not independent. With one seed the intervals are those of the
// deviations from the surface.
struct ResponseSurface {
  std::string problem = {};
  SurfaceAxis x = {};
  SurfaceAxis y = {};
  statistics::SurfaceKind kind = statistics::SurfaceKind::Quadratic;
  statistics::Surface surface = {};
  std::size_t seeds = 0;                // of the intervals; 0 when they come from the deviations
  std::vector<SurfaceCell> cells = {};  // row by row: y, then x
  std::vector<std::string> notes = {};

  [[nodiscard]] double predict(double at_x, double at_y) const;
};
// Quadratic where both have three levels or more, else linear.
ResponseSurface response_surface(const RunSet& set, std::string_view metric,
                                 const SurfaceFactors& factors, double level);
// The names of the coefficients, in their order: "1", "KEY_X", ..., "KEY_X * KEY_Y".
std::vector<std::string> term_names(const ResponseSurface& surface);

struct TailRequest {
  double share = 0.1;               // the largest values that are fitted; at least ten of them
  std::optional<double> threshold;  // instead of a share, in the metric's unit
  double p = 0.99;                  // of the value at risk
  double level = 0.95;
};

struct Tail {
  std::string problem = {};
  std::size_t values = 0;
  statistics::ParetoFit fit = {};
  statistics::Estimate hill = {};  // exponent, of the excesses' number of largest values
  double p = 0.99;
  double value_at_risk = statistics::kNone;  // of the fit
  double expected_shortfall = statistics::kNone;
  statistics::TailRisk observed = {};  // the same without a law
};
Tail tail_of(const std::vector<double>& values, const TailRequest& request);

// Runs that differ in their seed alone.
struct GroupTail {
  std::string group;  // "KEY = VALUE, ..."; empty when nothing but the seed varies
  Tail tail;
};
std::vector<GroupTail> tails(const RunSet& set, std::string_view metric,
                             const TailRequest& request);

// All that was asked for about one number.
struct Response {
  std::string metric;
  std::string unit = "1";
  std::optional<Sensitivity> sensitivity = {};
  std::optional<ResponseSurface> surface = {};
  std::vector<GroupTail> tails = {};
};

struct Responses {
  std::string title;
  double level = 0.95;
  std::vector<Response> metrics = {};
};

std::string responses_text(const Responses& responses, bool colour = false);
// One line without newline; numbers that are none are null.
std::string responses_json(const Responses& responses);

}  // namespace mezz::analysis
