// The honest proposer (op-proposer): every so many layer-two blocks it posts a claim for the newest
// block that its node considers safe, defends its claims against attacks and resolves them when
// their clocks have run out. Source: OP Stack op-proposer; reference sheet "layer-two protocols"
// section 2.3. Claims are triggered by layer-one heads, so it posts at most one per slot. Left out:
// withdrawing the bond after DelayedWETH's delay.
#pragma once

#include <cstdint>

#include "models/layer2/settlement/dispute_player.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"

namespace mezz {

enum class ProposeFrom : std::uint8_t {
  Safe,       // published on layer one
  Finalised,  // published in a final block of layer one
};
template <>
struct EnumNames<ProposeFrom> {
  static constexpr std::string_view names[] = {"safe", "finalised"};
};

struct ProposerParams {
  std::int64_t output_interval = 1'800;
  ProposeFrom from = ProposeFrom::Safe;
  DelayDistribution reply_delay = DelayDistribution::constant(5_min);
  ResolvePolicy resolves = ResolvePolicy::Own;
  DisputePlayerParams player;

  void visit(auto& v) {
    v("output_interval", output_interval,
      {.doc = "Layer-two blocks between two claims (OP mainnet: 1800 blocks of 2 s)", .min = 1});
    v("from", from, {.doc = "Head that it claims"});
    v("reply_delay", reply_delay, {.doc = "From hearing of a move to sending the answer"});
    v("resolves", resolves, {.doc = "Games it resolves"});
    v("player", player, {.doc = "Bonds, fees and gas"});
  }
};

class Proposer final
    : public EntityOf<Proposer, ProposerParams, L1Sender, L1Observer, DisputeWatcher, Shockable> {
 public:
  // The builder subscribes it to layer one.
  Proposer(const Site& site, const ProposerParams& params, Ref<BaseChain> l1, FaultProof& proof,
           const Layer2Chain& chain);

  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const GameChanged& changed) override;
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const ThinkAbout& message);

  [[nodiscard]] const DisputePlayer& player() const { return player_; }
  [[nodiscard]] BlockId last_claimed() const { return last_claimed_; }

  void visit_state(auto& v) {
    v("player", player_);
    v("last_claimed", last_claimed_);
    v("last_root", last_root_);
    v("down", down_);
  }

 private:
  void propose(Context& ctx);
  void think(Context& ctx, GameId game);

  const Layer2Chain* chain_;
  NodeRoots node_;
  DisputePlayer player_;
  BlockId last_claimed_{0};
  std::uint64_t last_root_ = 0;
  Switch down_;
};

}  // namespace mezz
