// Fast exits: a liquidity provider watches layer two, pays a withdrawal at once on layer one, less
// a fee (fast_exit_rules.h), and owns it from then on: when the canonical bridge pays, the money
// comes back to him. Source: reference sheet "layer-two protocols" section 7 (relayers of intent
// bridges; Across, Hop). The fill is a layer-one transaction (FillExit, a = withdrawal, b = fee)
// that takes effect at inclusion and is undone with its block. The contract pays from the
// provider's inventory, so a crisis in which all leave empties it: who then asks, or finds the fee
// too high until his patience is over, waits for the canonical bridge. The contract cannot see
// layer two: the money for a withdrawal whose block is rolled back is lost. Contract's side and
// provider's side are one entity. Units: millionths of a dollar; the escrow is not touched:
//
//   inventory + outstanding claims + lost  =  start + fees earned - gas
//
// Left out: several providers in competition, fresh capital, users who take the fee into account
// before they withdraw.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/base_chain/undo_log.h"
#include "models/layer2/bridge/canonical_bridge.h"
#include "models/layer2/bridge/fast_exit_rules.h"
#include "models/layer2/reporter.h"
#include "models/layer2/settlement/l1_outbox.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"

namespace mezz {

struct FastExitParams {
  Money inventory = Money::zero();
  Ratio interest = 5_percent;
  Ratio margin = 2_bp;
  Ratio reorg_premium = 1_bp;
  Ratio inventory_premium = 20_bp;
  Rung fill_from = Rung::Published;
  std::optional<Duration> expected_wait = {};
  Ratio asking = Ratio::one();
  Ratio fee_accepted_min = 20_bp;
  Ratio fee_accepted_max = 60_bp;
  Duration patience = 10_min;
  Gas gas{120'000};
  Money ether_price = 3'000_usd;
  L1FeePolicy fees;

  void visit(auto& v) {
    v("inventory", inventory,
      {.doc = "Money that a provider of fast exits starts with; 0: there is none",
       .min = Money::zero(),
       .max = 1'000'000'000'000_usd});
    v("interest", interest,
      {.doc = "Cost of capital per year", .min = Ratio::zero(), .max = Ratio::one()});
    v("margin", margin, {.doc = "Profit, of the size", .min = Ratio::zero(), .max = Ratio::one()});
    v("reorg_premium", reorg_premium,
      {.doc = "For the risk that the block is rolled back, of the size",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("inventory_premium", inventory_premium,
      {.doc = "Of the size, when nothing is left; in proportion to what is lent out",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("fill_from", fill_from,
      {.doc = "Rung of the block at which he pays: preconfirmed, published or order_final"});
    v("expected_wait", expected_wait,
      {.doc = "Until a claim is repaid, before the first one was; default: proof maturity of the "
              "bridge, 3 h with one step. Later: as long as the latest one took",
       .min = Duration::zero(),
       .max = 365_d});
    v("asking", asking,
      {.doc = "Share of withdrawals whose owner asks for a fast exit",
       .min = Ratio::zero(),
       .max = Ratio::one()});
    v("fee_accepted_min", fee_accepted_min,
      {.doc = "Highest fee that the least patient owners accept up to, of the size",
       .min = Ratio::zero(),
       .max = 50_percent});
    v("fee_accepted_max", fee_accepted_max,
      {.doc = "The same for the most impatient; uniform in between",
       .min = Ratio::zero(),
       .max = 50_percent});
    v("patience", patience,
      {.doc = "How long an owner goes on asking before he waits for the bridge",
       .min = Duration::zero(),
       .max = 365_d});
    v("gas", gas, {.doc = "Gas of filling an exit", .min = Gas{21'000}, .max = Gas{16'000'000}});
    v("ether_price", ether_price,
      {.doc = "Dollars per ether, for the gas", .min = Money{1}, .max = 1'000'000_usd});
    v("fees", fees, {.doc = "What he offers for inclusion on layer one"});
  }
};

enum class FastExitStage : std::uint8_t {
  NotAsked,
  Asked,
  Sent,  // the call waits in the mempool, its money is promised
  Filled,
  Repaid,
  Lost,
  TooDear,
  Drained,  // no money left
  TooLate,  // the bridge was faster
  Void,     // rolled back before it was filled
};
template <>
struct EnumNames<FastExitStage> {
  static constexpr std::string_view names[] = {"not_asked", "asked", "sent",     "filled",
                                               "repaid",    "lost",  "too_dear", "drained",
                                               "too_late",  "void"};
};

// One row per change of stage from Sent or a refusal on.
struct FastExitRow {
  Time time;
  WithdrawalId withdrawal;
  AccountId account;
  FastExitStage stage;
  Time initiated;
  Money amount;
  Money fee;
  Ratio accepted;
  Money inventory;

  void visit(auto& v) {
    v("time", time);
    v("withdrawal", withdrawal, {.doc = "As in the table of withdrawals"});
    v("account", account, {.doc = "Who withdraws"});
    v("stage", stage, {.doc = "Reached now; a stage comes again after a reorganisation"});
    v("initiated", initiated, {.doc = "Its layer-two block was sealed"});
    v("amount", amount, {.doc = "Debited on layer two"});
    v("fee", fee, {.doc = "Quoted last; kept by the provider if it is filled"});
    v("accepted", accepted, {.doc = "Highest fee that the owner accepts, of the amount"});
    v("inventory", inventory, {.doc = "The provider's cash after this"});
  }
};

struct FastExitTotals {
  Money inventory;    // cash of the provider
  Money promised;     // of it, to calls in the mempool
  Money outstanding;  // claims on the bridge
  Money lost;
  Money fees;
  Money gas;
  Money inventory_min;
};

class FastExit final
    : public EntityOf<FastExit, FastExitParams, L1Contract, L1Sender, L1Observer, BlockObserver>,
      public Reporter {
 public:
  // The builder subscribes it to layer one and, after the bridge, to the blocks.
  struct Wiring {
    Ref<BaseChain> l1;
    const CanonicalBridge* bridge = nullptr;
    const Layer2Chain* chain = nullptr;
    GasPrice base_fee = {};  // of layer one at the start
  };
  FastExit(const Site& site, const FastExitParams& params, const Wiring& wiring);

  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const L1Head& head) override;
  void on(Context& ctx, const L1Reorg& reorg) override;
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const BlockSealed& sealed) override;
  void on(Context& ctx, const Layer2Reorg& reorg) override;

  [[nodiscard]] const FastExitTotals& totals() const { return totals_; }
  [[nodiscard]] std::uint64_t exits() const { return exits_.size(); }
  [[nodiscard]] FastExitStage stage(WithdrawalId id) const;
  [[nodiscard]] Money fee(WithdrawalId id) const;
  // From the block on layer two to the money; of a filled exit.
  [[nodiscard]] Duration delay(WithdrawalId id) const;
  [[nodiscard]] std::uint64_t count(FastExitStage stage) const;
  // Filled, whatever became of the claim.
  [[nodiscard]] std::uint64_t filled() const;
  [[nodiscard]] Duration expected_wait() const { return wait_; }

  void report(MetricList& out) const override;
  void check() const override;

  void visit_state(auto& v) {
    v("asks", asks_);
    v("acceptance", acceptance_);
    v("outbox", outbox_);
    v("exits", exits_);
    v("waiting", waiting_);
    v("claims", claims_);
    v("undo", undo_);
    v("totals", totals_);
    v("base_fee", base_fee_);
    v("wait", wait_);
  }

 private:
  static constexpr std::uint64_t kNoHeight = UINT64_MAX;
  struct Exit {                   // by number of the withdrawal
    Time asked = Time::never();   // first time its rung was reached
    Time filled = Time::never();  // on layer one
    Money fee = {};
    Ratio accepted = {};
    std::uint64_t repaid_height = kNoHeight;  // layer one when it was seen repaid
    FastExitStage stage = FastExitStage::NotAsked;
    std::uint8_t reserved[7] = {};
  };
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block;
    std::uint64_t height = 0;
    std::uint64_t exit = 0;
  };

  // Provider
  void look(Context& ctx);
  void open_new();
  [[nodiscard]] bool decide(Context& ctx, std::uint64_t number);
  [[nodiscard]] bool rung_reached(const BridgeWithdrawal& subject) const;
  [[nodiscard]] Money gas_now() const;
  void send_fill(Context& ctx, std::uint64_t number);
  void book_gas();
  // Contract
  void fill(Time now, std::uint64_t number);
  void unfill(std::uint64_t number);
  // Claims on the bridge
  void reconcile(Time now);
  void move_claim(std::uint64_t number, FastExitStage to);
  [[nodiscard]] Money& purse(FastExitStage stage);

  [[nodiscard]] const BridgeWithdrawal& subject(std::uint64_t number) const {
    return bridge_->withdrawal({number});
  }
  [[nodiscard]] Money payout(std::uint64_t number) const {
    return subject(number).amount - exits_[number].fee;
  }
  void settle_at(Time now, std::uint64_t number, FastExitStage stage);
  void note_inventory();
  void check_books() const;

  const CanonicalBridge* bridge_;
  const Layer2Chain* chain_;
  L1Outbox::Address address_;
  Stream asks_;
  Stream acceptance_;
  L1Outbox outbox_;
  std::vector<Exit> exits_;
  std::vector<std::uint64_t> waiting_;  // Asked, in order of the chain
  std::vector<std::uint64_t> claims_;   // filled and not for ever repaid or lost
  UndoLog<Change> undo_;
  FastExitTotals totals_;
  GasPrice base_fee_;
  Duration wait_;
  EventTable<FastExitRow> rows_;
};

}  // namespace mezz
