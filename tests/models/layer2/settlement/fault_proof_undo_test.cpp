// The contract alone: calls put in and taken out by hand, as layer one does.
#include <gtest/gtest.h>

#include "sim/engine/archive.h"
#include "tests/models/layer2/settlement/settlement_world.h"

namespace mezz {
namespace {

using layer2::GameStatus;
using testing::BlockMaker;
using testing::kClock;
using testing::SettlementWorld;

class Scripted final : public EntityOf<Scripted, NoParams, L1Sender> {
 public:
  using EntityOf::EntityOf;
  void on(Context&, const L1Included&) override {}
  void on(Context&, const L1Reverted&) override {}
};

struct Bench {
  World world{WorldOptions{}};
  Ref<BlockMaker> node = world.add<BlockMaker>("node", NoParams{});
  Ref<FaultProof> proof_ref =
      world.add<FaultProof>("proof", FaultProofParams{}, world.get(node).chain);
  Ref<Scripted> alice = world.add<Scripted>("alice", NoParams{});
  Ref<Scripted> bob = world.add<Scripted>("bob", NoParams{});
  layer2::PartyId alice_party = proof().join(alice, {});
  layer2::PartyId bob_party = proof().join(bob, {});
  Time now;
  std::vector<L1Execute> calls;

  Bench() {
    world.start();
    run(61_min);
  }
  FaultProof& proof() { return world.get(proof_ref); }
  void run(Duration by) {
    now += by;
    world.run(now);
  }
  void call(Ref<L1Sender> from, L1CallKind kind, std::uint64_t a, std::uint64_t b) {
    calls.push_back({.from = from,
                     .kind = kind,
                     .blobs = 0,
                     .tag = calls.size(),
                     .a = a,
                     .b = b,
                     .block = L1BlockId{calls.size() + 1},
                     .height = calls.size() + 1});
    world.engine().schedule(now, Ref<L1Contract>(proof_ref), calls.back());
    world.run(now);
  }
  void claim(std::uint64_t block, std::uint64_t root) {
    call(alice, L1CallKind::StateClaim, block, root);
  }
  void attack(GameId game, layer2::ClaimIndex against, std::uint64_t value) {
    const auto answered = proof().game(game).game.claim(against).value;
    const auto words = DisputeCall{
        .game = game,
        .against = against,
        .answered = DisputeCall::fold(answered),
        .value = {value}}.packed();
    call(bob, L1CallKind::DisputeMove, words.a, words.b);
  }
  void undo() {
    const L1Execute c = calls.back();
    calls.pop_back();
    world.engine().schedule(now, Ref<L1Contract>(proof_ref),
                            L1Undo{.from = c.from,
                                   .kind = c.kind,
                                   .blobs = c.blobs,
                                   .tag = c.tag,
                                   .a = c.a,
                                   .b = c.b,
                                   .block = c.block,
                                   .height = c.height});
    world.run(now);
  }
  std::vector<std::byte> state() {
    std::vector<std::byte> bytes;
    Saver saver(bytes);
    proof().save(saver);
    return bytes;
  }
};

TEST(FaultProofUndo, EveryCallIsTakenBackToTheByte) {
  Bench b;
  b.claim(10, b.world.get(b.node).chain.root(BlockId{10}));
  const auto before_claim = b.state();
  b.claim(60, 0xBAD);
  const auto before_move = b.state();
  b.run(1_h);
  b.attack({1}, {0}, 77);
  ASSERT_EQ(b.proof().game({1}).game.claim_count(), 2U);
  const auto before_refused = b.state();
  b.attack({1}, {0}, 77);  // the same again: refused, but layer one will undo it all the same
  EXPECT_EQ(b.proof().totals().refused, 1U);
  b.run(kClock + kClock);
  const auto before_resolve = b.state();
  b.call({}, L1CallKind::ResolveGame, 1, 0);  // anybody may
  EXPECT_EQ(b.proof().game({1}).game.status(), GameStatus::ChallengerWins);
  EXPECT_EQ(b.proof().bonds(b.bob_party).credited,
            b.proof().bonds(b.bob_party).posted + FaultProofParams{}.game.bond(0));
  b.proof().check_bonds();
  b.undo();
  EXPECT_EQ(b.state(), before_resolve);
  b.undo();
  EXPECT_EQ(b.state(), before_refused);
  b.undo();
  EXPECT_EQ(b.state(), before_move);
  b.undo();
  EXPECT_EQ(b.state(), before_claim);
  b.proof().check_bonds();
}

TEST(FaultProofUndo, UndoneResolutionDoesNotSettle) {
  Bench b;
  b.claim(60, b.world.get(b.node).chain.root(BlockId{60}));
  b.run(kClock);
  b.call({}, L1CallKind::ResolveGame, 0, 0);
  b.undo();
  b.run(1_min);
  b.call({}, L1CallKind::ResolveGame, 0, 0);  // a minute later than the orphaned one
  const Time resolved = b.now;
  b.run(testing::kAirGap - 1_s);
  EXPECT_EQ(b.proof().anchor_block(), BlockId{0});
  b.run(1_s);
  EXPECT_EQ(b.proof().anchor_block(), BlockId{60});
  EXPECT_EQ(b.world.get(b.node).chain.block(BlockId{60}).ladder[Rung::Settled],
            resolved + testing::kAirGap);
}

TEST(FaultProofUndo, ResolvingTooEarlyIsRefused) {
  Bench b;
  b.claim(60, 0xBAD);
  b.run(kClock - 1_s);
  b.call({}, L1CallKind::ResolveGame, 0, 0);
  EXPECT_EQ(b.proof().game({0}).game.status(), GameStatus::InProgress);
  EXPECT_EQ(b.proof().totals().refused, 1U);
}

TEST(FaultProofUndo, TheSameClaimTwiceIsRefused) {
  Bench b;
  b.claim(60, 5);
  b.claim(60, 5);
  b.claim(60, 6);
  EXPECT_EQ(b.proof().games(), 2U);
  EXPECT_EQ(b.proof().totals().refused, 1U);
}

// After a reorganisation another claim may have taken the index that a move names.
TEST(FaultProofUndo, MoveAgainstAnotherClaimThanMeantIsRefused) {
  Bench b;
  b.claim(60, 5);
  const auto words = DisputeCall{
      .game = {0},
      .against = {0},
      .answered = DisputeCall::fold({6}),
      .value = {9}}.packed();
  b.call(b.bob, L1CallKind::DisputeMove, words.a, words.b);
  EXPECT_EQ(b.proof().game({0}).game.claim_count(), 1U);
}

// Nobody can have computed the root of a block that is not published.
TEST(FaultProofUndo, ClaimAboutTheFutureStaysFalseWhenItsBlockComes) {
  Bench b;
  const std::uint64_t root_to_be = 80 * 0x9E37'79B9'7F4A'7C15U;
  b.claim(80, root_to_be);
  EXPECT_EQ(b.world.get(b.node).chain.reached(Rung::Asserted), BlockId{61});
  b.run(1_h);
  EXPECT_EQ(b.world.get(b.node).chain.root(BlockId{80}), root_to_be);
  EXPECT_FALSE(b.proof().is_correct({0}));
  NodeRoots roots(b.world.get(b.node).chain);
  const auto trace = b.proof().honest_trace({0}, roots);
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->output_roots.size(), 61U);
  EXPECT_NE(trace->output((std::uint64_t{1} << 30) - 1).bits, root_to_be);
}

TEST(DisputeCall, SurvivesTheTwoWords) {
  const DisputeCall call{.game = {123'456},
                         .against = {654'321},
                         .action = layer2::PlannedMove::Action::Step,
                         .kind = layer2::MoveKind::Defend,
                         .answered = DisputeCall::fold({0x1234'5678'9ABC'DEF0}),
                         .value = {0xFEDC'BA98'7654'3210}};
  const DisputeCall back = DisputeCall::from(call.packed());
  EXPECT_EQ(back.game, call.game);
  EXPECT_EQ(back.against, call.against);
  EXPECT_EQ(back.action, call.action);
  EXPECT_EQ(back.kind, call.kind);
  EXPECT_EQ(back.answered, call.answered);
  EXPECT_EQ(back.value, call.value);
}

}  // namespace
}  // namespace mezz
