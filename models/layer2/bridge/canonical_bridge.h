// The canonical bridge: the contract on layer one that holds all money of the layer two. Deposits
// lock money (the layer-one inbox reports them); a Withdraw transaction on layer two starts a
// withdrawal, ProveWithdrawal (a = withdrawal, b = game) and, by the rules of withdrawal_rules.h,
// FinaliseWithdrawal (a = withdrawal) pay it. Source: OptimismPortal2; reference sheet "layer-two
// protocols" section 2.5. Units: millionths of a dollar.
//
// Withdrawals are read from the sealed blocks, in order of the chain, and numbered; a number is
// never used again. One whose block is rolled back is void; each is paid at most once. Two rungs
// follow the ladder per withdrawal: Withdrawable (the rule allows payment) and Paid. Without
// dispute games (Arbitrum's outbox, validity rollups) there is one step: FinaliseWithdrawal pays as
// soon as the block is Settled. Calls are undone exactly when layer one reorganises. Left out:
// forged withdrawals under a false claim that settled (FaultProof counts such claims; only real
// withdrawals are ever paid here), fees of the portal, tokens other than the quote currency.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/undo_log.h"
#include "models/layer2/bridge/bridge.h"
#include "models/layer2/bridge/escrow_account.h"
#include "models/layer2/bridge/withdrawal_list.h"
#include "models/layer2/chain.h"
#include "models/layer2/escrow.h"
#include "models/layer2/execution/exchange.h"
#include "models/layer2/settlement/fault_proof.h"
#include "models/layer2/settlement/withdrawal_rules.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"
#include "sim/record/probe.h"

namespace mezz {

struct CanonicalBridgeParams {
  Duration proof_maturity_delay = 604'800_s;

  void visit(auto& v) {
    v("proof_maturity_delay", proof_maturity_delay,
      {.doc = "Least time between proving a withdrawal and its payment (OP: 7 d)", .min = 0_s});
  }
};

struct BridgeWithdrawal {
  layer2::Withdrawal rules;
  AccountId account;
  GameId game;  // it was proven against
  Money amount;
  BlockId block;
  Time initiated;
  Time provable = Time::never();      // first claim that covers it, as seen when it was proven
  Time withdrawable = Time::never();  // by the rule, as seen when it was paid
  std::uint64_t proofs = 0;
  WithdrawalStage stage = WithdrawalStage::Initiated;
  std::uint8_t reserved[7] = {};

  [[nodiscard]] Time paid_at() const { return rules.paid_at(); }
};
static_assert(Flat<BridgeWithdrawal>);

// One row per change of stage.
struct WithdrawalRow {
  Time time;
  WithdrawalId withdrawal;
  AccountId account;
  WithdrawalStage stage;
  Time initiated;
  BlockId block;
  Money amount;
  Time provable;
  Time proven;
  Time withdrawable;
  Time paid;
  std::uint64_t reproved;

  void visit(auto& v) {
    v("time", time);
    v("withdrawal", withdrawal, {.doc = "In order of the chain"});
    v("account", account, {.doc = "Who withdraws"});
    v("stage", stage, {.doc = "Reached now; a stage comes again after a reorganisation"});
    v("initiated", initiated, {.doc = "Its layer-two block was sealed"});
    v("block", block, {.doc = "That block"});
    v("amount", amount, {.doc = "Debited on layer two"});
    v("provable", provable, {.doc = "First claim that covers it and is not lost"});
    v("proven", proven, {.doc = "Latest proof"});
    v("withdrawable", withdrawable, {.doc = "The rule allows payment"});
    v("paid", paid, {.doc = "Money left the escrow"});
    v("reproved", reproved, {.doc = "Proofs after the first"});
  }
};

class CanonicalBridge final : public EntityOf<CanonicalBridge, CanonicalBridgeParams, L1Contract,
                                              L1Observer, EscrowLedger, BlockObserver, Shockable>,
                              public Bridge {
 public:
  // The builder subscribes it to layer one and to the blocks. Without a proof (null): one step.
  CanonicalBridge(const Site& site, const CanonicalBridgeParams& params, const FaultProof* proof,
                  const Layer2Chain& chain);

  void lock_genesis(const ExchangeTotals& totals) override { escrow_.lock_genesis(totals); }

  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context&, const L1Head&) override {}
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const DepositLocked& deposit) override;
  void on(Context& ctx, const DepositUndone& deposit) override;
  void on(Context& ctx, const BlockSealed& sealed) override;
  void on(Context& ctx, const Layer2Reorg& reorg) override;
  void on(Context& ctx, const Shock& shock) override;

  // The money itself, for other contracts of the same design (escape hatch): wiring.
  [[nodiscard]] EscrowAccount& escrow() { return escrow_; }

  // ---- for readers with nodes of both layers
  [[nodiscard]] std::uint64_t withdrawals() const { return withdrawals_.size(); }
  [[nodiscard]] const BridgeWithdrawal& withdrawal(WithdrawalId id) const;
  [[nodiscard]] layer2::WithdrawalCheck check(WithdrawalId id, Time now) const;
  // When the rule will allow payment if nothing changes; never() while its game is not won.
  [[nodiscard]] Time payable_at(WithdrawalId id) const;
  [[nodiscard]] const BridgeTotals& totals() const override { return escrow_.totals(); }
  [[nodiscard]] WithdrawalSummary withdrawal_summary() const override;
  [[nodiscard]] bool one_step() const { return proof_ == nullptr; }
  [[nodiscard]] const FaultProof& proof() const {
    MEZZ_ASSERT(proof_ != nullptr);
    return *proof_;
  }
  [[nodiscard]] layer2::WithdrawalParams rules() const;
  [[nodiscard]] bool paused() const { return paused_.on(); }

  bool check_conservation(const ExchangeTotals& layer2) const override {
    return escrow_.balances(*chain_, layer2);
  }

  void visit_state(auto& v) {
    v("escrow", escrow_);
    v("withdrawals", withdrawals_);
    v("undo", undo_);
    v("paused", paused_);
  }

 private:
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block;
    std::uint64_t height = 0;
    WithdrawalId withdrawal = {};  // none: the call was refused
    BridgeWithdrawal before = {};
  };

  [[nodiscard]] bool prove(BridgeWithdrawal& subject, GameId game, Time now);
  [[nodiscard]] bool pay(BridgeWithdrawal& subject, Time now);
  [[nodiscard]] layer2::GameView view_of(const BridgeWithdrawal& subject) const;
  void scan(Time now);
  void forget_above(BlockId kept, Time now);
  void record(Time now, WithdrawalId id);
  [[nodiscard]] layer2::PortalState portal() const;

  const FaultProof* proof_;
  const Layer2Chain* chain_;
  EscrowAccount escrow_;
  std::vector<BridgeWithdrawal> withdrawals_;
  UndoLog<Change> undo_;
  Switch paused_;
  Probe<Duration> delay_{{.name = "withdrawal_delay",
                          .doc = "Block on layer two to payment on layer one",
                          .recorders = "mean quantiles"}};
  EventTable<WithdrawalRow> rows_;
};

}  // namespace mezz
