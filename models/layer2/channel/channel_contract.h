// The channel contract on layer one: it holds the money of all ledger channels between the accounts
// and the hub, and pays by the rules of channel_rules.h. Source: Nitro (ForceMove, MultiAssetHolder
// with gas of go-nitro's benchmark); Lightning for the penalty; reference sheet "layer-two
// protocols" section 4. Calls (data by number, see channel_messages.h):
//
//   OpenChannel a = first account, b = count     Deposit (also adds to an open channel)
//   ChallengeChannel / ForcedTransaction         a state and, on top, a price signed by the oracle
//   AnswerChannel                                checkpoint (newer state) or respond (next move)
//   CloseChannel                                 withdraw a part, or conclude; signed by both
//   ReleaseFunds a = account                     pays out of a channel whose window is over
//
// A Withdraw transaction in a block makes a withdrawal; a state that holds this block, signed by
// both, pays it at inclusion, whatever the channel's status: it is an allocation of its own. When a
// channel is paid out, the account's side of the market is the hub's from then on ("taken over"):
// the payout is `escaped` in the books (no transaction on layer two debits it). A withdrawal that
// the closing state does not hold and the account never co-signed did not leave the channel: its
// money is balance, paid or lost with the rest, and the withdrawal is `superseded`. What a state
// older than the latest co-signed one pays beyond that one is `stolen`; the hub lacks exactly this.
// With the penalty a newer state against an account's challenge forfeits its balance to the hub at
// once. Everything a call does is undone when layer one reorganises. Left out: the hub's own side
// as money in the escrow (it is counted as locked capital), channels between two accounts.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "models/base_chain/messages.h"
#include "models/base_chain/undo_log.h"
#include "models/layer2/bridge/bridge.h"
#include "models/layer2/channel/channel_book.h"
#include "models/layer2/channel/channel_messages.h"
#include "models/layer2/channel/channel_params.h"
#include "models/layer2/escrow.h"
#include "models/layer2/execution/exchange.h"
#include "models/layer2/reporter.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"
#include "sim/record/probe.h"

