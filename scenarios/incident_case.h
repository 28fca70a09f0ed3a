// `mezz validate`: published incidents as rows. A case names a scenario of the catalogue and the
// figures that were published; the scenario is run once, in memory, and its headline numbers stand
// beside them. Tolerances say what the scenario's file argues: some parameters are fitted there, so
// a row that passes shows that the mechanism gives the figure, not that it predicts it.
#pragma once

#include "scenarios/validation/registry.h"

namespace mezz {

// The law `incident` and its shipped cases, for ValidateOptions::more.
[[nodiscard]] validation::CaseList incident_cases();

}  // namespace mezz
