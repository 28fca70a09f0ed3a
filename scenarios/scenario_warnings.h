// What a scenario may say without being wrong, and yet is hardly what was meant. `mezz check`
// prints these lines on standard error, `mezz run` before it starts; the exit code does not change.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/record/recorder_plan.h"

namespace mezz {

// `plan` has been asked for every probe and table of the built world.
std::vector<std::string> warnings_of(const Scenario& scenario, const RecorderPlan& plan);

// The [[record]] tables of a scenario, in order.
RecorderPlan recorder_plan_of(const Scenario& scenario);

}  // namespace mezz
