#include "models/agents/withdrawal_user.h"

#include <gtest/gtest.h>

#include "sim/check/error.h"
#include "tests/models/agents/mini_market.h"

namespace mezz {
namespace {

// A sequencer that answers nobody, and the rollup's inbox on layer one, which keeps what is forced.
class Censor final : public EntityOf<Censor, NoParams, Inbox, L1Contract>, public ForcedInbox {
 public:
  Censor(const Site& site, const NoParams& params) : EntityOf(site, params) {}
  void on(Context&, const SubmitTransaction&) override { ++heard; }
  void on(Context& ctx, const L1Execute& call) override {
    EXPECT_EQ(call.kind, L1CallKind::ForcedTransaction);
    EXPECT_EQ(call.a, included);
    EXPECT_GE(ctx.now() - written.at(call.a).submitted, Duration::zero());
    ++included;
  }
  void on(Context&, const L1Undo&) override { FAIL(); }
  std::uint64_t write_forced(const Transaction& transaction) override {
    written.push_back(transaction);
    return written.size() - 1;
  }
  void visit_state(auto& v) {
    v("heard", heard);
    v("included", included);
    v("written", written);
  }

  std::uint64_t heard = 0;
  std::uint64_t included = 0;
  std::vector<Transaction> written;
};

struct Scene {
  World world{{.seed = 7}};
  Ref<BaseChain> l1 = world.add<BaseChain>("l1", BaseChainParams{.reorg_probability = {}});
  Ref<Censor> censor = world.add<Censor>("censor", NoParams{});
  Ref<MiniMarket> market = world.add<MiniMarket>("market", test_exchange());
  Ref<WithdrawalUser> user;

  Scene(bool censored, const WithdrawalUserParams& params) {
    Exchange& exchange = world.get(market).exchange;
    const AccountRange accounts = WithdrawalUser::genesis(exchange, params);
    MarketAccess access{.inbox = market, .node = &exchange, .l1 = l1, .bridge = censor};
    if (censored) access.inbox = censor;
    access.forced = &world.get(censor);
    user = world.add<WithdrawalUser>("user", params, access, accounts);
    world.get(market).own(accounts, user);
    exchange.end_genesis();
  }
};

const WithdrawalUserParams kTen{.withdrawals_per_hour = 3'600.0,
                                .amount = 100_usd,
                                .withdrawals_max = 10,
                                .forced_after = 1_min};

TEST(ForcedWithdrawal, OneWithoutAReceiptIsSentOnceOverLayerOne) {
  Scene scene(true, kTen);
  scene.world.start();
  scene.world.run(Time::zero() + 10_min);
  const Censor& censor = scene.world.get(scene.censor);
  EXPECT_EQ(censor.heard, 10U);
  EXPECT_EQ(censor.included, 10U);
  ASSERT_EQ(censor.written.size(), 10U);
  EXPECT_EQ(scene.world.get(scene.user).forced(), 10U);
  EXPECT_EQ(scene.world.get(scene.user).unanswered(), 10U);  // here nobody executes them
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(censor.written[i].kind, TxKind::Withdraw);
    EXPECT_EQ(censor.written[i].amount, (100_usd).micros);
    EXPECT_EQ(censor.written[i].reference, i + 1);
    EXPECT_GE(censor.written[i].submitted, Time::zero() + 1_min);
  }
}

TEST(ForcedWithdrawal, OneWithAReceiptIsNot) {
  Scene scene(false, kTen);
  scene.world.start();
  scene.world.run(Time::zero() + 10_min);
  EXPECT_EQ(scene.world.get(scene.user).accepted(), 10U);
  EXPECT_EQ(scene.world.get(scene.user).forced(), 0U);
  EXPECT_EQ(scene.world.get(scene.user).unanswered(), 0U);
  EXPECT_TRUE(scene.world.get(scene.censor).written.empty());
}

TEST(ForcedWithdrawal, SnapshotContinuesTheSameRun) {
  Scene whole(true, kTen);
  Scene first(true, kTen);
  Scene second(true, kTen);
  for (Scene* scene : {&whole, &first, &second}) scene->world.start();
  whole.world.run(Time::zero() + 4_min);
  first.world.run(Time::zero() + 65_s);  // some are forced, some wait
  EXPECT_GT(first.world.get(first.user).forced(), 0U);
  EXPECT_LT(first.world.get(first.user).forced(), 10U);
  second.world.restore(first.world.save());
  second.world.run(Time::zero() + 4_min);
  EXPECT_EQ(second.world.engine().fingerprint(), whole.world.engine().fingerprint());
  EXPECT_EQ(second.world.save(), whole.world.save());
}

TEST(ForcedWithdrawal, WithoutAWayOverLayerOneIsAnErrorOfTheScenario) {
  World world({.seed = 7});
  const Ref<MiniMarket> market = world.add<MiniMarket>("market", test_exchange());
  Exchange& exchange = world.get(market).exchange;
  const AccountRange accounts = WithdrawalUser::genesis(exchange, kTen);
  const MarketAccess access{.inbox = market, .node = &exchange};
  EXPECT_THROW(world.add<WithdrawalUser>("user", kTen, access, accounts), ScenarioError);
}

}  // namespace
}  // namespace mezz
