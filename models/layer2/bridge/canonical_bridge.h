// The canonical bridge: the contract on layer one that holds all money of the layer two. Deposits
// lock money (the layer-one inbox reports them); a Withdraw transaction on layer two starts a
// withdrawal, ProveWithdrawal (a = withdrawal, b = game) and, by the rules of withdrawal_rules.h,
// FinaliseWithdrawal (a = withdrawal) pay it. Source: OptimismPortal2; reference sheet "layer-two
// protocols" section 2.5. Units: millionths of a dollar.
//
// Withdrawals are read from the sealed blocks, in order of the chain, and numbered; a number is
// never used again. One whose block is rolled back is void; each is paid at most once. Two rungs
// follow the ladder per withdrawal: Withdrawable (the rule allows payment) and Paid. Calls are
// undone exactly when layer one reorganises. Left out: forged withdrawals under a false claim that
// settled (FaultProof counts such claims; only real withdrawals are ever paid here), fees of the
// portal, tokens other than the quote currency.
#pragma once

#include <cstdint>
#include <vector>

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

using WithdrawalId = Id<struct WithdrawalTag, std::uint64_t>;

struct CanonicalBridgeParams {
  Duration proof_maturity_delay = 604'800_s;

  void visit(auto& v) {
    v("proof_maturity_delay", proof_maturity_delay,
      {.doc = "Least time between proving a withdrawal and its payment (OP: 7 d)", .min = 0_s});
  }
};

enum class WithdrawalStage : std::uint8_t { Initiated, Proven, Paid, Void };
template <>
struct EnumNames<WithdrawalStage> {
  static constexpr std::string_view names[] = {"initiated", "proven", "paid", "void"};
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

struct BridgeTotals {
  Money escrow;
  Money locked;     // deposits, genesis included
  Money paid;       // withdrawals
  Money credited;   // deposits seen in blocks, without genesis
  Money initiated;  // withdrawals seen in blocks, without void ones
  Money lost;       // paid although their block was rolled back later
  std::uint64_t refused = 0;
  std::uint64_t paid_count = 0;

  // Locked on layer one, not yet in a block of layer two.
  [[nodiscard]] Money in_flight(Money genesis) const { return locked - genesis - credited; }
  [[nodiscard]] Money unpaid() const { return initiated - (paid - lost); }
};

class CanonicalBridge final : public EntityOf<CanonicalBridge, CanonicalBridgeParams, L1Contract,
                                              L1Observer, EscrowLedger, BlockObserver, Shockable> {
 public:
  // The builder subscribes it to layer one and to the blocks.
  CanonicalBridge(const Site& site, const CanonicalBridgeParams& params, const FaultProof& proof,
                  const Layer2Chain& chain);

  // ---- while building: the money that layer two starts with, insurance fund included
  void lock_genesis(const ExchangeTotals& totals);

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

  // ---- for readers with nodes of both layers
  [[nodiscard]] std::uint64_t withdrawals() const { return withdrawals_.size(); }
  [[nodiscard]] const BridgeWithdrawal& withdrawal(WithdrawalId id) const;
  [[nodiscard]] layer2::WithdrawalCheck check(WithdrawalId id, Time now) const;
  // When the rule will allow payment if nothing changes; never() while its game is not won.
  [[nodiscard]] Time payable_at(WithdrawalId id) const;
  [[nodiscard]] const BridgeTotals& totals() const { return totals_; }
  [[nodiscard]] const FaultProof& proof() const { return *proof_; }
  [[nodiscard]] layer2::WithdrawalParams rules() const;
  [[nodiscard]] bool paused() const { return paused_.on(); }

  // Asserts that the escrow equals, to the last unit, what layer two owes: its money, deposits on
  // the way in and withdrawals on the way out. False, without a check, while the two layers cannot
  // agree: a block or rollback has not been heard of yet, or layer one has taken a deposit back and
  // layer two has not.
  bool check_conservation(const ExchangeTotals& layer2) const;

  void visit_state(auto& v) {
    v("totals", totals_);
    v("genesis", genesis_);
    v("genesis_deposited", genesis_deposited_);
    v("withdrawals", withdrawals_);
    v("credits", credits_);
    v("undo", undo_);
    v("scanned", scanned_);
    v("scanned_incarnation", scanned_incarnation_);
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
  struct Credit {
    BlockId block;
    Money amount;
  };

  [[nodiscard]] bool prove(BridgeWithdrawal& subject, GameId game, Time now);
  [[nodiscard]] bool pay(BridgeWithdrawal& subject, Time now);
  void scan(Time now);
  void read_block(const Layer2Block& block, Time now);
  void forget_above(BlockId kept, Time now);
  void record(Time now, WithdrawalId id);
  [[nodiscard]] layer2::PortalState portal() const;
  void check_escrow() const;

  const FaultProof* proof_;
  const Layer2Chain* chain_;
  BridgeTotals totals_;
  Money genesis_;            // locked at the start
  Money genesis_deposited_;  // of it, in accounts
  std::vector<BridgeWithdrawal> withdrawals_;
  std::vector<Credit> credits_;  // by block, ascending
  std::vector<Change> undo_;
  BlockId scanned_{0};
  std::uint64_t scanned_incarnation_ = 0;
  Switch paused_;
  Probe<Duration> delay_{{.name = "withdrawal_delay",
                          .doc = "Block on layer two to payment on layer one",
                          .recorders = "mean quantiles"}};
  EventTable<WithdrawalRow> rows_;
};

}  // namespace mezz
