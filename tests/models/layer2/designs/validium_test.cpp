#include <gtest/gtest.h>

#include "models/layer2/bridge/escape_hatch.h"
#include "sim/check/error.h"
#include "tests/models/layer2/designs/design_world.h"

namespace mezz {
namespace {

using testing::DesignWorld;

Layer2Params quick() {
  Layer2Params p;
  p.sequencing.block_time = 12_s;
  p.prover.seal.max_age = 20_min;
  p.validity.execution_delay = 0_s;
  p.escape_hatch.freeze_grace = 7_h;
  p.committee.fallback = CommitteeFallback::Wait;
  return p;
}
EscapeHatch& hatch(DesignWorld& w) { return dynamic_cast<EscapeHatch&>(*w.layer2.escape); }

void call(DesignWorld& w, Duration at, L1CallKind kind, std::uint64_t a, std::uint64_t b = 0) {
  w.world.engine().schedule(Time::zero() + at, w.l1,
                            SubmitL1Transaction{.to = w.layer2.escape_contract,
                                                .a = a,
                                                .b = b,
                                                .gas = 150'000,
                                                .kind = kind,
                                                .tip = {2'000},
                                                .cap = {1'000'000}});
}
std::uint64_t force(DesignWorld& w, Duration at, std::uint32_t account, Money amount) {
  const std::uint64_t number =
      w.layer2.escape->write_request({.own = {.account = AccountId{account},
                                              .kind = TxKind::Withdraw,
                                              .amount = amount.micros,
                                              .reference = 77,
                                              .submitted = Time::zero() + at}});
  call(w, at, L1CallKind::ForcedRequest, number);
  return number;
}
// Nobody serves layer one; a freeze at the first slot after the grace; everybody escapes.
Duration freeze_and_escape(DesignWorld& w, Duration at) {
  w.shock(at - 1_min, at + 1000_h, ShockKind::ForcedQueueStalled);
  const std::uint64_t number = force(w, at, 3, 50_usd);
  const Duration frozen = at + 7_h + 24_s;
  call(w, frozen, L1CallKind::FreezeRequest, number);
  for (std::uint32_t u = 0; u < 20; ++u) call(w, frozen + 1_h, L1CallKind::Escape, u);
  return frozen + 12_s;
}

TEST(Validium, WithdrawalsArePaidWhenTheirBlockIsProven) {
  DesignWorld w(build_validium, quick());
  w.withdraw(1_h, 5, 100_usd);
  w.run(8_h);
  EXPECT_EQ(w.layer2.bridge->totals().paid, 100_usd);
  const Layer2Block& block = w.chain().block(BlockId{300});
  EXPECT_LT(block.ladder[Rung::Preconfirmed], block.ladder[Rung::Published]);
  EXPECT_LE(block.ladder[Rung::Published], block.ladder[Rung::OrderFinal]);
  EXPECT_LT(block.ladder[Rung::Published], block.ladder[Rung::Asserted]);
  EXPECT_LE(block.ladder[Rung::Asserted], block.ladder[Rung::Settled]);
  EXPECT_EQ(w.metric("data.bytes.layer_one"), 0.0);
  EXPECT_TRUE(w.conserved());
}

TEST(Validium, ACensoredWithdrawalIsForcedAndServedAndNobodyFreezes) {
  DesignWorld w(build_validium, quick());
  w.shock(30_min, 100_h, ShockKind::CensorWithdrawals);
  w.withdraw(1_h, 5, 100_usd);
  const std::uint64_t number = force(w, 2_h, 5, 100_usd);
  call(w, 10_h, L1CallKind::FreezeRequest, number);
  w.run(12_h);
  EXPECT_EQ(w.layer2.bridge->totals().paid, 100_usd);
  EXPECT_FALSE(hatch(w).frozen());
  EXPECT_GT(w.metric("escape.request_delay.p50"), 0.0);
  EXPECT_TRUE(w.conserved());
}

TEST(Validium, AnOperatorWhoServesNobodyIsFrozenAndEverybodyEscapes) {
  DesignWorld w(build_validium, quick());
  const Duration frozen = freeze_and_escape(w, 2_h);
  w.run(frozen + 30_s);
  ASSERT_TRUE(hatch(w).frozen());
  const BlockId settled = w.chain().reached(Rung::Settled);
  const BlockId head = w.chain().head();
  EXPECT_LT(settled, head);
  w.run(frozen + 12_h);
  // The contract takes no more proofs, though proving went on.
  EXPECT_EQ(w.chain().reached(Rung::Settled), settled);
  EXPECT_EQ(w.chain().head(), head);
  EXPECT_EQ(hatch(w).totals().escapes, 20U);
  EXPECT_EQ(w.layer2.bridge->totals().escaped, 20'000_usd);
  EXPECT_TRUE(w.conserved());
}

TEST(Validium, WithheldDataFreezesMoneyButStealsNone) {
  DesignWorld w(build_validium, quick());
  w.shock(1_h, 1000_h, ShockKind::DataWithheld);
  const Duration frozen = freeze_and_escape(w, 4_h);
  w.run(frozen + 12_h);
  EXPECT_TRUE(hatch(w).frozen());
  EXPECT_EQ(hatch(w).totals().escapes, 0U);
  EXPECT_EQ(w.metric("escape.unreachable"), 20'000.0);
  EXPECT_EQ(w.layer2.bridge->totals().stolen, Money::zero());
  EXPECT_TRUE(w.conserved());
}

TEST(Validium, WithoutAQuorumNothingIsPublishedAndNothingSettles) {
  DesignWorld w(build_validium, quick());
  w.shock(3_h, 6_h, ShockKind::CommitteeDown);
  w.run(6_h);
  EXPECT_LT(w.chain().block(w.chain().reached(Rung::Published)).sealed, Time::zero() + 3_h);
  EXPECT_LT(w.chain().block(w.chain().reached(Rung::Settled)).sealed, Time::zero() + 3_h);
  w.run(9_h);
  EXPECT_GT(w.chain().block(w.chain().reached(Rung::Settled)).sealed, Time::zero() + 6_h);
  EXPECT_EQ(w.metric("batches.fallbacks"), 0.0);
}

TEST(Volition, AccountsOnLayerOneLeaveWhileCommitteeAccountsCannot) {
  Layer2Params p = quick();
  DesignWorld w(build_volition, p);
  for (std::uint32_t u = 0; u < 20; ++u) w.withdraw(30_min + u * 4_min, u, 1_usd);
  w.shock(1_h, 1000_h, ShockKind::DataWithheld);
  const Duration frozen = freeze_and_escape(w, 4_h);
  w.run(frozen + 12_h);
  std::uint64_t chose = 0;
  for (std::uint32_t u = 0; u < 20; ++u) {
    if (committee::chose_layer_one(p.committee.layer_one_share, AccountId{u})) ++chose;
  }
  EXPECT_GT(chose, 4U);
  EXPECT_LT(chose, 16U);
  EXPECT_EQ(hatch(w).totals().escapes, chose);
  EXPECT_GT(w.metric("data.bytes.layer_one"), 0.0);
  EXPECT_GT(w.metric("data.bytes.committee"), 0.0);
  EXPECT_GT(w.metric("data.fee.layer_one"), 0.0);
  EXPECT_GT(w.metric("data.fee.certificates"), 0.0);
  EXPECT_TRUE(w.conserved());
}

TEST(Validium, ReorgsOfLayerOneLeaveTheBooksInOrder) {
  BaseChainParams chain = testing::empty_l1();
  chain.reorg_probability = 10_percent;
  DesignWorld w(build_validium, quick(), chain);
  for (std::uint32_t u = 0; u < 20; ++u) w.withdraw(30_min + u * 4_min, u, 1_usd);
  const Duration at = 2_h;
  w.shock(at - 1_min, 1000_h, ShockKind::ForcedQueueStalled);
  const std::uint64_t number = force(w, at, 3, 50_usd);
  const Duration frozen = at + 7_h + 5_min;
  call(w, frozen, L1CallKind::FreezeRequest, number);
  for (std::uint32_t u = 0; u < 20; ++u) {
    call(w, frozen + 5_min + u * 1_min, L1CallKind::Escape, u);
  }
  for (Duration t = 1_h; t <= frozen + 2_h; t += 1_min) {
    w.run(t);
    w.conserved();
  }
  EXPECT_EQ(hatch(w).totals().escapes, 20U);
  EXPECT_TRUE(w.conserved());
}

TEST(Validium, HalfWayIsAGoodPlaceToSaveAndGoOn) {
  const auto plan = [](DesignWorld& w) {
    w.shock(1_h, 2_h, ShockKind::CommitteeDown, 50_percent);
    w.withdraw(30_min, 5, 100_usd);
    return freeze_and_escape(w, 3_h);
  };
  DesignWorld whole(build_volition, quick());
  const Duration end = plan(whole) + 3_h;
  whole.run(end);
  for (const Duration half : {1_h + 30_min, end - 2_h}) {
    DesignWorld first(build_volition, quick());
    plan(first);
    first.run(half);
    const std::vector<std::byte> snapshot = first.world.save();
    DesignWorld second(build_volition, quick());
    second.world.restore(snapshot);
    EXPECT_EQ(second.world.save(), snapshot);
    second.run(end);
    EXPECT_EQ(second.world.save(), whole.world.save());
  }
}

}  // namespace
}  // namespace mezz
