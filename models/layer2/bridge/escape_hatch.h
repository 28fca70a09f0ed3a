// The escape hatch of a validium: what a user can do against an operator who ignores him, and how
// money leaves a chain that is frozen. Source: StarkEx (MForcedWithdrawalActionState, MFreezable,
// PerpetualEscapes, LibConstants: freeze grace 7 d, unfreeze 365 d, 10 forced requests per
// layer-one block unless a premium of about 1 M gas is paid); reference sheet "layer-two
// protocols" 3.4.
//
//   request accepted --served: its transaction stands in a settled block--> done
//          '--------- 7 d not served, anyone calls FreezeRequest --> FROZEN
//   FROZEN --Escape(account), with a witness--> paid once;  --365 d--> unfrozen, no more escapes
//
// A request is forwarded to the layer-one inbox, where the operator finds it; an outcome of any
// kind serves it (StarkEx: an impossible one is proven to be so). What an escape pays: the
// account's equity in the last settled state, position at that state's index price, funding as paid
// by then. First come, first served, in full, out of the money of that state: all balances,
// insurance fund and fees. Accounts of negative equity get nothing and owe nothing here, so when
// their debts exceed fund and fees the last to come get what is left, or nothing. Withdrawals in
// settled blocks stay payable beside it (their money is not in that state any more), and deposits
// not credited there stay locked. Never more than the escrow holds. Units: millionths of a dollar.
// Every call is undone with its layer-one block. Left out: the verifier's own registration step,
// cancelling of deposits (2 d), starting the chain again after an unfreeze (the operator would have
// to publish a new state without those who escaped).
#pragma once

#include <cstdint>
#include <vector>

#include "models/base_chain/messages.h"
#include "models/base_chain/undo_log.h"
#include "models/layer2/availability/derivation.h"
#include "models/layer2/bridge/escrow_account.h"
#include "models/layer2/data_access.h"
#include "models/layer2/escape.h"
#include "models/layer2/execution/node.h"
#include "models/layer2/reporter.h"
#include "sim/config/visit.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"

namespace mezz {

struct EscapeHatchParams {
  Duration freeze_grace = 7_d;
  Duration unfreeze_delay = 365_d;
  std::int64_t requests_per_block = 10;

  void visit(auto& v) {
    v("freeze_grace", freeze_grace,
      {.doc = "Time to serve a forced request before anyone may freeze (FREEZE_GRACE_PERIOD)",
       .min = 1_s});
    v("unfreeze_delay", unfreeze_delay,
      {.doc = "Least time a freeze lasts (UNFREEZE_DELAY)", .min = 1_s});
    v("requests_per_block", requests_per_block,
      {.doc = "Forced requests in one layer-one block; those that pay the premium do not count "
              "(MAX_FORCED_ACTIONS_REQS_PER_BLOCK)",
       .min = 1,
       .max = 1'000'000});
  }
};

enum class RequestEvent : std::uint8_t { Accepted, Refused, Undone, Frozen, Unfrozen };
template <>
struct EnumNames<RequestEvent> {
  static constexpr std::string_view names[] = {"accepted", "refused", "undone", "frozen",
                                               "unfrozen"};
};
struct ForcedRequestRow {
  Time time;
  std::uint64_t request;
  AccountId account;
  RequestEvent event;
  bool trade;
  bool premium;

  void visit(auto& v) {
    v("time", time, {.doc = "Inclusion on layer one, or when it was undone"});
    v("request", request, {.doc = "Number given when it was written"});
    v("account", account, {.doc = "Who asks"});
    v("event", event, {.doc = "What happened; frozen: because of this request"});
    v("trade", trade, {.doc = "Forced trade, else forced withdrawal"});
    v("premium", premium, {.doc = "Paid to pass the limit per block"});
  }
};
struct EscapeRow {
  Time time;
  AccountId account;
  Money claim;
  Money paid;
  Quantity position;
  Price settled_price;
  Price outside_price;
  Money drift;
  Duration since_freeze;
  bool undone;

