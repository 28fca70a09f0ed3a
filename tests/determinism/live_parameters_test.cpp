// A [[change]] of every live parameter: the run is another one, is the same twice, and goes on from
// a snapshot taken after the change as if nothing had happened.
#include "scenarios/live_parameters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "models/agents/noise_trader.h"
#include "scenarios/study.h"
#include "sim/check/error.h"

namespace mezz {
namespace {

constexpr const char* kSmall = R"(
[run]
seed = 3
duration = "20 min"
[market.contract]
tick = "1 USD"
lot_decimals = 3
[price]
kind = "gbm"
volatility = 2.0
step = "1 s"
[availability]
max_channel_duration = "2 min"
[[agent]]
kind = "market_maker"
refresh = "5 s"
[[agent]]
kind = "noise_trader"
orders_per_second = 0.5
[[agent]]
kind = "withdrawal_user"
withdrawals_per_hour = 20.0
count = 2
)";

struct Change {
  const char* parameter;
  const char* value;
  const char* settings = "";  // further lines of the scenario
};
constexpr const char* kPull = "\n[market.oracle]\npolicy = \"pull\"\n";
const std::vector<Change> kChanges = {
    {"push_oracle.deviation", "1 bp"},
    {"push_oracle.heartbeat", "5 s"},
    {"pull_oracle.interval", "5 s", kPull},
    {"availability.max_channel_duration", "30 s"},
    {"agent[0].refresh", "1 s"},
    {"agent[0].level_distance", "20 bp"},
    {"agent[0].half_spread_min", "10 bp"},
    {"agent[0].risk_aversion", "1e5"},
    {"agent[1].orders_per_second", "2.0"},
    {"agent[1].market_share", "0 %"},
    {"agent[1].buy_share", "100 %"},
    {"agent[2].withdrawals_per_hour", "0.0"},
};

Scenario scenario_with(const Change& change) {
  const std::string table = std::string("\n[[change]]\nat = \"5 min\"\nparameter = \"") +
                            change.parameter + "\"\nvalue = \"" + change.value + "\"\n";
  return scenario_from_text(std::string(kSmall) + change.settings + table, "changed");
}

std::uint64_t fingerprint_of(const Scenario& scenario) {
  Study study(scenario, nullptr);
  study.world().run(Time::zero() + scenario.run.duration);
  study.check_conservation();
  return study.world().engine().fingerprint();
}

class LiveParameters : public testing::TestWithParam<Change> {};

TEST_P(LiveParameters, ChangeTheRunInAReproducibleWay) {
  const Scenario scenario = scenario_with(GetParam());
  const std::uint64_t whole = fingerprint_of(scenario);
  EXPECT_EQ(fingerprint_of(scenario), whole);
  Study first(scenario, nullptr);
  first.world().run(Time::zero() + 10_min);
  const std::vector<std::byte> snapshot = first.world().save();
  Study second(scenario, nullptr);
  second.world().restore(snapshot);
  EXPECT_EQ(second.world().save(), snapshot);
  second.world().run(Time::zero() + scenario.run.duration);
  EXPECT_EQ(second.world().engine().fingerprint(), whole);

  // The change itself is an event; what it does shows in the number of the others.
  const Scenario without =
      scenario_from_text(std::string(kSmall) + GetParam().settings, "unchanged");
  Study plain(without, nullptr);
  plain.world().run(Time::zero() + 20_min);
  Study changed(scenario, nullptr);
  changed.world().run(Time::zero() + 20_min);
  const std::size_t heard = std::string(GetParam().parameter).starts_with("agent[2]") ? 2 : 1;
  EXPECT_NE(changed.world().engine().dispatched(), plain.world().engine().dispatched() + heard);
}

INSTANTIATE_TEST_SUITE_P(All, LiveParameters, testing::ValuesIn(kChanges), [](const auto& info) {
  std::string name = info.param.parameter;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
});

TEST(LiveParametersOfAScenario, AreAllTestedHere) {
  std::vector<std::string> tested;
  for (const Change& change : kChanges) tested.emplace_back(change.parameter);
  for (const char* settings : {"", kPull}) {
    for (const LiveParameter& live :
         live_parameters(scenario_from_text(std::string(kSmall) + settings, "all"))) {
      EXPECT_NE(std::find(tested.begin(), tested.end(), live.path), tested.end()) << live.path;
    }
  }
}

TEST(LiveParametersOfAScenario, ARateChangesAtOnceAndByItsFactor) {
  // 1 order a second for 600 s, then 4: 600 and 2400, give or take four standard deviations of a
  // Poisson number, 4 * sqrt(600) = 98 and 4 * sqrt(2400) = 196.
  const Scenario scenario = scenario_from_text(
      std::string(kSmall) +
          "[[change]]\nat = \"1 ns\"\nparameter = \"agent[1].orders_per_second\"\nvalue = \"1.0\"\n"
          "[[change]]\nat = \"10 min\"\nparameter = \"agent[1].orders_per_second\"\n"
          "value = \"4.0\"\n",
      "rates");
  Study study(scenario, nullptr);
  const auto orders = [&] {
    return dynamic_cast<const NoiseTrader*>(study.world().find("agents/noise_trader"))
        ->orders_sent();
  };
  study.world().run(Time::zero() + 10_min);
  const std::uint64_t first = orders();
  EXPECT_NEAR(static_cast<double>(first), 600, 98);
  study.world().run(Time::zero() + 20_min);
  EXPECT_NEAR(static_cast<double>(orders() - first), 2'400, 196);
}

TEST(LiveParametersOfAScenario, AWrongChangeIsRefusedWithItsPlace) {
  const auto complaint = [](const Change& change) -> std::string {
    try {
      scenario_with(change);
    } catch (const ScenarioError& error) {
      return error.what();
    }
    return "accepted";
  };
  const std::string fixed = complaint({"market.taker_fee", "1 bp"});
  EXPECT_NE(fixed.find("change[0].parameter"), std::string::npos) << fixed;
  EXPECT_NE(fixed.find("is fixed while a world runs"), std::string::npos) << fixed;
  EXPECT_NE(fixed.find("changed:"), std::string::npos) << fixed;  // file and line
  EXPECT_NE(complaint({"agent[1].orders_per_secnd", "1.0"}).find("did you mean"),
            std::string::npos);
  EXPECT_NE(complaint({"push_oracle.heartbeat", "5"}).find("unit"), std::string::npos);
  EXPECT_NE(complaint({"agent[1].market_share", "200 %"}).find("change[0].value"),
            std::string::npos);
  const std::string elsewhere = complaint({"pull_oracle.interval", "1 s"});  // prices are pushed
  EXPECT_NE(elsewhere.find("a part that this scenario does not have"), std::string::npos)
      << elsewhere;
  EXPECT_NE(complaint({"agent[1].buy_share", " "}).find("is empty"), std::string::npos);
}

TEST(LiveParametersOfAScenario, ARefusalNamesTheNearestThatCanChange) {
  const auto complaint = [](const char* parameter) -> std::string {
    try {
      scenario_with({parameter, "1"});
    } catch (const ScenarioError& error) {
      return error.problem();
    }
    return "accepted";
  };
  // Of the same section when it has some, else all of them.
  EXPECT_EQ(complaint("push_oracle.poll"),
            "\"push_oracle.poll\" is fixed while a world runs; these can change: "
            "push_oracle.deviation, push_oracle.heartbeat");
  EXPECT_EQ(complaint("agent[2].amount"),
            "\"agent[2].amount\" is fixed while a world runs; these can change: "
            "agent[2].withdrawals_per_hour");
  const std::string all = complaint("run.seed");
  EXPECT_NE(all.find("push_oracle.deviation"), std::string::npos) << all;
  EXPECT_NE(all.find("agent[2].withdrawals_per_hour"), std::string::npos) << all;
}

TEST(LiveParametersOfAScenario, BelongToPartsThatEveryDesignHas) {
  for (const std::string_view design : EnumNames<Design>::names) {
    Scenario scenario = scenario_from_text(
        std::string(kSmall) + "[layer2]\ndesign = \"" + std::string(design) + "\"\n", "designs");
    const Study plain(scenario, nullptr);
    for (const LiveParameter& live : live_parameters(scenario)) {
      for (const std::string& path : live.entities) {
        EXPECT_NE(plain.world().find(path), nullptr) << design << ' ' << path;
      }
    }
  }
}

}  // namespace
}  // namespace mezz
