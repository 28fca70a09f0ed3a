// Completion scripts for bash, zsh and fish, made from what the parser of the command line knows,
// so that no command or option is listed twice. Scenario names are asked of the program itself when
// the user presses the key.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mezz {

struct CompletionCommand {
  std::string name;
  std::string help;
  std::vector<std::string> options;  // with dashes
  enum class Takes : std::uint8_t { Files, Scenarios, Shells, Nothing } takes = Takes::Files;
};

// Throws ScenarioError for another shell.
std::string completion_script(const std::string& shell,
                              const std::vector<CompletionCommand>& commands);

}  // namespace mezz
