#include "models/layer2/settlement/dispute_game.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"

namespace mezz::layer2 {
namespace {

constexpr PartyId kProposer{1};
constexpr PartyId kChallenger{2};
constexpr PartyId kThird{3};
constexpr Duration kMax = 302'400_s;
constexpr Time kStart{0};

DisputeGame new_game(const DisputeGameParams& params = {}) {
  return {params,
          {.proposer = kProposer,
           .value = {100},
           .anchor = {1},
           .absolute_prestate = {2},
           .at = kStart}};
}

// A small tree for payout tests: depth 6, output roots to depth 2.
DisputeGameParams shallow() {
  DisputeGameParams params;
  params.max_game_depth = 6;
  params.split_depth = 2;
  return params;
}

DisputeGame::Move with_bond(const DisputeGame& game, DisputeGame::Move move) {
  move.bond = game.required_bond(game.claim(move.against).position.moved(move.kind));
  return move;
}

MoveOutcome play(DisputeGame& game, std::uint32_t against, MoveKind kind, std::uint64_t value,
                 PartyId by, Time now) {
  return game.move(
      with_bond(game, {.against = {against}, .kind = kind, .value = {value}, .by = by, .bond = {}}),
      now);
}

constexpr std::uint64_t exec(VmStatus status, std::uint64_t hash) {
  return ClaimValue{hash}.with_status(status).bits;
}

Duration clock_of(const DisputeGame& game, std::uint32_t index) {
  return game.claim({index}).clock;
}

TEST(DisputeGame, UnchallengedRootWinsAtExactlyThreeAndAHalfDays) {
  DisputeGame game = new_game();
  EXPECT_EQ(game.resolve_claim({0}, kStart + kMax - Duration{1}), ResolveOutcome::ClockNotExpired);
  EXPECT_EQ(game.resolve(kStart + kMax), ResolveOutcome::OutOfOrder);
  EXPECT_EQ(game.resolve_claim({0}, kStart + kMax), ResolveOutcome::Resolved);
  EXPECT_EQ(game.resolve_claim({0}, kStart + kMax), ResolveOutcome::AlreadyResolved);
  EXPECT_EQ(game.resolve(kStart + kMax), ResolveOutcome::Resolved);
  EXPECT_EQ(game.status(), GameStatus::DefenderWins);
  EXPECT_EQ(game.resolved_at(), kStart + kMax);
  EXPECT_EQ(game.credit(kProposer), game.params().bond(0));
}

TEST(DisputeGame, RootOfEitherBisectionCannotBeDefended) {
  DisputeGame game = new_game(shallow());
  EXPECT_EQ(play(game, 0, MoveKind::Defend, 5, kChallenger, kStart), MoveOutcome::CannotDefendRoot);
  ASSERT_EQ(play(game, 0, MoveKind::Attack, 5, kChallenger, kStart), MoveOutcome::Accepted);
  ASSERT_EQ(play(game, 1, MoveKind::Attack, 6, kProposer, kStart),
            MoveOutcome::Accepted);  // depth 2
  ASSERT_EQ(play(game, 2, MoveKind::Attack, exec(VmStatus::Invalid, 7), kChallenger, kStart),
            MoveOutcome::Accepted);  // depth 3: execution root
  EXPECT_EQ(play(game, 3, MoveKind::Defend, exec(VmStatus::Unfinished, 8), kProposer, kStart),
            MoveOutcome::CannotDefendRoot);
  EXPECT_EQ(play(game, 3, MoveKind::Attack, exec(VmStatus::Unfinished, 8), kProposer, kStart),
            MoveOutcome::Accepted);
}

TEST(DisputeGame, RefusesWrongBondsDuplicatesAndMovesBelowTheMaximumDepth) {
  DisputeGame game = new_game(shallow());
  DisputeGame::Move move{
      .against = {0}, .value = {5}, .by = kChallenger, .bond = game.params().bond(1)};
  move.bond -= Wei{1};
  EXPECT_EQ(game.move(move, kStart), MoveOutcome::IncorrectBond);
  move.bond += Wei{2};
  EXPECT_EQ(game.move(move, kStart), MoveOutcome::IncorrectBond);
  ASSERT_EQ(play(game, 0, MoveKind::Attack, 5, kChallenger, kStart), MoveOutcome::Accepted);
  EXPECT_EQ(play(game, 0, MoveKind::Attack, 5, kThird, kStart), MoveOutcome::DuplicateClaim);
  EXPECT_EQ(play(game, 0, MoveKind::Attack, 6, kThird, kStart), MoveOutcome::Accepted);
  ASSERT_EQ(play(game, 1, MoveKind::Attack, 6, kProposer, kStart), MoveOutcome::Accepted);
  ASSERT_EQ(play(game, 3, MoveKind::Attack, exec(VmStatus::Panic, 7), kChallenger, kStart),
            MoveOutcome::Accepted);
  for (std::uint32_t against = 4; against < 7; ++against) {
    ASSERT_EQ(play(game, against, MoveKind::Attack, against, kThird, kStart),
              MoveOutcome::Accepted);
  }
  ASSERT_EQ(game.claim({7}).position.depth(), 6U);
  const DisputeGame::Move too_deep{.against = {7}, .value = {1}, .by = kThird, .bond = {}};
  EXPECT_EQ(game.move(too_deep, kStart), MoveOutcome::DepthExceeded);
}

// _verifyExecBisectionRoot: an attacked output must be refuted; a defended one was the mover's own
// team's (VALID) when the neighbouring output belongs to the mover's team, and the other's
// otherwise.
TEST(DisputeGame, ExecutionRootMustCarryTheExpectedStatus) {
  DisputeGame game = new_game(shallow());
  ASSERT_EQ(play(game, 0, MoveKind::Attack, 5, kChallenger, kStart),
            MoveOutcome::Accepted);  // 1: g 2
  ASSERT_EQ(play(game, 1, MoveKind::Attack, 6, kProposer, kStart),
            MoveOutcome::Accepted);  // 2: g 4
  ASSERT_EQ(play(game, 1, MoveKind::Defend, 6, kProposer, kStart),
            MoveOutcome::Accepted);  // 3: g 6
  EXPECT_EQ(play(game, 2, MoveKind::Attack, exec(VmStatus::Valid, 7), kChallenger, kStart),
            MoveOutcome::UnexpectedVmStatus);
  EXPECT_EQ(play(game, 2, MoveKind::Attack, exec(VmStatus::Unfinished, 7), kChallenger, kStart),
            MoveOutcome::UnexpectedVmStatus);
  EXPECT_EQ(play(game, 2, MoveKind::Attack, exec(VmStatus::Panic, 7), kChallenger, kStart),
            MoveOutcome::Accepted);
  // Defending g 4 disputes g 5, whose claim is g 2 (depth 1, the mover's team): VALID.
  EXPECT_EQ(play(game, 2, MoveKind::Defend, exec(VmStatus::Invalid, 7), kChallenger, kStart),
            MoveOutcome::UnexpectedVmStatus);
  EXPECT_EQ(play(game, 2, MoveKind::Defend, exec(VmStatus::Valid, 7), kChallenger, kStart),
            MoveOutcome::Accepted);
  // Defending g 6 disputes g 7, whose claim is the root (depth 0, the other team): INVALID.
  EXPECT_EQ(play(game, 3, MoveKind::Defend, exec(VmStatus::Valid, 7), kChallenger, kStart),
            MoveOutcome::UnexpectedVmStatus);
  EXPECT_EQ(play(game, 3, MoveKind::Defend, exec(VmStatus::Invalid, 7), kChallenger, kStart),
            MoveOutcome::Accepted);
}

// By hand: A attacks after 10 h (clock 10), B answers after 20 h more (0 + 20), A after 5 h more
// (10 + 5), B after 1 h (20 + 1).
TEST(DisputeGame, ClockIsInheritedFromTheGrandparent) {
  DisputeGame game = new_game();
  play(game, 0, MoveKind::Attack, 5, kChallenger, kStart + 10_h);
  play(game, 1, MoveKind::Attack, 6, kProposer, kStart + 30_h);
  play(game, 2, MoveKind::Attack, 7, kChallenger, kStart + 35_h);
  play(game, 3, MoveKind::Attack, 8, kProposer, kStart + 36_h);
  EXPECT_EQ(clock_of(game, 1), 10_h);
  EXPECT_EQ(clock_of(game, 2), 20_h);
  EXPECT_EQ(clock_of(game, 3), 15_h);
  EXPECT_EQ(clock_of(game, 4), 21_h);
  // Whoever counters claim 4 continues from claim 3's clock: 84 - 15 hours from now.
  EXPECT_EQ(game.clock_expires({4}), kStart + 36_h + 69_h);
  // A second branch starts from the same grandparent, not from what the first branch used.
  play(game, 1, MoveKind::Attack, 9, kThird, kStart + 40_h);
  EXPECT_EQ(clock_of(game, 5), 30_h);
}

TEST(DisputeGame, NoMoveOnceTheClockIsUsedUp) {
  DisputeGame game = new_game();
  EXPECT_EQ(play(game, 0, MoveKind::Attack, 5, kChallenger, kStart + kMax),
            MoveOutcome::ClockExpired);
  DisputeGame other = new_game();
  EXPECT_EQ(play(other, 0, MoveKind::Attack, 5, kChallenger, kStart + kMax - 1_s),
            MoveOutcome::Accepted);
}

TEST(DisputeGame, ALateMoveLeavesTheMoverThreeHours) {
  DisputeGame game = new_game();
  play(game, 0, MoveKind::Attack, 5, kChallenger, kStart + kMax - 1_s);
  EXPECT_EQ(clock_of(game, 1), kMax - 3_h);
  DisputeGame edge = new_game();  // exactly 3 h left needs no extension
  play(edge, 0, MoveKind::Attack, 5, kChallenger, kStart + kMax - 3_h);
  EXPECT_EQ(clock_of(edge, 1), kMax - 3_h);
  DisputeGame early = new_game();
  play(early, 0, MoveKind::Attack, 5, kChallenger, kStart + kMax - 3_h - 1_s);
  EXPECT_EQ(clock_of(early, 1), kMax - 3_h - 1_s);
}

TEST(DisputeGame, ExtensionIsLongerBeforeExecutionAndBeforeTheStep) {
  const DisputeGameParams params;
  EXPECT_EQ(params.extension_at(28), 3_h);
  EXPECT_EQ(params.extension_at(29), 6_h);
  EXPECT_EQ(params.extension_at(30), 3_h);
  EXPECT_EQ(params.extension_at(72), 27_h);
  EXPECT_EQ(params.extension_at(73), 3_h);
  DisputeGame game = new_game(shallow());  // split depth - 1 = 1: the first attack already
  play(game, 0, MoveKind::Attack, 5, kChallenger, kStart + kMax - 1_s);
  EXPECT_EQ(clock_of(game, 1), kMax - 6_h);
}

TEST(DisputeGame, ChildrenMustBeResolvedFirst) {
  DisputeGame game = new_game();
  play(game, 0, MoveKind::Attack, 5, kChallenger, kStart + 1_h);
  play(game, 1, MoveKind::Attack, 6, kProposer, kStart + 2_h);
  // The root's own counter-clock is long over; the claims below it are not.
  EXPECT_EQ(game.resolve_claim({0}, kStart + kMax), ResolveOutcome::OutOfOrder);
  EXPECT_EQ(game.resolve_claim({2}, kStart + kMax), ResolveOutcome::ClockNotExpired);
  const Time end = game.clock_expires({2});
  EXPECT_EQ(end, kStart + 2_h + kMax - 1_h);
  EXPECT_EQ(game.resolve_claim({2}, end), ResolveOutcome::Resolved);
  EXPECT_EQ(game.resolve_claim({1}, end), ResolveOutcome::Resolved);
  EXPECT_EQ(game.resolve_claim({0}, end), ResolveOutcome::Resolved);
  EXPECT_EQ(game.resolve(end), ResolveOutcome::Resolved);
  EXPECT_EQ(game.status(), GameStatus::DefenderWins);
  EXPECT_EQ(game.credit(kProposer),
            game.deposited());  // its own bonds and the countered challenger's
  EXPECT_EQ(play(game, 0, MoveKind::Attack, 9, kThird, end), MoveOutcome::GameOver);
}

TEST(DisputeGame, LeftMostUncounteredChildGetsTheBond) {
  DisputeGame game = new_game(shallow());
  play(game, 0, MoveKind::Attack, 5, kChallenger, kStart);  // 1: g 2
  play(game, 1, MoveKind::Defend, 6, kThird, kStart);       // 2: g 6, first in time, to the right
  play(game, 1, MoveKind::Attack, 6, kProposer, kStart);    // 3: g 4, the left-most
  EXPECT_EQ(game.resolve_all(kStart + kMax), GameStatus::DefenderWins);
  EXPECT_EQ(game.claim({1}).paid_to, kProposer);
  EXPECT_EQ(game.credit(kThird), game.params().bond(2));
  EXPECT_EQ(game.credit(kChallenger), Wei::zero());
}

TEST(DisputeGame, CounteredLeftMostChildDoesNotGetTheBond) {
  DisputeGame game = new_game(shallow());
  play(game, 0, MoveKind::Attack, 5, kChallenger, kStart);                           // 1
  play(game, 1, MoveKind::Attack, 6, kThird, kStart);                                // 2: g 4
  play(game, 1, MoveKind::Defend, 6, kProposer, kStart);                             // 3: g 6
  play(game, 2, MoveKind::Attack, exec(VmStatus::Invalid, 7), kChallenger, kStart);  // counters 2
  game.resolve_all(kStart + kMax);
  EXPECT_EQ(game.claim({1}).paid_to, kProposer);
  EXPECT_EQ(game.claim({2}).paid_to, kChallenger);
}

TEST(DisputeGame, EqualPositionsPayTheOlderClaim) {
  DisputeGame game = new_game(shallow());
  play(game, 0, MoveKind::Attack, 5, kThird, kStart);
  play(game, 0, MoveKind::Attack, 6, kChallenger, kStart);
  EXPECT_EQ(game.resolve_all(kStart + kMax), GameStatus::ChallengerWins);
  EXPECT_EQ(game.claim({0}).paid_to, kThird);
}

// Path of attacks to depth 6, where the leaf is claim 6 at instruction 0.
DisputeGame at_the_leaf() {
  DisputeGame game = new_game(shallow());
  for (std::uint32_t depth = 1; depth <= 6; ++depth) {
    const std::uint64_t value = depth == 3 ? exec(VmStatus::Invalid, 3) : depth;
    EXPECT_EQ(play(game, depth - 1, MoveKind::Attack, value,
                   depth % 2 == 1 ? kChallenger : kProposer, kStart),
              MoveOutcome::Accepted);
  }
  return game;
}

TEST(DisputeGame, AttackStepStandsOnlyAgainstAWrongPostState) {
  DisputeGame game = at_the_leaf();
  const DisputeGame::Step step{.against = {6}, .kind = MoveKind::Attack, .by = kThird};
  EXPECT_EQ(game.step_states(step).before, game.absolute_prestate());
  EXPECT_EQ(game.step_states(step).after_claim, ClaimIndex{6});
  EXPECT_EQ(game.step({.against = {5}, .by = kThird}, VmVerdict::Differs, kStart),
            StepOutcome::NotAtMaxDepth);
  EXPECT_EQ(game.step(step, VmVerdict::PrestateUnknown, kStart), StepOutcome::InvalidPrestate);
  EXPECT_EQ(game.step(step, VmVerdict::Matches, kStart), StepOutcome::ClaimIsRight);
  EXPECT_EQ(game.step(step, VmVerdict::Differs, kStart), StepOutcome::Accepted);
  EXPECT_EQ(game.step(step, VmVerdict::Differs, kStart), StepOutcome::DuplicateStep);
  // The stepper gets the leaf's bond; the leaf no longer counters claim 5, and so on to the root.
  EXPECT_EQ(game.resolve_all(kStart + kMax), GameStatus::ChallengerWins);
  EXPECT_EQ(game.credit(kThird), game.params().bond(6));
  EXPECT_EQ(game.credit(kProposer), Wei::zero());
}

// Defending the leaf runs the next instruction, whose post-state is claim 5 (g 32's right neighbour
// 65 climbs to it): depth 5, the stepper's own team, so the VM must confirm it.
TEST(DisputeGame, DefendStepNeedsTheOwnTeamsPostStateConfirmed) {
  DisputeGame game = at_the_leaf();
  const DisputeGame::Step step{.against = {6}, .kind = MoveKind::Defend, .by = kChallenger};
  EXPECT_EQ(game.step_states(step).before, game.claim({6}).value);
  EXPECT_EQ(game.step_states(step).after_claim, ClaimIndex{5});
  EXPECT_EQ(game.step_states(step).instruction, 1U);
  EXPECT_EQ(game.step(step, VmVerdict::Differs, kStart), StepOutcome::ClaimIsRight);
  EXPECT_EQ(game.step(step, VmVerdict::Matches, kStart), StepOutcome::Accepted);
}

TEST(DisputeGame, RefundReturnsEveryBondToWhoeverPostedIt) {
  DisputeGame game = at_the_leaf();
  game.resolve_all(kStart + kMax);
  EXPECT_EQ(game.credit(kProposer, BondMode::Refund), game.deposited_by(kProposer));
  EXPECT_EQ(game.credit(kProposer, BondMode::Refund) + game.credit(kChallenger, BondMode::Refund),
            game.deposited());
}

TEST(DisputeGame, ParametersTheContractRejectsAreScenarioErrors) {
  DisputeGameParams params;
  params.max_game_depth = params.split_depth + 1;
  EXPECT_THROW(params.check("settlement"), ScenarioError);
  params = {};
  params.max_clock_duration = 26_h;  // less than 3 h + 24 h
  EXPECT_THROW(params.check("settlement"), ScenarioError);
  params = {};
  EXPECT_NO_THROW(params.check("settlement"));
}

TEST(DisputeGame, TimeMayNotRunBackwards) {
  DisputeGame game = new_game();
  play(game, 0, MoveKind::Attack, 5, kChallenger, kStart + 1_h);
  EXPECT_THROW(play(game, 1, MoveKind::Attack, 6, kProposer, kStart), AssertionFailure);
}

}  // namespace
}  // namespace mezz::layer2
