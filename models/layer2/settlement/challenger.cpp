#include "models/layer2/settlement/challenger.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

HonestChallenger::HonestChallenger(const Site& site, const ChallengerParams& p, Ref<BaseChain> l1,
                                   FaultProof& proof, const Layer2Chain& chain)
    : EntityOf(site, p),
      node_(chain),
      player_(p.player, {.l1 = l1, .sender = self(), .watcher = self()}, proof) {
  check(p.reply_delay, "challenger.reply_delay");
  if (site.recording != nullptr) bonds_.bind(*site.recording, path());
}

void HonestChallenger::think(Context& ctx, GameId game) {
  if (!player_.begin_thinking(game)) return;
  const Duration delay = draw(params().reply_delay, rng());
  after(ctx, delay, ThinkAbout{game});
}

void HonestChallenger::think_about_all(Context& ctx) {
  for (const GameId id : player_.proof().open_games()) think(ctx, id);
}

void HonestChallenger::on(Context& ctx, const L1Head&) {
  if (down_.on()) return;
  if (recheck_) {
    recheck_ = false;
    think_about_all(ctx);
  }
  player_.resolve_due(ctx, params().resolves, params().resolve_patience);
}

void HonestChallenger::on(Context&, const L1Finalised& finalised) { player_.on(finalised); }

void HonestChallenger::on(Context& ctx, const L1Included& included) {
  const auto game = player_.on(included);
  if (game && !down_.on()) think(ctx, *game);
}

void HonestChallenger::on(Context&, const L1Reverted& reverted) { player_.on(reverted); }

void HonestChallenger::on(Context& ctx, const GameChanged& changed) {
  bonds_.record(ctx.now(), player_.proof().bonds(player_.party()).locked);
  if (down_.on()) return;
  if (changed.change == GameChange::Resolved) return think_about_all(ctx);  // bonds came back
  if (changed.game.value < player_.proof().games()) think(ctx, changed.game);
}

bool HonestChallenger::has_data(GameId id) const {
  if (data_ == nullptr) return true;
  const ClaimedGame& game = player_.proof().game(id);
  MEZZ_ASSERT(game.block > game.anchor_block);
  return data_->whole(std::min(game.block, game.published));
}

void HonestChallenger::on(Context& ctx, const ThinkAbout& message) {
  player_.end_thinking(message.game);
  const FaultProof& proof = player_.proof();
  if (down_.on() || message.game.value >= proof.games()) return;
  if (!has_data(message.game)) {
    recheck_ = true;
    return;
  }
  const auto trace = proof.honest_trace(message.game, node_);
  if (trace) {
    player_.play(ctx, {.game = message.game, .trace = &*trace});
  } else {
    recheck_ = true;  // its node has gone back and is not there again
  }
}

void HonestChallenger::on(Context& ctx, const Layer2Reorg&) {
  if (!down_.on()) think_about_all(ctx);  // what was true may be false now
}

void HonestChallenger::on(Context& ctx, const Shock& shock) {
  if (shock.kind != ShockKind::ChallengerDown) return;
  down_.apply(shock);
  MEZZ_ASSERT(down_.active >= 0);
  if (!down_.on()) think_about_all(ctx);
}

}  // namespace mezz
