// A file of whole portfolios, made by hand: one perpetual, one scenario.
#include <gtest/gtest.h>

#include <string>

#include "scenarios/vectors/vectors.h"
#include "sim/check/error.h"
#include "tests/scratch_folder.h"

namespace mezz::vectors {
namespace {

// 100 USD and one perpetual at 2,000; the only scenario is a fall by a tenth, a loss of 200.
//   maintenance = 100 - 0.8 * 200 - 1.5 % of 2,000          = -90
//   initial     = 100 - 1.0 * 200 - (1.5 % + 0.5 %) of 2,000 = -140
std::string one_perpetual(const std::string& maintenance) {
  return R"({"cases": [{"name": "one perpetual", "parameters": {
  "Scenarios": [{"SpotShock": 0.9, "VolShockDirection": "None", "DampeningFactor": 1}],
  "SkewShock": {"LINEAR_SCALE_CAP": 0.1, "LINEAR_CBASE": 0, "ABS_SCALE_CAP": 0.1, "ABS_CBASE": 0,
                "MIN_K_STAR": 0.01, "MIN_WIDTH_SCALE": 4, "VOL_PARAM_STATIC": 0.6,
                "VOL_PARAM_SCALE": -0.1},
  "VolShock": {"VOLRANGEUP": 0.5, "MIN_VOL_EVAL_SHOCKED": 0.4, "VOLRANGEDOWN": 0.3,
               "SHORTTERMPOWER": 0.3, "LONGTERMPOWER": 0.1, "DTE_FLOOR": 1},
  "Margin": {"MM_LOSS_FACTOR": 0.8, "IM_LOSS_FACTOR": 1, "SHORT_RATE_MULTSCALE": 1,
             "LONG_RATE_MULTSCALE": 1, "SHORT_RATE_ADDSCALE": 0, "LONG_RATE_ADDSCALE": 0,
             "BASE_STATIC_DISCOUNT": 0.95, "BASE_STATIC_DISCOUNT_NEG": 1.04},
  "BasisContingency": {"SCENARIO_SPOT_UP": 1.04, "SCENARIO_SPOT_DOWN": 0.96,
                       "BASIS_CONT_ADD_FACTOR": 0.5, "BASIS_CONT_MULT_FACTOR": 2},
  "OtherContingency": {"PEG_LOSS_THRESHOLD": 0.98, "PEG_LOSS_FACTOR": 2, "CONF_THRESHOLD": 0.5,
                       "CONF_MARGIN": 1, "MM_PERP_PERCENT": 0.015, "IM_PERP_PERCENT": 0.005,
                       "MM_OPTION_PERCENT": 0.003, "IM_OPTION_PERCENT": 0.002}},
 "scenario": {"Cash": 100, "Collaterals": [], "SpotPrice": 2000, "SpotConfidence": 1,
              "NumPerps": 1, "PerpPrice": 2000, "PerpConfidence": 1, "UnrealisedPerpPNL": 0,
              "UnrealisedFunding": 0, "StablePrice": 1, "Options": [], "OptionFeeds": []},
 "expected": {"PortfolioMTM": 100, "MM": )" +
         maintenance + R"(, "IM": -140, "OracleCont": 0}}]})";
}

VectorReport evaluate(const std::string& text) {
  const ScratchFolder folder;
  return evaluate_vectors(folder.write("portfolios.json", text));
}

TEST(Portfolios, FourNumbersOfEachAreCompared) {
  EXPECT_EQ(to_text(evaluate(one_perpetual("-90"))),
            "derive_pmrm2 passed 4 failed 0 not implemented 0\n");
  EXPECT_EQ(to_text(evaluate(one_perpetual("-90.001"))),
            "FAILED one perpetual MM (derive_pmrm2): expected -90.001, got -90.000000000\n"
            "derive_pmrm2 passed 3 failed 1 not implemented 0\n");
}

// A case that the rule refuses is named; the others are compared all the same.
TEST(Portfolios, ARefusedCaseHidesNoOther) {
  const std::string good = one_perpetual("-90");
  std::string bad = good;
  const std::string floor = R"("DTE_FLOOR": 1)";
  bad.replace(bad.find(floor), floor.size(), R"("DTE_FLOOR": -1)");
  bad.replace(bad.find("one perpetual"), 13, "no floor");
  const std::size_t from = good.find("[{\"name\"") + 1;
  const std::string both =
      bad.substr(0, bad.rfind("]}")) + ", " + good.substr(from, good.rfind("]}") - from) + "]}";
  const VectorReport report = evaluate(both);
  EXPECT_EQ(report.families.at("derive_pmrm2").passed, 4);
  EXPECT_EQ(report.families.at("derive_pmrm2").failed, 1);
  ASSERT_EQ(report.errors.size(), 1u);
  EXPECT_EQ(errors_text(report, "p.json").substr(0, 31), "mezz: p.json: case no floor: pa");
}

TEST(Portfolios, AFileOfAnotherKindIsAScenarioError) {
  for (const char* text : {"", "{", "[1, 2]", R"({"cases": 5})", R"({"cases": [{"name": "x"}]})",
                           R"({"cases": [{"name": 3}]})"}) {
    EXPECT_THROW(evaluate(text), ScenarioError) << text;
  }
  std::string other = one_perpetual("-90");
  other.replace(other.find("\"None\""), 6, "\"Sidewards\"");
  EXPECT_THROW(evaluate(other), ScenarioError);
}

}  // namespace
}  // namespace mezz::vectors
