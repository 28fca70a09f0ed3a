#include "models/layer2/bridge/canonical_bridge.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using layer2::WithdrawalCheck;

CanonicalBridge::CanonicalBridge(const Site& site, const CanonicalBridgeParams& p,
                                 const FaultProof* proof, const Layer2Chain& chain)
    : EntityOf(site, p), proof_(proof), chain_(&chain) {
  MEZZ_ASSERT(p.proof_maturity_delay >= Duration::zero());
  if (site.recording == nullptr) return;
  delay_.bind(*site.recording, path());
  rows_.declare(*site.recording, "withdrawals", "Withdrawals through the canonical bridge");
}

layer2::WithdrawalParams CanonicalBridge::rules() const {
  if (one_step()) return {.proof_maturity_delay = 0_s, .finality_delay = 0_s};
  return {.proof_maturity_delay = params().proof_maturity_delay,
          .finality_delay = proof_->params().air_gap};
}

// With one step the rung of the block stands for a game: it is won when the block is Settled.
layer2::GameView CanonicalBridge::view_of(const BridgeWithdrawal& subject) const {
  if (!one_step()) return proof_->view(subject.game);
  MEZZ_ASSERT(subject.stage != WithdrawalStage::Void);
  // Rolled back, and the news is on its way.
  if (subject.block > chain_->head()) {
    return {.l2_block = subject.block.value,
            .created_at = subject.initiated,
            .status = layer2::GameStatus::InProgress,
            .resolved_at = Time::never()};
  }
  const Layer2Block& block = chain_->block(subject.block);
  const Time settled = block.ladder[Rung::Settled];
  return {.l2_block = subject.block.value,
          .created_at = block.sealed,
          .status = settled.happened() ? layer2::GameStatus::DefenderWins
                                       : layer2::GameStatus::InProgress,
          .resolved_at = settled};
}

layer2::PortalState CanonicalBridge::portal() const {
  return paused_.on() ? layer2::PortalState::Paused : layer2::PortalState::Open;
}

// ---- calls on layer one

void CanonicalBridge::on(Context& ctx, const L1Execute& call) {
  scan(ctx.now());
  const WithdrawalId id{call.a};
  Change change{.tag = call.tag, .block = call.block, .height = call.height};
  const bool known = call.a < withdrawals_.size();
  if (known) change.before = withdrawals_[call.a];
  bool accepted = false;
  if (known && call.kind == L1CallKind::ProveWithdrawal && !one_step() &&
      call.b < proof_->games()) {
    accepted = prove(withdrawals_[call.a], GameId{static_cast<std::uint32_t>(call.b)}, ctx.now());
  } else if (known && call.kind == L1CallKind::FinaliseWithdrawal) {
    accepted = pay(withdrawals_[call.a], ctx.now());
  }
  if (accepted) {
    change.withdrawal = id;
    record(ctx.now(), id);
  } else {
    escrow_.refuse();
  }
  undo_.add(change);
  escrow_.check();
}

bool CanonicalBridge::prove(BridgeWithdrawal& subject, GameId game, Time now) {
  if (subject.stage == WithdrawalStage::Void) return false;  // no such storage slot any more
  const layer2::GameView view = proof_->view(game);
  // A proof can be replaced only when its game will not do any more (checkWithdrawal).
  if (subject.stage == WithdrawalStage::Proven &&
      proof_->view(subject.game).status != layer2::GameStatus::ChallengerWins) {
    return false;
  }
  if (subject.rules.prove(view, portal(), now) != layer2::ProveOutcome::Accepted) return false;
  MEZZ_ASSERT(subject.stage != WithdrawalStage::Paid);
  subject.stage = WithdrawalStage::Proven;
  subject.game = game;
  ++subject.proofs;
  if (!subject.provable.happened()) subject.provable = std::max(view.created_at, subject.initiated);
  return true;
}

bool CanonicalBridge::pay(BridgeWithdrawal& subject, Time now) {
  if (subject.stage != (one_step() ? WithdrawalStage::Initiated : WithdrawalStage::Proven)) {
    return false;
  }
  // Money that left for withdrawals whose blocks were rolled back afterwards is missing here.
  if (!escrow_.can_pay(subject.amount)) return false;
  const layer2::GameView view = view_of(subject);
  if (one_step()) {
    if (view.status != layer2::GameStatus::DefenderWins) return false;
    // The call that pays carries the proof of inclusion.
    if (subject.rules.prove(view, portal(), now) != layer2::ProveOutcome::Accepted) return false;
    subject.provable = chain_->block(subject.block).ladder[Rung::Asserted];
  }
  if (subject.rules.pay(rules(), view, portal(), now) != WithdrawalCheck::Payable) return false;
  subject.stage = WithdrawalStage::Paid;
  subject.withdrawable = one_step() ? view.resolved_at : subject.rules.payable_at(rules(), view);
  MEZZ_ASSERT(subject.withdrawable.happened() && subject.withdrawable <= now);
  escrow_.pay(subject.amount);
  delay_.record(now, now - subject.initiated);
  return true;
}

