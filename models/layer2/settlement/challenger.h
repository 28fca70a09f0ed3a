// The honest challenger (op-challenger): hears of every claim and move, compares with the roots of
// its own node, and makes the moves of the honest strategy after a reply delay, each a transaction
// with a bond; it therefore attacks false claims and defends true ones. It resolves games when
// their clocks have run out. Several may play side by side: the second to make a move is refused
// and has paid the gas. Source: OP Stack op-challenger, specification "Honest challenger". A claim
// about a block that its node does not have counts as false, as there. Where data is not on layer
// one (see_data) it cannot play about blocks whose data it cannot get: it has no trace to move
// with. Left out: unresponsiveness of its layer-one node, large pre-image uploads (their time is in
// the clock rules).
#pragma once

#include <cstdint>

#include "models/layer2/data_access.h"
#include "models/layer2/settlement/dispute_player.h"
#include "models/shock/shock.h"
#include "sim/engine/entity.h"
#include "sim/record/probe.h"

namespace mezz {

struct ChallengerParams {
  DelayDistribution reply_delay = DelayDistribution::constant(10_min);
  ResolvePolicy resolves = ResolvePolicy::All;
  Duration resolve_patience = 10_min;
  DisputePlayerParams player;

  void visit(auto& v) {
    v("reply_delay", reply_delay, {.doc = "From hearing of a claim or move to sending the answer"});
    v("resolves", resolves, {.doc = "Games it resolves"});
    v("resolve_patience", resolve_patience,
      {.doc = "How long it leaves a resolution to others, who would also pay the gas"});
    v("player", player, {.doc = "Bonds, fees and gas"});
  }
};

class HonestChallenger final
    : public EntityOf<HonestChallenger, ChallengerParams, L1Sender, L1Observer, DisputeWatcher,
                      BlockObserver, Shockable> {
 public:
  // The builder subscribes it to layer one and to the blocks.
  HonestChallenger(const Site& site, const ChallengerParams& params, Ref<BaseChain> l1,
                   FaultProof& proof, const Layer2Chain& chain);

  void on(Context& ctx, const L1Head& head) override;
  void on(Context&, const L1Reorg&) override {}
  void on(Context& ctx, const L1Finalised& finalised) override;
  void on(Context& ctx, const L1Included& included) override;
  void on(Context& ctx, const L1Reverted& reverted) override;
  void on(Context& ctx, const GameChanged& changed) override;
  void on(Context&, const BlockSealed&) override {}
  void on(Context& ctx, const Layer2Reorg& reorg) override;
  void on(Context& ctx, const Shock& shock) override;
  void on(Context& ctx, const ThinkAbout& message);

  // While building; without it all data is on layer one.
  void see_data(const DataAccess& data) { data_ = &data; }
  [[nodiscard]] const DisputePlayer& player() const { return player_; }

  void visit_state(auto& v) {
    v("player", player_);
    v("recheck", recheck_);
    v("down", down_);
  }

 private:
  void think(Context& ctx, GameId game);
  void think_about_all(Context& ctx);
  [[nodiscard]] bool has_data(GameId game) const;

  const DataAccess* data_ = nullptr;
  NodeRoots node_;
  DisputePlayer player_;
  bool recheck_ = false;
  Switch down_;
  Probe<Wei> bonds_{{.name = "bonds_locked",
                     .doc = "Its bonds in games that are not resolved",
                     .recorders = "timeavg vector"}};
};

}  // namespace mezz
