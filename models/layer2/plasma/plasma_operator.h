// The single operator of a plasma chain, beside the sequencer it runs: posts a block root every
// blocks_per_root blocks of layer one and hands the data to users. Source: OmiseGO child chain
// (BlockController.submitBlock); reference sheet "layer-two protocols" section 5. One root at a
// time waits on layer one, as its nonces force.
//
// Switches: BatcherDown, ProposerDown (no roots), DataWithheld (roots without data), InvalidBlock
// (the next root holds an output nobody made, of `magnitude` of the escrow, and the operator starts
// an exit for it; in Cash: it takes the coins of `magnitude` of the accounts). After that it posts
// no more roots: nobody would follow them.
#pragma once

#include <cstdint>
#include <vector>

#include "models/layer2/plasma/exit_game.h"

namespace mezz {

struct PlasmaWiring {
  Ref<BaseChain> l1;
  Ref<ExitGame> contract;
  const ExitGame* game = nullptr;
  ExecutionNode* node = nullptr;
};

class PlasmaOperator final
    : public EntityOf<PlasmaOperator, PlasmaParams, L1Sender, L1Observer, Shockable>,
      public Reporter {
 public:
  PlasmaOperator(const Site& site, const PlasmaParams& params, const PlasmaWiring& wiring);

  [[nodiscard]] const plasma::CommitStore& commits() const { return commits_; }

  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const Shock& shock) override;
  void report(MetricList& out) const override;

  void visit_state(auto& v) {
    v("commits", commits_);
    v("outbox", outbox_);
    v("next_height", next_height_);
    v("waiting", waiting_);
    v("down", down_);
    v("proposer_down", proposer_down_);
    v("withheld", withheld_);
    v("cheat", cheat_);
    v("cheat_due", cheat_due_);
    v("claimed", claimed_);
    v("base_fee", base_fee_);
    v("withheld_roots", withheld_roots_);
  }

 private:
  void post(Context& ctx, std::uint64_t height);
  void post_invalid(Context& ctx);
  void claim_inventions(Context& ctx);
  [[nodiscard]] plasma::BlockCommit snapshot() const;
  [[nodiscard]] plasma::ExitCost theft_cost() const;

  const ExitGame* game_;
  ExecutionNode* node_;
  L1Outbox::Address address_;
  plasma::CommitStore commits_;
  L1Outbox outbox_;
  std::uint64_t next_height_ = 1;    // of layer one: when the next root is due
  std::uint64_t waiting_ = kNoExit;  // commit whose root waits on layer one
  std::uint64_t claimed_ = 0;        // inventions for which exits were started
  std::uint64_t withheld_roots_ = 0;
  std::uint64_t cheat_due_ = 0;
  GasPrice base_fee_;
  Switch down_;
  Switch proposer_down_;
  Switch withheld_;
  Switch cheat_;
};

}  // namespace mezz
