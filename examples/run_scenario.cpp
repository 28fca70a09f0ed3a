// Load a scenario of the catalogue, change a parameter, run it, read three headline numbers:
//   run_scenario [RESULT.h5]
// The same from a shell:  mezz run calm_market --set run.duration="5 min" ... --out RESULT.h5
#include <cstdio>
#include <string>
#include <vector>

#include "scenarios/execute.h"
#include "sim/check/error.h"

namespace {

void print(const mezz::ExecuteOutcome& outcome, const char* name) {
  for (const mezz::Metric& metric : outcome.metrics) {
    if (metric.name == name) {
      std::printf("%-24s %12.3f %s\n", name, metric.value, metric.unit.c_str());
    }
  }
}

}  // namespace

int main(int argc, char** argv) try {
  using namespace mezz;
  // Assignments are those of --set: TOML values, in order, checked against the parameters' ranges.
  std::vector<std::string> changes = {"run.duration=5 min", "agent[0].accounts=1000"};
  changes.emplace_back("price.segments=[{duration = \"4 min\", change = \"-20 %\"}]");
  Scenario scenario = load_scenario("calm_market", changes);
  scenario.limit.clear();  // the catalogue expects a calm market; this is none any more

  ExecuteOptions options;
  if (argc > 1) options.out = argv[1];
  const ExecuteOutcome outcome = execute(scenario, options);
  if (outcome.exit_code != 0) {
    std::fprintf(stderr, "%s\n", outcome.error.c_str());
    return outcome.exit_code;
  }
  print(outcome, "trades");
  print(outcome, "liquidations.count");
  print(outcome, "finality.preconfirmed.p50");
  std::printf("fingerprint %016llx\n", static_cast<unsigned long long>(outcome.fingerprint));
} catch (const mezz::ScenarioError& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
