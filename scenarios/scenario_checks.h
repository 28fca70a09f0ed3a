// What a scenario must hold beyond the range of each value alone: which shock takes which
// magnitude, places and files that exist, limits that can be met. Names are compared with what is
// known here; what only the built world knows (metrics) is checked by limits.h. Errors:
// ScenarioError with the place the value was written at.
#pragma once

#include <string>

#include "scenarios/scenario.h"

namespace mezz {

void check_scenario(const Scenario& scenario);

// Whether the magnitude of such a shock says anything.
bool reads_magnitude(ShockKind kind);

// "file.toml:12:3" or "command line" for the parameter or the nearest table around it; the file for
// a default.
std::string written_at(const Scenario& scenario, const std::string& path);

}  // namespace mezz
