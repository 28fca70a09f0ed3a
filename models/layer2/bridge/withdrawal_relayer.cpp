#include "models/layer2/bridge/withdrawal_relayer.h"

#include <algorithm>
#include <vector>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using layer2::WithdrawalCheck;

WithdrawalRelayer::WithdrawalRelayer(const Site& site, const WithdrawalRelayerParams& p,
                                     Ref<BaseChain> l1, Ref<CanonicalBridge> contract,
                                     const CanonicalBridge& bridge)
    : EntityOf(site, p),
      bridge_(&bridge),
      address_{.l1 = l1, .contract = contract, .sender = self()} {
  MEZZ_ASSERT(l1.exists() && contract.exists());
  MEZZ_ASSERT(p.batch_max >= 1);
}

void WithdrawalRelayer::submit(Context& ctx, L1CallKind kind, std::uint64_t withdrawal,
                               std::uint64_t game) {
  MEZZ_ASSERT(withdrawal < bridge_->withdrawals());
  const bool proof = kind == L1CallKind::ProveWithdrawal;
  outbox_.submit(ctx, address_, params().fees,
                 {.kind = kind,
                  .a = withdrawal,
                  .b = game,
                  .gas = proof ? params().prove_gas : params().finalise_gas});
}

void WithdrawalRelayer::forget(std::uint64_t withdrawal) {
  unproven_.erase(withdrawal);
  proven_.erase(withdrawal);
  const auto entry = std::find_if(due_.begin(), due_.end(),
                                  [&](const Due& due) { return due.second == withdrawal; });
  if (entry != due_.end()) due_.erase(entry);
}

void WithdrawalRelayer::file(std::uint64_t withdrawal, Time at) {
  const BridgeWithdrawal& subject = bridge_->withdrawal({withdrawal});
  switch (subject.stage) {
    case WithdrawalStage::Initiated:
      unproven_.insert(withdrawal);
      return;
    case WithdrawalStage::Proven: {
      const bool lost =
          bridge_->proof().view(subject.game).status == layer2::GameStatus::ChallengerWins;
      if (lost) {
        unproven_.insert(withdrawal);
        return;
      }
      proven_.insert(withdrawal);
      // While its game is open it is looked at again when the game is resolved.
      const Time payable = bridge_->payable_at({withdrawal});
      if (payable.happened()) due_.insert({std::max(at, payable), withdrawal});
      return;
    }
    default:
      return;  // done
  }
}

void WithdrawalRelayer::prove_some(Context& ctx, std::int64_t& left) {
  auto next = unproven_.begin();
  while (next != unproven_.end() && left > 0) {
    const std::uint64_t withdrawal = *next;
    const BridgeWithdrawal& subject = bridge_->withdrawal({withdrawal});
    if (subject.stage == WithdrawalStage::Void) {
      next = unproven_.erase(next);
      continue;
    }
    const auto game = bridge_->proof().game_covering(subject.block);
    if (!game) return;  // later ones stand in later blocks
    if (!has_witness(subject, bridge_->proof().game(*game).block)) {
      ++next;
      continue;
    }
    submit(ctx, L1CallKind::ProveWithdrawal, withdrawal, game->value);
    next = unproven_.erase(next);
    --left;
  }
}

// One step: whatever block is Settled can be paid, in order of the chain.
void WithdrawalRelayer::pay_settled(Context& ctx, std::int64_t& left) {
  auto next = unproven_.begin();
  while (next != unproven_.end() && left > 0) {
    const std::uint64_t withdrawal = *next;
    const BridgeWithdrawal& subject = bridge_->withdrawal({withdrawal});
    if (subject.stage != WithdrawalStage::Initiated) {
      next = unproven_.erase(next);
      continue;
    }
    if (bridge_->check({withdrawal}, ctx.now()) != WithdrawalCheck::Payable) return;
    if (!has_witness(subject, subject.block)) {
      ++next;
      continue;
    }
    submit(ctx, L1CallKind::FinaliseWithdrawal, withdrawal, 0);
    next = unproven_.erase(next);
    --left;
  }
}

void WithdrawalRelayer::finalise_some(Context& ctx, std::int64_t& left) {
  while (!due_.empty() && due_.begin()->first <= ctx.now() && left > 0) {
    const std::uint64_t withdrawal = due_.begin()->second;
    forget(withdrawal);
    switch (bridge_->check({withdrawal}, ctx.now())) {
      case WithdrawalCheck::Payable:
        submit(ctx, L1CallKind::FinaliseWithdrawal, withdrawal, 0);
        --left;
        break;
      case WithdrawalCheck::AlreadyPaid:
        break;
      default:  // paused, or layer one has gone back since it was filed
        file(withdrawal, ctx.now() + params().retry_delay);
    }
  }
}

void WithdrawalRelayer::on(Context& ctx, const L1Head&) {
  for (; known_ < bridge_->withdrawals(); ++known_) file(known_, ctx.now());
  if (bridge_->paused()) return;
  std::int64_t left = params().batch_max;
  if (bridge_->one_step()) {
    pay_settled(ctx, left);
    return;
  }
  prove_some(ctx, left);
  finalise_some(ctx, left);
}

void WithdrawalRelayer::on(Context& ctx, const L1Included& included) {
  const std::uint64_t withdrawal = outbox_.included(included).call.a;
  if (withdrawal >= bridge_->withdrawals()) return;
  // What the call has done, or not, is in the contract's state now.
  forget(withdrawal);
  file(withdrawal, ctx.now());
}

void WithdrawalRelayer::on(Context&, const L1Reverted& reverted) {
  // The transaction waits again and will do the same again.
  const L1Outbox::Sent& sent = outbox_.reverted(reverted);
  if (sent.height == 0) forget(sent.call.a);
}

void WithdrawalRelayer::on(Context&, const L1Finalised& finalised) {
  outbox_.finalised(finalised.height);
}

void WithdrawalRelayer::on(Context& ctx, const GameChanged& changed) {
  if (changed.change != GameChange::Resolved && changed.change != GameChange::Undone) return;
  std::vector<std::uint64_t> touched;
  for (const std::uint64_t withdrawal : proven_) {
    if (bridge_->withdrawal({withdrawal}).game == changed.game) touched.push_back(withdrawal);
  }
  for (const std::uint64_t withdrawal : touched) {
    forget(withdrawal);
    file(withdrawal, ctx.now());
  }
}

}  // namespace mezz
