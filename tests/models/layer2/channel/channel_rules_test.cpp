#include "models/layer2/channel/channel_rules.h"

#include <gtest/gtest.h>

#include "sim/random/stream.h"

namespace mezz::channel {
namespace {

constexpr Time at(Duration d) { return Time::zero() + d; }

Machine open_channel() {
  Machine m;
  EXPECT_EQ(m.fund(), Verdict::Accepted);
  return m;
}
Machine challenged(std::uint64_t turn, Time now, Duration window) {
  Machine m = open_channel();
  EXPECT_EQ(m.challenge(turn, now, window), Verdict::Accepted);
  return m;
}

TEST(ChannelMachine, NothingIsPossibleBeforeFunding) {
  Machine m;
  EXPECT_EQ(m.challenge(1, at(0_s), 1_d), Verdict::NotFunded);
  EXPECT_EQ(m.checkpoint(1, at(0_s)), Verdict::NotFunded);
  EXPECT_EQ(m.conclude(1, at(0_s)), Verdict::NotFunded);
  EXPECT_EQ(m.transfer(at(0_s)), Verdict::NotFinalised);
  EXPECT_EQ(m.fund(), Verdict::Accepted);
  EXPECT_EQ(m.fund(), Verdict::AlreadyFunded);
}

// ForceMove.sol: in Open mode the turn must not decrease, in Challenge mode it must increase.
TEST(ChannelMachine, ChallengeOfAnOpenChannelMayRepeatTheTurnOnRecord) {
  Machine m = challenged(5, at(0_s), 1_h);
  EXPECT_EQ(m.checkpoint(7, at(1_min)), Verdict::Accepted);
  EXPECT_EQ(m.challenge(6, at(2_min), 1_h), Verdict::TurnTooLow);
  EXPECT_EQ(m.challenge(7, at(2_min), 1_h), Verdict::Accepted);
}

TEST(ChannelMachine, HigherTurnWinsAndEqualTurnIsRefused) {
  Machine m = challenged(5, at(0_s), 1_h);
  EXPECT_EQ(m.challenge(5, at(1_min), 1_h), Verdict::TurnTooLow);
  EXPECT_EQ(m.checkpoint(5, at(1_min)), Verdict::TurnTooLow);
  EXPECT_EQ(m.checkpoint(4, at(1_min)), Verdict::TurnTooLow);
  EXPECT_EQ(m.mode(at(1_min)), Mode::Challenge);
  EXPECT_EQ(m.checkpoint(6, at(1_min)), Verdict::Accepted);
  EXPECT_EQ(m.mode(at(2_d)), Mode::Open);  // the window is gone
  EXPECT_EQ(m.turn_record, 6U);
}

TEST(ChannelMachine, ChallengeWithAHigherTurnBeginsTheWindowAgain) {
  Machine m = challenged(5, at(0_s), 1_h);
  EXPECT_EQ(m.challenge(6, at(59_min), 1_h), Verdict::Accepted);
  EXPECT_EQ(m.finalises_at, at(119_min));
  EXPECT_EQ(m.mode(at(61_min)), Mode::Challenge);
}

TEST(ChannelMachine, ResponseMustBeTheNextMove) {
  Machine m = open_channel();
  EXPECT_EQ(m.respond(1, at(0_s)), Verdict::NoChallenge);
  m = challenged(5, at(0_s), 1_h);
  EXPECT_EQ(m.respond(5, at(1_s)), Verdict::WrongTurn);
  EXPECT_EQ(m.respond(7, at(1_s)), Verdict::WrongTurn);
  EXPECT_EQ(m.respond(6, at(1_s)), Verdict::Accepted);
  EXPECT_EQ(m.mode(at(2_s)), Mode::Open);
}

// ForceMove._mode: finalizesAt <= block.timestamp is finalised.
TEST(ChannelMachine, WindowFinalisesAtItsVeryEndAndNothingHelpsThen) {
  Machine m = challenged(5, at(10_s), 1_h);
  EXPECT_EQ(m.mode(Time{at(10_s + 1_h).ns - 1}), Mode::Challenge);
  EXPECT_EQ(m.transfer(Time{at(10_s + 1_h).ns - 1}), Verdict::NotFinalised);
  const Time end = at(10_s + 1_h);
  EXPECT_EQ(m.mode(end), Mode::Finalised);
  EXPECT_EQ(m.checkpoint(9, end), Verdict::ChannelFinalised);
  EXPECT_EQ(m.respond(6, end), Verdict::ChannelFinalised);
  EXPECT_EQ(m.challenge(9, end, 1_h), Verdict::ChannelFinalised);
  EXPECT_EQ(m.conclude(9, end), Verdict::ChannelFinalised);
  EXPECT_EQ(m.transfer(end), Verdict::Accepted);
  EXPECT_EQ(m.transfer(end), Verdict::Paid);
  EXPECT_EQ(m.mode(end), Mode::Defunded);
}

TEST(ChannelMachine, ConcludingPaysAtOnceAlsoOutOfAChallenge) {
  Machine m = challenged(5, at(0_s), 1_d);
  EXPECT_EQ(m.conclude(6, at(1_min)), Verdict::Accepted);
  EXPECT_EQ(m.transfer(at(1_min)), Verdict::Accepted);
}

// go-nitro gasResults.json, as in the reference sheet.
TEST(ChannelGas, UnilateralExitsCostWhatTheBenchmarkSays) {
  EXPECT_EQ(exit_gas(Funding::Direct).units, 195'172);  // 113 146 + 82 026
  EXPECT_EQ(exit_gas(Funding::Virtual).units, 470'520);
  EXPECT_EQ(challenge_gas(Funding::Direct).units, 113'146);
  EXPECT_EQ(challenge_gas(Funding::Virtual).units + gas::kTransfer.units, 470'520);
  EXPECT_EQ(gas::kCooperativeExit.units, 111'514);
  EXPECT_EQ(gas::kCheckpoint.units, 73'936);
  EXPECT_EQ(gas::kRespond.units, 96'482);
  EXPECT_LT(gas::kCooperativeExit.units, exit_gas(Funding::Direct).units);
  EXPECT_LT(gas::kLedgerFundedExit.units, gas::kVirtualExit.units);
}

TEST(ChannelGas, BatchOfAHundredCosts33kEach) {
  EXPECT_EQ(funding_gas(100).units, 3'321'861);
  EXPECT_EQ(funding_gas(1).units, 33'219);  // 33 218.61 rounded up
  EXPECT_LT(funding_gas(1).units, gas::kDepositFirst.units);
}

// BOLT 2: 3R+2G+2S = 34 and 2R+G+S = 18 with R=2, G=2, S=12.
TEST(ChannelHops, Bolt2Deltas) {
  EXPECT_EQ(expiry_delta({.reorg = 2, .grace = 2, .inclusion = 12}), 34);
  EXPECT_EQ(fulfil_deadline({.reorg = 2, .grace = 2, .inclusion = 12}), 18);
}

// sigma 60 % a year, one day: 0.6 / sqrt(365) = 3.1405 %; three of them 9.4216 %.
TEST(ChannelMargin, CoversZDeviationsOverTheWindow) {
  EXPECT_NEAR(margin_needed(3.0, 0.6, 1_d), 0.0942157, 1e-6);
  EXPECT_NEAR(margin_needed(1.0, 0.6, 365_d), 0.6, 1e-12);
  EXPECT_NEAR(margin_needed(3.0, 0.6, 4_d), 2 * margin_needed(3.0, 0.6, 1_d), 1e-12);
  EXPECT_EQ(margin_needed(3.0, 0.6, 0_s), 0.0);
}

TEST(ChannelWatch, StaleStateWinsIffTheAnswerComesAtOrAfterTheEnd) {
  EXPECT_FALSE(answer_too_late(60_min, 30_min, 12_s));
  EXPECT_FALSE(answer_too_late(60_min, 59_min, 59_s));
  EXPECT_TRUE(answer_too_late(60_min, 59_min, 60_s));
  EXPECT_TRUE(answer_too_late(60_min, 2_h, 12_s));
}

// 1 - (window - inclusion) / poll between the two certainties, against direct sampling.
TEST(ChannelWatch, LossProbabilityOfAUniformPhase) {
  EXPECT_EQ(loss_probability(60_min, 59_min, 60_s), 0.0);
  EXPECT_EQ(loss_probability(1_min, 1_h, 1_min), 1.0);
  EXPECT_NEAR(loss_probability(31_min, 1_h, 1_min), 0.5, 1e-12);
  Stream stream(7, 0, "test", "phase");
  constexpr int kTrials = 20'000;
  int lost = 0;
  for (int i = 0; i < kTrials; ++i) {
    const Duration until_poll{static_cast<std::int64_t>(stream.below(3'600'000'000'000ULL))};
    lost += answer_too_late(21_min, until_poll, 1_min) ? 1 : 0;
  }
  const double p = loss_probability(21_min, 1_h, 1_min);            // 2/3
  EXPECT_NEAR(static_cast<double>(lost) / kTrials, p, 4 * 0.0034);  // sqrt(2/9 / 20000)
}

TEST(ChannelOutcome, IsEquityAtThePriceInsideTheStateAndNeverNegative) {
  const ContractSpec contract{.underlying = "X", .tick = 1_usd, .lot_decimals = 0};
  const Holding lng{.quote = -400_usd, .position = 5_lots, .price = 100_ticks};
  EXPECT_EQ(outcome(contract, lng), 100_usd);
  EXPECT_EQ(equity(contract, lng, 70_ticks), -50_usd);
  Holding broke = lng;
  broke.price = 70_ticks;
  EXPECT_EQ(outcome(contract, broke), Money::zero());
}

TEST(ChannelShare, GrowsWithoutExchangingAccountsAndDependsOnThePurpose) {
  int few = 0;
  int many = 0;
  int both = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const bool a = chosen(10_percent, i, Purpose::Stale);
    const bool b = chosen(50_percent, i, Purpose::Stale);
    EXPECT_TRUE(!a || b);
    few += a ? 1 : 0;
    many += b ? 1 : 0;
    both += b && chosen(50_percent, i, Purpose::Leaves) ? 1 : 0;
  }
  EXPECT_NEAR(few, 1'000, 120);   // 4 sqrt(900)
  EXPECT_NEAR(many, 5'000, 200);  // 4 sqrt(2500)
  EXPECT_NEAR(both, 2'500, 175);
  EXPECT_EQ(intermediary_lock(3_usd), 6_usd);
}

}  // namespace
}  // namespace mezz::channel
