#include "scenarios/requested_names.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "sim/check/error.h"
#include "sim/config/nearest.h"

namespace mezz::commands {

void reject(const char* option, const std::string& problem) {
  throw ScenarioError(option, problem, "command line");
}

void require_known(const char* option, const std::string& name,
                   const std::vector<std::string>& known, const std::string& what) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  std::vector<std::string_view> views(known.begin(), known.end());
  const std::string near = config::did_you_mean(name, views);
  const bool many = views.size() > 20;
  if (many) views.resize(20);
  const std::string problem =
      name.empty() ? "is needed" : config::quote(name) + " is no " + what + near;
  reject(option, problem + "; there are " + config::joined(views) + (many ? ", ..." : ""));
}

void require_level(double level) {
  if (level >= 0.5 && level <= 0.9999) return;
  reject("--level", fmt::format("must lie between 0.5 and 0.9999, got {}", level));
}

bool coloured_output() {
  return ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
}

}  // namespace mezz::commands
