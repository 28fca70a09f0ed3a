// A validium in small: the real exchange, inbox, derivation, committee, batch poster, canonical
// bridge in one step and escape hatch on a real layer one; an operator who makes a block every slot
// and can stop serving layer one's messages; and the simplest settlement by proof, one layer-one
// call that settles all published blocks.
#pragma once

#include <vector>

#include "models/layer2/availability/batch_poster.h"
#include "models/layer2/availability/derivation.h"
#include "models/layer2/bridge/canonical_bridge.h"
#include "models/layer2/bridge/escape_hatch.h"
#include "models/layer2/bridge/withdrawal_relayer.h"
#include "tests/models/layer2/settlement/settlement_world.h"

namespace mezz::testing {

struct ServeMessages {
  std::uint64_t serve;
};

class Operator final : public EntityOf<Operator, NoParams>, public TransactionReturn {
 public:
  struct Tick {};
  Operator(const Site& site, const NoParams& p, Derivation& derivation, const Layer2Chain& chain)
      : EntityOf(site, p), derivation_(&derivation), chain_(&chain) {
    derivation.return_to(*this);
  }
  void on(Context& ctx, const Start&) { after(ctx, 12_s, Tick{}); }
  void on(Context&, const ServeMessages& message) { serving_ = message.serve; }
  void on(Context&, const AddTransaction& add) { waiting_.push_back(add.transaction); }
  void take_back(Context&, const std::vector<Transaction>& dropped) override {
    waiting_.insert(waiting_.begin(), dropped.begin(), dropped.end());
  }
  void on(Context& ctx, const Tick&) {
    after(ctx, 12_s, Tick{});
    if (derivation_->frozen()) return;
    std::uint64_t origin = chain_->head_block().l1_origin;
    std::vector<Transaction> transactions;
    const std::uint64_t target = derivation_->l1().height();
    while (serving_ != 0 && origin + 2 < target) {
      ++origin;
      derivation_->inbox().collect(origin, transactions);
    }
    transactions.insert(transactions.end(), waiting_.begin(), waiting_.end());
    waiting_.clear();
    derivation_->build(ctx, origin, transactions);
  }
  void visit_state(auto& v) {
    v("waiting", waiting_);
    v("serving", serving_);
  }

 private:
  Derivation* derivation_;
  const Layer2Chain* chain_;
  std::vector<Transaction> waiting_;
  std::uint64_t serving_ = 1;
};

// Settles what is published, by a call that is undone with its block; nothing once frozen.
class Settler final : public EntityOf<Settler, NoParams, L1Contract, L1Observer> {
 public:
  Settler(const Site& site, const NoParams& p, Ref<BaseChain> l1, Layer2Chain& chain,
          const Derivation& derivation)
      : EntityOf(site, p), l1_(l1), chain_(&chain), derivation_(&derivation) {}
  void on(Context& ctx, const L1Head& head) override {
    if (head.height % 25 != 0) return;
    const BlockId published = chain_->reached(Rung::Published);
    ctx.send(l1_, SubmitL1Transaction{.to = self(),
                                      .a = published.value,
                                      .kind = L1CallKind::ValidityProof,
                                      .tip = {2'000},
                                      .cap = {1'000'000}});
  }
  void on(Context& ctx, const L1Execute& call) override {
    const BlockId from = chain_->reached(Rung::Settled);
    const BlockId to = std::min(BlockId{call.a}, chain_->reached(Rung::Published));
    undo_.push_back(from.value);
    if (derivation_->frozen() || to <= from) return;
    chain_->reach(Rung::Asserted, BlockId{from.value + 1}, to, ctx.now());
    chain_->reach(Rung::Settled, BlockId{from.value + 1}, to, ctx.now());
  }
  void on(Context&, const L1Undo&) override {
    const BlockId back{undo_.back()};
    undo_.pop_back();
    const BlockId now = chain_->reached(Rung::Settled);
    if (now <= back) return;
    chain_->clear(Rung::Settled, BlockId{back.value + 1}, now);
    chain_->clear(Rung::Asserted, BlockId{back.value + 1}, now);
  }
  void on(Context&, const L1Reorg&) override {}
  void on(Context&, const L1Finalised&) override {}
  void visit_state(auto& v) { v("undo", undo_); }

 private:
  Ref<BaseChain> l1_;
  Layer2Chain* chain_;
  const Derivation* derivation_;
  std::vector<std::uint64_t> undo_;
};

struct HatchOptions {
  BaseChainParams l1 = quiet_l1();
  EscapeHatchParams hatch = {};
  CommitteeParams committee = {};
  DataCommittee::Choice choice = DataCommittee::Choice::CommitteeOnly;
  Money insurance_fund = 1'000_usd;
  std::uint32_t users = 20;
};

struct HatchWorld {
  World world{WorldOptions{.seed = 3}};
  Ref<BaseChain> l1;
  Ref<ExecutionNode> node_ref;
  Ref<L1Inbox> inbox_ref;
  Ref<Derivation> derivation_ref;
  Ref<Operator> operator_ref;
  Ref<DataCommittee> committee_ref;
  Ref<BatchPoster> poster_ref;
  Ref<Settler> settler_ref;
  Ref<CanonicalBridge> bridge_ref;
  Ref<WithdrawalRelayer> relayer_ref;
  Ref<EscapeHatch> hatch_ref;

