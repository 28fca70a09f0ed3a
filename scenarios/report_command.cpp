#include "scenarios/report_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "analysis/headline.h"
#include "analysis/report/page.h"
#include "analysis/report/report_data.h"
#include "analysis/report/report_file.h"
#include "scenarios/limits.h"
#include "scenarios/standard_streams.h"
#include "sim/check/error.h"
#include "sim/config/units.h"

namespace mezz::commands {

using analysis::RunFile;
using analysis::RunRecord;
using report::ReportData;

namespace {

constexpr std::size_t kLinesMax = 10;

std::vector<Metric> as_recorded(const std::vector<analysis::Metric>& metrics) {
  std::vector<Metric> out;
  out.reserve(metrics.size());
  for (const analysis::Metric& metric : metrics) {
    out.push_back({metric.name, metric.value, metric.unit});
  }
  return out;
}

// A run cut short by --until has not seen what the limits are about.
bool came_to_its_end(const RunFile& file) {
  for (const analysis::ParameterText& parameter : file.parameters()) {
    if (parameter.name != "run.duration") continue;
    return file.committed() >= Time::zero() + config::from_text<Duration>(parameter.value);
  }
  return true;
}

Design design_of(const RunRecord& run, Design otherwise) {
  const auto& names = EnumNames<Design>::names;
  const auto found = std::find(std::begin(names), std::end(names), run.design);
  return found == std::end(names) ? otherwise : static_cast<Design>(found - std::begin(names));
}

// The runs of a sweep share their limits; other files have limits of their own.
void judge(ReportData& data, std::vector<std::string>& lines) {
  std::optional<StoredLimits> stored;
  for (const RunRecord& run : data.set.runs) {
    if (run.status != "complete") continue;
    if (!stored || !data.set.sweep) {
      const RunFile file = analysis::open_in_reader(run.path);
      stored = stored_limits(file.scenario().resolved);
      if (!came_to_its_end(file)) continue;
    }
    for (const LimitVerdict& verdict :
         judge_limits(stored->limits, design_of(run, stored->design), as_recorded(run.metrics))) {
      data.limits.push_back({.run = run.path,
                             .metric = verdict.metric,
                             .bound = verdict.bound,
                             .value = verdict.value,
                             .broken = verdict.broken()});
      if (verdict.broken()) lines.push_back(run.path + ": " + verdict.line);
    }
  }
}

void print_broken(const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < std::min(lines.size(), kLinesMax); ++i) {
    say(fmt::format("mezz: limit broken: {}\n", analysis::printable(lines[i])));
  }
  if (lines.size() > kLinesMax) {
    say(fmt::format("mezz: ... and {} more limits broken\n", lines.size() - kLinesMax));
  }
}

}  // namespace

int report(const ReportArguments& arguments) {
  try {
    report::check_target(arguments.out, arguments.force ? report::Overwrite::Anything
                                                        : report::Overwrite::ReportsOnly);
  } catch (const report::NotAReport& error) {
    throw ScenarioError("--out", error.what(), "command line");
  }
  ReportData data = report::load_report(analysis::read_run_set(arguments.paths));
  std::vector<std::string> broken;
  try {
    judge(data, broken);
  } catch (const ScenarioError& error) {  // the file's own text, not the user's
    data.limits.clear();
    data.limits_problem = error.what();
  }
  report::write_report(arguments.out, report::report_page(data));
  fmt::print("{}: {} runs in {} groups\n", arguments.out, data.set.runs.size(), data.groups.size());
  print_broken(broken);
  return broken.empty() ? 0 : 1;
}

}  // namespace mezz::commands