namespace mezz {

struct OnChainChannel {
  channel::Machine machine;
  channel::Holding claim;           // of the recorded state
  BlockId block = BlockId{0};       // newest that it holds
  Money capacity;                   // the account's money in it
  Time opened = Time::never();      // latest challenge
  std::uint64_t closed_height = 0;  // of layer one, when it was paid out or forfeited
  ChannelSide challenger = ChannelSide::Account;
  ChannelReason reason = ChannelReason::None;
  std::uint8_t forfeited = 0;
  std::uint8_t reserved[5] = {};
};

enum class ChannelWithdrawalStage : std::uint32_t { Open, Paid, Superseded };

struct ChannelWithdrawal {
  AccountId account;
  ChannelWithdrawalStage stage = ChannelWithdrawalStage::Open;
  Money amount;
  BlockId block;
  Time initiated;
};

// Of calls that stand; undone with them.
struct ChannelCounts {
  std::uint64_t opened = 0;
  std::uint64_t challenges = 0;
  std::uint64_t rearmed = 0;  // of them, on top of another
  std::uint64_t checkpoints = 0;
  std::uint64_t responses = 0;
  std::uint64_t concluded = 0;
  std::uint64_t released = 0;
  std::uint64_t withdrawals_paid = 0;
  std::uint64_t unilateral_closes = 0;
  std::uint64_t stale_attempts = 0;
  std::uint64_t stale_won = 0;
  std::uint64_t forfeited = 0;
  std::uint64_t gas = 0;
  [[nodiscard]] std::uint64_t calls() const {
    return challenges + checkpoints + responses + concluded + released + withdrawals_paid;
  }
};

enum class ChannelEvent : std::uint8_t {
  Opened,
  Deposited,
  Withdrawn,
  Concluded,
  Challenged,
  Cleared,
  Forfeited,
  Released,
  Undone
};
template <>
struct EnumNames<ChannelEvent> {
  static constexpr std::string_view names[] = {"opened",    "deposited",  "withdrawn",
                                               "concluded", "challenged", "cleared",
                                               "forfeited", "released",   "undone"};
};

struct ChannelRow {
  Time time;
  AccountId account;
  ChannelEvent event;
  channel::Mode mode;
  std::uint64_t turn;
  Money amount;
  Money capacity;
  void visit(auto& v) {
    v("time", time);
    v("account", account, {.doc = "Whose channel with the hub"});
    v("event", event, {.doc = "What layer one did"});
    v("mode", mode, {.doc = "Status afterwards"});
    v("turn", turn, {.doc = "Turn number on record"});
    v("amount", amount, {.doc = "Paid in or out"});
    v("capacity", capacity, {.doc = "The account's money in the channel afterwards"});
  }
};
struct ChannelDisputeRow {
  Time time;
  AccountId account;
  ChannelEvent event;
  ChannelSide challenger;
  ChannelReason reason;
  std::uint64_t turn;
  std::uint64_t newest_turn;
  Time opened;
  Time finalises;
  Money outcome;
  Money stolen;
  void visit(auto& v) {
    v("time", time);
    v("account", account);
    v("event", event, {.doc = "Challenged, cleared, forfeited, released or undone"});
    v("challenger", challenger);
    v("reason", reason);
    v("turn", turn, {.doc = "On record"});
    v("newest_turn", newest_turn, {.doc = "Latest co-signed one, as the hub knows"});
    v("opened", opened, {.doc = "Inclusion of the latest challenge"});
    v("finalises", finalises, {.doc = "End of its window"});
    v("outcome", outcome, {.doc = "What the recorded state pays the account"});
    v("stolen", stolen, {.doc = "Of it, beyond the latest co-signed state"});
  }
};

struct ChannelContractWiring {
  const Exchange* exchange = nullptr;
  const Layer2Chain* chain = nullptr;
  Ref<L1Contract> inbox;
};

class ChannelContract final : public EntityOf<ChannelContract, ChannelContractParams, L1Contract,
                                              L1Observer, EscrowLedger, BlockObserver, Shockable>,
                              public Bridge,
                              public Reporter {
 public:
  ChannelContract(const Site& site, const ChannelContractParams& params,
                  const ChannelContractWiring& wiring);

  void lock_genesis(const ExchangeTotals& totals) override;
  void known_to(const ChannelBook& book) { book_ = &book; }  // what "latest co-signed" means
  void watch(Ref<ChannelWatcher> watcher) { watchers_.push_back(watcher); }

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

  // Calldata: the number goes into the call.
  std::uint64_t write(const ChannelCall& call);

  // ---- for readers with a node of layer one
  [[nodiscard]] std::uint64_t channels() const { return rows_.size(); }
  [[nodiscard]] const OnChainChannel& channel(AccountId account) const;
  [[nodiscard]] const std::set<std::uint64_t>& challenged() const { return challenged_; }
  [[nodiscard]] std::uint64_t withdrawals() const { return withdrawals_.size(); }
  [[nodiscard]] const ChannelWithdrawal& withdrawal(std::uint64_t number) const;
  [[nodiscard]] const ChannelCall& call(std::uint64_t number) const;
  // Of the account, in blocks after the first and up to the second.
  [[nodiscard]] Money withdrawn(AccountId account, BlockId after, BlockId upto) const;
  // Of the account, in withdrawals that never left its channel.
  [[nodiscard]] Money superseded(AccountId account) const;
  [[nodiscard]] channel::Funding funding(AccountId account) const;
  [[nodiscard]] const ContractSpec& contract() const { return exchange_->params().contract; }
  [[nodiscard]] bool paused() const { return paused_.on(); }
  [[nodiscard]] const ChannelCounts& counts() const { return counts_; }
  [[nodiscard]] Money locked_capital() const;  // by hub and intermediaries, now
  [[nodiscard]] double capital_days() const { return capital_seconds_ / 86'400.0; }

  [[nodiscard]] const BridgeTotals& totals() const override { return escrow_.totals(); }
  [[nodiscard]] WithdrawalSummary withdrawal_summary() const override;
  bool check_conservation(const ExchangeTotals& layer2) const override;
  void report(MetricList& out) const override;
  void check() const override;

  void visit_state(auto& v) {
    v("escrow", escrow_);
    v("rows", rows_);
    v("withdrawals", withdrawals_);
    v("calls", calls_);
    v("challenged", challenged_);
    v("undo", undo_);
    v("counts", counts_);
    v("delays", delays_);
    v("capacity", capacity_);
    v("virtual_capacity", virtual_capacity_);
    v("capital_seconds", capital_seconds_);
    v("capital_since", capital_since_);
    v("paused", paused_);
  }

 private:
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block;
    std::uint64_t height = 0;
    std::uint64_t kind = 0;
    std::uint64_t accepted = 0;
    std::uint64_t withdrawal = UINT64_MAX;  // paid by it
    AccountId account = {};
    std::uint32_t opened = 0;  // rows opened from `account` on
    std::uint64_t delays = 0;  // payments before it
    OnChainChannel before = {};
    Money paid = {};
    Money escaped = {};
    Money stolen = {};
    ChannelCounts counts = {};
  };

  [[nodiscard]] OnChainChannel& row(AccountId account);
  [[nodiscard]] bool execute(const L1Execute& call, Change& change, Time now);
  [[nodiscard]] bool open(std::uint64_t first, std::uint64_t count, Change& change, Time now);
  [[nodiscard]] bool challenge(const ChannelCall& call, Time now);
  [[nodiscard]] bool answer(const ChannelCall& call, Time now);
  [[nodiscard]] bool close(const ChannelCall& call, Change& change, Time now);
  [[nodiscard]] bool pay_withdrawal(const ChannelCall& call, Change& change, Time now);
  [[nodiscard]] bool release(AccountId account, Change& change, Time now);
  void pay_out(AccountId account, Money paid, Money latest, Change& change, Time now);
  void supersede_unsigned(AccountId account);
  void reopen_superseded(AccountId account);
  [[nodiscard]] bool deposit(const L1Execute& call, Change& change, Time now);
  void accrue(Time now);
  void set_capacity(AccountId account, Money capacity, Time now);
  void scan();
  void refile(AccountId account);
  void tell(Context& ctx, AccountId account) const;
  void record(Time now, AccountId account, ChannelEvent event, Money amount, Money stolen);

  const Exchange* exchange_;
  const Layer2Chain* chain_;
  const ChannelBook* book_ = nullptr;
  Ref<L1Contract> inbox_;
  std::vector<Ref<ChannelWatcher>> watchers_;
  EscrowAccount escrow_;
  std::vector<OnChainChannel> rows_;  // by account
  std::vector<ChannelWithdrawal> withdrawals_;
  std::vector<ChannelCall> calls_;
  std::set<std::uint64_t> challenged_;  // stored mode Challenge, that is until they are paid
  UndoLog<Change> undo_;
  ChannelCounts counts_;
  std::vector<Duration> delays_;  // of payments
  Money capacity_;                // sum over the rows
  Money virtual_capacity_;
  double capital_seconds_ = 0.0;  // USD x s
  Time capital_since_ = Time::zero();
  Switch paused_;
  Probe<Duration> delay_probe_{{.name = "withdrawal_delay",
                                .doc = "Block on layer two, or challenge, to payment",
                                .recorders = "mean quantiles"}};
  EventTable<ChannelRow> table_;
  EventTable<ChannelDisputeRow> disputes_;
};

}  // namespace mezz
