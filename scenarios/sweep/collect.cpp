#include "scenarios/sweep/collect.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <stdexcept>

#include "analysis/run_file.h"
#include "scenarios/limits.h"
#include "sim/check/fingerprint.h"
#include "sim/record/table_file.h"

namespace mezz::sweep {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

using config::Node;

// The column of a key: integers and reals as numbers, everything else as it is written.
TableFile::Column key_column(const Plan& plan, std::size_t k, const Collected& collected) {
  TableFile::Column column{
      .name = plan.keys[k], .description = "Swept parameter", .coordinate = true};
  bool whole = true;
  bool number = true;
  for (const CollectedRun& run : collected.runs) {
    const Node::Type type = plan.runs[run.run][k].type;
    whole = whole && type == Node::Type::Integer;
    number = number && (type == Node::Type::Integer || type == Node::Type::Real);
  }
  for (const CollectedRun& run : collected.runs) {
    const Node& value = plan.runs[run.run][k];
    if (whole) {
      column.integers.push_back(value.integer);
    } else if (number) {
      column.reals.push_back(value.type == Node::Type::Real ? value.real
                                                            : static_cast<double>(value.integer));
    } else {
      column.texts.push_back(value_text(value));
    }
  }
  return column;
}

// In the order in which the runs name them; another design may have further ones.
std::vector<TableFile::Column> metric_columns(const Collected& collected) {
  std::vector<TableFile::Column> columns;
  std::map<std::string, std::size_t> position;
  for (std::size_t row = 0; row < collected.runs.size(); ++row) {
    for (const analysis::Metric& metric : collected.runs[row].metrics) {
      const auto [found, is_new] = position.emplace(metric.name, columns.size());
      if (is_new) {
        columns.push_back({.name = metric.name, .unit = metric.unit});
        columns.back().reals.assign(collected.runs.size(), kNone);
      }
      columns[found->second].reals[row] = metric.value;
    }
  }
  return columns;
}

}  // namespace

double value_in_file(const Store& store, std::size_t run, const std::string& metric) {
  for (const analysis::Metric& one : analysis::read_outcome(store.result(run)).metrics) {
    if (one.name == metric) return one.value;
  }
  return kNone;
}

Collected collect(const Store& store, const std::vector<std::size_t>& runs) {
  Collected out;
  Fingerprint all;
  for (const std::size_t run : runs) {
    CollectedRun one{.run = run, .state = store.state(run), .fingerprint = {}, .metrics = {}};
    if (one.state == RunState::Finished) {
      analysis::RunOutcome outcome = analysis::read_outcome(store.result(run));
      one.fingerprint = std::move(outcome.header.fingerprint);
      one.metrics = std::move(outcome.metrics);
      all.add(run, std::strtoull(one.fingerprint.c_str(), nullptr, 16));
      ++out.finished;
    }
    out.failed += one.state == RunState::Failed ? 1 : 0;
    out.runs.push_back(std::move(one));
  }
  out.fingerprint = all.value();
  return out;
}

std::vector<std::string> limits_broken(const Plan& plan, const Collected& collected) {
  std::vector<std::string> out;
  if (plan.base.find("limit") == nullptr && plan.base.find("limits") == nullptr) return out;
  for (const CollectedRun& run : collected.runs) {
    if (run.state != RunState::Finished) continue;
    std::vector<Metric> metrics;
    for (const analysis::Metric& m : run.metrics) metrics.push_back({m.name, m.value, m.unit});
    for (const std::string& broken : broken_limits(run_scenario(plan, run.run), metrics)) {
      out.push_back(fmt::format("run {} ({}): {}", run.run, run_text(plan, run.run), broken));
    }
  }
  return out;
}

void write_master(const Plan& plan, const Store& store, const Collected& collected) {
  TableFile table;
  table.title = plan.title.empty() ? plan.name : plan.title;
  table.dimension = "run";
  table.dimension_description = "Number of the run in the sweep";
  TableFile::Column state{.name = "state", .description = "How the run ended"};
  state.flags = {"left", "finished", "failed"};
  TableFile::Column fingerprint{.name = "fingerprint", .description = "Hash of every event"};
  for (const CollectedRun& run : collected.runs) {
    table.index.push_back(static_cast<std::int64_t>(run.run));
    state.integers.push_back(static_cast<std::int64_t>(run.state));
    fingerprint.texts.push_back(run.fingerprint);
    if (run.state != RunState::Finished) continue;
    const std::string name = fmt::format("{:06}", run.run);
    table.links.push_back({"runs/" + name, "runs/" + name + ".h5"});
  }
  for (std::size_t k = 0; k < plan.keys.size(); ++k) {
    table.columns.push_back(key_column(plan, k, collected));
  }
  table.columns.push_back(std::move(state));
  table.columns.push_back(std::move(fingerprint));
  for (TableFile::Column& column : metric_columns(collected)) {
    table.columns.push_back(std::move(column));
  }
  const std::string problem = write_table_file(store.folder() + "/sweep.h5", table);
  if (!problem.empty()) throw std::runtime_error(problem);
}

}  // namespace mezz::sweep
