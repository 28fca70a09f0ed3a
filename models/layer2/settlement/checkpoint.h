// Checkpoints of a sidechain: its validators agree on a milestone every few seconds and sign the
// root of a checkpoint every half hour, which one of them posts to layer one. Source: Polygon PoS
// (Heimdall milestones and checkpoints, RootChain.submitCheckpoint: signatures of more than 2/3 of
// the stake); reference sheet "layer-two protocols" section 6.
//
//   Published    as soon as the block exists: its data is with the validators, nowhere else
//   OrderFinal   a milestone that more than 2/3 of the stake voted for covers it
//   Asserted     a checkpoint that covers it is included on layer one (exits become possible)
//   Settled      and that layer-one block is final; rungs are fixed then
//
// Every validator that is not silent answers after a drawn delay of its own; the quorum is reached
// with the vote that brings the stake above 2/3. ValidatorsDown above a third stalls milestones and
// checkpoints: exits are frozen whether or not the chain goes on. Left out: rewards of the proposer
// (10 %), change of the set, milestones on a fork (the consensus below has none).
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/chain.h"
#include "models/layer2/messages.h"
#include "models/layer2/reporter.h"
#include "models/layer2/settlement/l1_outbox.h"
#include "models/layer2/validator_set.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/random/distribution_params.h"
#include "sim/record/event_table.h"

namespace mezz {

struct CheckpointParams {
  Duration milestone_interval = 5_s;
  DelayDistribution milestone_delay = DelayDistribution::lognormal(300_ms, 0.5);
  Duration interval = 30_min;
  DelayDistribution sign_delay = DelayDistribution::lognormal(20_s, 0.8);
  Gas gas{400'000};
  L1FeePolicy fees = {};

  void visit(auto& v) {
    v("milestone_interval", milestone_interval,
      {.doc = "Between two milestones (Polygon since Heimdall v2: about 5 s)",
       .min = 100_ms,
       .max = 1_h});
    v("milestone_delay", milestone_delay, {.doc = "Of one validator's vote for a milestone"});
    v("interval", interval, {.doc = "Between two checkpoints (about 30 min)", .min = 1_s});
    v("sign_delay", sign_delay, {.doc = "Of one validator's signature under a checkpoint"});
    v("gas", gas, {.doc = "Gas of a checkpoint on layer one [D]", .min = Gas{21'000}});
    v("fees", fees, {.doc = "What is offered for inclusion on layer one"});
  }
};

// Time until the stake of those who answered exceeds 2/3; never (negative) if it cannot. Delays by
// validator, negative: silent. Ties by number.
Duration quorum_delay(const ValidatorSet& set, const std::vector<Duration>& delays);

struct CheckpointRow {
  Time time;
  BlockId first;
  BlockId last;
  std::uint64_t height = 0;
  Duration age;

  void visit(auto& v) {
    v("time", time, {.doc = "Inclusion on layer one"});
    v("first", first, {.doc = "Oldest block covered"});
    v("last", last, {.doc = "Newest block covered"});
    v("height", height, {.doc = "Of layer one; the same blocks come again after a reorg"});
    v("age", age, {.doc = "Of the oldest block covered"});
  }
};

// The contract.
class CheckpointContract final
    : public EntityOf<CheckpointContract, NoParams, L1Contract, L1Observer>,
      public Reporter {
 public:
  CheckpointContract(const Site& site, const NoParams& params, Layer2Chain& chain);
  void accept_from(Ref<L1Sender> signers) { signers_ = signers; }

  void on(Context& ctx, const L1Execute& call) override;
  void on(Context& ctx, const L1Undo& call) override;
  void on(Context&, const L1Head&) override {}
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;

  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  void report(MetricList& out) const override;
  void check() const override;

  void visit_state(auto& v) {
    v("calls", calls_);
    v("accepted", accepted_);
    v("refused", refused_);
    v("longest_age", longest_age_);
  }

 private:
  struct Call {  // in a block that is not final
    std::uint64_t tag = 0;
    L1BlockId block = {};
    std::uint64_t height = 0;
    BlockId first = {};  // none: refused
    BlockId last = {};
  };

  Layer2Chain* chain_;
  Ref<L1Sender> signers_;
  std::vector<Call> calls_;
  std::uint64_t accepted_ = 0;
  std::uint64_t refused_ = 0;
  Duration longest_age_;
  EventTable<CheckpointRow> table_;
};

// The validators that vote for milestones and sign checkpoints.
class CheckpointSigners final : public EntityOf<CheckpointSigners, CheckpointParams, L1Sender,
                                                L1Observer, BlockObserver, Shockable>,
                                public Reporter {
 public:
  struct Look {};
  struct Milestone {
    BlockId block;
    std::uint64_t incarnation;
  };
  struct Signed {
    BlockId block;
    std::uint64_t incarnation;
  };

  // The builder subscribes it to layer one and to the blocks.
  CheckpointSigners(const Site& site, const CheckpointParams& params, Ref<BaseChain> l1,
                    Ref<CheckpointContract> contract, const ValidatorSet& set, Layer2Chain& chain);

  void on(Context& ctx, const Start&);
  void on(Context& ctx, const Look&);
  void on(Context& ctx, const Milestone& milestone);
  void on(Context& ctx, const Signed& message);
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context&, const L1Head&) override {}
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const BlockSealed& sealed) override;
  void on(Context&, const Layer2Reorg&) override {}
  void on(Context& ctx, const Shock& shock) override;

  [[nodiscard]] std::uint64_t milestones() const { return milestones_; }
  [[nodiscard]] std::uint64_t stalled() const { return stalled_; }
  [[nodiscard]] const L1Outbox& outbox() const { return outbox_; }
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    v("milestone_stream", milestone_stream_);
    v("sign_stream", sign_stream_);
    v("outbox", outbox_);
    v("last_begun", last_begun_);
    v("under_way", under_way_);
    v("milestones", milestones_);
    v("stalled", stalled_);
    v("down", down_);
  }

 private:
  Duration gather(const DelayDistribution& delay, Stream& stream);
  [[nodiscard]] bool stands(BlockId block, std::uint64_t incarnation) const;
  void publish();
  void begin_checkpoint(Context& ctx);

  L1Outbox::Address address_;
  ValidatorSet set_;
  Layer2Chain* chain_;
  Stream milestone_stream_;
  Stream sign_stream_;
  L1Outbox outbox_;
  Time last_begun_ = Time::zero();
  std::uint64_t under_way_ = 0;  // a checkpoint is being signed or waits for inclusion
  std::uint64_t milestones_ = 0;
  std::uint64_t stalled_ = 0;  // looks without a quorum
  Switch down_;
  std::vector<Duration> delays_;  // working space
};

}  // namespace mezz
