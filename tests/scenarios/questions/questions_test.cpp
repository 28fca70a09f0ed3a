// The research questions as files: complete, numbered, planned within bounds; and a few of them run
// in small, where what must come out follows from a law. `mezz sweep` on all of them:
// questions_full.
#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "scenarios/catalogue.h"
#include "scenarios/requirements.h"
#include "scenarios/sweep/plan.h"
#include "sim/check/error.h"
#include "tests/scenarios/catalogue/catalogue_runs.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Strings = std::vector<std::string>;

std::vector<CatalogueFile> questions() {
  std::vector<CatalogueFile> out;
  for (CatalogueFile& entry : catalogue_files()) {
    if (entry.section == CatalogueSection::Questions) out.push_back(std::move(entry));
  }
  return out;
}

Strings question_names() {
  Strings names;
  for (const CatalogueFile& entry : questions()) names.push_back(entry.name);
  return names;
}

std::string text_of(const std::string& name) {
  for (const CatalogueFile& entry : questions()) {
    if (entry.name != name) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path).rdbuf();
    return text.str();
  }
  return {};
}

bool asks_for_what_is_missing(const std::string& name) {
  return text_of(name).find("\nrequires = ") != std::string::npos;
}

TEST(Questions, AreTwentyOneNumberedFromOne) {
  const Strings names = question_names();
  ASSERT_EQ(names.size(), 21U);
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(names[i].substr(0, 3), (i + 1 < 10 ? "0" : "") + std::to_string(i + 1) + "_");
  }
}

class EveryQuestion : public testing::TestWithParam<std::string> {};

TEST_P(EveryQuestion, SaysWhatItAsksAndWithWhatItIsCompared) {
  const std::string text = text_of(GetParam());
  EXPECT_THAT(text, HasSubstr("\nquestion = \""));
  EXPECT_THAT(text, HasSubstr("?\"\nextends"));
  EXPECT_TRUE(text.find("Compare") != std::string::npos) << "no comparison is named";
  EXPECT_TRUE(text.find("A-") != std::string::npos || text.find("B-") != std::string::npos)
      << "no row of the reference sheet \"validation\" is named";
}

// Every run reads; how many there are is bounded, so that an answer takes minutes.
TEST_P(EveryQuestion, HasAPlanOrNamesThePartThatIsMissing) {
  if (asks_for_what_is_missing(GetParam())) {
    try {
      (void)load_scenario(GetParam(), {});
      ADD_FAILURE() << "should not be answered";
    } catch (const ScenarioError& error) {
      EXPECT_THAT(error.what(), HasSubstr("does not exist yet"));
      EXPECT_THAT(error.what(), HasSubstr(GetParam() + ".toml"));
    }
    return;
  }
  const sweep::Plan plan = sweep::make_plan(load_document(GetParam(), {}), GetParam() + ".toml");
  EXPECT_GE(plan.runs.size(), 4U);
  EXPECT_LE(plan.runs.size(), 300U);
  for (std::size_t i = 0; i < plan.runs.size(); ++i) (void)sweep::run_scenario(plan, i);
}

INSTANTIATE_TEST_SUITE_P(All, EveryQuestion, testing::ValuesIn(question_names()),
                         [](const auto& info) { return info.param; });

TEST(Requirements, AnUnknownPartIsNamedWithTheNearestOne) {
  const auto document = config::load_text("requires = [\"shared_sequenser\"]\n", "s.toml");
  try {
    check_requirements(document.root);
    ADD_FAILURE() << "should be refused";
  } catch (const ScenarioError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'shared_sequencer'?"));
    EXPECT_THAT(error.what(), HasSubstr("s.toml:1:13"));
  }
}

TEST(Requirements, NothingAskedForIsFineAndAnythingElseIsNoList) {
  EXPECT_NO_THROW(check_requirements(config::load_text("requires = []\n", "s.toml").root));
  EXPECT_NO_THROW(check_requirements(config::load_text("title = \"x\"\n", "s.toml").root));
  EXPECT_THROW(check_requirements(config::load_text("requires = 3\n", "s.toml").root),
               ScenarioError);
  EXPECT_THROW(check_requirements(config::load_text("requires = [3]\n", "s.toml").root),
               ScenarioError);
}

