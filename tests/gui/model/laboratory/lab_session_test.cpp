#include "gui/model/laboratory/lab_session.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/gui/model/laboratory/fixture.h"

namespace mezz::lab {
namespace {

// The same scenario with nobody looking.
std::uint64_t undisturbed(const Scenario& scenario, std::uint64_t events = UINT64_MAX) {
  Study study(scenario, nullptr);
  study.world().run(Time::zero() + scenario.run.duration, events);
  return study.world().engine().fingerprint();
}

TEST(LabSession, StartsBeforeTheFirstEvent) {
  LabSession session(small_scenario());
  EXPECT_EQ(session.status().events, 0U);
  EXPECT_GT(session.status().pending, 0U);
  EXPECT_FALSE(session.finished());
  EXPECT_EQ(session.step(), RunEnd::Budget);
  EXPECT_EQ(session.status().events, 1U);
  EXPECT_EQ(session.events().size(), 1U);
}

TEST(LabSession, LookingDoesNotChangeTheRun) {
  LabSession session(small_scenario());
  while (session.run_for({.events = 700}) == RunEnd::Budget) {
    EXPECT_FALSE(session.future(5).empty());
  }
  EXPECT_TRUE(session.finished());
  EXPECT_EQ(session.status().fingerprint, undisturbed(small_scenario()));
}

TEST(LabSession, StepsBackToTheVeryStateBefore) {
  LabSession session(small_scenario());
  session.run_for({.events = 5'000});
  const std::uint64_t before = session.status().fingerprint;
  session.step();
  EXPECT_EQ(session.step_back(), RunEnd::Reached);
  EXPECT_EQ(session.status().events, 5'000U);
  EXPECT_EQ(session.status().fingerprint, before);
  EXPECT_EQ(before, undisturbed(small_scenario(), 5'000));
  session.run_for({});
  EXPECT_EQ(session.status().fingerprint, undisturbed(small_scenario()));
  EXPECT_EQ(session.status().problem, "");
}

TEST(LabSession, SeeksBothWaysBitForBit) {
  LabSession session(small_scenario());
  session.run_for({});
  const std::uint64_t end = session.status().fingerprint;
  EXPECT_EQ(session.seek(Time::zero() + 8_min), RunEnd::Reached);
  EXPECT_EQ(session.status().time, Time::zero() + 8_min);
  Study other(small_scenario(), nullptr);
  other.world().run(Time::zero() + 8_min);
  EXPECT_EQ(session.status().fingerprint, other.world().engine().fingerprint());
  EXPECT_EQ(session.status().events, other.world().engine().dispatched());
  EXPECT_EQ(session.seek(Time::zero() + 20_min), RunEnd::Reached);
  EXPECT_EQ(session.status().fingerprint, end);
  EXPECT_EQ(session.seek_event(0), RunEnd::Reached);
  EXPECT_EQ(session.status().time, Time::zero());
}

TEST(LabSession, ASnapshotBudgetOfNothingStillGoesBack) {
  LabSession session(small_scenario(), 1);
  session.run_for({.events = 20'000});
  const std::uint64_t there = session.status().fingerprint;
  session.run_for({.events = 9'000});
  EXPECT_LE(session.status().snapshots, 2U);
  session.seek_event(20'000);
  EXPECT_EQ(session.status().fingerprint, there);
}

TEST(LabSession, StopsAtTimeEventMessageEntityAndNumber) {
  LabSession session(small_scenario());
  session.set_stop(parse_stop("time 3 min"));
  EXPECT_EQ(session.run_for({}), RunEnd::Reached);
  EXPECT_EQ(session.status().time, Time::zero() + 3_min);
  const std::uint64_t here = session.status().events;
  session.set_stop({.kind = StopCondition::Kind::AtEvent, .event = here + 10});
  EXPECT_EQ(session.run_for({}), RunEnd::Reached);
  EXPECT_EQ(session.status().events, here + 10);
  session.set_stop(parse_stop("message Shock"));
  EXPECT_EQ(session.run_for({}), RunEnd::Reached);
  EXPECT_EQ(session.events().back().handler->message, "Shock");
  EXPECT_EQ(session.status().time, Time::zero() + 12_min);  // of the [[shock]]
  session.set_stop(parse_stop("entity l1/chain"));
  EXPECT_EQ(session.run_for({}), RunEnd::Reached);
  EXPECT_EQ(session.path_of(session.events().back().to), "l1/chain");
}

TEST(LabSession, StopsAtTheFirstLiquidationNotLater) {
  LabSession session(small_scenario());
  session.set_stop(parse_stop("first liquidation"));
  EXPECT_EQ(session.run_for({}), RunEnd::Reached);
  EXPECT_GT(metric_value(session.study(), "liquidations.count").value_or(0), 0);
  EXPECT_GT(session.status().time, Time::zero() + 5_min);  // the price begins to fall
  session.step_back();
  EXPECT_EQ(metric_value(session.study(), "liquidations.count"), 0);
}

TEST(LabSession, AConditionOnSomethingUnknownNamesTheNearest) {
  LabSession session(small_scenario());
  const auto message_of = [&](const char* text) -> std::string {
    try {
      session.set_stop(parse_stop(text));
    } catch (const ScenarioError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_NE(message_of("bad_dept.usd > 0").find("bad_debt.usd"), std::string::npos);
  EXPECT_NE(message_of("entity l1/chian").find("l1/chain"), std::string::npos);
  EXPECT_NE(message_of("message Recept").find("Receipt"), std::string::npos);
}

TEST(LabSession, AShockNowGivesTheRunOfAScenarioWithThatShock) {
  LabSession session(small_scenario());
  session.seek(Time::zero() + 6_min);
  const std::uint64_t without = undisturbed(small_scenario());
  session.intervene(ShockParams{.at = {}, .kind = ShockKind::OracleDown, .duration = 5_min});
  ASSERT_EQ(session.interventions().size(), 1U);
  session.run_for({});
  EXPECT_NE(session.status().fingerprint, without);
  EXPECT_EQ(session.status().fingerprint, undisturbed(session.reproduced()));
  EXPECT_EQ(session.verify(), session.status().fingerprint);
  // From its text, as a user would save it.
  const std::string text = std::string(kSmall) + toml_text(session.interventions());
  const Scenario again = scenario_from_text(text, "again");
  EXPECT_EQ(undisturbed(again), session.status().fingerprint);
  // And as --set.
  const std::vector<std::string> set = assignments(small_scenario(), session.interventions());
  EXPECT_EQ(undisturbed(load_scenario(small_file(), set)), session.status().fingerprint);
}

TEST(LabSession, SeeksAcrossAnInterventionReplayIt) {
  LabSession session(small_scenario());
  session.seek(Time::zero() + 6_min);
  session.intervene(
      ShockParams{.at = {}, .kind = ShockKind::PriceJump, .duration = {}, .magnitude = 90_percent});
  session.run_for({});
  const std::uint64_t end = session.status().fingerprint;
  session.seek(Time::zero() + 4_min);
  session.run_for({});
  EXPECT_EQ(session.status().fingerprint, end);
  EXPECT_EQ(session.status().problem, "");
  // Going back and doing something else forgets what lay ahead.
  session.seek(Time::zero() + 4_min);
  session.intervene(ShockParams{.at = {}, .kind = ShockKind::KeeperDown, .duration = 2_min});
  EXPECT_EQ(session.interventions().size(), 1U);
  session.run_for({});
  EXPECT_EQ(session.status().fingerprint, session.verify());
  session.restart();
  EXPECT_TRUE(session.interventions().empty());
  session.run_for({});
  EXPECT_EQ(session.status().fingerprint, undisturbed(small_scenario()));
}

TEST(LabSession, RefusesAShockThatAScenarioCouldNotHave) {
  LabSession session(small_scenario());
  EXPECT_THROW(
      session.intervene(ShockParams{
          .at = {}, .kind = ShockKind::PriceJump, .duration = {}, .magnitude = Ratio::zero()}),
      ScenarioError);
  EXPECT_TRUE(session.interventions().empty());
}

TEST(LabSession, AParameterChangedNowGivesTheRunOfAScenarioWithThatChange) {
  LabSession session(small_scenario());
  const std::uint64_t without = undisturbed(small_scenario());
  session.seek(Time::zero() + 6_min);
  session.intervene(ChangeParams{.at = {}, .parameter = "push_oracle.deviation", .value = "5 %"});
  session.seek(Time::zero() + 8_min);
  session.intervene(ShockParams{.at = {}, .kind = ShockKind::KeeperDown, .duration = 2_min});
  session.intervene(ChangeParams{.at = {}, .parameter = "agent[0].refresh", .value = "20 s"});
  ASSERT_EQ(session.interventions().size(), 3U);
  session.run_for({});
  const std::uint64_t fingerprint = session.status().fingerprint;
  EXPECT_NE(fingerprint, without);
  EXPECT_EQ(session.verify(), fingerprint);
  // From its text, and as --set.
  const std::string text = std::string(kSmall) + toml_text(session.interventions());
  EXPECT_EQ(undisturbed(scenario_from_text(text, "again")), fingerprint);
  const auto set = assignments(small_scenario(), session.interventions());
  ASSERT_EQ(set.size(), 2U);
  EXPECT_EQ(undisturbed(load_scenario(small_file(), set)), fingerprint);
  // One step back before the first, and forward over it: it is sent again.
  session.seek_event(session.interventions()[0].after_events + 1);
  const std::uint64_t heard = session.status().fingerprint;
  EXPECT_EQ(session.events().back().handler->message, "ParameterChange");
  session.step_back();
  EXPECT_EQ(session.status().events, session.interventions()[0].after_events);
  session.step();
  EXPECT_EQ(session.status().fingerprint, heard);
  // Back over all of them and on again.
  session.seek(Time::zero() + 5_min);
  session.run_for({});
  EXPECT_EQ(session.status().fingerprint, fingerprint);
  EXPECT_EQ(session.status().problem, "");
}

TEST(LabSession, AParameterThatIsFixedIsRefusedAndNamesThoseThatAreNot) {
  LabSession session(small_scenario());
  session.seek(Time::zero() + 1_min);
  const auto complaint = [&](const char* parameter, const char* value) -> std::string {
    try {
      session.intervene(ChangeParams{.at = {}, .parameter = parameter, .value = value});
    } catch (const ScenarioError& error) {
      return error.what();
    }
    return "accepted";
  };
  const std::string fixed = complaint("market.insurance_fund", "1 USD");
  EXPECT_NE(fixed.find("fixed while a world runs"), std::string::npos) << fixed;
  EXPECT_NE(fixed.find("push_oracle.heartbeat"), std::string::npos) << fixed;
  const std::string unknown = complaint("push_oracle.deviaton", "1 %");
  EXPECT_NE(unknown.find("did you mean"), std::string::npos) << unknown;
  const std::string unit = complaint("push_oracle.heartbeat", "5");
  EXPECT_NE(unit.find("unit"), std::string::npos) << unit;
  EXPECT_NE(complaint("push_oracle.deviation", "200 %"), "accepted");
  EXPECT_TRUE(session.interventions().empty());
}

TEST(LabSession, KnowsWhoSentWhat) {
  LabSession session(small_scenario());
  session.seek(Time::zero() + 2_min);
  std::size_t receipts = 0;
  for (const LoggedEvent& event : session.events()) {
    if (event.handler->message != "MarketUpdate") continue;
    ++receipts;
    EXPECT_EQ(session.path_of(event.from).substr(0, 3), "l2/") << session.path_of(event.from);
    EXPECT_LE(event.sent, event.time);
  }
  EXPECT_GT(receipts, 0U);
  // A seek back keeps the senders of what is on its way.
  const std::vector<FutureEvent> ahead = session.future(50);
  session.run_for({.events = 100});
  session.seek(Time::zero() + 2_min);
  const std::vector<FutureEvent> again = session.future(50);
  ASSERT_EQ(again.size(), ahead.size());
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(again[i].from, ahead[i].from);
    EXPECT_EQ(again[i].sent, ahead[i].sent);
  }
}

TEST(LabSession, SamplesAreTheSameAfterGoingBack) {
  LabSession session(small_scenario());
  session.run_for({});
  const std::vector<LabSeries> first = session.series();
  EXPECT_GE(first[0].values.size(), 1'900U);
  EXPECT_NEAR(first[0].values.front(), 50'000, 1);  // initial_price
  session.seek(Time::zero() + 7_min);
  EXPECT_LT(session.series()[0].values.size(), first[0].values.size());
  session.run_for({});
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(session.series()[i].values, first[i].values) << first[i].name;
    EXPECT_EQ(session.series()[i].times, first[i].times) << first[i].name;
  }
}

TEST(LabSession, SavesTheRunAsAResultFile) {
  LabSession session(small_scenario());
  session.run_for({});
  const ScratchFolder folder;
  const ExecuteOutcome outcome = session.save_run(folder.file("lab.h5"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.error;
  EXPECT_EQ(outcome.fingerprint, session.status().fingerprint);
}

}  // namespace
}  // namespace mezz::lab
