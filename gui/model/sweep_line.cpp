#include "gui/model/sweep_line.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/statistics/moments.h"
#include "gui/model/losses.h"

namespace mezz::gui {

SweepLine sweep_line(const std::vector<RunSummary>& runs, std::string_view parameter,
                     std::string_view metric) {
  constexpr double kLevel = 0.95;
  SweepLine line{.parameter = std::string(parameter), .metric = std::string(metric)};
  const auto less = [](const std::string& a, const std::string& b) { return value_less(a, b); };
  std::map<std::string, std::vector<double>, decltype(less)> groups(less);
  for (const RunSummary& run : runs) {
    const std::optional<double> value = run.metric(metric);
    if (!run.error.empty() || !value || !std::isfinite(*value)) continue;
    line.unit = run.unit_of(metric);
    groups[run.parameter(parameter)].push_back(*value);
  }
  for (const auto& [value, numbers] : groups) {
    const statistics::Estimate mean = statistics::t_interval(numbers, kLevel);
    SweepPoint point{value, numbers.size(), mean.value, mean.value, mean.value};
    if (point.has_interval()) {
      point.low = mean.interval.low;
      point.high = mean.interval.high;
    }
    line.points.push_back(std::move(point));
  }
  return line;
}

}  // namespace mezz::gui