  void visit(auto& v) {
    v("time", time, {.doc = "Inclusion on layer one, or when it was undone"});
    v("account", account, {.doc = "Who escapes"});
    v("claim", claim, {.doc = "Equity in the last settled state"});
    v("paid", paid, {.doc = "Out of the escrow; less than the claim when the money is gone"});
    v("position", position, {.doc = "In the last settled state"});
    v("settled_price", settled_price, {.doc = "At which it was valued"});
    v("outside_price", outside_price, {.doc = "As the user saw it when he called; 0: unknown"});
    v("drift", drift, {.doc = "Worth of the position outside, less as it was valued"});
    v("since_freeze", since_freeze, {.doc = "Since the freeze"});
    v("undone", undone, {.doc = "The call was orphaned"});
  }
};

struct EscapeTotals {
  std::uint64_t requests = 0;  // accepted
  std::uint64_t refused = 0;   // calls of any kind
  std::uint64_t escapes = 0;
  Money paid;
  Money shortfall;   // claims less payments
  Money drift;       // sum over escapes with a known price outside
  Money drift_size;  // sum of absolute values
};

struct EscapeWiring {
  EscrowAccount* escrow = nullptr;
  ExecutionNode* node = nullptr;
  Derivation* derivation = nullptr;
  Ref<L1Contract> inbox_ref;
  L1Inbox* inbox = nullptr;
  const DataAccess* data = nullptr;  // null: all data is on layer one
};

class EscapeHatch final
    : public EntityOf<EscapeHatch, EscapeHatchParams, L1Contract, L1Observer, BlockObserver>,
      public EscapeDoor,
      public Reporter {
 public:
  // The builder subscribes it to layer one and to the blocks.
  EscapeHatch(const Site& site, const EscapeHatchParams& params, const EscapeWiring& wiring);

  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context&, const L1Head&) override {}
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const BlockSealed& sealed) override;
  void on(Context& ctx, const Layer2Reorg& reorg) override;

  // ---- EscapeDoor
  std::uint64_t write_request(const ForcedRequestData& data) override;
  [[nodiscard]] std::uint64_t unserved() const override;
  [[nodiscard]] Time freezable_at() const override;
  [[nodiscard]] bool frozen() const override {
    return frozen_at_.happened() && !unfrozen_at_.happened();
  }
  [[nodiscard]] Money claim(AccountId account) const override;
  [[nodiscard]] bool has_witness(AccountId account) const override;
  [[nodiscard]] std::uint32_t accounts() const override;

  [[nodiscard]] Time frozen_at() const { return frozen_at_; }
  [[nodiscard]] BlockId settled_block() const { return settled_; }  // of the freeze
  [[nodiscard]] Money pool() const { return pool_; }                // left for escapes
  [[nodiscard]] Money frozen_value() const;                         // positive claims at the freeze
  [[nodiscard]] const EscapeTotals& totals() const { return totals_; }
  void report(MetricList& out) const override;
  void check() const override;

  void visit_state(auto& v) {
    v("written", written_);
    v("requests", requests_);
    v("scanned", scanned_);
    v("frozen_at", frozen_at_);
    v("unfrozen_at", unfrozen_at_);
    v("settled", settled_);
    v("price", price_);
    v("pool_start", pool_start_);
    v("pool", pool_);
    v("claims", claims_);
    v("totals", totals_);
    v("undo", undo_);
  }

 private:
  struct Written {
    ForcedRequestData data;
    std::uint64_t own = 0;  // numbers in the inbox
    std::uint64_t counterparty = 0;
    void visit_state(auto& v) {
      v("data", data);
      v("own", own);
      v("counterparty", counterparty);
    }
  };
  struct Request {  // accepted, in order of inclusion
    std::uint64_t number = 0;
    Time at;
    L1BlockId block;
    std::uint64_t premium = 0;
    BlockId served = BlockId::none();  // that executed it
  };
  struct Claim {
    Money equity;
    Quantity position;
    std::uint64_t escaped = 0;
  };
  enum class Act : std::uint64_t { Refused, Request, Freeze, Unfreeze, Escape };
  struct Change {
    std::uint64_t tag = 0;
    L1BlockId block;
    std::uint64_t height = 0;
    Act act = Act::Refused;
    std::uint64_t subject = 0;  // account, request
    Money paid = {};
    EscapeTotals before;
  };

  [[nodiscard]] bool request(Context& ctx, const L1Execute& call);
  [[nodiscard]] bool freeze(Context& ctx, const L1Execute& call);
  [[nodiscard]] bool unfreeze(Time now);
  [[nodiscard]] bool escape(const L1Execute& call, Time now, Change& change);
  void take_claims();
  [[nodiscard]] bool served(const Request& request) const;
  template <class Call>
  void forward(Context& ctx, const Call& call, std::uint64_t number) const;
  void scan();
  void record(Time now, const Request& request, RequestEvent event);

  EscapeWiring wiring_;
  const Layer2Chain* chain_;
  std::vector<Written> written_;
  std::vector<Request> requests_;
  BlockId scanned_{0};
  Time frozen_at_ = Time::never();
  Time unfrozen_at_ = Time::never();
  BlockId settled_ = BlockId::none();
  Price price_;
  Money pool_start_;
  Money pool_;
  std::vector<Claim> claims_;  // by account, of the last settled state
  EscapeTotals totals_;
  UndoLog<Change> undo_;
  EventTable<ForcedRequestRow> request_rows_;
  EventTable<EscapeRow> escape_rows_;
};

}  // namespace mezz
