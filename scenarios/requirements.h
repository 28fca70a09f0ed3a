// Parts that a scenario may ask for and that are not modelled yet: a file that says
//   requires = ["shared_sequencer"]
// is a question worth keeping although nothing here can answer it. Reading it ends with a
// ScenarioError (exit code 2) that names the part and what it would be. The list is in
// requirements.cpp; whoever builds a part takes it out there, and out of the files that asked for
// it.
#pragma once

#include <span>
#include <string_view>

#include "sim/config/document.h"

namespace mezz {

struct MissingPart {
  std::string_view name;
  std::string_view what;
};
std::span<const MissingPart> missing_parts();

// Throws ScenarioError when `requires` at the top of the tree names anything.
void check_requirements(const config::Node& root);

}  // namespace mezz
