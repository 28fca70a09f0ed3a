// Whole dispute games, played out move by move by parties who each follow their own trace.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "models/layer2/settlement/honest_strategy.h"
#include "sim/engine/archive.h"

namespace mezz::layer2 {
namespace {

constexpr PartyId kHonest{1};
constexpr PartyId kLiar{2};
constexpr PartyId kThird{3};
constexpr ClaimValue kAnchor{0xA};
constexpr ClaimValue kPrestate{0xB};
constexpr Duration kMax = 302'400_s;

Trace honest_trace() { return {.seed = 42, .anchor = kAnchor}; }

Trace false_trace(std::uint64_t block, std::uint64_t instruction) {
  Trace trace = honest_trace();
  trace.diverges_block = block;
  trace.diverges_instruction = instruction;
  trace.lie = 7;
  return trace;
}

DisputeGame start(const DisputeGameParams& params, PartyId proposer, const Trace& belief) {
  const ClaimValue root = belief.output((std::uint64_t{1} << params.split_depth) - 1);
  return {params,
          {.proposer = proposer,
           .value = root,
           .anchor = kAnchor,
           .absolute_prestate = kPrestate,
           .at = {}}};
}

// Plays a planned move; true when the contract accepts it.
bool apply(DisputeGame& game, const PlannedMove& plan, PartyId by, Time now) {
  if (plan.action == PlannedMove::Action::Step) {
    const DisputeGame::Step step{.against = plan.against, .kind = plan.kind, .by = by};
    return game.step(step, vm_verdict(honest_trace(), game, step), now) == StepOutcome::Accepted;
  }
  return game.move({.against = plan.against,
                    .kind = plan.kind,
                    .value = plan.value,
                    .by = by,
                    .bond = plan.bond},
                   now) == MoveOutcome::Accepted;
}

// All moves a party wants now, repeated until it wants no other that is accepted; returns how many
// were.
int exhaust(DisputeGame& game, const Trace& belief, PartyId by, Time now) {
  int accepted = 0;
  for (bool progress = true; progress;) {
    progress = false;
    for (const PlannedMove& plan : next_moves(game, belief, now)) {
      if (!apply(game, plan, by, now)) continue;
      progress = true;
      ++accepted;
    }
  }
  return accepted;
}

Time last_expiry(const DisputeGame& game) {
  Time last;
  for (std::uint32_t i = 0; i < game.claim_count(); ++i)
    last = std::max(last, game.clock_expires({i}));
  return last;
}

Wei paid_out(const DisputeGame& game) {
  return game.credit(kHonest) + game.credit(kLiar) + game.credit(kThird);
}

TEST(Trace, LiarAgreesBeforeTheDivergenceAndDiffersAfter) {
  const Trace honest = honest_trace();
  const Trace liar = false_trace(1'000, 123'456);
  EXPECT_EQ(honest.output(999), liar.output(999));
  EXPECT_NE(honest.output(1'000), liar.output(1'000));
  EXPECT_NE(honest.output(5'000), liar.output(5'000));
  const ExecutionContext context{honest.output(999), 1'000, liar.output(1'000), 1'001};
  const std::uint64_t last = (std::uint64_t{1} << 42) - 1;
  EXPECT_EQ(honest.vm_state(context, 123'455, last), liar.vm_state(context, 123'455, last));
  EXPECT_NE(honest.vm_state(context, 123'456, last), liar.vm_state(context, 123'456, last));
  EXPECT_EQ(honest.vm_state(context, last, last).status_byte(),
            static_cast<int>(VmStatus::Invalid));
  EXPECT_EQ(liar.vm_state(context, last, last).status_byte(), static_cast<int>(VmStatus::Valid));
}

TEST(Trace, UsesTheCallersStateRootsAndRepeatsTheLast) {
  const std::uint64_t roots[] = {11, 22, 33};
  Trace trace = honest_trace();
  trace.output_roots = roots;
  EXPECT_EQ(trace.output(1).bits, 22U);
  EXPECT_EQ(trace.output(1'000'000).bits, 33U);
}

TEST(HonestStrategy, DoesNothingAgainstARightRoot) {
  const DisputeGame game = start({}, kThird, honest_trace());
  EXPECT_TRUE(next_moves(game, honest_trace(), Time{}).empty());
}

TEST(HonestStrategy, BisectionEndsOnTheDivergingBlockAndInstruction) {
  const std::uint64_t block = 123'456'789;
  const std::uint64_t instruction = 987'654'321;
  DisputeGame game = start({}, kLiar, false_trace(block, instruction));
  Time now;
  while (exhaust(game, honest_trace(), kHonest, now) +
             exhaust(game, false_trace(block, instruction), kLiar, now) >
         0) {
  }
  const ClaimIndex leaf{game.claim_count() - 1};
  ASSERT_EQ(game.claim(leaf).position.depth(), 73U);
  const ExecutionContext context =
      execution_context(game, game.claim(leaf).parent, game.claim(leaf).position);
  EXPECT_EQ(context.starting, honest_trace().output(block - 1));
  EXPECT_EQ(context.disputed_count, block + 1);
  const auto index =
      static_cast<std::uint64_t>(game.claim(leaf).position.index_at_depth() % (Int128{1} << 42));
  EXPECT_TRUE(index == instruction || index + 1 == instruction);
}

struct Replay {
  Duration reply;  // of the honest party
  enum { AtOnce, Stalls } attacker;
};
struct Result {
  DisputeGame game;
  int honest_moves = 0;
  int attacker_moves = 0;
};

// A false root, one full path; the attacker answers at once or in the last second in which the
// contract accepts.
Result replay(const Replay& how) {
  const Trace liar = false_trace(5'000'000, 77'777'777);
  Result result{.game = start({}, kLiar, liar)};
  DisputeGame& game = result.game;
  Time now;
  while (true) {
    now += how.reply;
    const int honest = exhaust(game, honest_trace(), kHonest, now);
    result.honest_moves += honest;
    if (honest == 0) break;
    if (next_moves(game, liar, now).empty()) break;
    if (how.attacker == Replay::Stalls) now = game.clock_expires({game.claim_count() - 1}) - 1_s;
    const int answered = exhaust(game, liar, kLiar, now);
    result.attacker_moves += answered;
    if (answered == 0) break;
  }
  const Time end = last_expiry(game);
  EXPECT_EQ(game.resolve_all(end - Duration{1}), GameStatus::InProgress);
  EXPECT_EQ(game.resolve_all(end), GameStatus::ChallengerWins);
  return result;
}

// Protocol sheet 2.3: with a stalling attacker the last move can be made until 3.5 d + 37 replies +
// 36 * 3 h + 24 h. The contract wants a move strictly before the clock is used up, so each of the
// attacker's 36 moves comes one second earlier. From then on the outcome is certain. The contract,
// though, resolves the attacker's last claim (depth 72) only when the honest team's clock is used
// up as well, which it is not if replies were quick: made at 3.5 d + 36 replies + 35 * 3 h - 36 s,
// less the honest team's 36 replies, plus 3.5 d. So quick replies do not shorten the game below 7 d
// + 35 * 3 h = 11.37 d.
TEST(DisputeDuration, StallingAttackerLastsAsLongAsTheClosedFormSays) {
  struct Row {
    Duration reply;
    double days;
  };
  for (const Row& row : {Row{10_min, 9.26}, Row{1_h, 10.54}, Row{3_h - 1_s, 13.63}}) {
    const Result result = replay({row.reply, Replay::Stalls});
    const DisputeGame& game = result.game;
    EXPECT_EQ(result.honest_moves, 37);
    EXPECT_EQ(result.attacker_moves, 36);
    const Duration decided = game.clock_expires({73}) - game.created_at();
    EXPECT_EQ(decided.ns, (kMax + row.reply * 37 + 3_h * 36 + 24_h - 36_s).ns);
    EXPECT_NEAR(decided.seconds() / 86'400.0, row.days, 0.01);
    const Duration both_clocks = kMax * 2 + 3_h * 35 - 36_s;
    const Duration resolved = game.resolved_at() - game.created_at();
    EXPECT_EQ(resolved.ns, std::max(decided, both_clocks).ns);
  }
}

// The attacker's clock stands still until the end: 37 replies + 3.5 d.
TEST(DisputeDuration, AttackerAnsweringAtOnceLastsThreeAndAHalfDaysAndTheReplies) {
  struct Row {
    Duration reply;
    double days;
  };
  for (const Row& row : {Row{10_min, 3.76}, Row{1_h, 5.04}}) {
    const Result result = replay({row.reply, Replay::AtOnce});
    EXPECT_EQ(result.honest_moves, 37);
    const Duration lasted = result.game.resolved_at() - result.game.created_at();
    EXPECT_EQ(lasted, kMax + row.reply * 37);
    EXPECT_NEAR(lasted.seconds() / 86'400.0, row.days, 0.01);
  }
}

// An extension restores exactly 3 h, and a clock that reaches the maximum is used up: replies must
// be shorter than 3 h.
TEST(DisputeDuration, RepliesOfExactlyTheExtensionRunOutOfTime) {
  const Trace liar = false_trace(5'000'000, 77'777'777);
  DisputeGame game = start({}, kLiar, liar);
  Time now;
  int moves = 0;
  while (true) {
    now += 3_h;
    if (exhaust(game, honest_trace(), kHonest, now) == 0) break;
    ++moves;
    if (exhaust(game, liar, kLiar, now) == 0) break;
  }
  EXPECT_LT(moves, 37);
  EXPECT_EQ(game.resolve_all(last_expiry(game)), GameStatus::DefenderWins);
}

TEST(DisputePlay, HonestChallengerBeatsAFalseRootAtFullDepth) {
  const Result result = replay({10_min, Replay::AtOnce});
  const DisputeGame& game = result.game;
  EXPECT_EQ(game.claim_count(), 74U);
  EXPECT_EQ(game.status(), GameStatus::ChallengerWins);
  // 2.3: the two sides lock 329.96 ETH (even depths) and 361.28 ETH (odd depths).
  EXPECT_NEAR(game.deposited_by(kLiar).ether(), 329.96, 0.005);
  EXPECT_NEAR(game.deposited_by(kHonest).ether(), 361.28, 0.005);
  EXPECT_EQ(game.credit(kHonest), game.deposited());
  EXPECT_EQ(game.credit(kLiar), Wei::zero());
}

TEST(DisputePlay, HonestDefenderBeatsAFalseChallengeByAStep) {
  for (const std::uint64_t block : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{5'000'000}}) {
    for (const std::uint64_t instruction :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{999'999'998}}) {
      const Trace liar = false_trace(block, instruction);
      DisputeGame game = start({}, kHonest, honest_trace());
      Time now;
      while (exhaust(game, liar, kLiar, now) > 0) {
        now += 1_min;
        EXPECT_GT(exhaust(game, honest_trace(), kHonest, now), 0);
      }
      EXPECT_EQ(game.claim_count(), 74U);
      EXPECT_TRUE(game.claim({73}).countered_by == kHonest) << block << " " << instruction;
      EXPECT_EQ(game.resolve_all(last_expiry(game)), GameStatus::DefenderWins);
      EXPECT_EQ(game.credit(kHonest), game.deposited());
    }
  }
}

// Plays until the honest party is about to defend one of the liar's claims; returns that claim.
ClaimIndex play_to_a_defence(DisputeGame& game, const Trace& liar, Time now) {
  while (true) {
    const std::vector<PlannedMove> plan = next_moves(game, honest_trace(), now);
    EXPECT_EQ(plan.size(), 1U);
    if (plan.at(0).kind == MoveKind::Defend) return plan[0].against;
    exhaust(game, honest_trace(), kHonest, now);
    exhaust(game, liar, kLiar, now);
  }
}

int counters_by(const DisputeGame& game, PartyId party, ClaimIndex against) {
  int count = 0;
  for (std::uint32_t i = 0; i < game.claim_count(); ++i) {
    count += game.claim({i}).parent == against && game.claim({i}).claimant == party ? 1 : 0;
  }
  return count;
}

// A freeloader attacks where the honest party defends, with the very hash the honest party believes
// in: further left, so it would be paid. The honest party defends against it as well and takes its
// bond.
TEST(DisputePlay, FreeloaderLosesItsBondToTheHonestParty) {
  const Trace liar = false_trace(5'000'000, 77'777'777);
  DisputeGame game = start({}, kLiar, liar);
  const ClaimIndex target = play_to_a_defence(game, liar, Time{1});
  const Position attack = game.claim(target).position.moved(MoveKind::Attack);
  const ClaimValue right = honest_trace().commitment(game, target, attack);
  const ClaimIndex freeloader{game.claim_count()};
  ASSERT_EQ(
      game.move(
          {.against = target, .value = right, .by = kThird, .bond = game.required_bond(attack)},
          Time{2}),
      MoveOutcome::Accepted);
  exhaust(game, honest_trace(), kHonest, Time{3});
  EXPECT_EQ(counters_by(game, kHonest, target), 1);      // its own answer to the liar
  EXPECT_EQ(counters_by(game, kHonest, freeloader), 1);  // and one to the freeloader
  game.resolve_all(last_expiry(game));
  EXPECT_EQ(game.status(), GameStatus::ChallengerWins);
  EXPECT_EQ(game.credit(kThird), Wei::zero());
  EXPECT_EQ(game.credit(kHonest), game.deposited());
}

// A false claim in the honest answer's own place, made first, would be paid before the honest one:
// it is countered too.
TEST(DisputePlay, FalseClaimInTheHonestPlaceIsCountered) {
  DisputeGame game = start({}, kLiar, false_trace(5'000'000, 77'777'777));
  ASSERT_EQ(game.move({.against = {0}, .value = {999}, .by = kThird, .bond = game.params().bond(1)},
                      Time{1}),
            MoveOutcome::Accepted);
  exhaust(game, honest_trace(), kHonest, Time{2});
  EXPECT_EQ(counters_by(game, kHonest, {0}), 1);
  EXPECT_EQ(counters_by(game, kHonest, {1}), 1);
  EXPECT_EQ(game.resolve_all(last_expiry(game)), GameStatus::ChallengerWins);
  EXPECT_EQ(game.credit(kHonest), game.deposited());
}

// A right claim to the right of the honest one cannot harm: it is ignored, and the left-most is
// paid.
TEST(DisputePlay, RightwardSiblingIsIgnored) {
  const Trace liar = false_trace(5'000'000, 77'777'777);
  DisputeGame game = start({}, kLiar, liar);
  exhaust(game, honest_trace(), kHonest, Time{1});
  exhaust(game, liar, kLiar, Time{2});
  exhaust(game, honest_trace(), kHonest, Time{3});
  const Position defend = game.claim({2}).position.moved(MoveKind::Defend);
  ASSERT_EQ(game.move({.against = {2},
                       .kind = MoveKind::Defend,
                       .value = {999},
                       .by = kThird,
                       .bond = game.required_bond(defend)},
                      Time{4}),
            MoveOutcome::Accepted);
  EXPECT_TRUE(next_moves(game, honest_trace(), Time{5}).empty());
}

// A game saved half-way and loaded into a fresh value is the same game.
TEST(DisputePlay, ContinuesFromASnapshot) {
  const Trace liar = false_trace(5'000'000, 77'777'777);
  DisputeGame game = start({}, kLiar, liar);
  exhaust(game, honest_trace(), kHonest, Time{1});
  exhaust(game, liar, kLiar, Time{2});
  std::vector<std::byte> saved;
  Saver saver(saved);
  saver.value(game);
  DisputeGame loaded;
  Loader loader(saved.data(), saved.size());
  loader.value(loaded);
  ASSERT_FALSE(loader.failed());
  ASSERT_EQ(loader.left(), 0U);
  EXPECT_EQ(next_moves(loaded, honest_trace(), Time{3}), next_moves(game, honest_trace(), Time{3}));
  EXPECT_EQ(loaded.resolve_all(last_expiry(loaded)), game.resolve_all(last_expiry(game)));
  EXPECT_EQ(loaded.credit(kLiar), game.credit(kLiar));
}

// A linear congruential generator (Knuth, MMIX): the tests' own randomness.
class Lcg {
 public:
  explicit Lcg(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint64_t below(std::uint64_t n) {
    state_ = state_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return (state_ >> 33) % n;
  }

 private:
  std::uint64_t state_;
};

DisputeGameParams small_tree() {
  DisputeGameParams params;
  params.max_game_depth = 9;
  params.split_depth = 4;
  return params;
}

// One random hostile action: a move anywhere with a true, a liar's or a random value, or a step
// with the VM's verdict.
void random_action(DisputeGame& game, const Trace& liar, Lcg& rng, Time now) {
  const ClaimIndex against{static_cast<std::uint32_t>(rng.below(game.claim_count()))};
  const MoveKind kind = rng.below(2) == 0 ? MoveKind::Attack : MoveKind::Defend;
  const PartyId by = rng.below(2) == 0 ? kLiar : kThird;
  const Position parent = game.claim(against).position;
  if (parent.depth() == game.params().max_game_depth) {
    const DisputeGame::Step step{.against = against, .kind = kind, .by = by};
    game.step(step, vm_verdict(honest_trace(), game, step), now);
    return;
  }
  if (against.value == 0 && kind == MoveKind::Defend) return;
  const Position position = parent.moved(kind);
  ClaimValue value;
  switch (rng.below(4)) {
    case 0:
      value = honest_trace().commitment(game, against, position);
      break;
    case 1:
      value = liar.commitment(game, against, position);
      break;
    default:
      value = ClaimValue{rng.below(4)}.with_status(static_cast<VmStatus>(rng.below(4)));
  }
  game.move({.against = against,
             .kind = kind,
             .value = value,
             .by = by,
             .bond = game.required_bond(position)},
            now);
}

// Two hostile parties move at random for as long as they like; the honest party answers everything
// within an hour.
TEST(DisputePlay, RandomGamesConserveWeiAndTheHonestPartyNeverLosesABond) {
  int lost_roots = 0;
  int steps = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Lcg rng(seed);
    const DisputeGameParams params = small_tree();
    Trace liar = false_trace(rng.below(16), rng.below(16));
    liar.program_instructions = 12;
    const bool false_root = rng.below(2) == 0;
    DisputeGame game =
        start(params, false_root ? kLiar : kHonest, false_root ? liar : honest_trace());
    Time now;
    for (int round = 0; round < 60; ++round) {
      now += Duration{1'000'000'000} *
             static_cast<std::int64_t>(rng.below(rng.below(8) == 0 ? 200'000 : 3'600));
      for (std::uint64_t n = rng.below(4); n > 0; --n) random_action(game, liar, rng, now);
      if (rng.below(3) == 0) exhaust(game, liar, kLiar, now);
      now += Duration{1'000'000'000} * static_cast<std::int64_t>(rng.below(3'600));
      exhaust(game, honest_trace(), kHonest, now);
      if (rng.below(4) == 0) game.resolve_all(now);
    }
    game.resolve_all(std::max(now, last_expiry(game)));
    ASSERT_EQ(game.status(), false_root ? GameStatus::ChallengerWins : GameStatus::DefenderWins)
        << seed;
    ASSERT_EQ(paid_out(game), game.deposited()) << seed;
    ASSERT_GE(game.credit(kHonest), game.deposited_by(kHonest)) << seed;
    lost_roots += false_root ? 1 : 0;
    for (std::uint32_t i = 0; i < game.claim_count(); ++i) {
      const Claim& claim = game.claim({i});
      const bool leaf = claim.position.depth() == params.max_game_depth;
      steps += leaf && claim.countered_by == kHonest ? 1 : 0;
    }
  }
  EXPECT_GT(lost_roots, 100);
  EXPECT_GT(steps, 100);  // the games reach the bottom, or this test would show nothing
}

// Nobody honest: whoever wins, every wei that went in comes out.
TEST(DisputePlay, RandomGamesAmongLiarsConserveWei) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Lcg rng(seed + 10'000);
    const Trace liar = false_trace(rng.below(16), rng.below(16));
    DisputeGame game = start(small_tree(), kLiar, liar);
    Time now;
    for (int round = 0; round < 100; ++round) {
      now += 1_min;
      random_action(game, liar, rng, now);
    }
    ASSERT_NE(game.resolve_all(last_expiry(game)), GameStatus::InProgress);
    ASSERT_EQ(paid_out(game), game.deposited()) << seed;
  }
}

}  // namespace
}  // namespace mezz::layer2
