#include "gui/model/risk_rosette.h"

#include <gtest/gtest.h>

namespace mezz::gui {
namespace {

constexpr std::size_t kSequencer = 0;
constexpr std::size_t kState = 1;
constexpr std::size_t kData = 2;
constexpr std::size_t kExit = 3;
constexpr std::size_t kProposer = 4;

// The defaults of `mezz resolve`, with `changes` put in.
RunSummary run_of(const char* design, std::vector<analysis::ParameterText> changes = {}) {
  RunSummary run;
  run.parameters = {{"layer2.design", design},
                    {"layer1.slot_time", "12 s"},
                    {"derivation.forced_inclusion", "sequencing_window"},
                    {"derivation.sequencing_window", "3600"},
                    {"settlement.challenge_window", "7 d"},
                    {"settlement.protocol", "fault_dispute"},
                    {"challenger.count", "1"},
                    {"bold.defender.count", "1"},
                    {"bold.challenge_period", "45818"},
                    {"committee.members", "6"},
                    {"committee.quorum", "5"},
                    {"committee.layer_one_share", "50 %"},
                    {"escape_hatch.freeze_grace", "7 d"},
                    {"plasma.min_exit_period", "7 d"},
                    {"channel.contract.challenge_duration", "1 d"},
                    {"quorum_bridge.keys", "7"},
                    {"quorum_bridge.threshold", "4"}};
  for (const analysis::ParameterText& change : changes) {
    for (analysis::ParameterText& p : run.parameters) {
      if (p.name == change.name) p.value = change.value;
    }
  }
  return run;
}

// g, w, b and ? for the five slices.
std::string grades(const RunSummary& run) {
  std::string text;
  for (const RiskSlice& slice : risk_rosette(run)) text += "gwb?"[static_cast<int>(slice.trust)];
  return text;
}

TEST(RiskRosette, EveryDesignHasFiveSlices) {
  EXPECT_EQ(grades(run_of("optimistic_rollup")), "ggg?g");
  EXPECT_EQ(grades(run_of("zk_rollup", {{"derivation.forced_inclusion", "queue_only"}})), "wgg?b");
  EXPECT_EQ(grades(run_of("validium")), "ggw?g");
  EXPECT_EQ(grades(run_of("optimium")), "ggw?g");
  EXPECT_EQ(grades(run_of("volition")), "ggw?g");
  EXPECT_EQ(grades(run_of("state_channel")), "ggg?g");
  EXPECT_EQ(grades(run_of("plasma")), "gwb?w");
  EXPECT_EQ(grades(run_of("sidechain")), "bbbbb");
}

TEST(RiskRosette, TheWordsAreThoseOfTheReport) {
  const auto slices = risk_rosette(run_of("optimistic_rollup"));
  EXPECT_EQ(slices[kSequencer].name, "Sequencer failure");
  EXPECT_EQ(slices[kSequencer].value, "Self sequence");
  EXPECT_EQ(slices[kState].value, "Fraud proofs (INT)");
  EXPECT_EQ(slices[kData].value, "Onchain");
  EXPECT_EQ(slices[kExit].name, "Exit window");
  EXPECT_EQ(slices[kProposer].value, "Self propose");
}

TEST(RiskRosette, AShortWindowIsAWarningAndNobodyToChallengeIsBad) {
  const auto state = [](std::vector<analysis::ParameterText> changes) {
    return risk_rosette(run_of("optimistic_rollup", std::move(changes)))[kState].trust;
  };
  EXPECT_EQ(state({{"settlement.challenge_window", "144 h"}}), Trust::Good);  // 6 d
  EXPECT_EQ(state({{"settlement.challenge_window", "143 h"}}), Trust::Warning);
  EXPECT_EQ(state({{"challenger.count", "0"}}), Trust::Bad);
  // BoLD: 45 818 x 12 s = 549 816 s = 6.36 d; 43 199 x 12 s = 518 388 s, 12 s short of 6 d.
  EXPECT_EQ(state({{"settlement.protocol", "bold"}, {"challenger.count", "0"}}), Trust::Good);
  EXPECT_EQ(state({{"settlement.protocol", "bold"}, {"bold.challenge_period", "43199"}}),
            Trust::Warning);
  EXPECT_EQ(state({{"settlement.protocol", "bold"}, {"bold.defender.count", "0"}}), Trust::Bad);
}

TEST(RiskRosette, ACommitteeNeedsSixMembersAndAThirdHonest) {
  const auto data = [](const char* members, const char* quorum) {
    return risk_rosette(run_of(
        "validium", {{"committee.members", members}, {"committee.quorum", quorum}}))[kData]
        .trust;
  };
  EXPECT_EQ(data("6", "5"), Trust::Warning);  // 2 of 6 must be honest
  EXPECT_EQ(data("6", "4"), Trust::Bad);      // 3 of 6
  EXPECT_EQ(data("5", "5"), Trust::Bad);      // five members
}

TEST(RiskRosette, AnUnknownDesignHasNone) {
  EXPECT_TRUE(risk_rosette(run_of("based_rollup")).empty());
  EXPECT_TRUE(risk_rosette(RunSummary{}).empty());
}

TEST(RiskRosette, MissingParametersAreNotGood) {
  RunSummary run;
  run.parameters = {{"layer2.design", "optimistic_rollup"}};
  const auto slices = risk_rosette(run);
  EXPECT_EQ(slices[kSequencer].trust, Trust::Unknown);
  EXPECT_EQ(slices[kState].trust, Trust::Bad);
}

}  // namespace
}  // namespace mezz::gui
