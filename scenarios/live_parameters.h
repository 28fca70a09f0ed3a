// Parameters that can change while a world runs (models/shock/live.h): which of a scenario's, and
// how a [[change]] reaches the parts it concerns. The laboratory sends its changes through the same
// function, so that a run with the text of what was done has the same fingerprint. A change takes
// effect when the part next looks: an oracle at its next poll, a maker at its next quotes.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/world/world.h"

namespace mezz {

struct LiveParameter {
  std::string path;  // in the scenario: "push_oracle.deviation", "agent[0].refresh"
  std::string name;  // in its section: "deviation"
  std::vector<std::string> entities;  // who reads it
};

// Of the parts that this scenario's design has.
std::vector<LiveParameter> live_parameters(const Scenario& scenario);

// Throws ScenarioError{change[i]...}: no such parameter, one that is fixed, one of a part that the
// scenario does not have, a value it cannot have. The message names those that can change.
void check_changes(const Scenario& scenario);

// Sends the checked changes of a scenario to every part that they concern, each as of its `at`.
// Throws ScenarioError when a world that was built by hand has no such part.
void schedule_changes(World& world, const Scenario& scenario);
// One more, of a user.
void schedule_change(World& world, const Scenario& scenario, const ChangeParams& change);

}  // namespace mezz
