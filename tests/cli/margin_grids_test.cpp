// Every number of the rules that revalue portfolios on a grid is a key: listed, described,
// resolved, set from the command line or the file, and refused with its place and what would do.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Words = Program::Words;

TEST(MarginGridsCli, AreListedWithDefaultRangeAndMeaning) {
  const Program mezz;
  const Finished run = mezz.run({"parameters", "market"});
  EXPECT_EQ(run.code, 0) << run.err;
  for (const char* key :
       {"derive_pmrm.volatility_up", "derive_pmrm2.skew.linear_cap", "coin_haircut.maintenance",
        "deribit_pm.roll_max", "span16.price", "aevo_pm.scenarios", "scenario_grid.option_min"}) {
    EXPECT_THAT(run.out, HasSubstr(key));
  }
}

TEST(MarginGridsCli, AreInTheSchemaDownToASingleMove) {
  const Program mezz;
  const Finished run = mezz.run({"schema"});
  EXPECT_EQ(run.code, 0) << run.err;
  const nlohmann::json market = nlohmann::json::parse(run.out)["properties"]["market"];
  const nlohmann::json& grid = market["properties"]["scenario_grid"]["properties"];
  EXPECT_EQ(grid["scenarios"]["maxItems"], 64);
  EXPECT_TRUE(grid["scenarios"]["items"]["properties"].contains("weight"));
  EXPECT_EQ(grid["shift"]["enum"], nlohmann::json::array({"relative", "absolute"}));
  const nlohmann::json& second = market["properties"]["derive_pmrm2"]["properties"];
  EXPECT_TRUE(second["scenarios"]["items"]["properties"].contains("move"));
  EXPECT_EQ(second["maintenance_factor"]["default"], "80 %");
}

TEST(MarginGridsCli, ResolveSaysWhoSetThem) {
  const Program mezz;
  const Finished run = mezz.run({"resolve", "options_market", "--set", "market.margin=span16",
                                 "--set", "market.span16.price=0.2"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("margin = \"span16\"  # command line"),
                             HasSubstr("[market.span16]  # command line"),
                             HasSubstr("price = \"20 %\"  # command line"),
                             HasSubstr("volatility = \"15 %\"  # default")));
}

constexpr const char* kOwn = R"(extends = ["options_market"]
[run]
duration = "40 min"
[market]
margin = "scenario_grid"
[market.scenario_grid]
volatility_up = "30 %"
volatility_down = "20 %"
roll_max = "1 %"
initial_factor = "130 %"
scenarios = [
  { spot = "85 %", volatility = 1 },
  { spot = "85 %", volatility = -1 },
  { spot = "115 %", volatility = 1 },
  { spot = "115 %", volatility = -1 },
  { spot = "40 %", weight = "25 %" },
  { spot = "160 %", weight = "25 %" },
]
)";
// The market of the catalogue with a tenth of its orders, without what it is expected to do.
const Words kQuick{"--set", "agent[0].count=1", "--set", "agent[1].orders_per_second=2.0",
                   "--set", "limit=[]"};

TEST(MarginGridsCli, AGridOfOnesOwnRuns) {
  const Program mezz;
  mezz.write("own.toml", kOwn);
  const nlohmann::json run = mezz.run_json(Words{"run", "own.toml"} + kQuick);
  EXPECT_GT(run.at("metrics").at("trades").at("value"), 100.0);
}

TEST(MarginGridsCli, WhatNoExchangeCanUseIsRefusedWithPlaceAndRemedy) {
  struct {
    Words set;
    Words said;
  } cases[] = {
      {{"market.margin=scenario_grid"}, {"market.scenario_grid.scenarios", "needs at least one"}},
      {{"market.margin=span17"}, {"market.margin", "span16"}},
      {{"market.deribit_pm.option_min=\"101 %\""}, {"market.deribit_pm.option_min", "100 %"}},
      {{"market.margin=deribit_pm", "market.deribit_pm.scenarios=[{spot = \"90 %\"}]"},
       {"market.deribit_pm.scenarios", "10 % down", "0 % up"}},
      {{"market.margin=aevo_pm", "market.aevo_pm.initial_factor=6"},
       {"market.aevo_pm.initial_factor", "120 %"}},
      {{"market.derive_pmrm.basis_pu=1.1"}, {"basis_up"}},
  };
  const Program mezz;
  for (const auto& bad : cases) {
    Words words{"check", "options_market"};
    for (const std::string& set : bad.set) words.insert(words.end(), {"--set", set});
    const Finished run = mezz.run(words);
    EXPECT_EQ(run.code, 2) << bad.set.back();
    for (const std::string& text : bad.said) EXPECT_THAT(run.err, HasSubstr(text));
  }
}

}  // namespace
}  // namespace mezz
