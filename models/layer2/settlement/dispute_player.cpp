#include "models/layer2/settlement/dispute_player.h"

#include <algorithm>

#include "models/layer2/settlement/honest_strategy.h"
#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using layer2::PlannedMove;

DisputePlayer::DisputePlayer(const DisputePlayerParams& params, const Wiring& wiring,
                             FaultProof& proof)
    : params_(params),
      address_{.l1 = wiring.l1, .contract = proof.self(), .sender = wiring.sender},
      proof_(&proof),
      party_(proof.join(wiring.sender, wiring.watcher)) {
  MEZZ_ASSERT(wiring.l1.exists());
  MEZZ_ASSERT(party_.exists());
}

Wei DisputePlayer::available() const {
  return params_.bond_capital - proof_->bonds(party_).locked - outbox_.bonds_waiting();
}

void DisputePlayer::send(Context& ctx, const L1Outbox::Call& call) {
  MEZZ_ASSERT(call.bond == Wei::zero() || call.bond <= available());
  outbox_.submit(ctx, address_, params_.fees, call);
  bonds_peak_ = std::max(bonds_peak_, params_.bond_capital - available());
}

bool DisputePlayer::claim(Context& ctx, BlockId block, layer2::ClaimValue root) {
  const Wei bond = proof_->params().game.bond(0);
  if (bond > available()) {
    ++short_of_capital_;
    return false;
  }
  send(ctx, {.kind = L1CallKind::StateClaim,
             .a = block.value,
             .b = root.bits,
             .gas = params_.claim_gas,
             .bond = bond});
  return true;
}

L1Outbox::Call DisputePlayer::call_for(GameId game, const PlannedMove& planned) const {
  const layer2::ClaimValue answered = proof_->game(game).game.claim(planned.against).value;
  const bool step = planned.action == PlannedMove::Action::Step;
  const DisputeCall::Words words = DisputeCall{.game = game,
                                               .against = planned.against,
                                               .action = planned.action,
                                               .kind = planned.kind,
                                               .answered = DisputeCall::fold(answered),
                                               .value = planned.value}
                                       .packed();
  return {.kind = L1CallKind::DisputeMove,
          .a = words.a,
          .b = words.b,
          .gas = step ? params_.step_gas : params_.move_gas,
          .bond = planned.bond};
}

std::optional<Time> DisputePlayer::play(Context& ctx, const Plan& plan) {
  MEZZ_ASSERT(plan.trace != nullptr);
  const layer2::DisputeGame& game = proof_->game(plan.game).game;
  std::optional<Time> again;
  for (const PlannedMove& planned : layer2::next_moves(game, *plan.trace, ctx.now())) {
    const L1Outbox::Call call = call_for(plan.game, planned);
    if (outbox_.waits(call.kind, call.a, call.b)) continue;
    if (plan.timing == Timing::LastMoment) {
      const Time send_at = std::max(ctx.now(), game.clock_expires(planned.against) - plan.margin);
      if (send_at > ctx.now()) {
        again = again ? std::min(*again, send_at) : send_at;
        continue;
      }
    }
    if (call.bond > available()) {
      ++short_of_capital_;
      continue;
    }
    send(ctx, call);
  }
  return again;
}

void DisputePlayer::resolve_due(Context& ctx, ResolvePolicy policy, Duration patience) {
  if (policy == ResolvePolicy::Never) return;
  for (const GameId id : proof_->open_games()) {
    if (policy == ResolvePolicy::Own && !owns(id)) continue;
    if (proof_->resolvable_at(id) + patience > ctx.now()) continue;
    if (outbox_.waits(L1CallKind::ResolveGame, id.value, 0)) continue;
    send(ctx, {.kind = L1CallKind::ResolveGame, .a = id.value, .gas = params_.resolve_gas});
  }
}

bool DisputePlayer::begin_thinking(GameId game) {
  if (game.value >= thinking_.size()) thinking_.resize(game.value + 1, 0);
  if (thinking_[game.value] != 0) return false;
  thinking_[game.value] = 1;
  return true;
}

void DisputePlayer::end_thinking(GameId game) {
  MEZZ_ASSERT(game.value < thinking_.size());
  thinking_[game.value] = 0;
}

std::optional<GameId> DisputePlayer::on(const L1Included& included) {
  const L1Outbox::Sent& sent = outbox_.included(included);
  if (sent.call.kind != L1CallKind::DisputeMove) return std::nullopt;
  const GameId game = DisputeCall::from({sent.call.a, sent.call.b}).game;
  return game.value < proof_->games() ? std::optional(game) : std::nullopt;
}

}  // namespace mezz
