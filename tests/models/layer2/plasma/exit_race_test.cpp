// Mass exits through real blocks of layer one, reorganisations, snapshots.
#include <gtest/gtest.h>

#include "tests/models/layer2/plasma/plasma_world.h"

namespace mezz {
namespace {

// A-T-7 scaled: 30 M gas, 100 k per exit, half of the block space (150 exits wait at a time, so
// that 15 M gas a block leave the base fee where it is). Window: MEP = 50 blocks.
PlasmaSetup race(std::uint32_t users) {
  PlasmaSetup s;
  s.accounts = users;
  s.l1.gas_limit = Gas{30'000'000};
  s.plasma.gas.start_exit = Gas{100'000};
  s.plasma.exits_in_mempool = 150;
  s.plasma.online_every = 1_s;
  s.plasma.bonds.bounty = Wei::zero();
  s.plasma.exits_per_call = 100;
  s.block_time = 12_s;
  return s;
}
plasma::MassExit arithmetic(std::uint32_t users) {
  return {.users = users,
          .gas_per_exit = Gas{100'000},
          .gas_limit = Gas{30'000'000},
          .share = 50_percent};
}

struct Race {
  Duration started;        // from the invalid root to the start of the last honest exit
  std::uint64_t late = 0;  // honest exits that the thief precedes
  Money stolen;
  Money escaped;
};
Race run_race(std::uint32_t users) {
  PlasmaWorld w(race(users));
  w.shock_at(4_min, w.operator_ref, ShockKind::InvalidBlock);
  w.run_until(70_min);
  const ExitGame& game = w.game();
  const PlasmaExit& thief = game.exit(game.exit_of({.kind = ExitKind::Invented, .number = 0}));
  Race out;
  for (std::uint64_t i = 0; i < game.exits(); ++i) {
    const PlasmaExit& exit = game.exit(i);
    if (exit.kind != ExitKind::Account) continue;
    out.started = std::max(out.started, exit.started - game.invalid_since());
    if (exit.priority > thief.priority) ++out.late;
  }
  EXPECT_EQ(game.exits(), users + 1U);
  EXPECT_TRUE(w.conserved());
  out.stolen = game.totals().stolen;
  out.escaped = game.totals().escaped;
  return out;
}

TEST(MassExitRace, TakesTheBlocksThatTheArithmeticSaysAndNobodyLosesInsideTheWindow) {
  const Race r = run_race(6'000);  // 6000 x 100 k / 15 M = 40 blocks
  EXPECT_EQ(plasma::clearing_time(arithmetic(6'000)), 40 * kSlot);
  EXPECT_NEAR(r.started.seconds(), (40 * kSlot).seconds(), (2 * kSlot).seconds());
  EXPECT_FALSE(plasma::unsafe(arithmetic(6'000), kMep));
  EXPECT_EQ(r.late, 0U);
  EXPECT_EQ(r.stolen, Money::zero());
  EXPECT_EQ(r.escaped, 60'000'000_usd);
}

TEST(MassExitRace, TooManyForTheWindowLoseToTheThiefWhatTheArithmeticSays) {
  const Race r = run_race(9'000);  // 60 blocks, window of 50
  EXPECT_NEAR(r.started.seconds(), (60 * kSlot).seconds(), (2 * kSlot).seconds());
  EXPECT_TRUE(plasma::unsafe(arithmetic(9'000), kMep));
  // 7 500 get out in time; what is left is the thief's.
  EXPECT_EQ(plasma::exits_in(arithmetic(9'000), kMep), 7'500);
  EXPECT_NEAR(static_cast<double>(r.late), 1'500.0, 300.0);
  EXPECT_EQ(r.stolen, 10'000_usd * static_cast<std::int64_t>(r.late));
  EXPECT_EQ(r.stolen + r.escaped, 90'000'000_usd);
}

TEST(MassExitRace, DearGasTrapsTheSmallBalancesAndTheBestPaidGoFirst) {
  PlasmaSetup s;
  s.accounts = 0;
  s.plasma.holders = 3'000;
  s.plasma.holder_balance = 60_usd;  // Pareto, 20 USD at least
  s.plasma.online_every = 1_s;
  s.plasma.exits_in_mempool = 10'000;
  s.l1.gas_limit = Gas{30'000'000};
  s.l1.initial_base_fee = 60_gwei;
  s.l1.demand.mean_gas = Ratio::one();  // everybody else fills the target
  PlasmaWorld w(s);
  w.shock_at(4_min, w.operator_ref, ShockKind::InvalidBlock);
  w.run_until(8_min);
  const GasPrice base_fee = w.world.get(w.l1_ref).base_fee();
  const Money threshold = plasma::exit_threshold(w.crowd().cost(ExitKind::Account), base_fee);
  Money poorest_out = Money{INT64_MAX};
  std::uint64_t out = 0;
  std::uint64_t trapped = 0;
  for (const ExitWish& wish : w.crowd().wishes()) {
    if (wish.state == WishState::Started) {
      ++out;
      poorest_out = std::min(poorest_out, wish.value);
    } else if (wish.value < threshold) {
      ++trapped;
    }
  }
  EXPECT_GT(out, 300U);
  EXPECT_GT(trapped, 300U);
  EXPECT_GT(base_fee, 7_gwei);
  // Nobody paid more than it brought: bounty of 10.70 USD and gas.
  EXPECT_GT(poorest_out, Money{10'700'000});
  MetricList metrics;
  w.crowd().report(metrics);
  for (const Metric& metric : metrics.take()) {
    if (metric.name == "exits.trapped.count") {
      EXPECT_NEAR(metric.value, static_cast<double>(trapped), 1.0);
    }
  }
  EXPECT_TRUE(w.conserved());
}

TEST(ExitGame, ReorganisedLayerOneTakesBackExitsRootsAndPayments) {
  PlasmaWorld w;
  for (std::uint32_t i = 0; i < 8; ++i) w.withdraw(3_min + i * 30_s, i, 100_usd);
  w.shock_at(13_min, w.operator_ref, ShockKind::DataWithheld);
  for (int i = 0; i < 30; ++i) w.reorg_at(4_min + i * 65_s, 1 + i % 7);
  int checked = 0;
  for (Duration age = 1_min; age <= 70_min; age += 1_min) {
    w.run_until(age);
    checked += w.conserved() ? 1 : 0;
  }
  EXPECT_GT(checked, 65);
  EXPECT_TRUE(w.game().halted());
  EXPECT_EQ(w.game().totals().paid + w.game().totals().escaped, 80'000_usd);
  EXPECT_EQ(w.game().totals().escrow, Money::zero());
  EXPECT_EQ(w.game().totals().stolen, Money::zero());
  EXPECT_EQ(w.game().exit_totals().bonds_locked, Wei::zero());
}

TEST(ExitGame, OrphanedPaymentIsTakenBackAndMadeAgain) {
  PlasmaWorld w;
  w.withdraw(3_min, 2, 100_usd);
  w.run_until(25_min);
  const Time paid = w.game().exit(0).processed;
  ASSERT_TRUE(paid.happened());
  PlasmaWorld again;
  again.withdraw(3_min, 2, 100_usd);
  again.reorg_at(paid - Time::zero() + 1_s, 1);
  again.run_until(paid - Time::zero() + 13_s);
  // The orphaned block's calls are in its successor.
  EXPECT_EQ(again.game().exit(0).processed, paid + kSlot);
  EXPECT_EQ(again.game().totals().paid, 100_usd);
  EXPECT_EQ(again.game().totals().paid_count, 1U);
  EXPECT_TRUE(again.conserved());
}

TEST(ExitGame, SnapshotHalfWayContinuesBitForBit) {
  const auto scripted = [](PlasmaWorld& w) {
    for (std::uint32_t i = 0; i < 8; ++i) w.withdraw(3_min + i * 20_s, i, 100_usd);
    w.shock_at(5_min, w.crowd_ref, ShockKind::StaleClose);
    w.shock_at(9_min, w.operator_ref, ShockKind::DataWithheld);
    w.withdraw(10_min, 4, 300_usd);
    w.reorg_at(12_min, 3);
  };
  for (const Duration half : {6_min, 12_min, 16_min, 24_min}) {
    PlasmaWorld whole;
    scripted(whole);
    whole.run_until(half);
    const auto state = whole.world.save();
    whole.run_until(50_min);
    PlasmaWorld rest;
    rest.world.restore(state);
    rest.run_until(50_min);
    EXPECT_EQ(whole.world.engine().fingerprint(), rest.world.engine().fingerprint());
    EXPECT_EQ(whole.game().totals().escaped, rest.game().totals().escaped);
    EXPECT_GT(rest.game().totals().escaped, Money::zero());
    EXPECT_TRUE(rest.conserved());
  }
}

}  // namespace
}  // namespace mezz
