// The plasma contract on layer one: block roots, escrow, exits. Sources: exit_rules.h. It is the
// bridge of the plasma design; money leaves by exits only:
//
//   normal   Withdraw on layer two burns balance -> root with data on layer one -> StartExit of
//            that output -> exitable time -> ProcessExits pays in order of priority
//   account  the balance itself leaves, as it stands in the newest block with data: quote +
//   position
//            x mark of that block. The market ends there: blocks above it are dropped and the chain
//            stops for ever, because nobody trades on a chain whose outputs leave
//   challenge  an exit of a spent output is deleted, its bond goes to the challenger
//
// An invented output cannot be challenged (there is no spend to show, in Cash there is: the owner's
// history); older outputs are paid before it, and whoever comes after it finds the escrow empty.
// Exits are paid from what is there, in order, the last one in part.
//
// Rungs: Published = root on layer one and data served; Asserted = root on layer one; OrderFinal =
// that layer-one block is final; Settled = root + 2 MEP (Cash: + MEP) has passed and the root is
// final: an exit of the block's outputs that was started with the root has then been exitable, and
// every exit that could come before it had to start in the first MEP. Blocks on top of an invalid
// root reach nothing.
// Left out: competitors of in-flight exits (nobody here signs two transactions; rules and periods
// are in exit_rules.h), partial processing by token, piggybacking of inputs, exit upgrades.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/undo_log.h"
#include "models/layer2/availability/derivation.h"
#include "models/layer2/bridge/bridge.h"
#include "models/layer2/escrow.h"
#include "models/layer2/plasma/commit_store.h"
#include "models/layer2/plasma/exit_messages.h"
#include "models/layer2/plasma/exit_queue.h"
#include "models/layer2/plasma/plasma_params.h"
#include "models/layer2/reporter.h"
#include "models/shock/shock.h"

namespace mezz {

inline constexpr std::uint64_t kNoExit = UINT64_MAX;

struct PlasmaExit {
  std::uint64_t number = 0;  // of the claim
  AccountId account = {};
  ExitKind kind = ExitKind::Withdrawal;
  ExitStage stage = ExitStage::Started;
  std::uint16_t reserved = 0;
  plasma::ExitPriority priority = {};
  Money amount = {};
  Money paid = {};
  Time started = {};
  Time processed = Time::never();
  plasma::InFlightExit in_flight = {};  // of kind InFlight
};

struct PlasmaWithdrawal {
  AccountId account = {};
  std::uint32_t gone = 0;  // 1: its block was dropped
  Money amount = {};
  BlockId block = {};
  Time initiated = {};
  std::uint64_t exit = kNoExit;
};

struct PlasmaDeposit {
  AccountId account = {};
  std::uint32_t undone = 0;
  Money amount = {};
  std::uint64_t height = 0;
  std::uint64_t exit = kNoExit;
};

struct ExitTotals {
  std::uint64_t started = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t piggybacked = 0;
  std::uint64_t processed = 0;
  std::uint64_t challenged = 0;
  std::uint64_t voided = 0;  // their withdrawal was dropped from the chain
  std::uint64_t queue_max = 0;
  Money unpaid;  // claims that found the escrow empty
  Wei bonds_locked;
  Wei bonds_lost;  // to challengers
  Wei bounties;    // to processors
};

class ExitGame final : public EntityOf<ExitGame, PlasmaParams, L1Contract, L1Observer, EscrowLedger,
                                       BlockObserver, Shockable>,
                       public Bridge,
                       public Reporter {
 public:
  ExitGame(const Site& site, const PlasmaParams& params, ExecutionNode& node,
           Derivation& derivation);

  // ---- while building
  void read_commits(const plasma::CommitStore& store) { commits_ = &store; }
  void lock_genesis(const ExchangeTotals& totals) override { escrow_.lock_genesis(totals); }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const DepositLocked& deposit) override;
  void on(Context& ctx, const DepositUndone& deposit) override;
  void on(Context& ctx, const BlockSealed& sealed) override;
  void on(Context& ctx, const Layer2Reorg& reorg) override;
  void on(Context& ctx, const Shock& shock) override;

  // ---- for whoever reads the contract
  [[nodiscard]] const plasma::OutputSet& outputs() const { return outputs_; }
  [[nodiscard]] std::uint64_t exits() const { return exits_.size(); }
  [[nodiscard]] const PlasmaExit& exit(std::uint64_t number) const;
  [[nodiscard]] const plasma::ExitQueue& queue() const { return queue_; }
  // Open exits that a challenge would delete.
  [[nodiscard]] const std::vector<std::uint64_t>& challengeable() const { return challengeable_; }
  [[nodiscard]] const std::vector<PlasmaWithdrawal>& withdrawals() const { return withdrawals_; }
  [[nodiscard]] const std::vector<PlasmaDeposit>& deposits() const { return deposits_; }
  // No block with data holds the deposit, and none ever will.
  [[nodiscard]] bool stranded(const PlasmaDeposit& deposit) const;
  // The exit that a claim has started, or kNoExit. Numbers change when layer one is reorganised;
  // claims do not.
  [[nodiscard]] std::uint64_t exit_of(ExitClaim claim) const;
  [[nodiscard]] Money account_value(AccountId account) const;
  [[nodiscard]] Time unserved_since() const { return unserved_since_; }  // never: data is there
  [[nodiscard]] Time invalid_since() const { return invalid_since_; }    // never: no invalid root
  [[nodiscard]] bool halted() const { return derivation_->frozen(); }
  [[nodiscard]] const ExitTotals& exit_totals() const { return sums_; }
  [[nodiscard]] Wei bond(ExitKind kind) const;

