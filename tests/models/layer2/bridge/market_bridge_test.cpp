// The bridge over the real exchange: its state roots are what is claimed and disputed, its ledger
// is what the escrow must cover.
#include <gtest/gtest.h>

#include "models/layer2/execution/node.h"
#include "tests/models/layer2/bridge/bridge_world.h"

namespace mezz {
namespace {

using testing::AddTransaction;
using testing::RollBack;

// Sequences whatever it is given into one block a minute, published at once.
class Driver final : public EntityOf<Driver, NoParams> {
 public:
  struct Tick {};
  Driver(const Site& site, const NoParams& p, ExecutionNode& node)
      : EntityOf(site, p), node_(&node) {}
  void observe(Ref<BlockObserver> observer) { observers_.push_back(observer); }
  void on(Context& ctx, const Start&) { after(ctx, 1_min, Tick{}); }
  void on(Context&, const AddTransaction& add) { waiting_.push_back(add.transaction); }
  void on(Context& ctx, const RollBack& back) {
    // Users' deposits are derived from layer one and come again; everything else is gone.
    for (const ChainTransaction& gone : node_->rollback(ctx, back.kept)) {
      if (gone.transaction.kind == TxKind::Deposit) waiting_.push_back(gone.transaction);
    }
    for (const auto observer : observers_) ctx.send(observer, Layer2Reorg{back.kept});
  }
  void on(Context& ctx, const Tick&) {
    after(ctx, 1_min, Tick{});
    node_->build_block(ctx, ctx.now(), 0, waiting_, node_->block_bytes(waiting_));
    waiting_.clear();
    const BlockId head = node_->chain().head();
    node_->chain().reach(Rung::Published, head, head, ctx.now());
    for (const auto observer : observers_) ctx.send(observer, BlockSealed{head});
  }
  void visit_state(auto& v) { v("waiting", waiting_); }

 private:
  ExecutionNode* node_;
  std::vector<Ref<BlockObserver>> observers_;
  std::vector<Transaction> waiting_;
};

ExecutionParams market() {
  ExecutionParams p;
  p.full_check_every = 10'000;
  return p;
}
ProposerParams hourly() {
  ProposerParams p;
  p.output_interval = 60;
  return p;
}

struct Market {
  World world{WorldOptions{}};
  Ref<BaseChain> l1 = world.add<BaseChain>("l1", BaseChainParams{});
  Ref<ExecutionNode> node_ref = world.add<ExecutionNode>("node", market());
  Ref<Driver> driver = world.add<Driver>("driver", NoParams{}, node());
  Ref<FaultProof> proof_ref = world.add<FaultProof>("proof", FaultProofParams{}, node().chain());
  FaultProof& proof = world.get(proof_ref);
  Ref<Proposer> proposer = world.add<Proposer>("proposer", hourly(), l1, proof, node().chain());
  Ref<HonestChallenger> challenger =
      world.add<HonestChallenger>("challenger", ChallengerParams{}, l1, proof, node().chain());
  Ref<FraudulentProposer> attacker = world.add<FraudulentProposer>(
      "attacker", FraudulentProposerParams{}, l1, proof, node().chain());
  Ref<CanonicalBridge> bridge_ref =
      world.add<CanonicalBridge>("bridge", CanonicalBridgeParams{}, &proof, node().chain());
  CanonicalBridge& bridge = world.get(bridge_ref);
  Ref<WithdrawalRelayer> relayer =
      world.add<WithdrawalRelayer>("relayer", WithdrawalRelayerParams{}, l1, bridge_ref, bridge);
  AccountId user;

