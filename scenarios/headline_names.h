// The headline numbers that every run reports (DESIGN section 6) and the [[limit]]s on them. A
// number that has no value in a run (a percentile of a rung that no transaction reached, of
// withdrawals of which none was paid) is NaN: null in JSON, "n/a" in tables, never zero.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/record/sink.h"

namespace mezz {

// Adds the missing ones of DESIGN section 6 as NaN.
void complete_headline(std::vector<Metric>& metrics);

// Throws ScenarioError for a limit on a number that is neither in `known` nor in DESIGN section 6.
void check_limit_names(const Scenario& scenario, const std::vector<Metric>& known);

// One line for people per limit that does not hold; a number without a value breaks its limits.
std::vector<std::string> broken_limits(const Scenario& scenario,
                                       const std::vector<Metric>& metrics);

}  // namespace mezz
