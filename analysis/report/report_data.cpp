#include "analysis/report/report_data.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "analysis/report/words.h"
#include "analysis/response/factors.h"
#include "analysis/statistics/quantile.h"

namespace mezz::report {

using analysis::ColumnInfo;
using analysis::Metric;
using analysis::RunFile;
using analysis::RunRecord;
using analysis::RunSet;
using analysis::TableInfo;

namespace {

std::string name_of(const RunSet& set, const std::vector<std::size_t>& keys, const RunRecord& run) {
  std::string name;
  for (const std::size_t key : keys) {
    const std::string text = unquoted(run.values.at(key).text);
    if (!name.empty()) name += ", ";
    // A bare number says nothing without its key.
    const std::string& path = set.keys[key];
    const std::string_view word = std::string_view(path).substr(path.rfind('.') + 1);
    if (run.values[key].number) name += std::string(word) + " ";
    name += text.empty() ? "-" : text;
  }
  if (!name.empty()) return name;
  return run.design.empty() ? run.scenario : run.design;
}

// What is gathered from the files of one group before it is condensed.
struct Gathered {
  std::array<std::vector<double>, kRungs.size()> latency;
  std::array<std::uint64_t, kRungs.size()> never = {};
  std::uint64_t rows = 0;
};

// At most `rows_max` transactions, the first ones.
void gather_latencies(const RunFile& file, std::uint64_t rows_max, Gathered& out) {
  const TableInfo* tx = file.table("tx");
  if (tx == nullptr || tx->column("submitted") == nullptr) return;
  const analysis::RowRange range{.first = 0, .count = rows_max};
  const std::vector<std::int64_t> submitted = file.integers("tx", "submitted", range);
  out.rows += submitted.size();
  for (std::size_t r = 0; r < kRungs.size(); ++r) {
    if (tx->column(kRungs[r]) == nullptr) continue;
    const std::vector<std::int64_t> reached = file.integers("tx", kRungs[r], range);
    for (std::size_t i = 0; i < std::min(reached.size(), submitted.size()); ++i) {
      if (reached[i] < 0 || submitted[i] < 0) {
        ++out.never[r];
      } else {
        out.latency[r].push_back(static_cast<double>(reached[i] - submitted[i]) * 1e-9);
      }
    }
  }
}

void add_step(Closures& closures, const std::string& name, double notional) {
  for (StepTotal& total : closures.steps) {
    if (total.step != name) continue;
    ++total.rows;
    total.notional += notional;
    return;
  }
}

void gather_closures(const RunFile& file, Closures& out) {
  constexpr std::string_view kTable = "tables/liquidations";
  const TableInfo* table = file.table(kTable);
  if (table == nullptr || table->rows == 0) return;
  if (table->column("step") == nullptr || table->column("notional") == nullptr) return;
  const ColumnInfo& step = *table->column("step");
  if (out.steps.empty()) {
    for (const std::string& name : step.flag_meanings) out.steps.push_back({.step = name});
  }
  const std::vector<std::int64_t> steps = file.integers(kTable, "step");
  const std::vector<double> notional = file.doubles(kTable, "notional");
  for (std::size_t i = 0; i < std::min(steps.size(), notional.size()); ++i) {
    for (std::size_t k = 0; k < std::min(step.flag_values.size(), step.flag_meanings.size()); ++k) {
      if (step.flag_values[k] == steps[i]) add_step(out, step.flag_meanings[k], notional[i]);
    }
  }
  out.rows += steps.size();
}

std::string parameter(const RunFile& file, std::string_view name) {
  for (const analysis::ParameterText& one : file.parameters()) {
    if (one.name == name) return one.value;
  }
  return {};
}

void describe(const RunFile& file, ReportData& data) {
  data.header = file.header();
  data.scenario = file.scenario();
  data.question = parameter(file, "question");
  if (data.title.empty()) data.title = data.header.title;
  data.has_file = true;
}

// Condensed before the next group is read: only one group's transactions are in memory at once.
void read_tables(ReportData& data, Group& group, std::uint64_t rows_max,
                 const LoadOptions& options) {
  Gathered gathered;
  for (const std::size_t run : group.runs) {
    if (gathered.rows >= rows_max) break;
    const RunFile file = analysis::open_in_reader(data.set.runs[run].path, options.reader);
    if (!data.has_file) describe(file, data);
    gather_latencies(file, rows_max - gathered.rows, gathered);
    gather_closures(file, group.closures);
    ++group.tables_read;
  }
  std::erase_if(group.closures.steps, [](const StepTotal& step) { return step.rows == 0; });
  for (std::size_t r = 0; r < kRungs.size(); ++r) {
    group.latency[r] = distribution_of(gathered.latency[r], gathered.never[r], options.points_max);
  }
}

}  // namespace

Distribution distribution_of(const std::vector<double>& values, std::uint64_t never,
                             std::size_t points_max) {
  Distribution out{.points = {}, .count = values.size(), .never = never};
  const std::vector<statistics::EcdfStep> steps = statistics::ecdf(values);
  const std::size_t parts = std::max<std::size_t>(points_max, 2) - 1;
  double next = 0.0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool end = i == 0 || i + 1 == steps.size();
    if (!end && steps.size() > points_max && steps[i].share < next) continue;
    out.points.push_back({steps[i].value, steps[i].share});
    // The next multiple of 1 / parts above this one.
    next = (std::floor(steps[i].share * static_cast<double>(parts)) + 1.0) /
           static_cast<double>(parts);
  }
  return out;
}

