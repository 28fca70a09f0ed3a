#include "models/layer2/settlement/l1_outbox.h"

#include <gtest/gtest.h>

#include "sim/world/world.h"

namespace mezz {
namespace {

class Sender final : public EntityOf<Sender, NoParams, L1Sender> {
 public:
  using EntityOf::EntityOf;
  void on(Context& ctx, const Start&) {
    outbox.submit(ctx, {.l1 = Ref<BaseChain>(0), .contract = {}, .sender = self()}, {},
                  {.kind = L1CallKind::Other, .a = 5, .gas = Gas{21'000}, .bond = 3_eth});
  }
  void on(Context&, const L1Included&) override {}
  void on(Context&, const L1Reverted&) override {}
  L1Outbox outbox;
};

struct Box {
  World world{WorldOptions{}};
  Ref<BaseChain> l1 = world.add<BaseChain>("l1", BaseChainParams{});
  Ref<Sender> sender = world.add<Sender>("sender", NoParams{});
  Box() {
    world.start();
    world.run(Time::zero() + 1_s);
  }
  L1Outbox& outbox() { return world.get(sender).outbox; }
  static L1Included in(std::uint64_t block, std::uint64_t fee) {
    return {.tag = 0,
            .block = L1BlockId{block},
            .height = block,
            .execution_fee_gwei = fee,
            .blob_fee_gwei = 0};
  }
};

TEST(L1Outbox, BondWaitsUntilInclusionAndAgainAfterAReorganisation) {
  Box b;
  EXPECT_EQ(b.outbox().bonds_waiting(), 3_eth);
  EXPECT_TRUE(b.outbox().waits(L1CallKind::Other, 5, 0));
  b.outbox().included(Box::in(7, 100));
  EXPECT_EQ(b.outbox().bonds_waiting(), Wei::zero());
  EXPECT_EQ(b.outbox().spent_gwei(), 100U);
  b.outbox().reverted({.tag = 0, .block = L1BlockId{7}});
  EXPECT_EQ(b.outbox().bonds_waiting(), 3_eth);
  EXPECT_EQ(b.outbox().spent_gwei(), 0U);
}

TEST(L1Outbox, OrphanedBlockMayBeHeardOfAfterTheNextInclusion) {
  Box b;
  b.outbox().included(Box::in(7, 100));
  b.outbox().included(Box::in(8, 60));
  b.outbox().reverted({.tag = 0, .block = L1BlockId{7}});
  EXPECT_EQ(b.outbox().spent_gwei(), 60U);
  EXPECT_EQ(b.outbox().bonds_waiting(), Wei::zero());
}

TEST(L1Outbox, FinalCallsAreForgottenAndStayPaid) {
  Box b;
  b.outbox().included(Box::in(7, 100));
  b.outbox().finalised(7);
  EXPECT_FALSE(b.outbox().waits(L1CallKind::Other, 5, 0));
  EXPECT_EQ(b.outbox().spent_gwei(), 100U);
}

}  // namespace
}  // namespace mezz
