#include "models/layer2/settlement/fraudulent_proposer.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

FraudulentProposer::FraudulentProposer(const Site& site, const FraudulentProposerParams& p,
                                       Ref<BaseChain> l1, FaultProof& proof,
                                       const Layer2Chain& chain)
    : EntityOf(site, p),
      chain_(&chain),
      node_(chain),
      player_(p.player, {.l1 = l1, .sender = self(), .watcher = self()}, proof) {
  check(p.reply_delay, "attacker.reply_delay");
  MEZZ_ASSERT(p.parallel_claims >= 1 && p.false_blocks >= 1);
}

layer2::Trace FraudulentProposer::falsify(const layer2::Trace& honest, std::uint64_t claimed_blocks,
                                          std::uint64_t lie) const {
  MEZZ_ASSERT(claimed_blocks > 0 && lie > 0);
  layer2::Trace trace = honest;
  const auto false_blocks = static_cast<std::uint64_t>(params().false_blocks);
  trace.diverges_block = claimed_blocks - std::min(claimed_blocks, false_blocks);
  trace.diverges_instruction = static_cast<std::uint64_t>(params().false_instruction);
  trace.lie = lie;
  return trace;
}

void FraudulentProposer::lie(Context& ctx) {
  const BlockId block = chain_->reached(Rung::Published);
  const BlockId anchor = player_.proof().anchor_block();
  if (block <= anchor) return;  // nothing to lie about yet
  // The false root depends only on the real one and on the number of the lie.
  layer2::Trace honest;
  honest.output_roots = node_.between(anchor, block);
  const std::uint64_t count = block.value - anchor.value;
  MEZZ_ASSERT(honest.output_roots.size() == count);
  const layer2::ClaimValue root = falsify(honest, count, lies_ + 1).output(count - 1);
  if (!player_.claim(ctx, block, root)) return;
  ++lies_;
  --wanted_;
}

std::optional<layer2::Trace> FraudulentProposer::false_trace(GameId id) {
  const FaultProof& proof = player_.proof();
  const auto honest = proof.honest_trace(id, node_);
  if (!honest) return std::nullopt;
  const ClaimedGame& game = proof.game(id);
  MEZZ_ASSERT(game.proposer == player_.party());
  const std::uint64_t count = game.block.value - game.anchor_block.value;
  for (std::uint64_t lie = 1; lie <= lies_; ++lie) {
    const layer2::Trace trace = falsify(*honest, count, lie);
    if (trace.output(count - 1).bits == game.root()) return trace;
  }
  return std::nullopt;
}

void FraudulentProposer::act(Context& ctx, GameId game) {
  if (game.value >= player_.proof().games() || !player_.owns(game)) return;
  const auto trace = false_trace(game);
  if (!trace) return;
  const bool stall = params().style == AttackStyle::Stall;
  const auto again = player_.play(
      ctx, {.game = game,
            .trace = &*trace,
            .timing = stall ? DisputePlayer::Timing::LastMoment : DisputePlayer::Timing::AtOnce,
            .margin = params().stall_margin});
  if (again) after(ctx, *again - ctx.now(), LookAgain{game});
}

void FraudulentProposer::on(Context& ctx, const L1Head&) {
  if (wanted_ > 0) lie(ctx);
}

void FraudulentProposer::on(Context&, const L1Finalised& finalised) { player_.on(finalised); }

void FraudulentProposer::on(Context&, const L1Included& included) { player_.on(included); }

void FraudulentProposer::on(Context&, const L1Reverted& reverted) { player_.on(reverted); }

void FraudulentProposer::on(Context& ctx, const GameChanged& changed) {
  if (params().style == AttackStyle::Silent) return;
  const FaultProof& proof = player_.proof();
  if (changed.game.value >= proof.games() || !player_.owns(changed.game)) return;
  if (proof.game(changed.game).game.status() != layer2::GameStatus::InProgress) return;
  if (!player_.begin_thinking(changed.game)) return;
  const Duration delay = draw(params().reply_delay, rng());
  after(ctx, delay, ThinkAbout{changed.game});
}

void FraudulentProposer::on(Context& ctx, const ThinkAbout& message) {
  player_.end_thinking(message.game);
  act(ctx, message.game);
}

void FraudulentProposer::on(Context& ctx, const LookAgain& message) { act(ctx, message.game); }

void FraudulentProposer::on(Context& ctx, const Shock& shock) {
  if (shock.kind != ShockKind::InvalidClaim || shock.edge != ShockEdge::Begins) return;
  wanted_ += params().parallel_claims;
  for (std::int64_t n = wanted_; n > 0; --n) lie(ctx);
}

}  // namespace mezz
