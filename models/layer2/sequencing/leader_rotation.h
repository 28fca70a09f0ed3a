// Sequencing by a set of validators that take turns: Tendermint rounds between entities at places
// of their own, so that the wires between them count, and the full node that users talk to. Source:
// Starknet 0.14 (three sequencers, Tendermint), dYdX v4 (CometBFT, commit timeout 500 ms), Bor and
// Heimdall (Polygon PoS); reference sheet "layer-two protocols" sections 6 and 8.
//
// The transactions wait in one pool (its gossip takes no time); a leader proposes what waits at
// that moment; the block is made, and Preconfirmed, when the node has heard precommits of more than
// two thirds of the stake. Heights follow each other at block_time, or timeout_commit after a
// commit if that is later.
//
// Switches: ValidatorsDown (the last validators with at least this share of the stake are silent:
// the chain halts when more than a third is), SequencerDown (all are: a fault in the client they
// share), Censorship (the first validators with at least this share of the stake leave out the
// accounts of `censored_accounts` when they lead; others take them), CensorWithdrawals (every
// leader leaves out withdrawals; they wait), SequencerReorg (validators go back: Layer2ReorgCause::
// ConsensusReorg), RpcDown, SequencerDegraded, ForcedQueueStalled. Left out: equivocation,
// slashing, changes of the set, validators who vote against blocks they dislike.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/layer2/sequencing/sequencer_core.h"
#include "models/layer2/sequencing/tendermint.h"
#include "sim/engine/entity.h"
#include "sim/record/event_table.h"

namespace mezz {

class ConsensusPeer {
 public:
  virtual ~ConsensusPeer() = default;
  virtual void on(Context& ctx, const ConsensusMessage& message) = 0;
};

struct ConsensusRow {
  Time time;
  std::uint64_t height = 0;
  std::uint64_t round = 0;
  std::uint64_t leader = 0;
  std::uint64_t waiting = 0;
  Duration since_last;

  void visit(auto& v) {
    v("time", time, {.doc = "The node has heard a quorum of precommits"});
    v("height", height, {.doc = "Of the consensus; a rollback of the chain does not lower it"});
    v("round", round, {.doc = "In which the value was proposed first; > 0 after failed rounds"});
    v("leader", leader, {.doc = "Who proposed it"});
    v("waiting", waiting, {.doc = "Transactions in the pool when it was proposed"});
    v("since_last", since_last, {.doc = "Since the commit before"});
  }
};

struct LeaderRotationCounts {
  std::uint64_t commits = 0;
  std::uint64_t late_rounds = 0;  // commits of values of round > 0
  std::uint64_t by_censors = 0;   // commits whose leader censored
  std::uint64_t unknown = 0;      // heights of which the node has not heard in time
};

class LeaderRotation final
    : public EntityOf<LeaderRotation, SequencerParams, Inbox, Shockable, ConsensusPeer>,
      public Reporter {
 public:
  struct Delayed {
    Transaction transaction;
  };

  LeaderRotation(const Site& site, const SequencerParams& params, ExecutionNode& node,
                 Derivation& derivation);

  void on(Context& ctx, const SubmitTransaction& message) override;
  void on(Context& ctx, const Delayed& message);
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const ConsensusMessage& message) override;

  // ---- for the validators
  [[nodiscard]] const ValidatorSet& validators() const { return set_; }
  [[nodiscard]] bool silent(std::uint32_t validator) const;
  [[nodiscard]] bool censoring(std::uint32_t validator) const;
  [[nodiscard]] std::uint32_t leader(std::uint64_t height, std::uint32_t round) const;
  std::uint64_t write_proposal(std::uint64_t height, std::uint32_t round, std::uint32_t leader);

  // How deep SequencerReorg may go: not below what this rung has reached. Published by default; a
  // sidechain publishes to itself, so it is bound by what stands on layer one.
  void bound_reorgs_by(Rung rung) { reorg_bound_ = rung; }
  [[nodiscard]] SequencerCore& core() { return core_; }
  [[nodiscard]] const SequencerCounts& sequencer_counts() const { return core_.counts(); }
  [[nodiscard]] const LeaderRotationCounts& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t height() const { return height_; }
  void report(MetricList& out) const override;
  void check() const override;

  void visit_state(auto& v) {
    v("core", core_);
    v("book", book_);
    v("height", height_);
    v("next_value", next_value_);
    v("proposals", proposals_);
    v("last_commit", last_commit_);
    v("longest_gap", longest_gap_);
    v("down", down_);
    v("validators_down", validators_down_);
    v("counts", counts_);
  }

 private:
  struct Proposal {
    std::uint64_t height = 0;
    std::uint64_t round = 0;
    std::uint64_t leader = 0;
    std::uint64_t waiting = 0;  // transactions of the pool's front
  };
  void commit(Context& ctx, std::uint64_t value);

  SequencerCore core_;
  ValidatorSet set_;
  std::uint64_t beacon_;
  Rung reorg_bound_ = Rung::Published;
  VoteBook book_;
  std::uint64_t height_ = 1;
  std::uint64_t next_value_ = 1;
  std::map<std::uint64_t, Proposal> proposals_;  // not yet decided, by value
  Time last_commit_ = Time::zero();
  Duration longest_gap_;
  Switch down_;
  Switch validators_down_;
  LeaderRotationCounts counts_;
  EventTable<ConsensusRow> table_;
};

struct BftValidatorParams {
  std::int64_t number = 0;
  SequencerParams sequencing;
  void visit(auto& v) {
    v("number", number);
    v("sequencing", sequencing);
  }
};

class BftValidator final : public EntityOf<BftValidator, BftValidatorParams, ConsensusPeer> {
 public:
  struct NextHeight {
    std::uint64_t height;
  };
  struct Timeout {
    std::uint64_t height;
    std::uint32_t round;
    ConsensusStep step;
    std::uint8_t reserved[3] = {};
  };
  struct Gossip {};

  BftValidator(const Site& site, const BftValidatorParams& params, Ref<LeaderRotation> node,
               LeaderRotation& rotation);
  // ---- while building: all others
  void add_peer(Ref<ConsensusPeer> peer) { peers_.push_back(peer); }

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const ConsensusMessage& message) override;
  void on(Context& ctx, const NextHeight& next);
  void on(Context& ctx, const Timeout& timeout);
  void on(Context& ctx, const Gossip&);

  [[nodiscard]] const Tendermint& consensus() const { return consensus_; }

  void visit_state(auto& v) {
    v("consensus", consensus_);
    v("height_started", height_started_);
    v("progress", progress_);
  }

 private:
  class Host;  // carries what the rules ask for through one call
  [[nodiscard]] std::uint32_t number() const { return static_cast<std::uint32_t>(params().number); }
  [[nodiscard]] bool silent() const { return rotation_->silent(number()); }
  [[nodiscard]] Duration timeout_of(ConsensusStep step, std::uint32_t round) const;

  LeaderRotation* rotation_;
  std::vector<Ref<ConsensusPeer>> peers_;
  Tendermint consensus_;
  Time height_started_ = Time::zero();
  Time progress_ = Time::zero();  // last time it had something to say
};

// timeout x 2^round, the exponent at most `doublings`.
Duration round_timeout(Duration timeout, std::uint32_t round, std::int64_t doublings);

}  // namespace mezz