  // Users hold 1000 USD each; even ones are long 0.01 BTC at 50 000 USD, odd ones short.
  explicit HatchWorld(const HatchOptions& o = {}) {
    l1 = world.add<BaseChain>("l1", o.l1);
    ExecutionParams execution;
    execution.exchange.insurance_fund = o.insurance_fund;
    execution.full_check_every = 1'000;
    execution.exchange.oracle.max_age = 365_d;
    node_ref = world.add<ExecutionNode>("node", execution);
    inbox_ref = world.add<L1Inbox>("inbox", NoParams{}, node().chain());
    L1Inbox& inbox = world.get(inbox_ref);
    derivation_ref = world.add<Derivation>(
        "derivation", DerivationParams{.forced_inclusion = ForcedInclusion::QueueOnly}, node(),
        inbox);
    Derivation& derivation = world.get(derivation_ref);
    operator_ref = world.add<Operator>("operator", NoParams{}, derivation, node().chain());
    committee_ref = world.add<DataCommittee>("committee", o.committee, o.choice);
    poster_ref = world.add<BatchPoster>("poster", BatchPosterParams{.max_channel_duration = 2_min},
                                        BatchPosterWiring{.l1 = l1,
                                                          .inbox_ref = inbox_ref,
                                                          .inbox = &inbox,
                                                          .chain = &node().chain(),
                                                          .sequencing_window = 1'000'000'000,
                                                          .committee_ref = committee_ref,
                                                          .committee = &world.get(committee_ref),
                                                          .sizes = &node().params().sizes});
    world.get(committee_ref).answer_to(poster_ref);
    settler_ref = world.add<Settler>("settler", NoParams{}, l1, node().chain(), derivation);
    bridge_ref =
        world.add<CanonicalBridge>("bridge", CanonicalBridgeParams{}, nullptr, node().chain());
    inbox.escrow_with(bridge_ref);
    relayer_ref = world.add<WithdrawalRelayer>("relayer", WithdrawalRelayerParams{}, l1, bridge_ref,
                                               bridge());
    world.get(relayer_ref).see_data(world.get(committee_ref));
    hatch_ref = world.add<EscapeHatch>("hatch", o.hatch,
                                       EscapeWiring{.escrow = &bridge().escrow(),
                                                    .node = &node(),
                                                    .derivation = &derivation,
                                                    .inbox_ref = inbox_ref,
                                                    .inbox = &inbox,
                                                    .data = &world.get(committee_ref)});
    subscribe(derivation);
    open_accounts(o.users);
    world.start();
  }
  void subscribe(Derivation& derivation) {
    BaseChain& chain = world.get(l1);
    chain.subscribe(derivation_ref);
    chain.subscribe(poster_ref);
    chain.subscribe(settler_ref);
    chain.subscribe(bridge_ref);
    chain.subscribe(relayer_ref);
    chain.subscribe(hatch_ref);
    derivation.feed().observe_blocks(poster_ref);
    derivation.feed().observe_blocks(committee_ref);
    derivation.feed().observe_blocks(bridge_ref);
    derivation.feed().observe_blocks(hatch_ref);
  }
  void open_accounts(std::uint32_t users) {
    Exchange& genesis = node().genesis();
    const Price entry{genesis.oracle()};
    for (std::uint32_t u = 0; u < users; ++u) {
      const AccountId account = genesis.open_account();
      genesis.genesis_deposit(account, 1'000_usd);
      genesis.genesis_position(account, Quantity{u % 2 == 0 ? kLots : -kLots}, entry);
    }
    node().end_genesis();
    bridge().lock_genesis(node().exchange().totals());
  }
  static constexpr std::int64_t kLots = 10;

  // ---- script
  void call(Duration at, Ref<L1Contract> to, L1CallKind kind, std::uint64_t a,
            std::uint64_t b = 0) {
    world.engine().schedule(Time::zero() + at, l1,
                            SubmitL1Transaction{.to = to,
                                                .a = a,
                                                .b = b,
                                                .gas = 100'000,
                                                .kind = kind,
                                                .tip = {2'000},
                                                .cap = {1'000'000}});
  }
  // Returns the number of the request.
  std::uint64_t force_withdrawal(Duration at, std::uint32_t account, Money amount,
                                 std::uint64_t premium = 0) {
    const std::uint64_t number = hatch().write_request({.own = {.account = AccountId{account},
                                                                .kind = TxKind::Withdraw,
                                                                .amount = amount.micros,
                                                                .reference = ++references,
                                                                .submitted = Time::zero() + at}});
    call(at, hatch_ref, L1CallKind::ForcedRequest, number, premium);
    return number;
  }
  void transact(Duration at, const Transaction& tx) {
    world.engine().schedule(Time::zero() + at, operator_ref, AddTransaction{tx});
  }
  void withdraw(Duration at, std::uint32_t account, Money amount) {
    transact(at, {.account = AccountId{account},
                  .kind = TxKind::Withdraw,
                  .amount = amount.micros,
                  .submitted = Time::zero() + at});
  }
  void stop_serving(Duration at) {
    world.engine().schedule(Time::zero() + at, operator_ref, ServeMessages{0});
  }
  void shock(Duration at, Ref<Shockable> who, ShockKind kind, ShockEdge edge,
             Ratio magnitude = Ratio::one()) {
    world.engine().schedule(
        Time::zero() + at, who,
        Shock{.kind = kind, .edge = edge, .reserved = 0, .number = 0, .magnitude = magnitude});
  }
  void run(Duration until) { world.run(Time::zero() + until); }

  ExecutionNode& node() { return world.get(node_ref); }
  CanonicalBridge& bridge() { return world.get(bridge_ref); }
  EscapeHatch& hatch() { return world.get(hatch_ref); }
  DataCommittee& committee() { return world.get(committee_ref); }
  bool conserved() {
    hatch().check();
    return bridge().check_conservation(node().exchange().totals());
  }
  // A request nobody serves, and the freeze at the first instant it is allowed.
  Duration freeze_after_grace(Duration at, Duration margin = 0_s) {
    stop_serving(at);
    const std::uint64_t number = force_withdrawal(at, 0, 10_usd);
    const Duration frozen = at + hatch().params().freeze_grace + 24_s + margin;
    call(frozen, hatch_ref, L1CallKind::FreezeRequest, number);
    return frozen + 12_s;
  }

  std::uint64_t references = 0;
};

}  // namespace mezz::testing
