// What a report says, as plain values: a run set in groups of runs that differ in nothing but their
// seed, and what the tables of their files hold, condensed. Sections (sections.h) turn it into a
// page; they open nothing.
// The tables of the first `groups_max` groups are read, of each until its share of `rows_max`
// transactions is used up. All runs count in every number that comes from /metrics; where a number
// comes from tables, the captions say of how many runs.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/chart/svg.h"
#include "analysis/reader/reader_process.h"
#include "analysis/runs/run_set.h"

namespace mezz::report {

// The rungs whose distribution over transactions is drawn, as /tx names them.
inline constexpr std::array<std::string_view, 4> kRungs{"preconfirmed", "published", "asserted",
                                                        "settled"};

// An empirical distribution function, thinned: every point lies on the exact one, the least and the
// greatest value are among them.
struct Distribution {
  std::vector<chart::Point> points = {};  // value, share of the values at or below it
  std::uint64_t count = 0;                // values
  std::uint64_t never = 0;                // transactions that had none when the run ended
};
Distribution distribution_of(const std::vector<double>& values, std::uint64_t never,
                             std::size_t points_max);

// Rows of /tables/liquidations with one step of the waterfall ("book", "keeper", ...), summed.
struct StepTotal {
  std::string step;
  std::uint64_t rows = 0;
  double notional = 0.0;
};

struct Closures {
  std::vector<StepTotal> steps;  // in the order of the waterfall, without steps that never occurred
  std::uint64_t rows = 0;
};

struct Group {
  std::string name;                    // "zk_rollup, 2 h"; of a single group the design
  std::vector<std::string> values;     // of ReportData::design_keys
  std::vector<std::size_t> runs = {};  // of RunSet::runs, without the failed ones
  std::size_t failed = 0;
  // Of the files in fact read:
  std::size_t tables_read = 0;
  std::array<Distribution, kRungs.size()> latency = {};
  Closures closures = {};
};

// One bound of the scenario's limits in one run.
struct LimitRow {
  std::string run;
  std::string metric;
  std::string bound;  // "at most 0.00 USD"
  std::string value;
  bool broken = false;
};

struct ReportData {
  analysis::RunSet set;
  std::string title;
  std::string question;
  std::vector<std::size_t> design_keys;  // of RunSet::keys: all but the seeds
  std::vector<Group> groups;             // in the order of their first runs
  std::vector<LimitRow> limits;
  std::string limits_problem;  // why they could not be read; empty when they could
  analysis::RunHeader header;  // of the first file
  analysis::ScenarioText scenario;
  bool has_file = false;  // whether any run left one
};

struct LoadOptions {
  analysis::ReaderOptions reader = {};
  std::uint64_t rows_max = 20'000'000;
  std::size_t groups_max = 8;
  std::size_t points_max = 500;  // of a curve
};

// The groups, without a look into the files.
ReportData arrange(analysis::RunSet set);
// Opens the files, in the reader process. Throws RunFileError.
ReportData load_report(analysis::RunSet set, const LoadOptions& options = {});

// The metric in each run of the group that has a number for it.
std::vector<double> values_of(const ReportData& data, const Group& group, std::string_view metric);
// Its unit, from the first run that has it; empty when none has.
std::string unit_of(const ReportData& data, std::string_view metric);

// The first few headline numbers, of those worth a figure, that are not the same in all runs.
std::vector<std::string> telling_metrics(const ReportData& data);

}  // namespace mezz::report
