// The exit game's rules against the reference sheet "layer-two protocols" section 5 (OmiseGO
// ExitableTimestamp.sol, BondSize.sol), mass-exit arithmetic against row A-T-7 of the validation
// sheet.
#include "models/layer2/plasma/exit_rules.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/layer2/plasma/exit_queue.h"
#include "models/layer2/plasma/plasma_params.h"
#include "sim/random/stream.h"

namespace mezz::plasma {
namespace {

constexpr Duration kWeek = 7_d;
Time day(std::int64_t n) { return Time::zero() + n * 1_d; }

TEST(ExitableTime, YoungOutputWaitsTwoPeriodsFromItsBlockOldOneASinglePeriodFromTheStart) {
  const auto at = [](Time output, Time started) {
    return exitable_time(PlasmaVariant::Mvp, OutputOrigin::Transaction,
                         {.output = output, .started = started}, kWeek);
  };
  EXPECT_EQ(at(day(10), day(10)), day(24));
  EXPECT_EQ(at(day(10), day(16)), day(24));
  EXPECT_EQ(at(day(10), day(17)), day(24));
  EXPECT_EQ(at(day(10), day(30)), day(37));
}

TEST(ExitableTime, DepositAndCoinWaitOnePeriodFromTheStart) {
  const ExitTimes times{.output = day(9), .started = day(10)};
  EXPECT_EQ(exitable_time(PlasmaVariant::MoreVp, OutputOrigin::Deposit, times, kWeek), day(17));
  EXPECT_EQ(exitable_time(PlasmaVariant::Cash, OutputOrigin::Transaction, times, kWeek), day(17));
  EXPECT_EQ(settling_time(PlasmaVariant::MoreVp, kWeek), 14_d);  // F5 of the sheet: 7 to 14 d
  EXPECT_EQ(settling_time(PlasmaVariant::Cash, kWeek), 7_d);
}

ExitPriority priority(std::uint64_t block, Time output, Time started, std::uint64_t exit) {
  return {.exitable = exitable_time(PlasmaVariant::MoreVp, OutputOrigin::Transaction,
                                    {.output = output, .started = started}, kWeek),
          .block = block,
          .index = 0,
          .exit = exit};
}

TEST(ExitPriority, OlderOutputStartedWithinOnePeriodOfTheBadBlockPrecedesItsOutputs) {
  Stream draws(7, 0, "test", "theorem");
  const Time bad = day(100);
  for (int i = 0; i < 20'000; ++i) {
    const Time output =
        Time::zero() +
        Duration{static_cast<std::int64_t>(draws.below(static_cast<std::uint64_t>((100_d).ns)))};
    const Duration after{
        static_cast<std::int64_t>(draws.below(static_cast<std::uint64_t>(kWeek.ns) + 1))};
    const Duration thief_after{
        static_cast<std::int64_t>(draws.below(static_cast<std::uint64_t>((20_d).ns)))};
    const ExitPriority honest = priority(500, output, bad + after, 2);
    const ExitPriority thief = priority(501, bad, bad + thief_after, 1);
    ASSERT_LT(honest, thief) << i;
  }
  // The bound is tight: at one period still first (older position), a nanosecond later not.
  const ExitPriority thief = priority(501, bad, bad, 1);
  EXPECT_LT(priority(500, day(1), bad + kWeek, 2), thief);
  EXPECT_GT(priority(500, day(1), bad + kWeek + 1_ns, 2), thief);
}

TEST(ExitQueue, ReturnsExitsByTimeThenPositionThenNumberAndForgetsErasedOnes) {
  Stream draws(7, 0, "test", "queue");
  ExitQueue queue;
  std::vector<ExitPriority> all;
  for (std::uint64_t i = 0; i < 3'000; ++i) {
    const ExitPriority next{.exitable = day(static_cast<std::int64_t>(draws.below(20))),
                            .block = draws.below(5),
                            .index = draws.below(5),
                            .exit = i};
    queue.push(next);
    if (i % 7 == 3) {
      const std::uint64_t gone = all[draws.below(all.size())].exit;
      queue.erase(gone);
      std::erase_if(all, [gone](const ExitPriority& p) { return p.exit == gone; });
    }
    all.push_back(next);
  }
  std::sort(all.begin(), all.end());
  const auto due = static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [](const ExitPriority& p) { return p.exitable <= day(4); }));
  EXPECT_EQ(queue.due(day(4), 10'000), due);
  EXPECT_EQ(queue.due(day(4), 5), 5U);
  for (const ExitPriority& expected : all) {
    ASSERT_EQ(queue.front(), expected);
    queue.pop();
  }
  EXPECT_TRUE(queue.empty());
}

TEST(InFlightExit, PiggybacksInTheFirstHalfAndIsDisputedInTheSecond) {
  InFlightExit exit(day(0), kWeek);
  const Time half = Time::zero() + kWeek / 2;
  EXPECT_EQ(exit.phase(half + -1_ns), InFlightPhase::Piggyback);
  EXPECT_EQ(exit.phase(half), InFlightPhase::Dispute);
  EXPECT_EQ(exit.phase(day(7)), InFlightPhase::Over);
  EXPECT_FALSE(exit.challenge(day(1)));  // too early
  EXPECT_TRUE(exit.piggyback(InFlightSide::Outputs, half + -1_ns));
  EXPECT_FALSE(exit.piggyback(InFlightSide::Outputs, day(1)));  // once
  EXPECT_FALSE(exit.piggyback(InFlightSide::Inputs, half));     // too late
  EXPECT_TRUE(exit.challenge(half));
  EXPECT_FALSE(exit.pays(InFlightSide::Outputs));
  EXPECT_TRUE(exit.respond(half + 1_h));
  EXPECT_FALSE(exit.respond(half + 2_h));
  EXPECT_TRUE(exit.pays(InFlightSide::Outputs));
  EXPECT_TRUE(exit.challenge(day(6)));
  EXPECT_FALSE(exit.respond(day(7)));  // over: stays non-canonical
  EXPECT_FALSE(exit.canonical());
}

TEST(InFlightExit, NonCanonicalOnePaysInputsOnly) {
  InFlightExit exit(day(0), kWeek);
  EXPECT_TRUE(exit.piggyback(InFlightSide::Inputs, day(1)));
  EXPECT_TRUE(exit.piggyback(InFlightSide::Outputs, day(1)));
  EXPECT_FALSE(exit.pays(InFlightSide::Inputs));
  EXPECT_TRUE(exit.pays(InFlightSide::Outputs));
  EXPECT_TRUE(exit.challenge(day(5)));
  EXPECT_TRUE(exit.pays(InFlightSide::Inputs));
  EXPECT_FALSE(exit.pays(InFlightSide::Outputs));
}

// A-T-7: 1e6 users x 100 k gas, 30 M limit, half of the block space.
MassExit million() {
  return {.users = 1'000'000,
          .gas_per_exit = Gas{100'000},
          .gas_limit = Gas{30'000'000},
          .share = 50_percent};
}

TEST(MassExit, MillionUsersNeed6667BlocksOr22Hours13Minutes) {
  EXPECT_EQ(clearing_time(million()), 80'000_s);  // 6666.67 blocks x 12 s = 22.22 h
  EXPECT_NEAR(clearing_time(million()).seconds() / 12.0, 6666.67, 0.005);
  EXPECT_FALSE(unsafe(million(), 7_d));
}

TEST(MassExit, IsUnsafeExactlyWhenItTakesLongerThanTheWindow) {
  EXPECT_FALSE(unsafe(million(), 80'000_s));
  EXPECT_TRUE(unsafe(million(), 80'000_s - 1_ns));
  for (std::int64_t users = 1; users < 40'000'000; users = users * 3 + 1) {
    MassExit exit = million();
    exit.users = users;
    EXPECT_EQ(unsafe(exit, 7_d), users > exits_in(exit, 7_d)) << users;
  }
}

TEST(MassExit, SevenDaysLetOut1680000AtTenMillionGasAnd10080000AtSixty) {
  const auto n_max = [](std::int64_t limit) {
    return exits_in({.gas_per_exit = Gas{300'000}, .gas_limit = Gas{limit}}, 7_d);
  };
  EXPECT_EQ(n_max(10'000'000), 1'680'000);
  EXPECT_EQ(n_max(30'000'000), 5'040'000);
  EXPECT_EQ(n_max(60'000'000), 10'080'000);
  MassExit half{.gas_per_exit = Gas{300'000}, .gas_limit = Gas{60'000'000}, .share = 50_percent};
  EXPECT_EQ(exits_in(half, 7_d), 5'040'000);
}

TEST(ExitThreshold, IsGasTimesFeePlusBountyInDollars) {
  // 200 k gas x 50 gwei = 0.01 ETH = 20 USD; with OmiseGO's bounty of 0.00535 ETH 30.7 USD.
  const ExitCost plain{.gas = Gas{200'000}, .bounty = {}, .ether_price = 2'000_usd};
  EXPECT_EQ(exit_threshold(plain, 50_gwei), 20_usd);
  ExitCost omg = plain;
  omg.bounty = PlasmaBonds{}.bounty;
  EXPECT_EQ(exit_threshold(omg, 50_gwei), Money{30'700'000});
  EXPECT_EQ(exit_gas_price(omg, Money{30'700'000}), 50_gwei);
  EXPECT_EQ(exit_gas_price(omg, 10_usd), GasPrice{});
}

TEST(PlasmaBonds, AreThoseOfOmiseGo) {
  const PlasmaBonds bonds;
  EXPECT_NEAR(bonds.standard.ether(), 0.0233, 1e-12);
  EXPECT_NEAR(bonds.in_flight.ether(), 0.0269, 1e-12);
  EXPECT_NEAR(bonds.piggyback.ether(), 0.0309, 1e-12);
  EXPECT_NEAR(bonds.bounty.ether(), 0.00535, 1e-12);
  EXPECT_EQ(PlasmaParams{}.min_exit_period, 7_d);
}

TEST(PlasmaCash, HistoryGrowsWithBlocksTimesTheDepthOfTheTree) {
  EXPECT_EQ(history_bytes(1'000, 1'024), 1'000U * 10 * 32);
  EXPECT_EQ(history_bytes(1'000, 1'025), 1'000U * 11 * 32);
  EXPECT_EQ(history_bytes(0, 1'024), 0U);
}

}  // namespace
}  // namespace mezz::plasma
