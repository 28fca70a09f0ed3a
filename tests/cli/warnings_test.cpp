// What is allowed and hardly meant: said on standard error, and nothing else changes.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "tests/cli/program.h"

namespace mezz {
namespace {

using ::testing::HasSubstr;
using Words = Program::Words;

TEST(Warnings, NoShippedScenarioHasAny) {
  const Program mezz;
  for (const std::string& name : catalogue_names()) {
    const Finished check = mezz.run({"check", name});
    EXPECT_EQ(check.code, 0) << name;
    EXPECT_EQ(check.err, "") << name;
  }
}

// A question that needs what is not modelled is refused, and says why in one line.
TEST(Warnings, NoShippedQuestionHasAny) {
  const Program mezz;
  int fine = 0;
  const std::string folder = MEZZ_SOURCE_DIR "/scenarios/questions";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    const Finished check = mezz.run({"check", entry.path()});
    EXPECT_EQ(check.err.find("warning"), std::string::npos) << check.err;
    EXPECT_TRUE(check.code == 0 || check.err.find("requires") != std::string::npos) << check.err;
    fine += check.code == 0 ? 1 : 0;
  }
  EXPECT_GE(fine, 20);
}

TEST(Warnings, PatternThatMatchesNothingIsNamedWithItsPlaceAndTheNearestName) {
  const Program mezz;
  mezz.write("s.toml", "[[record]]\nmatch = \"tables/trade\"\nwith = \"off\"\n");
  const Finished check = mezz.run({"check", "s.toml"});
  EXPECT_EQ(check.code, 0);
  EXPECT_THAT(check.err, HasSubstr("warning: s.toml:2:"));
  EXPECT_THAT(check.err,
              HasSubstr("record[0].match: \"tables/trade\" matches no probe and no table; "
                        "did you mean 'tables/trades'?"));
  const Finished run = mezz.run({"run", "s.toml", "--until", "1 s", "--out", "none", "--quiet"});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.err, check.err);
}

TEST(Warnings, PatternsThatMatchAreSilent) {
  const Program mezz;
  mezz.write("s.toml",
             "record = [{ match = \"tables/trades\", with = \"off\" }, { match = \"*/staleness\", "
             "with = \"last\" }, { match = \"*\", with = \"off\" }]\n");
  const Finished check = mezz.run({"check", "s.toml"});
  EXPECT_EQ(check.code, 0);
  EXPECT_EQ(check.err, "");
}

TEST(Warnings, AgentsWithoutAnythingToTradeAreNamed) {
  const Program mezz;
  mezz.write("s.toml",
             "[[agent]]\nkind = \"listing_trader\"\n[[agent]]\nkind = \"pool_arbitrageur\"\n"
             "[[agent]]\nkind = \"pull_arbitrageur\"\n");
  const Finished idle = mezz.run({"check", "s.toml"});
  EXPECT_EQ(idle.code, 0);
  EXPECT_THAT(idle.err, HasSubstr("s.toml:2:"));
  EXPECT_THAT(idle.err, HasSubstr("agent[0].kind: listing_trader trades listings only, and "
                                  "market.listing has none"));
  EXPECT_THAT(idle.err, HasSubstr("agent[1].kind: pool_arbitrageur trades pools only, and "
                                  "market.pool has none"));
  EXPECT_THAT(idle.err, HasSubstr("agent[2].kind: pull_arbitrageur chooses among prices that only "
                                  "market.oracle.policy = pull accepts"));
}

// poll 1 s + report delay + block 2 s: with a delay of 57 s a report may be exactly max_age old.
TEST(Warnings, ReportsThatComeTooLateAreNamedWithTheSum) {
  const Program mezz;
  const Words check{"check", "calm_market",
                    "--set", "push_oracle.poll=\"1 s\"",
                    "--set", "sequencing.block_time=\"2 s\"",
                    "--set", "market.oracle.max_age=\"1 min\"",
                    "--set"};
  const Finished in_time =
      mezz.run(check + Words{"push_oracle.report_delay={ mean = \"56999 ms\" }"});
  EXPECT_EQ(in_time.code, 0) << in_time.err;
  EXPECT_EQ(in_time.err, "");
  const Finished late = mezz.run(check + Words{"push_oracle.report_delay={ mean = \"57 s\" }"});
  EXPECT_EQ(late.code, 0);
  EXPECT_THAT(late.err, HasSubstr("market.oracle.max_age: prices older than 1 min are refused"));
  EXPECT_THAT(late.err, HasSubstr("sequencing.block_time = 1 min"));
}

