// Sampling light clients stand beside a layer two: nothing of it changes by them, nothing of them
// by its reorganisations, and without clients there is nothing at all.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "scenarios/scenario.h"
#include "scenarios/study.h"

namespace mezz {
namespace {

constexpr const char* kMarket = R"(
[run]
duration = "10 min"
[availability]
max_channel_duration = "1 min"
[[agent]]
kind = "leveraged_population"
accounts = 200
[[agent]]
kind = "market_maker"
[[agent]]
kind = "noise_trader"
traders = 20
orders_per_second = 2.0
[[link]]
from = "agents"
to = "l2"
delay = { kind = "lognormal", mean = "40 ms", cv = 0.5 }
[[link]]
from = "light_clients"
to = "producer"
delay = { kind = "lognormal", mean = "300 ms", cv = 0.5 }
loss = "1 %"
[[shock]]
at = "4 min"
kind = "data_withheld"
duration = "3 min"
)";

constexpr const char* kReorgs = R"(
[[shock]]
at = "5 min"
kind = "l1_reorg"
magnitude = 3
[[shock]]
at = "6 min"
kind = "sequencer_reorg"
magnitude = 20
)";

std::string sampling(int clients) {
  return "[data_sampling]\nk = 8\nsamples = 4\ninterval = \"5 s\"\nclients = " +
         std::to_string(clients) + "\n";
}

struct Found {
  std::uint64_t fingerprint = 0;
  std::vector<Metric> of_sampling;
  std::vector<Metric> others;
};

Found run(const std::string& text) {
  const Scenario scenario = scenario_from_text(text, "sampling");
  Study study(scenario, nullptr);
  study.world().run(Time::zero() + scenario.run.duration);
  study.check_conservation();
  Found found{.fingerprint = study.world().engine().fingerprint(), .of_sampling = {}, .others = {}};
  for (const Metric& metric : study.metrics()) {
    const bool own = metric.name.starts_with("data_sampling.");
    (own ? found.of_sampling : found.others).push_back(metric);
  }
  return found;
}

void expect_same(const std::vector<Metric>& found, const std::vector<Metric>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].name, expected[i].name);
    if (std::isnan(expected[i].value) && std::isnan(found[i].value)) continue;
    EXPECT_EQ(found[i].value, expected[i].value) << found[i].name;
  }
}

TEST(DataSampling, WithoutClientsNothingIsAdded) {
  const Found with = run(kMarket + sampling(0));
  const Found without = run(kMarket);
  EXPECT_EQ(with.fingerprint, without.fingerprint);
  EXPECT_TRUE(with.of_sampling.empty());
}

TEST(DataSampling, TheMarketDoesNotFeelTheClients) {
  const Found with = run(kMarket + sampling(20));
  const Found without = run(kMarket);
  EXPECT_NE(with.fingerprint, without.fingerprint);  // its events are in it
  ASSERT_FALSE(with.of_sampling.empty());
  EXPECT_EQ(with.of_sampling[0].name, "data_sampling.blocks");
  EXPECT_EQ(with.of_sampling[0].value, 119.0);  // at 5, 10, ... 595 s; that of 600 s is not decided
  expect_same(with.others, without.others);
}

TEST(DataSampling, ReorganisationsOfTheChainsDoNotReachIt) {
  const Found calm = run(kMarket + sampling(20));
  const Found hit = run(kMarket + sampling(20) + kReorgs);
  EXPECT_NE(hit.fingerprint, calm.fingerprint);
  expect_same(hit.of_sampling, calm.of_sampling);
}

// Both are columns of a sweep's table.
TEST(DataSampling, NoHeadlineNumberIsCalledAsAParameterIs) {
  for (const std::string_view design : EnumNames<Design>::names) {
    const Scenario scenario = scenario_from_text(
        sampling(1) + "[layer2]\ndesign = \"" + std::string(design) + "\"\n", "names");
    const std::vector<Parameter> parameters = flat_parameters(scenario);
    for (const Metric& metric : Study(scenario, nullptr).metrics()) {
      for (const Parameter& parameter : parameters) EXPECT_NE(metric.name, parameter.name);
    }
  }
}

// 245.2 s: requests for the block of 245 s are under way, some are answered; it is withheld.
TEST(DataSampling, ASnapshotWithinABlockChangesNothing) {
  const Scenario scenario = scenario_from_text(kMarket + sampling(20), "sampling");
  Study whole(scenario, nullptr);
  whole.world().run(Time::zero() + scenario.run.duration);
  Study first(scenario, nullptr);
  first.world().run(Time::zero() + 245_s + 200_ms);
  Study second(scenario, nullptr);
  second.world().restore(first.world().save());
  second.world().run(Time::zero() + scenario.run.duration);
  EXPECT_EQ(second.world().engine().fingerprint(), whole.world().engine().fingerprint());
}

}  // namespace
}  // namespace mezz
