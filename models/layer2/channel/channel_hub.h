// The operator of a state-channel market: the common party of all channels. It takes transactions,
// runs the market's state machine, makes a block every update_interval and sends the new state of
// every account that the block touched to that account for its signature. Source: go-nitro and
// go-perun (sign and exchange), hub-and-spoke payment channels; reference sheet "layer-two
// protocols" section 4.
//
//   Preconfirmed  the block is sealed: the hub has signed
//   Published = OrderFinal = Asserted = Settled
//                 all accounts it touched have signed it, or have no channel any more (the close is
//                 final on layer one; the hub has taken the account over): each party then holds a
//                 state that it can enforce, whatever others do. fix() follows without gaps.
//
// Touched: who traded, was liquidated, paid funding, deposited, withdrew or had a transaction
// executed. Updates are pipelined: an account may have several unsigned ones. A missing signature
// is asked for again every resend_after; after sign_timeout the hub challenges with the latest
// co-signed state and, on top, the price the oracle has signed by now. From the moment it hears of
// a challenge it takes nothing more from the account and cancels its orders; when the challenge is
// cleared, trading goes on. After a payout the account's side of the market is the hub's.
//
// Layer-one blocks count when they are final: no block of the hub ever hangs on one that can be
// orphaned. Switches as of a sequencer: RpcDown, SequencerDown, SequencerDegraded, Censorship,
// CensorWithdrawals; SequencerReorg is ignored (a signed state cannot be taken back). Left out:
// fees of the hub, what it does with positions it has taken over, limits of its side of a channel.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "models/layer2/availability/derivation.h"
#include "models/layer2/channel/channel_book.h"
#include "models/layer2/channel/channel_contract.h"
#include "models/layer2/channel/channel_params.h"
#include "models/layer2/execution/node.h"
#include "models/layer2/reporter.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/probe.h"

namespace mezz {

struct ChannelHubCounts {
  std::uint64_t accepted = 0;
  std::uint64_t included = 0;
  std::uint64_t lost_at_rpc = 0;
  std::uint64_t refused = 0;  // queue full, or no open channel
  std::uint64_t censored = 0;
  std::uint64_t updates = 0;
  std::uint64_t resent = 0;
  std::uint64_t signatures = 0;
  std::uint64_t challenges = 0;
  std::uint64_t responses = 0;
  std::uint64_t taken_over = 0;
  std::uint64_t margin_breaches = 0;
};

struct ChannelHubWiring {
  ExecutionNode* node = nullptr;
  Derivation* derivation = nullptr;
  ChannelContract* contract = nullptr;
  Ref<ChannelContract> contract_ref;
  Ref<BaseChain> l1;
};

class ChannelHub final : public EntityOf<ChannelHub, ChannelHubParams, Inbox, ChannelPartner,
                                         ChannelWatcher, L1Sender, L1Observer, Shockable>,
                         public Reporter {
 public:
  struct Tick {};

  ChannelHub(const Site& site, const ChannelHubParams& params, const ChannelHubWiring& wiring);

  void serve(Ref<ChannelParty> parties) { parties_ = parties; }  // wiring, while building
  [[nodiscard]] const ChannelBook& book() const { return book_; }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Tick&);
  void on(Context& ctx, const SubmitTransaction& message) override;
  void on(Context& ctx, const ChannelSignature& signature) override;
  void on(Context& ctx, const ChannelLeave& leave) override;
  void on(Context& ctx, const ChannelChanged& changed) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const Shock& shock) override;

  [[nodiscard]] const ChannelHubCounts& counts() const { return counts_; }
  [[nodiscard]] Money shortfall() const { return shortfall_; }
  // Gained or lost by taking accounts over.
  [[nodiscard]] Money result() const { return result_; }
  void report(MetricList& out) const override;
  void check() const override;

  void visit_state(auto& v) {
    v("book", book_);
    v("queue", queue_);
    v("frozen", frozen_);
    v("asked", asked_);
    v("closing", closing_);
    v("leaving", leaving_);
    v("wanted", wanted_);
    v("to_challenge", to_challenge_);
    v("respond", respond_);
    v("round_trips", round_trips_);
    v("outbox", outbox_);
    v("counts", counts_);
    v("final_height", final_height_);
    v("next_open", next_open_);
    v("result", result_);
    v("shortfall", shortfall_);
    v("started", started_);
    v("ended", ended_);
    v("rpc_down", rpc_down_);
    v("down", down_);
    v("degraded", degraded_);
    v("censorship", censorship_);
    v("censor_withdrawals", censor_withdrawals_);
  }

 private:
  enum class Frozen : std::uint8_t { No, Disputed, Leaving };  // closed ones stay what they were
  struct Asked {  // for a signature; in order of `again`, because all wait equally long
    Time first;
    Time again;
    std::uint64_t account;
    std::uint64_t turn;
  };

  [[nodiscard]] bool ignores(const Transaction& tx) const;
  [[nodiscard]] bool trades(AccountId account) const;
  void refuse(Context& ctx, const Transaction& tx);
  void work(Context& ctx);
  void build(Context& ctx);
  void take_from_queue(Context& ctx, std::vector<Transaction>& block);
  void collect_touched(const BlockOutput& output);
  void ask(Context& ctx, BlockId block);
  void send_update(Context& ctx, AccountId account);
  void ask_again(Context& ctx);
  void settle(Context& ctx);
  void finish_leaving(Context& ctx);
  void freeze(Context& ctx, AccountId account, Frozen why);
  void take_over(Context& ctx, AccountId account);
  void challenge(Context& ctx, AccountId account);
  void submit(Context& ctx, L1CallKind kind, std::uint64_t a, std::uint64_t b, Gas gas);
  void call_contract(Context& ctx);
  void release_finished(Context& ctx, std::int64_t& left);
  [[nodiscard]] channel::Holding holding(AccountId account) const;

  ExecutionNode* node_;
  Derivation* derivation_;
  ChannelContract* contract_;
  L1Outbox::Address address_;
  Ref<ChannelParty> parties_;

  ChannelBook book_;
  std::deque<Transaction> queue_;
  std::vector<Frozen> frozen_;  // by account
  std::deque<Asked> asked_;
  std::map<std::uint64_t, std::uint64_t> closing_;  // paid out on layer one, not final: height
  std::vector<std::uint64_t> leaving_;              // get their last state after the next block
  std::deque<std::uint64_t> to_challenge_;
  std::set<std::uint64_t> wanted_;   // a challenge of these accounts is under way
  std::set<std::uint64_t> respond_;  // their challenge asks for a move of ours
  std::vector<Duration> round_trips_;
  L1Outbox outbox_;
  ChannelHubCounts counts_;
  std::uint64_t final_height_ = 0;
  std::uint64_t next_open_ = 0;  // first channel that no funding call names yet
  Money result_;                 // of accounts taken over: their equity less the payout
  Money shortfall_;              // of margin breaches
  Time started_ = Time::zero();
  Time ended_ = Time::zero();  // last signature
  Switch rpc_down_;
  Switch down_;
  Switch degraded_;
  Switch censorship_;
  Switch censor_withdrawals_;

  std::vector<AccountId> touched_;  // working space
  std::vector<BlockId> done_;

  Probe<Duration> rtt_probe_{{.name = "update_rtt",
                              .doc = "From sending a state to its signature",
                              .recorders = "mean quantiles"}};
};

}  // namespace mezz
