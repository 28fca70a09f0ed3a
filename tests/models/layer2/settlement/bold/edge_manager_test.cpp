#include "models/layer2/settlement/bold/edge_manager.h"

#include <gtest/gtest.h>

#include "models/layer2/settlement/bold/edge_moves.h"
#include "sim/check/error.h"
#include "sim/engine/archive.h"

namespace mezz::bold {
namespace {

constexpr AssertionIndex kParent{0};
constexpr AssertionIndex kTrue{1};
constexpr AssertionIndex kFalse{2};
constexpr AssertionIndex kOtherFalse{3};
constexpr PartyId kHonest{0};
constexpr PartyId kLiar{1};
constexpr std::uint64_t kFalseRoot = 0xBAD;

History lie(std::uint32_t diverges, std::uint64_t root = kFalseRoot) {
  return {.diverges = diverges, .name = lie_name(root, diverges)};
}

// Levels of 8 blocks, 4 big steps, 2 small steps; a period of 100 blocks.
BoldRules small() {
  BoldRules rules;
  rules.challenge_period = 100;
  rules.block_height = 3;
  rules.big_step_height = 2;
  rules.small_step_height = 1;
  return rules;
}

struct Challenge {
  EdgeManager edges{small()};
  EdgeIndex truth;
  EdgeIndex liar;

