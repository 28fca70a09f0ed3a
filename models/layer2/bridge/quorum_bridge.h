// A bridge that pays what m of n keys sign: the contract that holds the money and the signers (with
// their relayer, and whoever has stolen keys). Source: Gnosis AMB and Omnibridge (4 of 7, daily
// limits), Ronin 2022 (5 of 9), Polygon PoS (exits by checkpoint); reference sheet "layer-two
// protocols" sections 6 and 7.1. Units: millionths of a dollar.
//
//   lock (deposit on layer one) -> k confirmations -> m signatures -> mint (a message of layer one)
//   burn (Withdraw on layer two) -> order final -> m signatures, or checkpoint included
//        -> ReleaseFunds on layer one -> paid
//
// ReleaseFunds: a = withdrawal, b = signatures that ride with it. Per calendar day no more than
// daily_limit leaves (0: no limit); a single withdrawal above the limit needs a day of its own.
// KeysCompromised: a thief has this share of the keys, rounded down. With m of them he takes what
// the limit leaves, now and at the beginning of every day, until he is detected: then the keys are
// replaced and the bridge is paused for `recovery`. Loss = min(escrow, limit x days touched),
// without a limit everything at once. With fewer keys he can do nothing. ValidatorsDown silences
// the same share of the signers, rounded up; fewer than m left stall both directions. The contract
// is undone call by call on a reorg of layer one. Left out: forged mints on layer two, fees,
// per-token limits.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "models/base_chain/undo_log.h"
#include "models/layer2/bridge/bridge.h"
#include "models/layer2/bridge/canonical_bridge.h"
#include "models/layer2/bridge/withdrawal_list.h"
#include "models/layer2/origin_gate.h"
#include "models/layer2/reporter.h"
#include "models/layer2/settlement/l1_outbox.h"
#include "sim/random/distribution_params.h"

