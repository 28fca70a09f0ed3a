// A layer two without a market: a chain of empty blocks, each published at once, on a real layer
// one, with the settlement entities around it. One block a minute, so that days run in a moment;
// claims every hour, as on OP mainnet.
#pragma once

#include <vector>

#include "models/base_chain/base_chain.h"
#include "models/layer2/chain.h"
#include "models/layer2/settlement/challenger.h"
#include "models/layer2/settlement/fault_proof.h"
#include "models/layer2/settlement/fraudulent_proposer.h"
#include "models/layer2/settlement/proposer.h"
#include "sim/world/world.h"

namespace mezz::testing {

inline constexpr Duration kSlot = 12_s;
inline constexpr Duration kClock = 302'400_s;
inline constexpr Duration kAirGap = 302'400_s;

struct AddTransaction {
  Transaction transaction;
};
struct RollBack {
  BlockId kept;
};

class BlockMaker final : public EntityOf<BlockMaker, NoParams> {
 public:
  struct Tick {};
  BlockMaker(const Site& site, const NoParams& params) : EntityOf(site, params) {
    chain.set_genesis_root(0x6E);
  }
  void observe(Ref<BlockObserver> observer) { observers_.push_back(observer); }
  void on(Context& ctx, const Start&) { after(ctx, 1_min, Tick{}); }
  void on(Context&, const AddTransaction& add) { waiting_.push_back(add.transaction); }
  void on(Context& ctx, const RollBack& back) {
    for (const ChainTransaction& gone : chain.rollback(back.kept)) {
      if (gone.transaction.kind == TxKind::Withdraw) withdrawn -= Money{gone.transaction.amount};
      if (gone.transaction.kind == TxKind::Deposit) deposited -= Money{gone.transaction.amount};
    }
    ++salt_;
    for (const auto observer : observers_) ctx.send(observer, Layer2Reorg{back.kept});
  }
  void on(Context& ctx, const Tick&) {
    after(ctx, 1_min, Tick{});
    for (const Transaction& tx : waiting_) {
      chain.append(tx, TxStatus::Executed);
      if (tx.kind == TxKind::Withdraw) withdrawn += Money{tx.amount};
      if (tx.kind == TxKind::Deposit) deposited += Money{tx.amount};
    }
    waiting_.clear();
    const std::uint64_t number = chain.head().value + 1;
    const std::uint64_t root = (number + salt_ * 1'000'003) * 0x9E37'79B9'7F4A'7C15U;
    const BlockId sealed = chain.seal(ctx.now(), 0, 100, root).number;
    chain.reach(Rung::Preconfirmed, sealed, sealed, ctx.now());
    chain.reach(Rung::Published, sealed, sealed, ctx.now());
    for (const auto observer : observers_) ctx.send(observer, BlockSealed{sealed});
  }
  void visit_state(auto& v) {
    v("chain", chain);
    v("waiting", waiting_);
    v("salt", salt_);
    v("deposited", deposited);
    v("withdrawn", withdrawn);
  }

  Layer2Chain chain;
  Money deposited;
  Money withdrawn;

 private:
  std::vector<Ref<BlockObserver>> observers_;
  std::vector<Transaction> waiting_;
  std::uint64_t salt_ = 0;
};

// An empty layer one: every transaction is in the next block.
inline BaseChainParams quiet_l1() {
  BaseChainParams p;
  p.missed_slot_probability = Ratio::zero();
  p.reorg_probability = Ratio::zero();
  p.demand.mean_gas = Ratio::zero();
  p.demand.mean_blobs = Ratio::zero();
  p.demand.burst_probability = Ratio::zero();
  return p;
}

struct SettlementOptions {
  BaseChainParams l1 = quiet_l1();
  FaultProofParams proof = {};
  ProposerParams proposer = {};
  ChallengerParams challenger = {};
  FraudulentProposerParams attacker = {};
  int challengers = 1;
  WorldOptions world = {};
  Link link = {};  // between layer one and the parties, both ways

  SettlementOptions() { proposer.output_interval = 60; }
};

struct SettlementWorld {
  World world;
  Ref<BaseChain> l1;
  Ref<BlockMaker> node;
  Ref<FaultProof> proof_ref;
  Ref<Proposer> proposer_ref;
  std::vector<Ref<HonestChallenger>> challengers;
  Ref<FraudulentProposer> attacker_ref;

  explicit SettlementWorld(const SettlementOptions& o = {}) : world(o.world) {
    world.place("l1");
    l1 = world.add<BaseChain>("l1", o.l1);
    node = world.add<BlockMaker>("node", NoParams{});
    proof_ref = world.add<FaultProof>("proof", o.proof, chain());
    world.place("parties");
    world.link("l1", "parties", o.link);
    world.link("parties", "l1", o.link);
    proposer_ref = world.add<Proposer>("proposer", o.proposer, l1, proof(), chain());
    attacker_ref = world.add<FraudulentProposer>("attacker", o.attacker, l1, proof(), chain());
    for (int i = 0; i < o.challengers; ++i) {
      const std::string name = "challenger" + std::to_string(i);
      challengers.push_back(world.add<HonestChallenger>(name, o.challenger, l1, proof(), chain()));
    }
    world.place("l1");
    BaseChain& layer1 = world.get(l1);
    layer1.subscribe(proof_ref);
    layer1.subscribe(proposer_ref);
    layer1.subscribe(attacker_ref);
    for (const auto challenger : challengers) {
      layer1.subscribe(challenger);
      world.get(node).observe(challenger);
    }
  }

  Layer2Chain& chain() { return world.get(node).chain; }
  FaultProof& proof() { return world.get(proof_ref); }
  HonestChallenger& challenger(std::size_t i = 0) { return world.get(challengers[i]); }
  FraudulentProposer& attacker() { return world.get(attacker_ref); }

  // Schedules a shock; before or after start().
  void shock(Ref<Shockable> whom, ShockKind kind, Time from, Time until,
             Ratio magnitude = Ratio::one()) {
    Shock message{.kind = kind,
                  .edge = ShockEdge::Begins,
                  .reserved = 0,
                  .number = 0,
                  .magnitude = magnitude};
    world.engine().schedule(from, whom, message);
    message.edge = ShockEdge::Ends;
    if (until.happened()) world.engine().schedule(until, whom, message);
  }
  void lie_at(Time when) { shock(attacker_ref, ShockKind::InvalidClaim, when, when + 1_s); }
  // The game of the attacker's n-th false claim.
  GameId false_game(std::uint32_t n = 0) {
    for (std::uint32_t i = 0; i < proof().games(); ++i) {
      if (proof().game({i}).proposer != attacker().player().party()) continue;
      if (n-- == 0) return {i};
    }
    return {};
  }
  void run_until(Duration elapsed) { world.run(Time::zero() + elapsed); }
};

}  // namespace mezz::testing
