// A whole way from user to ordered and final: base chain, execution node, inbox, derivation,
// sequencer, poster, and a desk that owns the accounts, follows a script and writes down what it
// hears. No links: everything arrives at once unless a test sets some.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/layer2/availability/batch_poster.h"
#include "models/layer2/availability/derivation.h"
#include "models/layer2/availability/force_relayer.h"
#include "models/layer2/sequencing/single_sequencer.h"
#include "sim/random/distribution.h"
#include "sim/world/world.h"

namespace mezz {

inline BaseChainParams quiet_l1() {
  BaseChainParams p;
  p.missed_slot_probability = Ratio::zero();
  p.reorg_probability = Ratio::zero();
  p.participation = Ratio::one();
  p.demand.mean_gas = Ratio::zero();
  p.demand.mean_blobs = Ratio::zero();
  p.demand.burst_probability = Ratio::zero();
  p.demand.level_deviation = 0.0;
  p.demand.slot_deviation = 0.0;
  return p;
}
inline Shock shock(ShockKind kind, ShockEdge edge, Ratio magnitude = Ratio::one()) {
  return {.kind = kind, .edge = edge, .number = 0, .magnitude = magnitude};
}

struct Heard {
  Receipt receipt;
  Time at;
  std::uint64_t incarnation = 0;
};
static_assert(Flat<Heard>);

struct UserDeskParams {
  Duration interval = Duration::zero();  // of random cancels of random accounts; 0: none
  std::uint32_t accounts = 8;
  void visit(auto& v) { v("interval", interval); }
};

class UserDesk final
    : public EntityOf<UserDesk, UserDeskParams, AccountOwner, BlockObserver, MarketObserver> {
 public:
  struct Send {};
  UserDesk(const Site& site, const UserDeskParams& p, Ref<Inbox> sequencer)
      : EntityOf(site, p), sequencer_(sequencer) {}
  void on(Context& ctx, const Start&) {
    if (params().interval > Duration::zero()) after(ctx, params().interval, Send{});
  }
  void on(Context& ctx, const Send&) {
    after(ctx, exponential(rng(), params().interval), Send{});
    const auto account = static_cast<std::uint32_t>(rng().below(params().accounts));
    ctx.send(sequencer_, SubmitTransaction{{.account = AccountId{account},
                                            .kind = TxKind::CancelAll,
                                            .reference = ++sent,
                                            .submitted = ctx.now()}});
  }
  void on(Context& ctx, const Receipt& receipt) override {
    if (keep) heard.push_back({.receipt = receipt, .at = ctx.now(), .incarnation = reorgs});
    ++receipts;
  }
  void on(Context&, const MakerFill&) override { ++fills; }
  void on(Context&, const MarketUpdate&) override { ++updates; }
  void on(Context&, const BlockSealed&) override { ++blocks; }
  void on(Context&, const Layer2Reorg& reorg) override {
    ++reorgs;
    last_kept = reorg.kept;
  }
  void visit_state(auto& v) {
    v("heard", heard);
    v("sent", sent);
    v("receipts", receipts);
    v("fills", fills);
    v("updates", updates);
    v("blocks", blocks);
    v("reorgs", reorgs);
    v("last_kept", last_kept);
  }
  // "3 1 2": the users' references in the order of the receipts.
  [[nodiscard]] std::string order() const {
    std::string text;
    for (const Heard& h : heard) {
      if (h.receipt.kind == TxKind::Deposit) continue;
      text += (text.empty() ? "" : " ") + std::to_string(h.receipt.reference);
    }
    return text;
  }

  std::vector<Heard> heard;
  bool keep = true;
  std::uint64_t sent = 0;
  std::uint64_t receipts = 0;
  std::uint64_t fills = 0;
  std::uint64_t updates = 0;
  std::uint64_t blocks = 0;
  std::uint64_t reorgs = 0;
  BlockId last_kept = {};

 private:
  Ref<Inbox> sequencer_;
};

struct RollupWorld {
  struct Setup {
    BaseChainParams l1 = quiet_l1();
    ExecutionParams execution = {};
    DerivationParams derivation = {};
    SequencerParams sequencer = {};
    BatchPosterParams poster = {.max_channel_duration = 10_s, .poll_interval = 1_s};
    UserDeskParams desk = {};
    std::uint64_t seed = 5;
    bool force_relayer = false;         // somebody pays for forced inclusion (delay buffer)
    Duration delay = Duration::zero();  // mean, between layer one, the node and the users
  };
  explicit RollupWorld(const Setup& setup)
      : world({.seed = setup.seed}),
        l1_ref((world.place("l1"), world).add<BaseChain>("l1", setup.l1)),
        node_ref((world.place("l2"), world).add<ExecutionNode>("node", setup.execution)),
        inbox_ref((world.place("l1"), world).add<L1Inbox>("inbox", NoParams{}, node().chain())),
        derivation_ref(
            (world.place("l2"), world)
                .add<Derivation>("derivation", setup.derivation, node(), world.get(inbox_ref))),
        sequencer_ref(
            world.add<SingleSequencer>("sequencer", setup.sequencer, node(), derivation())),
        poster_ref(world.add<BatchPoster>(
            "poster", setup.poster,
            BatchPosterWiring{.l1 = l1_ref,
                              .inbox_ref = inbox_ref,
                              .inbox = &world.get(inbox_ref),
                              .chain = &node().chain(),
                              .sequencing_window = setup.derivation.sequencing_window,
                              .fees = {.base_fee = l1().base_fee(), .blob_fee = l1().blob_fee()}})),
        desk_ref((world.place("users"), world).add<UserDesk>("desk", setup.desk, sequencer_ref)) {
    for (std::uint32_t i = 0; i < setup.desk.accounts; ++i) {
      const AccountId account = node().genesis().open_account();
      node().genesis().genesis_deposit(account, 10'000_usd);
    }
    node().end_genesis();
    l1().subscribe(derivation_ref);
    l1().subscribe(poster_ref);
    if (setup.force_relayer) {
      const auto relayer = (world.place("users"), world)
                               .add<ForceRelayer>("force_relayer", ForceRelayerParams{}, l1_ref,
                                                  derivation_ref, derivation());
      l1().subscribe(relayer);
    }
    sequencer().register_owner(AccountId{0}, setup.desk.accounts, desk_ref);
    sequencer().observe_blocks(poster_ref);
    sequencer().observe_blocks(desk_ref);
    sequencer().observe_market(desk_ref);
    if (setup.delay > Duration::zero()) {
      const Link link{.delay = DelayDistribution::exponential(setup.delay)};
      for (const char* from : {"l1", "l2", "users"}) {
        for (const char* to : {"l1", "l2", "users"}) {
          if (std::string(from) != to) world.link(from, to, link);
        }
      }
    }
    world.start();
  }

  // ---- script; times count from the start of the run
  template <class R, class M>
  void at(Duration time, Ref<R> to, const M& message) {
    world.engine().schedule(Time::zero() + time, to, message);
  }
  void submit(Duration time, std::uint32_t account, std::uint64_t reference,
              TxKind kind = TxKind::CancelAll, std::int64_t amount = 0) {
    at(time, sequencer_ref,
       SubmitTransaction{{.account = AccountId{account},
                          .kind = kind,
                          .amount = amount,
                          .reference = reference,
                          .submitted = Time::zero() + time}});
  }
  void call_l1(Duration time, L1CallKind kind, std::uint64_t a, std::uint64_t b) {
    at(time, l1_ref,
       SubmitL1Transaction{.to = inbox_ref,
                           .from = {},
                           .tag = 0,
                           .a = a,
                           .b = b,
                           .gas = 100'000,
                           .blobs = 0,
                           .kind = kind,
                           .tip = {2'000},
                           .cap = {100'000'000}});
  }
  void deposit(Duration time, std::uint32_t account, Money amount) {
    call_l1(time, L1CallKind::Deposit, account, static_cast<std::uint64_t>(amount.micros));
  }
  void force(Duration time, const Transaction& transaction) {
    call_l1(time, L1CallKind::ForcedTransaction, world.get(inbox_ref).write_forced(transaction), 0);
  }
  template <class R>
  void outage(Duration from, Duration to, Ref<R> who, ShockKind kind,
              Ratio magnitude = Ratio::one()) {
    at(from, who, shock(kind, ShockEdge::Begins, magnitude));
    at(to, who, shock(kind, ShockEdge::Ends, magnitude));
  }
  void run(Duration until) { world.run(Time::zero() + until); }

  // ---- looking
  BaseChain& l1() { return world.get(l1_ref); }
  ExecutionNode& node() { return world.get(node_ref); }
  const L1Inbox& inbox() { return world.get(inbox_ref); }
  Derivation& derivation() { return world.get(derivation_ref); }
  SingleSequencer& sequencer() { return world.get(sequencer_ref); }
  BatchPoster& poster() { return world.get(poster_ref); }
  UserDesk& desk() { return world.get(desk_ref); }
  const Layer2Chain& chain() { return node().chain(); }
  Money quote(std::uint32_t account) { return node().exchange().quote(AccountId{account}); }
  // The block that holds the user's transaction with this reference; 0 if none does.
  BlockId block_of(std::uint64_t reference) {
    for (std::uint64_t b = 1; b <= chain().head().value; ++b) {
      const Layer2Block& block = chain().block(BlockId{b});
      for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
        const Transaction& tx = chain().transaction(i).transaction;
        if (tx.kind != TxKind::Deposit && tx.kind != TxKind::SettleFunding &&
            tx.reference == reference) {
          return block.number;
        }
      }
    }
    return BlockId{0};
  }

  World world;
  Ref<BaseChain> l1_ref;
  Ref<ExecutionNode> node_ref;
  Ref<L1Inbox> inbox_ref;
  Ref<Derivation> derivation_ref;
  Ref<SingleSequencer> sequencer_ref;
  Ref<BatchPoster> poster_ref;
  Ref<UserDesk> desk_ref;
};

}  // namespace mezz
