// What the parameters of a design must hold across sections: a window that no layer-one block fits
// into, a limit below one block of layer two, a value that the design would ignore. Contradictions
// within one section are found by the module itself when it is built. Errors: ScenarioError with
// the place the value was written at.
#pragma once

#include "scenarios/scenario.h"

namespace mezz {

void check_design(const Scenario& scenario);

}  // namespace mezz
