// The accounts' side of the channels: a crowd as rows. Each account signs the states that the hub
// sends, keeps the latest one it can enforce and the best old one, and goes to layer one when it
// must or wants to. Source: Nitro (defund objectives), reference sheet "layer-two protocols"
// section 4 ("a losing party simply stops signing").
//
//   sign       after think_time; a share of the accounts refuses losses (switch SigningRefused or
//              refusing_share) and signs again, and answers, when the switch goes off
//   withdraw   a Withdraw in a block that it has signed: CloseChannel with this state
//   leave      (MassExit, a forced withdrawal) asks the hub for a final state and concludes;
//   without
//              one by leave_timeout it challenges with its latest state and the oracle's price
//   silence    no block for hub_patience: every account (exit_share) challenges, calls_per_block at
//   a
//              time, until the hub is heard again
//   cheat      (StaleClose) challenges with the old state that would have paid most
//   answer     a challenge of the hub: checkpoint with a newer state, else respond
//
// A challenge of its own that nobody answers is released when the window is over. Left out:
// accounts that are offline, each account's own fee policy.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <utility>
#include <vector>

#include "models/layer2/channel/channel_contract.h"
#include "models/layer2/channel/channel_params.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"

namespace mezz {

struct ChannelPartiesCounts {
  std::uint64_t signatures = 0;
  std::uint64_t refused = 0;  // asked to sign a loss
  std::uint64_t challenges = 0;
  std::uint64_t stale = 0;
  std::uint64_t answers = 0;
  std::uint64_t concluded = 0;
};

struct ChannelPartiesWiring {
  const Exchange* exchange = nullptr;  // the number of accounts and their genesis
  ChannelContract* contract = nullptr;
  Ref<ChannelContract> contract_ref;
  Ref<ChannelPartner> hub;
  Ref<BaseChain> l1;
};

class ChannelParties final
    : public EntityOf<ChannelParties, ChannelPartiesParams, ChannelParty, ChannelWatcher,
                      MarketObserver, L1Sender, L1Observer, Shockable>,
      public ForcedInbox,
      public Reporter {
 public:
  struct Sign {
    ChannelUpdate update;
  };

  ChannelParties(const Site& site, const ChannelPartiesParams& params,
                 const ChannelPartiesWiring& wiring);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Sign& sign);
  void on(Context& ctx, const ChannelUpdate& update) override;
  void on(Context& ctx, const ChannelFinal& final_state) override;
  void on(Context& ctx, const ChannelChanged& changed) override;
  void on(Context& ctx, const MarketUpdate& update) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const Shock& shock) override;
  // What a user forces over layer one is a challenge: it leaves with its latest state.
  std::uint64_t write_forced(const Transaction& transaction) override;

  [[nodiscard]] const ChannelPartiesCounts& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t held_turn(AccountId account) const {
    return rows_.at(account.value).held.turn;
  }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    v("rows", rows_);
    v("counts", counts_);
    v("price", price_);
    v("heard", heard_);
    v("silent", silent_);
    v("exits", exits_);
    v("leave_due", leave_due_);
    v("stale_due", stale_due_);
    v("withdrawals_known", withdrawals_known_);
    v("unpaid", unpaid_);
    v("outbox", outbox_);
    v("refusing", refusing_);
    v("think", think_);
    v("spread", spread_);
  }

 private:
  using State = ChannelBook::Signed;
  struct Row {
    State held;
    State best;                  // paid most of all it has signed
    std::uint64_t claimed = 0;   // turn of that challenge or conclusion
    std::uint8_t disputing = 0;  // a challenge or a conclusion of its own is under way
    std::uint8_t leaving = 0;    // has asked for a final state
    std::uint8_t reserved[6] = {};
  };
  struct Exit {
    std::uint64_t account;
    std::uint64_t reason;
  };

  [[nodiscard]] bool refuses(AccountId account, const channel::Holding& next, BlockId block) const;
  [[nodiscard]] Money worth(const channel::Holding& holding) const;
  void queue_exits(Ratio share, channel::Purpose purpose, ChannelReason reason);
  void plan_stale(Time now, Ratio share);
  std::uint64_t write_challenge(AccountId account, const State& state, ChannelReason reason);
  void challenge(Context& ctx, AccountId account, ChannelReason reason);
  void cheat(Context& ctx, AccountId account);
  void answer(Context& ctx, AccountId account);
  void take_exit(Context& ctx, const Exit& exit);
  void release_finished(Context& ctx, std::int64_t& left);
  void collect_withdrawals(Context& ctx, std::int64_t& left);
  void refresh(Context& ctx, AccountId account);
  void look_after(Context& ctx, const ChannelCall& call);
  void submit(Context& ctx, L1CallKind kind, std::uint64_t a, std::uint64_t b, Gas gas);

  const Exchange* exchange_;
  ChannelContract* contract_;
  Ref<ChannelPartner> hub_;
  L1Outbox::Address address_;
  std::vector<Row> rows_;
  ChannelPartiesCounts counts_;
  Price price_;  // latest that the oracle signed, as far as accounts know
  Time heard_ = Time::zero();
  std::uint64_t silent_ = 0;
  std::deque<Exit> exits_;
  std::deque<std::pair<Time, std::uint64_t>> leave_due_;
  std::set<std::pair<Time, std::uint64_t>> stale_due_;
  std::uint64_t withdrawals_known_ = 0;
  std::set<std::uint64_t> unpaid_;  // withdrawals without a call on layer one
  L1Outbox outbox_;
  Switch refusing_;
  Stream think_;
  Stream spread_;
};

}  // namespace mezz
