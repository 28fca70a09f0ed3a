// Every shipped scenario at full length, as a user runs it, and the recorded days through the model
// of Black Thursday. Minutes in an unoptimised build: label nightly.
#include <gmock/gmock.h>

#include "scenarios/catalogue.h"
#include "scenarios/comparison.h"
#include "tests/scenarios/catalogue/catalogue_runs.h"

namespace mezz {
namespace {

std::vector<std::string> catalogue_names() {
  std::vector<std::string> names;
  for (const CatalogueFile& entry : catalogue_files()) {
    if (entry.section == CatalogueSection::Scenarios) names.push_back(entry.name);
  }
  return names;
}

class FullLength : public testing::TestWithParam<std::string> {};

TEST_P(FullLength, KeepsEveryLimitOfItsFile) {
  const Scenario scenario = load_scenario(GetParam(), {});
  if (!is_comparison(scenario)) {
    expect_limits(run_catalogue(GetParam()));
    return;
  }
  const ExecuteOutcome outcome = compare_designs(scenario, {}).outcome;
  EXPECT_EQ(outcome.error, "");
  EXPECT_THAT(outcome.broken_limits, testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Catalogue, FullLength, testing::ValuesIn(catalogue_names()),
                         [](const auto& info) { return info.param; });

TEST(BlackThursday, KeepersWithAHighCapLetTheFundPayForAllOfIt) {
  const CatalogueRun run =
      run_catalogue("black_thursday", {"agent[4].fee_cap=\"5_000 gwei\""},
                    {"bad_debt.share_of_oi", "insurance_fund.min", "liquidations.delay.p99"});
  expect_limits(run);
  EXPECT_EQ(run.number("bad_debt.usd"), 0.0);
  EXPECT_GT(run.number("insurance_fund.min"), 100'000.0);
  EXPECT_LT(run.number("liquidations.delay.p99"), 600.0);
}

struct Day {
  const char* file;
  const char* offset;
};

class RecordedDay : public testing::TestWithParam<Day> {};

// How bad the day was for the fund is the day's own matter: only 2020-03-12 has limits.
TEST_P(RecordedDay, RunsThroughTheSameMarket) {
  const std::string file = recorded_series(GetParam().file);
  if (file.empty()) GTEST_SKIP() << "no recorded series " << GetParam().file << " here";
  std::vector<std::string> without;
  if (std::string(GetParam().file).find("2020-03") == std::string::npos) {
    without = {"bad_debt.share_of_oi", "insurance_fund.min"};
  }
  const CatalogueRun run =
      run_catalogue("black_thursday",
                    {"price.file=\"" + file + "\"",
                     std::string("price.start_offset=\"") + GetParam().offset + "\""},
                    without);
  expect_limits(run);
  EXPECT_GT(run.number("liquidations.count"), 10'000.0);
}

INSTANTIATE_TEST_SUITE_P(Days, RecordedDay,
                         testing::Values(Day{"eth_usdt_spot_5m_2020-03-01_2020-03-31.csv", "11 d"},
                                         Day{"eth_usdt_spot_1m_2021-05-12_2021-05-20.csv", "7 d"},
                                         Day{"eth_usdt_perp_15m_2025-10-01_2025-10-20.csv",
                                             "9 d"}));

}  // namespace
}  // namespace mezz