TEST(Warnings, SectionsOfOtherDesignsAreNamedOnce) {
  const Program mezz;
  mezz.write("s.toml", "[plasma]\nmin_exit_period = \"8 d\"\ndata_timeout = \"2 h\"\n");
  const Finished check = mezz.run({"check", "s.toml", "--set", "prover.pending_max=9"});
  EXPECT_EQ(check.code, 0);
  EXPECT_THAT(check.err, HasSubstr("s.toml:"));
  EXPECT_THAT(check.err,
              HasSubstr("plasma: has no effect in an optimistic_rollup; it is read by: plasma\n"));
  EXPECT_THAT(check.err, HasSubstr("command line: prover: has no effect in an "
                                   "optimistic_rollup; it is read by: zk_rollup, validium, "
                                   "volition\n"));
  EXPECT_EQ(std::count(check.err.begin(), check.err.end(), '\n'), 2);
  const Finished own = mezz.run({"check", "calm_market", "--set", "layer2.design=zk_rollup",
                                 "--set", "prover.pending_max=9"});
  EXPECT_EQ(own.err.find("no effect"), std::string::npos) << own.err;
}

TEST(Warnings, KeysOfRulesThatWereNotChosenAreNamedByCheckAndByRun) {
  const Program mezz;
  mezz.write("s.toml",
             "[market]\nliquidation_rule = \"full\"\n[market.ramp]\nfee = \"2 %\"\n"
             "[market.venue_funding.hyperliquid]\ncap = \"1 %\"\n");
  const Words key{"--set", "market.window.window=\"1 min\""};
  const Finished check = mezz.run(Words{"check", "s.toml"} + key);
  EXPECT_EQ(check.code, 0);
  EXPECT_EQ(check.err,
            "mezz: warning: s.toml:4:7: market.ramp.fee: has no effect where "
            "market.liquidation_rule = full; it is read by: drift\n"
            "mezz: warning: command line: market.window.window: has no effect where "
            "market.liquidation_rule = full; it is read by: synthetix_v3\n"
            "mezz: warning: s.toml:6:7: market.venue_funding.hyperliquid.cap: has no effect where "
            "market.funding_rule = dydx_v4; it is read by: hyperliquid\n");
  const Finished run =
      mezz.run(Words{"run", "s.toml", "--until", "1 s", "--out", "none", "--quiet"} + key);
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.err, check.err);
  const Finished right = mezz.run({"check", "s.toml", "--set", "market.liquidation_rule=drift",
                                   "--set", "market.funding_rule=hyperliquid"});
  EXPECT_EQ(right.code, 0);
  EXPECT_EQ(right.err, "");
}

TEST(Warnings, ASweepOverTheRuleItselfSaysNothing) {
  const Program mezz;
  mezz.write("s.toml",
             "[run]\nduration = \"10 s\"\n[market.ramp]\nfee = \"2 %\"\n"
             "[sweep]\n\"market.liquidation_rule\" = [\"full\", \"drift\"]\n");
  const Finished check = mezz.run({"check", "s.toml"});
  EXPECT_EQ(check.code, 0);
  EXPECT_EQ(check.err, "");
  const Finished sweep = mezz.run({"sweep", "s.toml", "--jobs", "1", "--out", "runs"});
  EXPECT_EQ(sweep.code, 0) << sweep.err;
  EXPECT_EQ(sweep.err.find("no effect"), std::string::npos) << sweep.err;
}

TEST(Warnings, AShockThatHitsNothingIsNamed) {
  const Program mezz;
  mezz.write("s.toml",
             "[[shock]]\nat = \"1 s\"\nkind = \"sequencer_down\"\nduration = \"1 s\"\n"
             "[[shock]]\nat = \"1 s\"\nkind = \"prover_down\"\nduration = \"1 s\"\n");
  const Finished check = mezz.run({"check", "s.toml"});
  EXPECT_EQ(check.code, 0);
  EXPECT_THAT(check.err,
              HasSubstr("shock[1].kind: prover_down hits nothing in an optimistic_rollup\n"));
  EXPECT_EQ(std::count(check.err.begin(), check.err.end(), '\n'), 1);
  EXPECT_EQ(mezz.run({"check", "s.toml", "--set", "layer2.design=zk_rollup"}).err, "");
}

TEST(Warnings, SamplingWithoutClientsIsNamedAndWithholdingFromThemIsFine) {
  const Program mezz;
  mezz.write("s.toml",
             "[data_sampling]\nk = 8\n"
             "[[shock]]\nat = \"1 s\"\nkind = \"data_withheld\"\nduration = \"1 s\"\n");
  const Finished nobody = mezz.run({"check", "s.toml"});
  EXPECT_EQ(nobody.code, 0);
  EXPECT_THAT(nobody.err, HasSubstr("warning: s.toml:2:"));
  EXPECT_THAT(nobody.err,
              HasSubstr("data_sampling.k: has no effect while data_sampling.clients = 0"));
  EXPECT_THAT(nobody.err, HasSubstr("shock[0].kind: data_withheld hits nothing"));
  EXPECT_EQ(mezz.run({"check", "s.toml", "--set", "data_sampling.clients=3"}).err, "");
}

}  // namespace
}  // namespace mezz
