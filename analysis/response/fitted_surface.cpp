// A surface over two parameters, from the means of their combinations.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/response/response.h"
#include "analysis/statistics/moments.h"

namespace mezz::analysis {

namespace {

using statistics::SurfaceKind;
using statistics::SurfacePoint;

using Place = std::pair<std::size_t, std::size_t>;  // levels of y and x

struct Measured {
  std::map<Place, std::vector<double>> all;
  std::map<std::string, std::map<Place, std::vector<double>>> by_seed;
  std::vector<std::string> others;  // keys that vary within a combination
};

std::vector<std::string> varying_within(const RunSet& set, std::string_view metric, const Factor& x,
                                        const Factor& y) {
  std::vector<std::string> out;
  for (std::size_t k = 0; k < set.keys.size(); ++k) {
    if (is_seed_key(set.keys[k])) continue;
    std::map<Place, std::string> first;
    const bool varies = [&] {
      for (std::size_t r = 0; r < set.runs.size(); ++r) {
        if (!number_of(set.runs[r], metric)) continue;
        const std::string& text = set.runs[r].values[k].text;
        const Place place{y.level_of_run[r], x.level_of_run[r]};
        if (first.emplace(place, text).first->second != text) return true;
      }
      return false;
    }();
    if (varies) out.push_back(set.keys[k]);
  }
  return out;
}

Measured measure(const RunSet& set, std::string_view metric, const Factor& x, const Factor& y) {
  Measured out;
  for (std::size_t r = 0; r < set.runs.size(); ++r) {
    const std::optional<double> value = number_of(set.runs[r], metric);
    if (!value) continue;
    const Place place{y.level_of_run[r], x.level_of_run[r]};
    out.all[place].push_back(*value);
    out.by_seed[seed_text(set, set.runs[r])][place].push_back(*value);
  }
  out.others = varying_within(set, metric, x, y);
  return out;
}

SurfaceAxis axis_of(const Factor& factor) {
  return {.key = factor.name, .unit = factor.unit, .logarithmic = factor.geometric()};
}

std::vector<SurfacePoint> points_of(const std::map<Place, std::vector<double>>& places,
                                    const ResponseSurface& surface, const Factor& x,
                                    const Factor& y) {
  std::vector<SurfacePoint> out;
  for (const auto& [place, values] : places) {
    out.push_back({.x = surface.x.at(x.numbers[place.second]),
                   .y = surface.y.at(y.numbers[place.first]),
                   .value = statistics::mean(values)});
  }
  return out;
}

// One surface per seed; the mean of their coefficients is that of the surface through the means.
void intervals_over_seeds(const Measured& measured, const Factor& x, const Factor& y, double level,
                          ResponseSurface& out) {
  const auto whole = [&](const auto& seed) { return seed.second.size() == measured.all.size(); };
  if (measured.by_seed.size() < 2 ||
      !std::all_of(measured.by_seed.begin(), measured.by_seed.end(), whole)) {
    return;
  }
  std::vector<std::vector<double>> drawn(out.surface.coefficients.size());
  for (const auto& [seed, places] : measured.by_seed) {
    const auto fit = statistics::fit_surface(points_of(places, out, x, y), out.kind, level);
    for (std::size_t c = 0; c < drawn.size(); ++c) drawn[c].push_back(fit.coefficients[c].value);
  }
  out.seeds = measured.by_seed.size();
  for (std::size_t c = 0; c < drawn.size(); ++c) {
    statistics::Estimate& coefficient = out.surface.coefficients[c];
    coefficient.interval = statistics::t_interval(drawn[c], level).interval;
    coefficient.n = out.seeds;
  }
}

std::string problem_of(const Factor& factor) {
  if (factor.levels.size() < 2) return factor.name + " has one value in these runs";
  if (factor.numbers.empty()) return factor.name + " is no number of one unit in these runs";
  return {};
}

}  // namespace

double SurfaceAxis::at(double number) const { return logarithmic ? std::log(number) : number; }

double ResponseSurface::predict(double at_x, double at_y) const {
  return surface.predict(x.at(at_x), y.at(at_y));
}

ResponseSurface response_surface(const RunSet& set, std::string_view metric,
                                 const SurfaceFactors& factors, double level) {
  const Factor& x = factors.x;
  const Factor& y = factors.y;
  ResponseSurface out{.x = axis_of(x), .y = axis_of(y)};
  for (const Factor* factor : {&x, &y}) {
    if (out.problem.empty()) out.problem = problem_of(*factor);
  }
  if (!out.problem.empty()) return out;
  const Measured measured = measure(set, metric, x, y);
  if (std::min(x.levels.size(), y.levels.size()) < 3) {
    out.kind = SurfaceKind::Linear;
    out.notes.emplace_back("linear: a curved one needs three values of both parameters");
  }
  out.surface = statistics::fit_surface(points_of(measured.all, out, x, y), out.kind, level);
  if (!out.surface.determined) {
    out.problem = fmt::format("{} combinations with a number do not determine a surface",
                              measured.all.size());
    return out;
  }
  for (const auto& [place, values] : measured.all) {
    const double at_x = x.numbers[place.second];
    const double at_y = y.numbers[place.first];
    out.cells.push_back({.x = at_x,
                         .y = at_y,
                         .mean = statistics::mean(values),
                         .fitted = out.predict(at_x, at_y),
                         .runs = values.size()});
  }
  intervals_over_seeds(measured, x, y, level, out);
  for (const std::string& key : measured.others) out.notes.push_back("averaged over " + key);
  return out;
}

std::vector<std::string> term_names(const ResponseSurface& surface) {
  const std::string& x = surface.x.key;
  const std::string& y = surface.y.key;
  std::vector<std::string> out{"1", x, y};
  if (surface.kind == SurfaceKind::Quadratic) {
    out.insert(out.end(), {x + "^2", x + " * " + y, y + "^2"});
  }
  return out;
}

}  // namespace mezz::analysis