namespace mezz {

enum class ReleaseRule : std::uint8_t {
  Signatures,  // of the bridge's own keys, once the order is final
  Checkpoint,  // proof against a checkpoint that layer one holds
};
template <>
struct EnumNames<ReleaseRule> {
  static constexpr std::string_view names[] = {"signatures", "checkpoint"};
};

struct QuorumBridgeParams {
  std::int64_t keys = 7;
  std::int64_t threshold = 4;
  std::int64_t largest_operator = 1;
  ReleaseRule release = ReleaseRule::Signatures;
  std::int64_t confirmations = 64;
  DelayDistribution sign_delay = DelayDistribution::lognormal(30_s, 0.8);
  Money daily_limit = {};
  Duration detection = 46_min;
  Duration recovery = 7_d;
  double key_compromise_per_year = 0.01;
  double key_correlation = 0.3;
  Duration retry_delay = 10_min;
  std::int64_t batch_max = 200;
  Gas release_gas{200'000};
  L1FeePolicy fees = {};

  void visit(auto& v) {
    v("keys", keys, {.doc = "Keys, n (Gnosis 7, Ronin 2022: 9)", .min = 1, .max = 1'000});
    v("threshold", threshold, {.doc = "Signatures needed, m (Gnosis 4, Ronin 2022: 5)", .min = 1});
    v("largest_operator", largest_operator,
      {.doc = "Keys in the hand of one operator (Ronin 2022: 4 and 1 delegated)", .min = 1});
    v("release", release, {.doc = "What lets money out"});
    v("confirmations", confirmations,
      {.doc = "Blocks of layer one above a deposit before anybody signs it", .min = 1});
    v("sign_delay", sign_delay, {.doc = "Of one signer, from what he waits for to his signature"});
    v("daily_limit", daily_limit,
      {.doc = "Most that leaves in a calendar day; 0: no limit", .min = Money{0}});
    v("detection", detection, {.doc = "From a theft to its discovery (Kelp 46 min, Ronin 6 d)"});
    v("recovery", recovery, {.doc = "Pause after a theft was discovered"});
    v("key_compromise_per_year", key_compromise_per_year,
      {.doc = "Mean probability that one key is taken in a year [D]", .min = 0.0, .max = 1.0});
    v("key_correlation", key_correlation,
      {.doc = "Correlation between two keys (beta-binomial) [D]", .min = 0.0, .max = 1.0});
    v("retry_delay", retry_delay, {.doc = "After a refused payment", .min = 1_s});
    v("batch_max", batch_max, {.doc = "Payments sent per layer-one block", .min = 1});
    v("release_gas", release_gas, {.doc = "Gas of a payment [D]", .min = Gas{21'000}});
    v("fees", fees, {.doc = "What is offered for inclusion on layer one"});
  }
  // Throws ScenarioError where m, n and the operator contradict each other.
  void check() const;
};

struct QuorumWithdrawal {
  AccountId account;
  std::uint32_t reserved = 0;
  Money amount;
  BlockId block;
  Time initiated;
  Time provable = Time::never();      // its order was final, as seen when it was paid
  Time withdrawable = Time::never();  // by the rule, as seen when it was paid
  Time paid = Time::never();
  WithdrawalStage stage = WithdrawalStage::Initiated;
  std::uint8_t reserved2[7] = {};

  [[nodiscard]] Time paid_at() const { return paid; }
};
static_assert(Flat<QuorumWithdrawal>);

// Pure: what may leave today after `spent` has left.
Money room_today(Money daily_limit, Money spent, Money escrow);
// Probability per year that a thief holds enough keys: the operator's fall together, the others
// follow the beta-binomial law.
double theft_probability(const QuorumBridgeParams& params);

struct PauseBridge {
  Time until;
};

class QuorumBridge final : public EntityOf<QuorumBridge, QuorumBridgeParams, L1Contract, L1Observer,
                                           EscrowLedger, BlockObserver, Shockable>,
                           public Bridge,
                           public Reporter {
 public:
  static constexpr std::uint64_t kEverything = UINT64_MAX;  // in place of a withdrawal: a thief

  // The builder subscribes it to layer one and to the blocks.
  QuorumBridge(const Site& site, const QuorumBridgeParams& params, const Layer2Chain& chain);
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
  void on(Context& ctx, const PauseBridge& pause);

  [[nodiscard]] std::uint64_t withdrawals() const { return withdrawals_.size(); }
  [[nodiscard]] const QuorumWithdrawal& withdrawal(WithdrawalId id) const;
  [[nodiscard]] bool paused(Time now) const { return paused_.on() || now < paused_until_; }
  // Everything but the signatures is there.
  [[nodiscard]] bool ready(WithdrawalId id) const;
  [[nodiscard]] const BridgeTotals& totals() const override { return escrow_.totals(); }
  [[nodiscard]] WithdrawalSummary withdrawal_summary() const override;
  bool check_conservation(const ExchangeTotals& layer2) const override {
    return escrow_.balances(*chain_, layer2);
  }
  void report(MetricList& out) const override;
  void check() const override { escrow_.check(); }

  void visit_state(auto& v) {
    v("escrow", escrow_);
    v("withdrawals", withdrawals_);
    v("undo", undo_);
    v("today", today_);
    v("paused", paused_);
    v("paused_until", paused_until_);
  }

 private:
  struct Day {
    std::uint64_t number = 0;
    Money spent = {};
  };
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block = {};
    std::uint64_t height = 0;
    WithdrawalId withdrawal = {};  // none: refused, or a theft
    Money stolen = {};
    Day day_before = {};
    QuorumWithdrawal before = {};
  };

  [[nodiscard]] bool pay(QuorumWithdrawal& subject, Time now);
  void turn_day(Time now);
  void scan(Time now);
  void forget_above(BlockId kept, Time now);
  void record(Time now, WithdrawalId id);

  const Layer2Chain* chain_;
  EscrowAccount escrow_;
  std::vector<QuorumWithdrawal> withdrawals_;
  UndoLog<Change> undo_;
  Day today_;
  Switch paused_;
  Time paused_until_ = Time::zero();
  Probe<Duration> delay_{{.name = "withdrawal_delay",
                          .doc = "Block on layer two to payment on layer one",
                          .recorders = "mean quantiles"}};
  EventTable<WithdrawalRow> rows_;
};

class BridgeSigners final
    : public EntityOf<BridgeSigners, QuorumBridgeParams, L1Sender, L1Observer, Shockable>,
      public OriginGate,
      public Reporter {
 public:
  struct Attested {
    std::uint64_t height;
  };
  struct Release {
    std::uint64_t withdrawal;
  };
  struct Steal {};
  struct Detected {
    std::uint64_t theft;
  };

  // The builder subscribes it to layer one.
  BridgeSigners(const Site& site, const QuorumBridgeParams& params, Ref<BaseChain> l1,
                Ref<QuorumBridge> contract, const QuorumBridge& bridge);

  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const Attested& attested);
  void on(Context& ctx, const Release& release);
  void on(Context& ctx, const Steal&);
  void on(Context& ctx, const Detected& detected);

  [[nodiscard]] std::uint64_t open_height() const override { return attested_; }
  [[nodiscard]] std::int64_t keys_stolen() const { return stolen_keys_; }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    v("outbox", outbox_);
    v("stream", stream_);
    v("attested", attested_);
    v("known", known_);
    v("unsigned", unsigned_);
    v("due", due_);
    v("stolen_keys", stolen_keys_);
    v("theft", theft_);
    v("detecting", detecting_);
    v("steal_timer", steal_timer_);
    v("thefts", thefts_);
    v("down", down_);
  }

 private:
  using Due = std::pair<Time, std::uint64_t>;

  [[nodiscard]] std::int64_t silent() const;
  Duration gather();
  void attest(Context& ctx, std::uint64_t height);
  void sign_some(Context& ctx);
  void submit(Context& ctx, std::uint64_t withdrawal, std::int64_t signatures);

  const QuorumBridge* bridge_;
  Ref<QuorumBridge> contract_;
  L1Outbox::Address address_;
  L1Outbox outbox_;
  Stream stream_;
  std::uint64_t attested_ = 0;
  std::uint64_t known_ = 0;           // withdrawals of the bridge that are filed
  std::set<std::uint64_t> unsigned_;  // by number, that is in order of the chain
  std::set<Due> due_;                 // refused ones, to be tried again
  std::int64_t stolen_keys_ = 0;      // in one hand, and still valid
  std::uint64_t theft_ = 0;           // number of the compromise, for the timer of its detection
  std::uint64_t detecting_ = 0;
  Timer steal_timer_;
  std::uint64_t thefts_ = 0;
  Switch down_;
  std::vector<Duration> delays_;  // working space
};

}  // namespace mezz