  [[nodiscard]] const BridgeTotals& totals() const override { return escrow_.totals(); }
  [[nodiscard]] WithdrawalSummary withdrawal_summary() const override;
  bool check_conservation(const ExchangeTotals& layer2) const override {
    return escrow_.balances(*chain_, layer2);
  }
  void report(MetricList& out) const override;
  void check() const override;

  void visit_state(auto& v) {
    v("escrow", escrow_);
    v("outputs", outputs_);
    v("exits", exits_);
    v("queue", queue_);
    v("withdrawals", withdrawals_);
    v("deposits", deposits_);
    v("account_exit", account_exit_);
    v("spent_exit", spent_exit_);
    v("invented_exit", invented_exit_);
    v("taken_by", taken_by_);
    v("challengeable", challengeable_);
    v("undo", undo_);
    v("done", done_);
    v("sums", sums_);
    v("unserved_since", unserved_since_);
    v("invalid_since", invalid_since_);
    v("invalid_commit", invalid_commit_);
    v("finalised", finalised_);
    v("ordered", ordered_);
    v("settled", settled_);
    v("paused", paused_);
  }

 private:
  enum class Step : std::uint64_t { Refused, Root, Started, Piggybacked, Challenged, Processed };
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block = {};
    std::uint64_t height = 0;
    Step step = Step::Refused;
    std::uint64_t subject = 0;  // commit, exit, or how many were processed
    // Of a root: rungs it set (none while last < first), and what was known before.
    BlockId asserted_first{1};
    BlockId asserted_last{0};
    BlockId published_first{1};
    BlockId published_last{0};
    Time unserved_before = Time::never();
    Time invalid_before = Time::never();
    plasma::InFlightExit in_flight = {};  // before
  };

  // exit_game.cpp: calls
  [[nodiscard]] bool accept_root(std::uint64_t commit, std::uint64_t height, Time now,
                                 Change& change);
  void serve(std::uint64_t commit, std::uint64_t height, Time now, Change& change);
  [[nodiscard]] bool start(Context& ctx, ExitClaim claim, Change& change);
  [[nodiscard]] bool describe(ExitClaim claim, Time now, PlasmaExit& exit) const;
  [[nodiscard]] bool describe_account(ExitClaim claim, Time now, PlasmaExit& exit) const;
  [[nodiscard]] bool describe_withdrawal(ExitClaim claim, Time now, PlasmaExit& exit) const;
  [[nodiscard]] bool describe_deposit(ExitClaim claim, Time now, PlasmaExit& exit) const;
  [[nodiscard]] bool describe_invented(ExitClaim claim, Time now, PlasmaExit& exit) const;
  void place(PlasmaExit& exit, plasma::OutputOrigin origin, Time output, Time now) const;
  [[nodiscard]] std::uint64_t& slot_of(const PlasmaExit& exit);
  void halt(Context& ctx);
  [[nodiscard]] bool piggyback(ExitClaim claim, Time now, Change& change);
  [[nodiscard]] bool challenge(ExitClaim claim, Time now, Change& change);
  [[nodiscard]] bool process(std::uint64_t most, Time now, Change& change);
  [[nodiscard]] Money due(const PlasmaExit& exit) const;
  void pay(PlasmaExit& exit, Time now);
  void take_back(PlasmaExit& exit);
  void take_coin(const PlasmaExit& exit);
  void return_coin(const PlasmaExit& exit);
  [[nodiscard]] Wei bonds_of(const PlasmaExit& exit) const;
  [[nodiscard]] bool can_be_challenged(const PlasmaExit& exit) const;
  void list_challengeable(std::uint64_t number, bool open);

  // exit_game_undo.cpp
  void undo_root(const Change& change);
  void undo_start(const Change& change);
  void undo_challenge(const Change& change, Time now);
  void undo_processed(const Change& change, Time now);

  // exit_game_chain.cpp: the chain of layer two, the end of the run
  void scan();
  void forget_above(BlockId kept, Time now);
  void drop_exit(std::uint64_t number, Time now);
  void settle(Time now);
  void record(Time now, std::uint64_t number);

  ExecutionNode* node_;
  Derivation* derivation_;
  Layer2Chain* chain_;
  const plasma::CommitStore* commits_ = nullptr;

  EscrowAccount escrow_;
  plasma::OutputSet outputs_;
  std::vector<PlasmaExit> exits_;
  plasma::ExitQueue queue_;
  std::vector<PlasmaWithdrawal> withdrawals_;
  std::vector<PlasmaDeposit> deposits_;
  std::vector<std::uint64_t> account_exit_;   // by account
  std::vector<std::uint64_t> spent_exit_;     // by account
  std::vector<std::uint64_t> invented_exit_;  // by invention
  std::vector<std::uint64_t> taken_by_;       // by account: the exit that took its coin (Cash)
  std::vector<std::uint64_t> challengeable_;
  UndoLog<Change> undo_;
  std::vector<std::uint64_t> done_;  // exits processed by the calls in undo_, in order
  ExitTotals sums_;
  Time unserved_since_ = Time::never();
  Time invalid_since_ = Time::never();
  std::uint64_t invalid_commit_ = 0;
  std::uint64_t finalised_ = 0;  // height of layer one
  std::uint64_t ordered_ = 0;    // plasma block whose root is final on layer one
  std::uint64_t settled_ = 0;    // plasma block
  Switch paused_;

  Probe<std::uint64_t> queue_probe_{{.name = "exit_queue",
                                     .doc = "Exits started and not processed, at each block",
                                     .recorders = "timeavg vector",
                                     .unit = "exit"}};
  Probe<Duration> delay_{{.name = "exit_delay",
                          .doc = "Start of an exit to its processing",
                          .recorders = "mean quantiles"}};
  EventTable<ExitRow> rows_;
  EventTable<ExitChallengeRow> challenges_;
};

}  // namespace mezz
