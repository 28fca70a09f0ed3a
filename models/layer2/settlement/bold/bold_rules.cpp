#include "models/layer2/settlement/bold/bold_rules.h"

#include <string>

#include "sim/check/error.h"

namespace mezz::bold {

void BoldRules::check(std::string_view path) const {
  const std::string prefix(path);
  const auto reject = [&](const char* name, const std::string& problem) {
    throw ScenarioError(prefix + "." + name, problem);
  };
  // Two blocks of layer one per move, one for each side, on the longest path.
  const std::int64_t moves = 2 * (static_cast<std::int64_t>(path_bisections()) + 3);
  if (challenge_period < moves) {
    reject("challenge_period", "must be at least " + std::to_string(moves) +
                                   " blocks, two for each of the moves of a whole challenge, got " +
                                   std::to_string(challenge_period));
  }
  if (assertion_period >= challenge_period) {
    reject("assertion_period", "must be below challenge_period, " +
                                   std::to_string(challenge_period) + ", got " +
                                   std::to_string(assertion_period));
  }
  if (assertion_stake < Wei::zero()) reject("assertion_stake", "must not be negative");
  if (big_step_stake < Wei::zero()) reject("big_step_stake", "must not be negative");
  if (small_step_stake < Wei::zero()) reject("small_step_stake", "must not be negative");
}

}  // namespace mezz::bold
