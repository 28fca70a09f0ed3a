// What the commands about many runs share: names and numbers that were asked for on the command
// line are checked against what the runs have. Errors: ScenarioError with the option, "command
// line".
#pragma once

#include <string>
#include <vector>

namespace mezz::commands {

[[noreturn]] void reject(const char* option, const std::string& problem);

// Names the nearest one and those that there are.
void require_known(const char* option, const std::string& name,
                   const std::vector<std::string>& known, const std::string& what);

// Of --level.
void require_level(double level);

// Whether standard output is a terminal whose user wants colours.
bool coloured_output();

}  // namespace mezz::commands
