#include "models/layer2/settlement/proposer.h"

#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/engine/context.h"

namespace mezz {

Proposer::Proposer(const Site& site, const ProposerParams& p, Ref<BaseChain> l1, FaultProof& proof,
                   const Layer2Chain& chain)
    : EntityOf(site, p),
      chain_(&chain),
      node_(chain),
      player_(p.player, {.l1 = l1, .sender = self(), .watcher = self()}, proof) {
  check(p.reply_delay, "proposer.reply_delay");
  if (p.output_interval < 1) throw ScenarioError("proposer.output_interval", "must be at least 1");
}

void Proposer::propose(Context& ctx) {
  const BlockId safe =
      chain_->reached(params().from == ProposeFrom::Safe ? Rung::Published : Rung::OrderFinal);
  // After a rollback of layer two what it claimed may be false now: it starts anew.
  const bool gone = last_claimed_ > chain_->head() ||
                    (last_claimed_.value > 0 && chain_->root(last_claimed_) != last_root_);
  if (gone) last_claimed_ = player_.proof().anchor_block();
  if (safe.value < last_claimed_.value + static_cast<std::uint64_t>(params().output_interval)) {
    return;
  }
  MEZZ_ASSERT(safe <= chain_->head());
  if (!player_.claim(ctx, safe, {chain_->root(safe)})) return;
  last_claimed_ = safe;
  last_root_ = chain_->root(safe);
}

void Proposer::think(Context& ctx, GameId game) {
  if (!player_.begin_thinking(game)) return;
  const Duration delay = draw(params().reply_delay, rng());
  after(ctx, delay, ThinkAbout{game});
}

void Proposer::on(Context& ctx, const L1Head&) {
  if (down_.on()) return;
  propose(ctx);
  player_.resolve_due(ctx, params().resolves, Duration::zero());
}

void Proposer::on(Context&, const L1Finalised& finalised) { player_.on(finalised); }

void Proposer::on(Context& ctx, const L1Included& included) {
  const auto game = player_.on(included);
  if (game && !down_.on()) think(ctx, *game);
}

void Proposer::on(Context&, const L1Reverted& reverted) { player_.on(reverted); }

void Proposer::on(Context& ctx, const GameChanged& changed) {
  if (down_.on()) return;
  if (changed.change == GameChange::Resolved) {
    // Bonds came back: moves that waited for them can be made.
    for (const GameId id : player_.proof().open_games()) {
      if (player_.owns(id)) think(ctx, id);
    }
    return;
  }
  if (changed.game.value >= player_.proof().games() || !player_.owns(changed.game)) return;
  think(ctx, changed.game);
}

void Proposer::on(Context& ctx, const ThinkAbout& message) {
  player_.end_thinking(message.game);
  const FaultProof& proof = player_.proof();
  // Asleep, or the game was orphaned meanwhile and its number went to another.
  if (down_.on() || message.game.value >= proof.games() || !player_.owns(message.game)) return;
  const auto trace = proof.honest_trace(message.game, node_);
  if (!trace || !proof.is_correct(message.game)) return;  // not worth defending any more
  player_.play(ctx, {.game = message.game, .trace = &*trace});
}

void Proposer::on(Context& ctx, const Shock& shock) {
  if (shock.kind != ShockKind::ProposerDown) return;
  down_.apply(shock);
  MEZZ_ASSERT(down_.active >= 0);
  if (down_.on()) return;
  for (const GameId id : player_.proof().open_games()) {
    if (player_.owns(id)) think(ctx, id);
  }
}

}  // namespace mezz
