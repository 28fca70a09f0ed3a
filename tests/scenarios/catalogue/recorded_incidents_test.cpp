// Incidents on the recorded prices of their day instead of the scripted twin that ships. Skipped,
// saying so, where the recorded series is not there.
#include <gtest/gtest.h>

#include "tests/scenarios/catalogue/catalogue_runs.h"

namespace mezz {
namespace {

std::vector<std::string> replaying(const std::string& file, const std::string& offset) {
  return {"price.kind=replay", "price.segments=[]", "price.file=\"" + file + "\"",
          "price.start_offset=\"" + offset + "\""};
}

// The series of 2025-10-10 has bars of 15 min, so a price stands for minutes and then jumps: how
// much is deleveraged and who is hit agree, when it begins cannot (limit left out).
TEST(RecordedIncidents, OctobersBarsDeleverageThePublishedShareOfWinners) {
  const std::string file = recorded_series("eth_usdt_perp_15m_2025-10-01_2025-10-20.csv");
  if (file.empty()) GTEST_SKIP() << "the recorded series of 2025-10 is not here";
  std::vector<std::string> set = replaying(file, "237 h");  // 21:00 on the tenth
  set.push_back("run.duration=\"35 min\"");
  const CatalogueRun run =
      run_catalogue("hl_2025_10_10", set, {"agents.liquidator.0.deleverage.delay"});
  expect_limits(run);
  // B-HL-1: 2.103 of 5.511 billion USD; tolerance a quarter of it.
  EXPECT_NEAR(run.number("adl.notional") / run.number("liquidations.notional"), 2.103 / 5.511,
              0.095);
}

TEST(RecordedIncidents, TheNightOfUsdcLiquidatesAsItsTwinDoes) {
  const std::string file = recorded_series("btc_usdt_usdc_binanceus_1m_2023-03-10_2023-03-13.csv");
  if (file.empty()) GTEST_SKIP() << "the recorded series of 2023-03 is not here";
  std::vector<std::string> set = replaying(file, "1 d");  // midnight before the low
  set.push_back("price.columns={price=\"usdt_per_usdc\"}");
  expect_limits(run_catalogue("usdc_2023_03_11", set));
}

TEST(RecordedIncidents, BlackThursdaysPricesLeaveThePublishedShareWithoutASecondBid) {
  const std::string file = recorded_series("eth_usdt_spot_5m_2020-03-01_2020-03-31.csv");
  if (file.empty()) GTEST_SKIP() << "the recorded series of 2020-03 is not here";
  expect_limits(run_catalogue("maker_2020_03_12",
                              {"price.file=\"" + file + "\"", "price.start_offset=\"11 d\""}));
}

}  // namespace
}  // namespace mezz
