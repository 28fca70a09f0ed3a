// The bounds that a scenario sets on its headline numbers, and whether they hold. Two ways to write
// them, one meaning:
//   [[limit]]                              [limits]
//   metric = "bad_debt.usd"                "bad_debt.usd" = { max = 0 }
//   max = 0.0                              "finality.settled.p99" = { max = "8 d" }
// A number is in the metric's unit; a text has a unit of its own, which must fit the metric's: s,
// USD, ETH, gwei or 1 (a ratio). [limits] becomes further entries of Scenario::limit, which is what
// is stored, resolved and judged. Limits change nothing of a run, its fingerprint included. Errors:
// ScenarioError with the place a bound was written at.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/config/document.h"
#include "sim/record/sink.h"

namespace mezz {

// Appends the entries of the table `limits`, when the tree has one.
void read_limits_table(const config::Node& root, Scenario& scenario);

// Throws ScenarioError for a limit on a number that is neither in `known` nor in DESIGN section 6,
// or whose bound has a unit that the number has not.
void check_limit_names(const Scenario& scenario, const std::vector<Metric>& known);
// Of a table of many runs (comparison.h): the numbers of one of them under CONDITION.DESIGN are
// added to `all`; the names of the limits must then be among them.
void add_table_metrics(const std::string& prefix, std::vector<Metric> known,
                       std::vector<Metric>& all);
void check_table_limit_names(const Scenario& scenario, const std::vector<Metric>& all);

// One bound that was asked for in a run.
struct LimitVerdict {
  std::string metric;
  std::string bound;  // "at most 0.00 USD"
  std::string value;  // "0.00 USD", "no value"
  std::string line;   // one line for people; empty when the limit holds
  [[nodiscard]] bool broken() const { return !line.empty(); }
};

// One per limit that speaks of this design; a number without a value breaks its limits.
std::vector<LimitVerdict> judge_limits(const std::vector<LimitParams>& limits, Design design,
                                       const std::vector<Metric>& metrics);
// The lines of the broken ones.
std::vector<std::string> broken_limits(const Scenario& scenario,
                                       const std::vector<Metric>& metrics);

// Design and limits of a result file's resolved scenario, without a look at the rest of it (files
// it names may be gone).
struct StoredLimits {
  Design design = Design::OptimisticRollup;
  std::vector<LimitParams> limits;
};
StoredLimits stored_limits(const std::string& resolved_scenario);

}  // namespace mezz
