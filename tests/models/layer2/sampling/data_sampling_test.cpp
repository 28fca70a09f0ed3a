#include "models/layer2/sampling/data_sampling.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "sim/world/world.h"

namespace mezz {
namespace {

struct Rig {
  World world;
  Ref<ShareProducer> producer;
  Ref<LightClients> clients;

  explicit Rig(const DataSamplingParams& params, const Link& wire = {},
               const char* from = "light_clients", const char* to = "producer")
      : world({.seed = 3}) {
    params.check("data_sampling");
    world.place("producer");
    producer = world.add<ShareProducer>("producer", params);
    world.place("light_clients");
    clients = world.add<LightClients>("clients", params, producer, world.get(producer));
    world.get(producer).serve(clients);
    world.link(from, to, wire);
    world.start();
  }
  void withhold(Duration from, ShockEdge edge) {
    world.engine().schedule(Time::zero() + from, Ref<Shockable>(producer),
                            Shock{.kind = ShockKind::DataWithheld,
                                  .edge = edge,
                                  .reserved = 0,
                                  .number = 0,
                                  .magnitude = Ratio::one()});
  }
  const SamplingCounts& run(Duration until) {
    world.run(Time::zero() + until);
    return world.get(clients).counts();
  }
};

DataSamplingParams small(std::int64_t clients, std::int64_t samples) {
  return {.clients = clients, .samples = samples, .k = 4, .interval = 6_s, .timeout = 2_s};
}

TEST(DataSampling, EverybodyAcceptsABlockThatIsThere) {
  Rig rig(small(50, 8));
  const SamplingCounts& counts = rig.run(61_s);  // blocks at 6, 12, ... 60 s, decided 2 s later
  EXPECT_EQ(counts.blocks, 9U);
  EXPECT_EQ(counts.refused, 0U);
  EXPECT_EQ(counts.withheld, 0U);
  EXPECT_EQ(counts.rebuilt, 9U);  // 400 draws of 64 shares
}

// Who asks for all shares always asks for a withheld one.
TEST(DataSampling, WhoAsksForEverythingIsNeverDeceived) {
  Rig rig(small(20, 64));
  rig.withhold(0_s, ShockEdge::Begins);
  const SamplingCounts& counts = rig.run(30_s);
  EXPECT_EQ(counts.withheld, 4U);
  EXPECT_EQ(counts.deceived, 0U);
  EXPECT_EQ(counts.fooled, 0U);
}

// 25 of 64 withheld: two samples miss them with 39/64 x 38/63 = 36.76 %. 200 blocks of 50 clients:
// a deviation of 0.48 %.
TEST(DataSampling, ClientsAreDeceivedAsOftenAsTheirSamplesMiss) {
  Rig rig(small(50, 2));
  rig.withhold(0_s, ShockEdge::Begins);
  const SamplingCounts& counts = rig.run(1'203_s);
  ASSERT_EQ(counts.withheld, 200U);
  EXPECT_NEAR(static_cast<double>(counts.deceived) / 1e4, 39.0 / 64.0 * 38.0 / 63.0, 0.02);
  EXPECT_EQ(counts.fooled, 200U);  // of fifty some always are
}

// A hole of 4 x 4 is repaired from the other 48 shares: accepting the block is no mistake.
TEST(DataSampling, AHoleThatCanBeRepairedDeceivesNobody) {
  DataSamplingParams params = small(50, 2);
  params.withheld = 4;
  Rig rig(params);
  rig.withhold(0_s, ShockEdge::Begins);
  EXPECT_TRUE(rig.world.get(rig.producer).repairable());
  const SamplingCounts& counts = rig.run(60_s);
  EXPECT_EQ(counts.withheld, 9U);
  EXPECT_EQ(counts.deceived, 0U);
}

TEST(DataSampling, WithholdingEndsWithTheShock) {
  Rig rig(small(10, 8));
  rig.withhold(7_s, ShockEdge::Begins);
  rig.withhold(20_s, ShockEdge::Ends);
  const SamplingCounts& counts = rig.run(33_s);  // blocks 1 to 5; 12 s and 18 s are withheld
  EXPECT_EQ(counts.blocks, 5U);
  EXPECT_EQ(counts.withheld, 2U);
  EXPECT_EQ(counts.refused, 0U);
}

// Published whole at 6 s, heard of at 11 s, decided at 13 s, when the producer withholds the next.
TEST(DataSampling, ABlockHeardOfLateIsCountedAsItWasPublished) {
  Rig rig(small(10, 8), {.delay = DelayDistribution::constant(5_s)}, "producer", "light_clients");
  rig.withhold(10_s, ShockEdge::Begins);
  const SamplingCounts& counts = rig.run(14_s);
  EXPECT_EQ(counts.blocks, 1U);
  EXPECT_EQ(counts.withheld, 0U);
  EXPECT_EQ(counts.refused, 10U);  // the shares come at 16 s
}

// A client cannot tell a lost answer from a withheld share.
TEST(DataSampling, ALostRequestLooksLikeAWithheldShare) {
  Rig rig(small(10, 8), {.loss = Ratio::one()});
  const SamplingCounts& counts = rig.run(9_s);
  EXPECT_EQ(counts.blocks, 1U);
  EXPECT_EQ(counts.refused, 10U);
}

TEST(DataSampling, AnAnswerAfterTheTimeoutDoesNotCount) {
  Rig rig(small(10, 8), {.delay = DelayDistribution::constant(3_s)});
  EXPECT_EQ(rig.run(30_s).refused, 40U);
}

TEST(DataSampling, BadParametersAreExplained) {
  const auto problem = [](const DataSamplingParams& params) -> std::string {
    try {
      params.check("data_sampling");
    } catch (const ScenarioError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(problem(small(1, 64)), "");
  EXPECT_NE(problem(small(1, 65)).find("at most the 64 shares"), std::string::npos);
  DataSamplingParams params = small(1, 8);
  params.withheld = 9;
  EXPECT_NE(problem(params).find("data_sampling.withheld"), std::string::npos);
  params = small(1, 8);
  params.timeout = 6_s;
  EXPECT_NE(problem(params).find("data_sampling.timeout"), std::string::npos);
  params = {.clients = 100'000, .samples = 100};
  EXPECT_EQ(problem(params), "");
  params.samples = 101;
  EXPECT_NE(problem(params).find("must be at most 10000000, got 100000 x 101"), std::string::npos);
}

}  // namespace
}  // namespace mezz
