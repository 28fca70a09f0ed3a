#include "models/layer2/bridge/forged_withdrawal.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

ForgedWithdrawal::ForgedWithdrawal(const Site& site, const ForgedWithdrawalParams& p,
                                   const Wiring& wiring)
    : EntityOf(site, p),
      proof_(wiring.proof),
      bridge_(wiring.bridge),
      liar_(wiring.liar),
      own_{.l1 = wiring.l1, .contract = self(), .sender = self()},
      games_{.l1 = wiring.l1, .contract = wiring.games, .sender = self()} {
  MEZZ_ASSERT(wiring.l1.exists() && wiring.games.exists());
  MEZZ_ASSERT(proof_ != nullptr && bridge_ != nullptr && !bridge_->one_step());
  if (site.recording != nullptr) {
    rows_.declare(*site.recording, "thefts", "Money taken under false claims that settled");
  }
}

bool ForgedWithdrawal::is_lie(GameId id) const {
  return proof_->game(id).proposer == liar_ && !proof_->is_correct(id);
}

bool ForgedWithdrawal::payable(GameId id, Time now) const {
  if (id.value >= proof_->games()) return false;
  const ClaimedGame& game = proof_->game(id);
  return game.air_gap_over && is_lie(id) && !bridge_->paused() &&
         now >= game.game.created_at() + bridge_->params().proof_maturity_delay;
}

void ForgedWithdrawal::on(Context& ctx, const L1Head&) {
  tries_.resize(std::max<std::size_t>(tries_.size(), proof_->games()));
  for (std::uint32_t i = 0; i < proof_->games(); ++i) {
    Try& subject = tries_[i];
    if (subject.taken != 0 || !is_lie({i})) continue;
    const layer2::GameStatus status = proof_->game({i}).game.status();
    if (status == layer2::GameStatus::InProgress && proof_->resolvable_at({i}) <= ctx.now() &&
        subject.resolve_again <= ctx.now()) {
      subject.resolve_again = ctx.now() + params().retry_delay;
      outbox_.submit(ctx, games_, params().fees,
                     {.kind = L1CallKind::ResolveGame, .a = i, .gas = params().resolve_gas});
    }
    if (subject.again > ctx.now() || !payable({i}, ctx.now())) continue;
    subject.again = ctx.now() + params().retry_delay;
    outbox_.submit(ctx, own_, params().fees,
                   {.kind = L1CallKind::FinaliseWithdrawal, .a = i, .gas = params().gas});
  }
}

// ---- on layer one

void ForgedWithdrawal::on(Context& ctx, const L1Execute& call) {
  Change change{.tag = call.tag, .block = call.block, .height = call.height, .game = call.a};
  const GameId id{static_cast<std::uint32_t>(call.a)};
  if (call.kind == L1CallKind::FinaliseWithdrawal && payable(id, ctx.now()) &&
      tries_[call.a].taken == 0) {
    const Money escrow = bridge_->totals().escrow;
    change.amount = Money{mul_div(escrow.micros, params().loot.ppb, Ratio::kScale, Round::Down)};
  }
  if (change.amount > Money::zero()) {
    bridge_->escrow().steal(change.amount);
    tries_[call.a].taken = 1;
    stolen_ += change.amount;
    ++thefts_;
    rows_.append({.time = ctx.now(), .game = id, .amount = change.amount, .undone = false});
  }
  undo_.add(change);
  check();
}

void ForgedWithdrawal::on(Context& ctx, const L1Undo& call) {
  const Change change = undo_.take(call);
  if (change.amount == Money::zero()) return;
  bridge_->escrow().unsteal(change.amount);
  tries_[change.game].taken = 0;
  stolen_ -= change.amount;
  --thefts_;
  rows_.append({.time = ctx.now(),
                .game = GameId{static_cast<std::uint32_t>(change.game)},
                .amount = change.amount,
                .undone = true});
  check();
}

void ForgedWithdrawal::on(Context&, const L1Included& included) { outbox_.included(included); }

void ForgedWithdrawal::on(Context&, const L1Reverted& reverted) { outbox_.reverted(reverted); }

void ForgedWithdrawal::on(Context&, const L1Finalised& finalised) {
  outbox_.finalised(finalised.height);
  undo_.finalised(finalised.height);
}

void ForgedWithdrawal::check() const {
  MEZZ_ASSERT(stolen_ >= Money::zero());
  MEZZ_ASSERT(bridge_->totals().stolen == stolen_);
}

}  // namespace mezz