  Market() {
    user = node().genesis().open_account();
    node().genesis().genesis_deposit(user, 10'000_usd);
    node().end_genesis();
    bridge.lock_genesis(node().exchange().totals());
    BaseChain& layer1 = world.get(l1);
    layer1.subscribe(proof_ref);
    layer1.subscribe(proposer);
    layer1.subscribe(challenger);
    layer1.subscribe(attacker);
    layer1.subscribe(bridge_ref);
    layer1.subscribe(relayer);
    world.get(driver).observe(challenger);
    world.get(driver).observe(bridge_ref);
    proof.watch(relayer);
  }
  ExecutionNode& node() { return world.get(node_ref); }
  void transact(Time at, TxKind kind, Money amount) {
    Transaction tx;
    tx.account = user;
    tx.kind = kind;
    tx.amount = amount.micros;
    world.engine().schedule(at, driver, AddTransaction{tx});
  }
  void deposit(Time at, Money amount) {
    world.engine().schedule(at, Ref<EscrowLedger>(bridge_ref),
                            DepositLocked{.account = user, .amount = amount, .height = 1});
    transact(at + 3_min, TxKind::Deposit, amount);
  }
};

// A vault's capital is an account's, not the fund's; users who win from it are paid out of it.
TEST(MarketBridge, EscrowHoldsWhatStandsForLossesWhereverItIs) {
  for (const LiquidationRule rule :
       {LiquidationRule::DydxV4, LiquidationRule::Hyperliquid, LiquidationRule::GmxV2}) {
    ExchangeParams params;
    params.liquidation_rule = rule;
    params.insurance_fund = 1'000'000_usd;
    Exchange exchange(params);
    exchange.genesis_deposit(exchange.open_account(), 10'000_usd);
    exchange.end_genesis();
    EscrowAccount escrow;
    escrow.lock_genesis(exchange.totals());
    EXPECT_EQ(escrow.totals().escrow, 1'010'000_usd);
    EXPECT_EQ(exchange.totals().fund_and_vault(), 1'000'000_usd);
  }
}

TEST(MarketBridge, EscrowCoversTheExchangeToTheLastUnitThroughDisputeAndRollback) {
  Market m;
  const Time start = Time::zero();
  for (int i = 0; i < 20; ++i) {
    m.transact(start + 5_min + i * 30_min, TxKind::Withdraw, Money{50'000'001 + i});
    m.deposit(start + 10_min + i * 50_min, Money{20'000'003 + i});
  }
  m.transact(start + 4_h, TxKind::Withdraw, 1'000'000_usd);  // more than there is: rejected
  m.world.engine().schedule(start + 3_h + 30_s, m.driver, RollBack{BlockId{100}});
  m.world.engine().schedule(start + 90_min, Ref<Shockable>(m.attacker),
                            Shock{.kind = ShockKind::InvalidClaim,
                                  .edge = ShockEdge::Begins,
                                  .reserved = 0,
                                  .number = 0,
                                  .magnitude = Ratio::one()});
  m.world.start();
  int checked = 0;
  for (Time t = start + 1_min + 1_s; t <= start + 12_h; t += 1_min) {
    m.world.run(t);
    checked += m.bridge.check_conservation(m.node().exchange().totals()) ? 1 : 0;
  }
  EXPECT_EQ(checked, 12 * 60 - 1);  // every time
  for (int day = 1; day <= 13; ++day) {
    m.world.run(start + day * 1_d);
    EXPECT_TRUE(m.bridge.check_conservation(m.node().exchange().totals()));
    m.proof.check_bonds();
  }
  const BridgeTotals& totals = m.bridge.totals();
  EXPECT_EQ(totals.unpaid(), Money::zero());
  EXPECT_EQ(totals.lost, Money::zero());
  EXPECT_EQ(totals.paid, m.node().exchange().totals().withdrawn);
  EXPECT_GT(totals.paid, 500_usd);
  // Twenty, every 30 minutes from block 5 on; those of blocks 125 and 155 were rolled back.
  std::uint64_t voided = 0;
  for (std::uint64_t i = 0; i < m.bridge.withdrawals(); ++i) {
    voided += m.bridge.withdrawal({i}).stage == WithdrawalStage::Void ? 1U : 0U;
  }
  EXPECT_EQ(voided, 2U);
  EXPECT_EQ(totals.paid_count, 18U);
  EXPECT_EQ(m.proof.totals().false_claims_settled, 0U);
  EXPECT_EQ(m.proof.totals().honest_claims_rejected, 0U);
  EXPECT_GT(m.proof.totals().challenger_wins, 0U);
}

}  // namespace
}  // namespace mezz
