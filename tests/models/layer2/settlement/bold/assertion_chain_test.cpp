// Assertions and challenges with real transactions on a real layer one.
#include "models/layer2/settlement/bold/assertion_chain.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/layer2/settlement/bold/bold_world.h"

namespace mezz {
namespace {

using testing::BoldOptions;
using testing::BoldWorld;

constexpr Duration kPeriod = 549'816_s;  // 45 818 blocks of 12 s

Time at(Duration since_start) { return Time::zero() + since_start; }

double days(const BoldAssertion& lie) {
  return (lie.closed_at - lie.created_at).seconds() / 86'400;
}

BoldOptions with_adversaries(std::int64_t count) {
  BoldOptions o;
  o.bold.adversary.count = count;
  return o;
}

// Validation row A-T-1: 45 818 x 12 s = 549 816 s = 6 d 8 h 43 min 36 s.
TEST(AssertionChain, UnchallengedAssertionIsConfirmedAfterExactly45818Blocks) {
  BoldWorld w(with_adversaries(0));
  w.world.start();
  w.run_until(kPeriod + 4_h);
  const BoldAssertion& first = w.assertion(1);
  EXPECT_EQ(first.created_at, at(1_h + 12_s));  // sent at the head of 1 h, in the next block
  EXPECT_EQ(first.state(), AssertionStatus::Confirmed);
  EXPECT_EQ(first.closed_at - first.created_at, kPeriod);
  const Layer2Block& block = w.chain().block(first.block);
  EXPECT_EQ(block.ladder[Rung::Asserted], first.created_at);
  EXPECT_EQ(block.ladder[Rung::Settled], first.closed_at);
  EXPECT_EQ(w.contract().totals().refused, 0U);
  // One stake, which has moved along.
  EXPECT_EQ(w.defender().player().account().posted, 3'600_eth);
  EXPECT_EQ(w.contract().held(), 3'600_eth);
}

// Validation row A-T-3: an exit from a layer three waits for two periods in turn, 12.727 d. Both
// chains read block numbers of layer one (ArbOS hands them on), so one chain serves for both: what
// is paid on layer two at the end of the first exit starts the second.
TEST(AssertionChain, ExitFromALayerThreeTakesTwoPeriodsInTurn) {
  BoldWorld w(with_adversaries(0));
  w.world.start();
  w.run_until(kPeriod * 2 + 10_h);
  const Layer2Block& third = w.chain().block(w.assertion(1).block);
  const Time paid = third.ladder[Rung::Settled];
  BlockId second = third.number;
  while (w.chain().block(second).sealed < paid) ++second.value;
  const Time out = w.chain().block(second).ladder[Rung::Settled];
  ASSERT_TRUE(out.happened());
  EXPECT_GE(out - third.sealed, kPeriod * 2);
  EXPECT_NEAR((kPeriod * 2).seconds() / 86'400, 12.727, 0.001);
  // Each exit also waits up to two intervals for its assertion.
  EXPECT_LE(out - third.sealed, kPeriod * 2 + 4 * (1_h + 24_s));
}

TEST(AssertionChain, MissedSlotsStretchThePeriodBecauseItCountsBlocks) {
  BoldOptions o = with_adversaries(0);
  o.l1.missed_slot_probability = 10_percent;
  BoldWorld w(o);
  w.world.start();
  w.run_until(kPeriod * 5 / 4);
  const BoldAssertion& first = w.assertion(1);
  ASSERT_EQ(first.state(), AssertionStatus::Confirmed);
  const double blocks = (first.closed_at - first.created_at).seconds() / 12 * 0.9;
  // 45 818 blocks in a binomial number of slots: standard deviation 71 blocks.
  EXPECT_NEAR(blocks, 45'818, 300);
}

TEST(AssertionChain, AssertionsComeEveryHourAndCoverWhatWasPublishedAtTheirParent) {
  BoldWorld w(with_adversaries(0));
  w.world.start();
  w.run_until(10_h);
  ASSERT_GE(w.contract().size(), 9U);
  for (std::uint32_t i = 2; i < w.contract().size(); ++i) {
    EXPECT_EQ(w.assertion(i).created_at - w.assertion(i - 1).created_at, 1_h + 12_s);
    // Blocks are published every full minute.
    EXPECT_EQ(static_cast<std::int64_t>(w.assertion(i).block.value),
              (w.assertion(i - 1).created_at - Time::zero()).ns / (1_min).ns);
  }
}

TEST(AssertionChain, EagerAssertersAreHeldToOneIn75Blocks) {
  BoldOptions o = with_adversaries(0);
  o.bold.defender.assertion_interval = 1_s;
  BoldWorld w(o);
  w.world.start();
  w.run_until(5_h);
  ASSERT_GT(w.contract().size(), 15U);
  for (std::uint32_t i = 1; i < w.contract().size(); ++i) {
    EXPECT_EQ(w.assertion(i).created - w.assertion(i - 1).created, 75U);
  }
}

TEST(AssertionChain, FalseAssertionLosesAgainstOneDefender) {
  BoldWorld w(with_adversaries(1));
  w.lie_at(at(1_d));
  w.world.start();
  w.run_until(18_d);
  const bold::AssertionIndex lie = w.first_false();
  ASSERT_TRUE(lie.exists());
  EXPECT_EQ(w.contract().assertion(lie).state(), AssertionStatus::Rejected);
  const BoldTotals& totals = w.contract().totals();
  EXPECT_EQ(totals.challenges, 1U);
  EXPECT_EQ(totals.false_assertions_settled, 0U);
  EXPECT_EQ(totals.honest_assertions_rejected, 0U);
  EXPECT_EQ(totals.steps, 1U);
  // A path of 68 bisections, 2 refinements for each side; a top edge of each, a proof, and the
  // confirmations of the truth's three top edges.
  EXPECT_EQ(totals.moves, 2U * (68 + 2 + 1) + 1 + 3);
  // Stakes to the wei: the liar loses everything, the defender keeps one stake in the chain.
  const BoldAccount& liar = w.adversary().player().account();
  EXPECT_EQ(liar.posted, 3'600_eth + 555_eth + 79_eth);
  EXPECT_EQ(liar.confiscated, liar.posted);
  const BoldAccount& honest = w.defender().player().account();
  EXPECT_EQ(honest.posted, 3'600_eth + 555_eth + 79_eth);
  EXPECT_EQ(honest.returned, 555_eth + 79_eth);
  EXPECT_EQ(honest.held, 3'600_eth);
  EXPECT_EQ(honest.confiscated, Wei::zero());
  // The truth has gone on meanwhile and catches up: its newest confirmed assertion is a period old.
  const BoldAssertion& newest = w.contract().assertion(w.contract().latest_confirmed());
  EXPECT_GT(newest.created_at, at(11_d));
}

// Duration of one challenge: the truth needs a period on its timers, and loses the time in which
// it was its turn; then the grace period of 14 400 blocks.
TEST(AssertionChain, ChallengeTakesOnePeriodTheDefendersRepliesAndTheGracePeriod) {
  BoldWorld w(with_adversaries(1));
  w.lie_at(at(1_d));
  w.world.start();
  w.run_until(18_d);
  const BoldAssertion& lie = w.contract().assertion(w.first_false());
  const Duration took = lie.closed_at - lie.created_at;
  const Duration grace = 12_s * 14'400;
  // Every answer costs its delay and up to two slots; besides the 71 moves: assertion, top edge,
  // update, confirmations.
  EXPECT_GE(took, kPeriod + grace);
  EXPECT_LE(took, kPeriod + grace + (10_min + 24_s) * 76);
}

// Validation row A-T-2: 2 x 6.3636 d + 2 d of grace = 14.727 d, whoever and how many they are. The
// honest side is silent for almost a period (the censorship budget of the paper), and the
// adversaries have asserted first.
struct WorstCase {
  Duration took;
  std::uint64_t moves = 0;
  Gas gas;
  Wei stake;
};
WorstCase worst_case(std::int64_t adversaries, BoldStyle style) {
  BoldOptions o = with_adversaries(adversaries);
  o.bold.adversary.style = style;
  o.bold.adversary.false_blocks = 4;
  BoldWorld w(o);
  const Time lie = at(1_d);
  w.lie_at(lie);
  // 45 818 blocks less 80 replies of 10 minutes and two slots: what the timers leave.
  w.shock(w.defenders[0], ShockKind::ChallengerDown, lie, lie + kPeriod - (10_min + 24_s) * 80);
  w.shock(w.defenders[0], ShockKind::ProposerDown, lie, lie + kPeriod - (10_min + 24_s) * 80);
  w.world.start();
  w.run_until(25_d);
  WorstCase out;
  const BoldAssertion& first = w.contract().assertion(w.first_false());
  EXPECT_EQ(first.state(), AssertionStatus::Rejected);
  EXPECT_EQ(w.contract().totals().false_assertions_settled, 0U);
  EXPECT_EQ(w.contract().totals().rejected, static_cast<std::uint64_t>(adversaries));
  out.took = first.closed_at - first.created_at;
  out.moves = w.contract().totals().moves;
  out.gas = w.defender().player().gas_sent();
  out.stake = w.defender().player().account().held_peak;
  EXPECT_EQ(w.defender().player().account().confiscated, Wei::zero());
  return out;
}

TEST(AssertionChain, WorstCaseIsTwoPeriodsAndGraceHoweverManyAdversaries) {
  const Duration bound = kPeriod * 2 + 12_s * 14'400;
  EXPECT_NEAR(bound.seconds() / 86'400, 14.727, 0.001);
  WorstCase one;
  for (const std::int64_t n : {1, 3, 10}) {
    const WorstCase now = worst_case(n, BoldStyle::Immediate);
    EXPECT_LE(now.took, bound) << n;
    EXPECT_GE(now.took, kPeriod * 19 / 10 + 12_s * 14'400) << n;  // and it comes close
    if (n == 1) one = now;
    // One path more per adversary, none per pair of them.
    EXPECT_LE(now.moves, one.moves * static_cast<std::uint64_t>(n)) << n;
    EXPECT_LE(now.gas, one.gas * n) << n;
    const Wei sub = (555_eth + 79_eth) * n;
    EXPECT_LE(now.stake, 3'600_eth + sub) << n;
  }
}

TEST(AssertionChain, StallersGainNothing) {
  const Duration bound = kPeriod * 2 + 12_s * 14'400;
  EXPECT_LE(worst_case(3, BoldStyle::Stall).took, bound);
}

TEST(AssertionChain, SilentAdversaryDelaysByAPeriodAndLosesItsStake) {
  BoldOptions o = with_adversaries(1);
  o.bold.adversary.style = BoldStyle::Silent;
  BoldWorld w(o);
  w.lie_at(at(1_d));
  w.world.start();
  w.run_until(12_d);
  const BoldAssertion& lie = w.contract().assertion(w.first_false());
  EXPECT_EQ(lie.state(), AssertionStatus::Rejected);
  EXPECT_EQ(w.adversary().player().account().confiscated, 3'600_eth);
  EXPECT_EQ(w.contract().edges().size(), 1U);
  EXPECT_NEAR(days(lie), 6.3636 + 2.0, 0.03);
}

// Contradicting an assertion that is nearly confirmed gains little: its edge inherits the time in
// which it stood alone.
TEST(AssertionChain, LateContradictionIsAnsweredWithTheTimeTheTruthStoodAlone) {
  BoldOptions o = with_adversaries(1);
  o.bold.adversary.target = BoldTarget::Oldest;
  BoldWorld w(o);
  w.lie_at(at(kPeriod));  // the first assertion, of 1 h, would be confirmed an hour later
  w.world.start();
  w.run_until(12_d);
  const BoldAssertion& lie = w.contract().assertion(w.first_false());
  ASSERT_EQ(lie.parent, bold::AssertionIndex{0});
  EXPECT_EQ(lie.state(), AssertionStatus::Rejected);
  EXPECT_LT(days(lie), 2.0 + 1.0);
}

TEST(AssertionChain, FalseFirstAssertionSettlesUnopposed) {
  BoldOptions o = with_adversaries(1);
  o.bold.defender.count = 0;
  BoldWorld w(o);
  w.lie_at(at(2_h));
  w.world.start();
  w.run_until(8_d);
  EXPECT_EQ(w.contract().totals().false_assertions_settled, 1U);
  EXPECT_EQ(w.contract().latest_confirmed(), w.first_false());
  EXPECT_EQ(w.chain().reached(Rung::Settled), w.assertion(1).block);
}

TEST(AssertionChain, ASecondDefenderTakesOverAndNothingIsLost) {
  BoldOptions o = with_adversaries(1);
  o.bold.defender.count = 2;
  BoldWorld w(o);
  w.lie_at(at(1_d));
  w.shock(w.defenders[0], ShockKind::ChallengerDown, at(2_d), at(14_d));
  w.shock(w.defenders[0], ShockKind::ProposerDown, at(1_d), at(14_d));
  w.world.start();
  w.run_until(18_d);
  EXPECT_EQ(w.contract().assertion(w.first_false()).state(), AssertionStatus::Rejected);
  EXPECT_EQ(w.contract().totals().honest_assertions_rejected, 0U);
  EXPECT_EQ(w.adversary().player().account().confiscated, 4'234_eth);
}

BoldOptions eventful() {
  BoldOptions o = with_adversaries(3);
  o.l1 = BaseChainParams{};  // with chance and other people
  o.l1.reorg_probability = 5_percent;
  o.l1.reorg_deeper = 60_percent;
  o.bold.adversary.false_blocks = 4;
  o.bold.rules.challenge_period = 3'000;
  o.bold.rules.grace_period = 300;
  o.bold.defender.reply_delay = DelayDistribution::exponential(1_min);
  o.link = {.delay = DelayDistribution::exponential(500_ms)};
  return o;
}

TEST(AssertionChain, ReorganisationsOfLayerOneChangeNothingInTheEnd) {
  BoldWorld w(eventful());
  w.lie_at(at(6_h));
  w.world.start();
  w.run_until(60_h);
  w.chain().reach(Rung::OrderFinal, BlockId{1}, w.chain().head(), at(60_h));
  w.run_until(3_d);
  EXPECT_EQ(w.contract().totals().false_assertions_settled, 0U);
  EXPECT_EQ(w.contract().totals().honest_assertions_rejected, 0U);
  EXPECT_EQ(w.contract().totals().rejected, 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const BoldAccount& liar = w.adversary(i).player().account();
    EXPECT_GE(liar.confiscated, 3'600_eth);
    EXPECT_EQ(liar.returned, Wei::zero());
  }
  EXPECT_EQ(w.defender().player().account().confiscated, Wei::zero());
  EXPECT_GT(w.chain().fixed().value, 0U);
}

TEST(AssertionChain, RestoredRunIsTheUninterruptedRun) {
  BoldWorld whole(eventful());
  whole.lie_at(at(6_h));
  whole.world.start();
  whole.run_until(2_d);
  BoldWorld first(eventful());
  first.lie_at(at(6_h));
  first.world.start();
  first.run_until(8_h);
  ASSERT_GT(first.contract().edges().size(), 20U);
  const std::vector<std::byte> snapshot = first.world.save();
  BoldWorld second(eventful());
  second.world.start();
  second.world.restore(snapshot);
  EXPECT_EQ(second.world.save(), snapshot);
  second.run_until(2_d);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.save(), whole.world.save());
}

TEST(AssertionChain, InstructionBeyondTheBlockIsRefused) {
  BoldOptions o = with_adversaries(1);
  o.bold.adversary.false_instruction = std::int64_t{1} << 42;
  EXPECT_THROW(BoldWorld{o}, ScenarioError);
}

}  // namespace
}  // namespace mezz