ReportData arrange(RunSet set) {
  ReportData data;
  data.set = std::move(set);
  data.title = data.set.title;
  for (std::size_t key = 0; key < data.set.keys.size(); ++key) {
    if (!analysis::is_seed_key(data.set.keys[key])) data.design_keys.push_back(key);
  }
  std::map<std::vector<std::string>, std::size_t> known;
  for (std::size_t i = 0; i < data.set.runs.size(); ++i) {
    const RunRecord& run = data.set.runs[i];
    std::vector<std::string> values;
    for (const std::size_t key : data.design_keys) values.push_back(run.values.at(key).text);
    const auto [found, is_new] = known.emplace(values, data.groups.size());
    if (is_new) {
      data.groups.push_back({.name = name_of(data.set, data.design_keys, run), .values = values});
    }
    Group& group = data.groups[found->second];
    if (run.failed()) {
      ++group.failed;
    } else {
      group.runs.push_back(i);
    }
  }
  return data;
}

ReportData load_report(RunSet set, const LoadOptions& options) {
  ReportData data = arrange(std::move(set));
  const std::size_t detailed = std::min(data.groups.size(), options.groups_max);
  for (std::size_t g = 0; g < detailed; ++g) {
    read_tables(data, data.groups[g], options.rows_max / detailed, options);
  }
  return data;
}

std::vector<double> values_of(const ReportData& data, const Group& group, std::string_view metric) {
  std::vector<double> values;
  for (const std::size_t run : group.runs) {
    const Metric* found = data.set.runs[run].metric(metric);
    if (found != nullptr && std::isfinite(found->value)) values.push_back(found->value);
  }
  return values;
}

std::string unit_of(const ReportData& data, std::string_view metric) {
  for (const RunRecord& run : data.set.runs) {
    if (const Metric* found = run.metric(metric)) return found->unit;
  }
  return {};
}

std::vector<std::string> telling_metrics(const ReportData& data) {
  constexpr std::size_t kMetricsMax = 4;
  constexpr std::array kMetrics{
      "bad_debt.usd",          "liquidations.delay.p99", "insurance_fund.min",
      "finality.settled.p50",  "finality.published.p50", "withdrawal.delay.p50",
      "transaction.cost.mean", "liquidations.count",     "blocks"};
  std::vector<std::string> out;
  for (const char* metric : kMetrics) {
    std::optional<double> first;
    bool differs = false;
    for (const Group& group : data.groups) {
      for (const double value : values_of(data, group, metric)) {
        if (!first) first = value;
        differs = differs || value != *first;
      }
    }
    if (differs && out.size() < kMetricsMax) out.emplace_back(metric);
  }
  return out;
}

}  // namespace mezz::report