// A-L-11: a long of leverage L lacks 0.4 - 1/L of its entry notional at -40 %; 0.30 at 10. Besides
// what is lost to fees and to a maker's and keeper's own open interest: 2 %.
TEST(OutageAndDesign, TheLossOfTheOutageIsThatOfTheFall) {
  const auto share = [](const std::string& outage) {
    return run_catalogue("01_outage_and_design",
                         {"agent[0].leverage_median=10.0", "shock[0].duration=\"" + outage + "\""})
        .number("bad_debt.share_of_oi");
  };
  EXPECT_NEAR(share("78 min"), 0.30, 0.006);
  EXPECT_EQ(share("1 s"), 0.0);
}

// 40 % a year over 7 d are 0.4 x 7 / 365 = 76.7 bp; everything else in the fee is the same.
TEST(PriceOfSevenDays, TheFeeGrowsByTheCostOfCapital) {
  const auto fee = [](const std::string& interest) {
    return run_catalogue("13_price_of_seven_days",
                         {"fast_exit.interest=\"" + interest + "\"",
                          "fast_exit.inventory=\"100 MUSD\"", "run.duration=\"6 h\""})
        .number("fast_exit.fee.mean");
  };
  EXPECT_NEAR(fee("40 %") - fee("0 %"), 0.4 * 7.0 / 365.0, 2e-5);
}

// The same margin, the same path: a deeper look back cannot lose less. Nothing is lost by diffusion
// in seconds (A-L-6); a day and more lose (A-L-5).
TEST(Latency, SecondsLoseNothingAndDaysDo) {
  const auto lost = [](const std::string& delay, const std::string& block,
                       const std::string& length) {
    const CatalogueRun run = run_catalogue(
        "02_latency", {"agent[1].processing.mean=\"" + delay + "\"",
                       "sequencing.block_time=\"" + block + "\"", "price.step=\"" + block + "\"",
                       "push_oracle.poll=\"" + block + "\"", "run.duration=\"" + length + "\""});
    return run.number("bad_debt.usd") / std::max(1.0, run.number("liquidations.notional"));
  };
  EXPECT_EQ(lost("10 s", "20 s", "1 d"), 0.0);
  EXPECT_GT(lost("1 d", "30 min", "40 d"), 1e-3);
}

// Of a lognormal leverage (median 8, sigma 0.6) the share above L is N(ln(8 / L) / 0.6). At -13.08
// % a margin of 2.4 % is touched above L = 1 / (1 - 0.8692 x 0.976) = 6.59: 62.7 %, and 1 / L =
// 0.1308 is L = 7.65: 53.0 % are insolvent when it happens at once. 1 000 accounts: 4 deviations
// are 6.3 %.
TEST(StablecoinDepeg, AccountsBreakByTheirLeverage) {
  const auto depeg = [](const std::string& time) {
    return run_catalogue("21_stablecoin_depeg",
                         {"price.segments=[{duration=\"1 h\",change=\"0 %\"},{duration=\"" + time +
                          "\",change=\"-13.08 %\"}]"});
  };
  const CatalogueRun at_once = depeg("1 s");
  EXPECT_NEAR(at_once.number("liquidations.count"), 627.0, 63.0);
  EXPECT_NEAR(at_once.number("bad_debt.accounts"), 530.0, 63.0);
  EXPECT_EQ(depeg("7 h").number("bad_debt.accounts"), 0.0);
}

// A-D-1: `samples` different shares of `side` x `side` miss a hole of `hole` x `hole` with the
// product of (n - w - i) / (n - i), i < samples.
double missed(int side, int hole, int samples) {
  double out = 1.0;
  for (int i = 0; i < samples; ++i) {
    out *= static_cast<double>(side * side - hole * hole - i) / (side * side - i);
  }
  return out;
}