void CanonicalBridge::on(Context& ctx, const L1Undo& call) {
  const Change change = undo_.take(call);
  if (!change.withdrawal.exists()) {
    escrow_.unrefuse();
    return;
  }
  take_back(withdrawals_[change.withdrawal.value], change.before, escrow_);
  record(ctx.now(), change.withdrawal);
  escrow_.check();
}

void CanonicalBridge::on(Context&, const L1Finalised& finalised) {
  undo_.finalised(finalised.height);
}

void CanonicalBridge::on(Context&, const DepositLocked& deposit) { escrow_.lock(deposit.amount); }

void CanonicalBridge::on(Context&, const DepositUndone& deposit) { escrow_.unlock(deposit.amount); }

// ---- the chain of layer two

void CanonicalBridge::on(Context& ctx, const BlockSealed&) { scan(ctx.now()); }

void CanonicalBridge::on(Context& ctx, const Layer2Reorg& reorg) {
  // A later message, or none yet, may already have shown the new chain: scan() finds out.
  forget_above(std::min(reorg.kept, escrow_.scanned()), ctx.now());
  scan(ctx.now());
}

void CanonicalBridge::scan(Time now) {
  escrow_.scan(*chain_, [&](const Layer2Block& block, const Transaction& tx) {
    withdrawals_.push_back({.rules = layer2::Withdrawal(block.number.value),
                            .account = tx.account,
                            .game = {},
                            .amount = Money{tx.amount},
                            .block = block.number,
                            .initiated = block.sealed});
    record(now, WithdrawalId{withdrawals_.size() - 1});
  });
}

void CanonicalBridge::forget_above(BlockId kept, Time now) {
  void_above(withdrawals_, kept, escrow_, [&](WithdrawalId id) { record(now, id); });
  escrow_.forget_above(kept, *chain_);
}

void CanonicalBridge::on(Context&, const Shock& shock) {
  if (shock.kind != ShockKind::BridgePaused) return;
  paused_.apply(shock);
  MEZZ_ASSERT(paused_.active >= 0);
}

// ---- looking

const BridgeWithdrawal& CanonicalBridge::withdrawal(WithdrawalId id) const {
  MEZZ_ASSERT(id.value < withdrawals_.size());
  return withdrawals_[id.value];
}

WithdrawalCheck CanonicalBridge::check(WithdrawalId id, Time now) const {
  const BridgeWithdrawal& subject = withdrawal(id);
  if (subject.stage == WithdrawalStage::Paid) return WithdrawalCheck::AlreadyPaid;
  if (one_step() && subject.stage == WithdrawalStage::Initiated) {
    if (paused()) return WithdrawalCheck::Paused;
    const Time payable = payable_at(id);
    return payable.happened() && payable <= now ? WithdrawalCheck::Payable
                                                : WithdrawalCheck::GameInProgress;
  }
  if (subject.stage != WithdrawalStage::Proven) return WithdrawalCheck::NotProven;
  return subject.rules.check(rules(), view_of(subject), portal(), now);
}

Time CanonicalBridge::payable_at(WithdrawalId id) const {
  const BridgeWithdrawal& subject = withdrawal(id);
  if (one_step() && subject.stage == WithdrawalStage::Initiated)
    return view_of(subject).resolved_at;
  if (subject.stage != WithdrawalStage::Proven) return Time::never();
  return subject.rules.payable_at(rules(), view_of(subject));
}

WithdrawalSummary CanonicalBridge::withdrawal_summary() const {
  WithdrawalSummary out = summary_of(withdrawals_);
  for (const BridgeWithdrawal& w : withdrawals_) {
    if (w.proofs > 1) out.reproved += w.proofs - 1;
  }
  return out;
}

void CanonicalBridge::record(Time now, WithdrawalId id) {
  if (!rows_.enabled()) return;
  const BridgeWithdrawal& subject = withdrawal(id);
  rows_.append({.time = now,
                .withdrawal = id,
                .account = subject.account,
                .stage = subject.stage,
                .initiated = subject.initiated,
                .block = subject.block,
                .amount = subject.amount,
                .provable = subject.provable,
                .proven = subject.rules.proven_at(),
                .withdrawable = subject.withdrawable,
                .paid = subject.rules.paid_at(),
                .reproved = subject.proofs > 0 ? subject.proofs - 1 : 0});
}

}  // namespace mezz
