#include "gui/model/compare_series.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "analysis/compare_fingerprints.h"
#include "analysis/reader/reader_process.h"
#include "gui/model/finality.h"
#include "gui/model/ticks.h"

namespace mezz::gui {

namespace {

// Owns the times that a difference points to.
std::shared_ptr<const RunData> owner_of(std::vector<std::int64_t> times) {
  auto run = std::make_shared<RunData>();
  ColumnData column;
  column.info.name = "time";
  column.info.units = "nanoseconds since";
  column.stored = std::move(times);
  run->tables.push_back({"series/difference", "difference", column.stored.size(), {column}});
  return run;
}

}  // namespace

std::shared_ptr<const Series> difference(const Series& first, const Series& second) {
  std::vector<std::int64_t> times;
  times.reserve(first.times.size() + second.times.size());
  std::merge(first.times.begin(), first.times.end(), second.times.begin(), second.times.end(),
             std::back_inserter(times));
  times.erase(std::unique(times.begin(), times.end()), times.end());
  auto result = std::make_shared<Series>();
  result->name = second.name + ", difference";
  result->unit = second.unit;
  result->owner = owner_of(std::move(times));
  result->times = result->owner->tables[0].times();
  std::size_t a = 0;
  std::size_t b = 0;
  for (const std::int64_t t : result->times) {
    while (a < first.times.size() && first.times[a] <= t) ++a;
    while (b < second.times.size() && second.times[b] <= t) ++b;
    result->values.push_back(a == 0 || b == 0 ? std::numeric_limits<double>::quiet_NaN()
                                              : second.values[b - 1] - first.values[a - 1]);
  }
  result->pyramid = MinMaxPyramid(result->values);
  return result;
}

Band ensemble_band(const std::vector<std::shared_ptr<const Series>>& runs, TimeRange range,
                   std::size_t points) {
  Band band;
  for (std::size_t i = 0; i < points; ++i) {
    const Time t = range.at(static_cast<double>(i) / static_cast<double>(points - 1));
    std::vector<double> values;
    for (const auto& run : runs) {
      const double value = run->at(t.ns);
      if (!std::isnan(value)) values.push_back(value);
    }
    std::sort(values.begin(), values.end());
    band.times.push_back(t.ns);
    band.low.push_back(quantile(values, 0.0));
    band.middle.push_back(quantile(values, 0.5));
    band.high.push_back(quantile(values, 1.0));
  }
  return band;
}

Divergence first_divergence(const std::string& first, const std::string& second,
                            const LoadOptions& options) {
  const analysis::RunFile a = analysis::open_in_reader(first, {.program = options.reader});
  const analysis::RunFile b = analysis::open_in_reader(second, {.program = options.reader});
  const analysis::FingerprintComparison c = analysis::compare_fingerprints(a, b);
  if (c.equal) return {.equal = true, .text = "The runs are equal, event by event."};
  return {.equal = false,
          .from = c.time_from,
          .to = c.time_to,
          .text = fmt::format("First difference between {} and {} (events {} to {}). {}",
                              clock_text(c.time_from), clock_text(c.time_to), c.events_from + 1,
                              c.events_to, c.reason)};
}

}  // namespace mezz::gui
