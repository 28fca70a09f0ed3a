// What a false claim is for: whoever posted it has proven, against its made-up state, a withdrawal
// that no block holds, and takes the money once the claim can no longer be disputed. Source: OP
// Stack OptimismPortal2 (the portal believes the root of a game that was resolved for the defender
// and whose air gap is over); reference sheet "layer-two protocols" sections 3.3, 9 (withholding:
// "loot if nobody can build a fraud proof"). The thief resolves the game himself when its clocks
// have run out; the forged withdrawal counts as proven when the claim was made, so it is payable
// after the proof maturity as well. Contract's side and thief's side are one entity; the payment is
// a layer-one call and is undone with its block. Units: millionths of a dollar.
// Left out: guardians who pause the bridge on seeing it (shock BridgePaused does that by hand),
// more than one theft per claim.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/undo_log.h"
#include "models/layer2/bridge/canonical_bridge.h"
#include "models/layer2/reporter.h"
#include "models/layer2/settlement/fault_proof.h"
#include "models/layer2/settlement/l1_outbox.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"

namespace mezz {

struct ForgedWithdrawalParams {
  Ratio loot = Ratio::one();
  Gas gas{250'000};
  Gas resolve_gas{300'000};
  Duration retry_delay = 10_min;
  L1FeePolicy fees;

  void visit(auto& v) {
    v("loot", loot,
      {.doc = "Share of the escrow that a false claim is used to take",
       .min = Ratio{1},
       .max = Ratio::one()});
    v("gas", gas, {.doc = "Gas of the payment", .min = Gas{21'000}, .max = Gas{16'000'000}});
    v("resolve_gas", resolve_gas,
      {.doc = "Gas of resolving the game", .min = Gas{21'000}, .max = Gas{16'000'000}});
    v("retry_delay", retry_delay, {.doc = "After a refused call", .min = 1_s});
    v("fees", fees, {.doc = "What it offers for inclusion on layer one"});
  }
};

struct TheftRow {
  Time time;
  GameId game;
  Money amount;
  bool undone;

  void visit(auto& v) {
    v("time", time, {.doc = "Inclusion on layer one, or when it was undone"});
    v("game", game, {.doc = "Whose false claim was believed"});
    v("amount", amount, {.doc = "Left the escrow"});
    v("undone", undone, {.doc = "The call was orphaned"});
  }
};

class ForgedWithdrawal final
    : public EntityOf<ForgedWithdrawal, ForgedWithdrawalParams, L1Contract, L1Sender, L1Observer>,
      public Reporter {
 public:
  // The builder subscribes it to layer one.
  struct Wiring {
    Ref<BaseChain> l1;
    Ref<L1Contract> games;
    const FaultProof* proof = nullptr;
    CanonicalBridge* bridge = nullptr;
    layer2::PartyId liar;  // whose false claims are used
  };
  ForgedWithdrawal(const Site& site, const ForgedWithdrawalParams& params, const Wiring& wiring);

  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;

  [[nodiscard]] Money stolen() const { return stolen_; }
  [[nodiscard]] std::uint64_t thefts() const { return thefts_; }
  void report(MetricList& out) const override { out.count("theft.count", thefts_); }
  void check() const override;

  void visit_state(auto& v) {
    v("outbox", outbox_);
    v("tries", tries_);
    v("undo", undo_);
    v("stolen", stolen_);
    v("thefts", thefts_);
  }

 private:
  struct Try {  // by game
    Time again = Time::zero();
    Time resolve_again = Time::zero();
    std::uint64_t taken = 0;
  };
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block;
    std::uint64_t height = 0;
    std::uint64_t game = 0;
    Money amount = {};  // zero: refused
  };
  [[nodiscard]] bool payable(GameId game, Time now) const;
  [[nodiscard]] bool is_lie(GameId game) const;

  const FaultProof* proof_;
  CanonicalBridge* bridge_;
  layer2::PartyId liar_;
  L1Outbox::Address own_;    // the forged withdrawal
  L1Outbox::Address games_;  // resolving
  L1Outbox outbox_;
  std::vector<Try> tries_;
  UndoLog<Change> undo_;
  Money stolen_;
  std::uint64_t thefts_ = 0;
  EventTable<TheftRow> rows_;
};

}  // namespace mezz