// 398 blocks of two seeds, k = 32. Of clients, four deviations; some of a crowd is deceived with
// 1 - (1 - q)^clients, deviation 0.025 at most.
TEST(DataSampling, TheHeatMapIsTheHypergeometricLaw) {
  EXPECT_NEAR(1.0 - missed(256, 129, 15), 0.987654, 1e-6);  // the sheet's own numbers
  EXPECT_NEAR(1.0 - missed(64, 33, 15), 0.990394, 1e-6);
  const sweep::Plan plan = sweep::make_plan(
      load_document("15_data_sampling", {"sweep.\"run.seed\"=[1,2]", "run.duration=\"10 min\"",
                                         "sweep.\"data_sampling.samples\"=[4,8]",
                                         "sweep.\"data_sampling.clients\"=[1,20]"}),
      "15_data_sampling.toml");
  ASSERT_EQ(plan.runs.size(), 16U);
  std::map<std::array<std::int64_t, 3>, std::array<double, 2>> found;  // sums over the seeds
  for (std::size_t i = 0; i < plan.runs.size(); ++i) {
    const Scenario scenario = sweep::run_scenario(plan, i);
    const CatalogueRun run{execute(scenario, {})};
    EXPECT_EQ(run.outcome.exit_code, 0) << run.outcome.error;
    EXPECT_EQ(run.number("data_sampling.blocks.withheld"), 199.0);
    const DataSamplingParams& p = scenario.data_sampling;
    auto& [deceived, fooled] = found[{p.withheld.value(), p.samples, p.clients}];
    deceived += run.number("data_sampling.deceived.share") / 2;
    fooled += run.number("data_sampling.fooled.share") / 2;
  }
  ASSERT_EQ(found.size(), 8U);
  for (const auto& [key, shares] : found) {
    const auto [hole, samples, clients] = key;
    const double q = missed(64, static_cast<int>(hole), static_cast<int>(samples));
    const double some = 1.0 - std::pow(1.0 - q, static_cast<double>(clients));
    const auto four = [](double p, double n) { return 4.0 * std::sqrt(p * (1.0 - p) / n); };
    const std::string where = ::testing::PrintToString(key);
    EXPECT_NEAR(shares[0], q, four(q, 398.0 * static_cast<double>(clients))) << where;
    EXPECT_NEAR(shares[1], some, four(some, 398.0)) << where;
  }
}

// The same users, prices and quotes, seed by seed: in batches the arbitrageur finds fewer stale
// quotes, and users trade with each other what the maker's spread would have lived on.
TEST(SequencingRule, BatchesTakeFromTheArbitrageurAndFromTheMaker) {
  const auto run = [](const std::string& order) {
    return run_catalogue("16_sequencing_rule",
                         {"sequencing.order=\"" + order + "\"", "run.duration=\"5 min\""});
  };
  const CatalogueRun batch = run("batch_auction");
  const CatalogueRun first = run("first_come");
  EXPECT_LT(batch.number("agents.index_arbitrageur.gain"),
            first.number("agents.index_arbitrageur.gain"));
  EXPECT_LT(batch.number("agents.market_maker.profit"),
            0.9 * first.number("agents.market_maker.profit"));
  EXPECT_GT(batch.number("agents.market_maker.profit"), 0.0);  // A-M-4
}

TEST(SequencingRule, AHubHasNoBatches) {
  try {
    (void)load_scenario("16_sequencing_rule",
                        {"sequencing.order=\"batch_auction\"", "layer2.design=\"state_channel\""});
    ADD_FAILURE() << "should be refused";
  } catch (const ScenarioError& error) {
    EXPECT_THAT(error.what(), HasSubstr("sequencing.order"));
    EXPECT_THAT(error.what(), HasSubstr("needs a sequencer"));
  }
}

// Under a small cap he cannot buy what the pump would pay him for; what he spent outside is lost.
TEST(ManipulationCaps, ALowCapTakesTheProfit) {
  const auto profit = [](const std::string& lower, const std::string& upper) {
    return run_catalogue("20_manipulation_caps", {"agent[1].clip=\"5_000_000 lots\"",
                                                  "market.open_interest_lower=\"" + lower + "\"",
                                                  "market.open_interest_upper=\"" + upper + "\""})
        .number("agents.manipulator.profit");
  };
  EXPECT_LT(profit("500_000 USD", "1_000_000 USD"), 0.0);
  EXPECT_GT(profit("10_000_000_000 USD", "20_000_000_000 USD"), 9e7);
}

}  // namespace
}  // namespace mezz
