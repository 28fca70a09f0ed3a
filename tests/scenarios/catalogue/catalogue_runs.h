// Runs a scenario of the catalogue in memory, with overrides, and checks its limits. Used by the
// short variants (catalogue) and the full-length ones (catalogue_full, label nightly).
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "scenarios/execute.h"
#include "scenarios/scenario.h"

namespace mezz {

struct CatalogueRun {
  ExecuteOutcome outcome;

  [[nodiscard]] double number(const std::string& name) const {
    for (const Metric& metric : outcome.metrics) {
      if (metric.name == name) return metric.value;
    }
    ADD_FAILURE() << "no headline number is called " << name;
    return std::numeric_limits<double>::quiet_NaN();
  }
};

// `without` names limits that a shortened variant cannot meet; the caller says what it expects
// then. execute() asserts ledger, bonds and escrow at every commit; the residual is checked here
// again.
inline CatalogueRun run_catalogue(const std::string& name, const std::vector<std::string>& set = {},
                                  const std::vector<std::string>& without = {}) {
  Scenario scenario = load_scenario(name, set);
  std::erase_if(scenario.limit, [&](const LimitParams& limit) {
    return std::find(without.begin(), without.end(), limit.metric) != without.end();
  });
  CatalogueRun run{execute(scenario, {})};
  EXPECT_EQ(run.outcome.error, "");
  EXPECT_EQ(run.outcome.status, RunStatus::Complete);
  EXPECT_EQ(run.number("ledger.residual"), 0.0);
  return run;
}

inline void expect_limits(const CatalogueRun& run) {
  EXPECT_EQ(run.outcome.exit_code, 0);
  for (const std::string& broken : run.outcome.broken_limits) ADD_FAILURE() << broken;
}

// A file of recorded prices, which the repository does not carry; empty when it is not there.
inline std::string recorded_series(const std::string& file) {
  const std::string path = std::string(MEZZ_SOURCE_DIR) + "/../shared/data/" + file;
  return std::filesystem::exists(path) ? path : std::string();
}

}  // namespace mezz