  explicit Challenge(const BoldRules& rules = small(), std::uint32_t diverges = 5) : edges(rules) {
    truth = claim(kTrue, 0, {}, 10);
    liar = claim(kFalse, kFalseRoot, lie(diverges), 20);
  }
  EdgeIndex claim(AssertionIndex assertion, std::uint64_t false_end, History history,
                  std::uint64_t height) {
    const EdgeOutcome outcome = edges.claim_assertion({.parent = kParent,
                                                       .assertion = assertion,
                                                       .false_end = false_end,
                                                       .history = history,
                                                       .by = false_end == 0 ? kHonest : kLiar},
                                                      height);
    EXPECT_EQ(outcome, EdgeOutcome::Accepted);
    return {edges.size() - 1};
  }
  // Plays all that is due for one side at a height; returns the number of moves.
  int play(EdgeIndex top, Belief belief, std::uint64_t height) {
    int moves = 0;
    for (const PlannedEdgeMove& move : next_moves(edges, top, belief)) {
      const Edge edge = edges.edge(move.edge);
      EdgeOutcome outcome = EdgeOutcome::UnknownEdge;
      if (move.action == EdgeAction::Bisect) outcome = edges.bisect(move.edge, height);
      if (move.action == EdgeAction::Prove) outcome = edges.prove_step(move.edge, height);
      if (move.action == EdgeAction::Refine) {
        const bool truth_speaks = belief == Belief::Truth;
        const History history = truth_speaks ? History{} : lie(2, edge.end_label);
        outcome = edges.refine(move.edge, history, truth_speaks ? kHonest : kLiar, height);
      }
      EXPECT_EQ(outcome, EdgeOutcome::Accepted);
      ++moves;
    }
    return moves;
  }
};

TEST(EdgeManager, TimerStopsAtTheFirstRivalAndLaterRivalsNeverHaveOne) {
  Challenge c;
  EXPECT_EQ(c.edges.edge(c.truth).unrivalled(19), 9U);
  EXPECT_EQ(c.edges.edge(c.truth).unrivalled(500), 10U);  // 10 to 20
  EXPECT_EQ(c.edges.edge(c.liar).unrivalled(500), 0U);
  const EdgeIndex third = c.claim(kOtherFalse, 0xBEEF, lie(7, 0xBEEF), 30);
  EXPECT_EQ(c.edges.edge(third).unrivalled(500), 0U);
  EXPECT_EQ(c.edges.edge(third).group, c.truth.value);  // all against all
}

TEST(EdgeManager, AgreedHalfIsOneEdgeThatBothShare) {
  Challenge c(small(), 5);  // heights 0 to 4 agreed
  ASSERT_EQ(c.edges.bisect(c.truth, 30), EdgeOutcome::Accepted);
  ASSERT_EQ(c.edges.bisect(c.liar, 40), EdgeOutcome::Accepted);
  const Edge truth = c.edges.edge(c.truth);
  const Edge liar = c.edges.edge(c.liar);
  EXPECT_EQ(truth.lower, liar.lower);
  EXPECT_NE(truth.upper, liar.upper);
  EXPECT_FALSE(c.edges.edge(truth.lower).is_rivalled());
  EXPECT_EQ(c.edges.edge(truth.upper).unrivalled(99), 10U);  // 30 to 40
  EXPECT_EQ(c.edges.edge(liar.upper).unrivalled(99), 0U);
  // In the other half they have nothing in common: [4, 8] of the liar begins elsewhere.
  Challenge early(small(), 3);
  ASSERT_EQ(early.edges.bisect(early.truth, 30), EdgeOutcome::Accepted);
  ASSERT_EQ(early.edges.bisect(early.liar, 40), EdgeOutcome::Accepted);
  EXPECT_NE(early.edges.edge(early.truth).lower, early.edges.edge(early.liar).lower);
  EXPECT_FALSE(early.edges.edge(early.edges.edge(early.truth).upper).is_rivalled());
}

TEST(EdgeManager, InheritsTheLeastOfTheChildrenOnlyWhenItIsWritten) {
  Challenge c;
  ASSERT_EQ(c.edges.bisect(c.truth, 30), EdgeOutcome::Accepted);
  ASSERT_EQ(c.edges.bisect(c.liar, 70), EdgeOutcome::Accepted);
  // Lower half alone since 30; upper half alone from 30 to 70.
  EXPECT_EQ(c.edges.inherited_timer(c.truth, 90), 10U + 40U);
  EXPECT_EQ(c.edges.written_timer(c.truth, 90), 10U);
  ASSERT_EQ(c.edges.update(c.truth, {.first = 0, .count = 2}, 90), EdgeOutcome::Accepted);
  EXPECT_EQ(c.edges.edge(c.edges.edge(c.truth).lower).cache, 60U);
  EXPECT_EQ(c.edges.edge(c.truth).cache, 0U);
  EXPECT_EQ(c.edges.written_timer(c.truth, 90), 50U);
  ASSERT_EQ(c.edges.update(c.truth, {.first = 2, .count = 1}, 95), EdgeOutcome::Accepted);
  EXPECT_EQ(c.edges.edge(c.truth).cache, 50U);
}

TEST(EdgeManager, ConfirmsAtThePeriodAndNotABlockEarlier) {
  Challenge c;
  ASSERT_EQ(c.edges.bisect(c.truth, 30), EdgeOutcome::Accepted);
  // 10 blocks at the top, and both halves alone from 30: 30 + 90.
  EXPECT_EQ(c.edges.confirmable_at(c.truth, 0), 120U);
  EXPECT_EQ(c.edges.confirmable_at(c.truth, 25), 95U);  // its assertion stood alone for 25
  EXPECT_EQ(c.edges.confirmable_at(c.liar, 0), kNeverHeight);
  ASSERT_EQ(c.edges.update(c.truth, {.first = 0, .count = 9}, 119), EdgeOutcome::Accepted);
  EXPECT_EQ(c.edges.confirm(c.truth, 0, 119), EdgeOutcome::TimerTooShort);
  EXPECT_EQ(c.edges.confirm(c.truth, 0, 120), EdgeOutcome::TimerTooShort);  // not written yet
  ASSERT_EQ(c.edges.update(c.truth, {.first = 0, .count = 9}, 120), EdgeOutcome::Accepted);
  EXPECT_EQ(c.edges.confirm(c.truth, 0, 120), EdgeOutcome::Accepted);
  EXPECT_EQ(c.edges.confirm(c.liar, 1'000, 500), EdgeOutcome::RivalConfirmed);
  EXPECT_EQ(c.edges.bisect(c.liar, 500), EdgeOutcome::RivalConfirmed);
}

// Reference sheet, section 2.4: 26 + 19 + 23 bisections, 2 refinements and a one-step proof.
TEST(EdgeManager, LongestPathHas68BisectionsTwoRefinementsAndOneProof) {
  Challenge c(BoldRules{}, 12'345);
  std::uint64_t height = 100;
  int honest = 0;
  int liar = 0;
  for (int round = 0; round < 100; ++round) {
    const int mine = c.play(c.truth, Belief::Truth, ++height);
    const int theirs = c.play(c.liar, Belief::Lie, ++height);
    honest += mine;
    liar += theirs;
    if (mine + theirs == 0) break;
  }
  EXPECT_EQ(honest, 26 + 19 + 23 + 2 + 1);
  EXPECT_EQ(liar, 26 + 19 + 23 + 2);
  EXPECT_EQ(BoldRules{}.path_bisections(), 68U);
  // Nothing of the liar's path can ever be confirmed, all of the truth's can.
  EXPECT_EQ(c.edges.confirmable_at(c.liar, 0), kNeverHeight);
  EXPECT_LE(c.edges.confirmable_at(c.truth, 0), height + BoldRules{}.period());
}

TEST(EdgeManager, OneStepRunsTheInstructionAndOnlyTheTruthComesOut) {
  Challenge c;
  std::uint64_t height = 30;
  for (int round = 0; round < 20; ++round) {
    c.play(c.liar, Belief::Lie, ++height);
    bool last = false;
    for (const PlannedEdgeMove& move : next_moves(c.edges, c.truth, Belief::Truth)) {
      if (move.action != EdgeAction::Prove) continue;
      last = true;
      const Edge step = c.edges.edge(move.edge);
      for (std::uint32_t i = step.group; i < c.edges.size(); ++i) {
        if (c.edges.edge({i}).group != step.group || i == move.edge.value) continue;
        EXPECT_EQ(c.edges.prove_step({i}, height), EdgeOutcome::StepFails);
      }
      ASSERT_EQ(c.edges.prove_step(move.edge, height), EdgeOutcome::Accepted);
      EXPECT_EQ(c.edges.edge(move.edge).cache, kForeverBlocks);
    }
    if (last) return;
    c.play(c.truth, Belief::Truth, height);
  }
  FAIL() << "the challenge never came down to one step";
}

TEST(EdgeManager, RefusesWhatTheContractRefuses) {
  Challenge c;
  EXPECT_EQ(c.edges.bisect({99}, 30), EdgeOutcome::UnknownEdge);
  EXPECT_EQ(c.edges.refine(c.truth, {}, kHonest, 30), EdgeOutcome::WrongLength);
  EXPECT_EQ(c.edges.prove_step(c.truth, 30), EdgeOutcome::WrongLength);
  ASSERT_EQ(c.edges.bisect(c.truth, 30), EdgeOutcome::Accepted);
  EXPECT_EQ(c.edges.bisect(c.truth, 31), EdgeOutcome::AlreadyExists);
  EXPECT_EQ(c.edges.bisect(c.edges.edge(c.truth).lower, 31), EdgeOutcome::NotRivalled);
  EXPECT_EQ(c.edges.confirm(c.edges.edge(c.truth).lower, 0, 900), EdgeOutcome::NotTop);
  const auto claim = [&](History history, std::uint64_t false_end) {
    return c.edges.claim_assertion({.parent = kParent,
                                    .assertion = kOtherFalse,
                                    .false_end = false_end,
                                    .history = history,
                                    .by = kLiar},
                                   31);
  };
  EXPECT_EQ(claim({}, 0xBEEF), EdgeOutcome::HistoryMismatch);  // a false state needs a lie
  EXPECT_EQ(claim(lie(5), 0), EdgeOutcome::HistoryMismatch);
  EXPECT_EQ(claim(lie(5), 0xBEEF), EdgeOutcome::HistoryMismatch);      // the lie of another root
  EXPECT_EQ(claim(lie(9), kFalseRoot), EdgeOutcome::HistoryMismatch);  // beyond the end
}

TEST(EdgeManager, UndoTakesEveryMoveBackExactly) {
  Challenge c;
  (void)c.edges.take_journal();
  const auto bytes = [&] {
    std::vector<std::byte> out;
    Saver saver(out);
    saver.value(c.edges);
    return out;
  };
  std::vector<std::vector<std::byte>> states{bytes()};
  std::vector<EdgeJournal> journals;
  const auto keep = [&] {
    journals.push_back(c.edges.take_journal());
    states.push_back(bytes());
  };
  std::uint64_t height = 30;
  for (int round = 0; round < 20; ++round) {
    c.play(c.truth, Belief::Truth, ++height);
    keep();
    c.play(c.liar, Belief::Lie, ++height);
    keep();
  }
  ASSERT_EQ(c.edges.update(c.truth, {.first = 0, .count = 99}, 200), EdgeOutcome::Accepted);
  ASSERT_EQ(c.edges.confirm(c.truth, 0, 200), EdgeOutcome::Accepted);
  keep();
  EXPECT_GT(c.edges.size(), 12U);
  while (!journals.empty()) {
    states.pop_back();
    c.edges.undo(journals.back());
    journals.pop_back();
    (void)c.edges.take_journal();
    ASSERT_EQ(bytes(), states.back());
  }
}

TEST(EdgeMoveCall, SurvivesTheTwoWords) {
  const EdgeMoveCall refine{.action = EdgeAction::Refine,
                            .subject = 123'456,
                            .fold = 0xABC'DEF0,
                            .history = {.diverges = 77, .name = 0xFFFF'0001}};
  const EdgeMoveCall back = EdgeMoveCall::from(refine.packed());
  EXPECT_EQ(back.action, EdgeAction::Refine);
  EXPECT_EQ(back.subject, 123'456U);
  EXPECT_EQ(back.fold, 0xABC'DEF0U);
  EXPECT_EQ(back.history, refine.history);
  const EdgeMoveCall update{
      .action = EdgeAction::Update, .subject = 1, .history = {}, .range = {.first = 5, .count = 9}};
  EXPECT_EQ(EdgeMoveCall::from(update.packed()).range.first, 5U);
  EXPECT_EQ(EdgeMoveCall::from(update.packed()).range.count, 9U);
}

TEST(BoldRules, RefusesWhatCannotBeDecided) {
  BoldRules rules;
  rules.challenge_period = 141;  // 68 bisections, 2 refinements, 1 proof, both sides: 142
  EXPECT_THROW(rules.check("bold"), ScenarioError);
  rules = {};
  rules.assertion_period = 45'818;
  EXPECT_THROW(rules.check("bold"), ScenarioError);
  rules = {};
  rules.assertion_stake = Wei{-1};
  EXPECT_THROW(rules.check("bold"), ScenarioError);
  EXPECT_NO_THROW(BoldRules{}.check("bold"));
}

}  // namespace
}  // namespace mezz::bold
