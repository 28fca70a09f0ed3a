#include "models/layer2/bridge/canonical_bridge.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using layer2::WithdrawalCheck;

CanonicalBridge::CanonicalBridge(const Site& site, const CanonicalBridgeParams& p,
                                 const FaultProof& proof, const Layer2Chain& chain)
    : EntityOf(site, p), proof_(&proof), chain_(&chain) {
  MEZZ_ASSERT(p.proof_maturity_delay >= Duration::zero());
  if (site.recording == nullptr) return;
  delay_.bind(*site.recording, path());
  rows_.declare(*site.recording, "withdrawals", "Withdrawals through the canonical bridge");
}

void CanonicalBridge::lock_genesis(const ExchangeTotals& totals) {
  MEZZ_ASSERT(genesis_ == Money::zero() && scanned_.value == 0);
  MEZZ_ASSERT(totals.withdrawn == Money::zero());
  genesis_deposited_ = totals.deposited;
  genesis_ = totals.deposited + totals.insurance_fund;
  totals_.locked = genesis_;
  totals_.escrow = genesis_;
}

layer2::WithdrawalParams CanonicalBridge::rules() const {
  return {.proof_maturity_delay = params().proof_maturity_delay,
          .finality_delay = proof_->params().air_gap};
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
  if (known && call.kind == L1CallKind::ProveWithdrawal && call.b < proof_->games()) {
    accepted = prove(withdrawals_[call.a], GameId{static_cast<std::uint32_t>(call.b)}, ctx.now());
  } else if (known && call.kind == L1CallKind::FinaliseWithdrawal) {
    accepted = pay(withdrawals_[call.a], ctx.now());
  }
  if (accepted) {
    change.withdrawal = id;
    record(ctx.now(), id);
  } else {
    ++totals_.refused;
  }
  undo_.push_back(change);
  check_escrow();
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
  if (subject.stage != WithdrawalStage::Proven) return false;
  // Money that left for withdrawals whose blocks were rolled back afterwards is missing here.
  if (totals_.escrow < subject.amount) return false;
  const layer2::GameView view = proof_->view(subject.game);
  if (subject.rules.pay(rules(), view, portal(), now) != WithdrawalCheck::Payable) return false;
  subject.stage = WithdrawalStage::Paid;
  subject.withdrawable = subject.rules.payable_at(rules(), view);
  MEZZ_ASSERT(subject.withdrawable.happened() && subject.withdrawable <= now);
  totals_.escrow -= subject.amount;
  totals_.paid += subject.amount;
  ++totals_.paid_count;
  delay_.record(now, now - subject.initiated);
  return true;
}

void CanonicalBridge::on(Context& ctx, const L1Undo& call) {
  MEZZ_ASSERT(!undo_.empty());
  const Change change = undo_.back();
  undo_.pop_back();
  MEZZ_ASSERT(change.tag == call.tag && change.block == call.block);
  if (!change.withdrawal.exists()) {
    MEZZ_ASSERT(totals_.refused > 0);
    --totals_.refused;
    return;
  }
  BridgeWithdrawal& subject = withdrawals_[change.withdrawal.value];
  if (subject.rules.paid_at().happened()) {
    totals_.escrow += subject.amount;
    totals_.paid -= subject.amount;
    --totals_.paid_count;
    if (subject.stage == WithdrawalStage::Void) totals_.lost -= subject.amount;
  }
  const bool is_void = subject.stage == WithdrawalStage::Void;
  subject = change.before;
  if (is_void) subject.stage = WithdrawalStage::Void;
  record(ctx.now(), change.withdrawal);
  check_escrow();
}

void CanonicalBridge::on(Context&, const L1Finalised& finalised) {
  const auto first_open = std::find_if(undo_.begin(), undo_.end(), [&](const Change& change) {
    return change.height > finalised.height;
  });
  undo_.erase(undo_.begin(), first_open);
}

void CanonicalBridge::on(Context&, const DepositLocked& deposit) {
  MEZZ_ASSERT(deposit.amount > Money::zero());
  totals_.locked += deposit.amount;
  totals_.escrow += deposit.amount;
  check_escrow();
}

void CanonicalBridge::on(Context&, const DepositUndone& deposit) {
  MEZZ_ASSERT(deposit.amount > Money::zero());
  totals_.locked -= deposit.amount;
  totals_.escrow -= deposit.amount;
  check_escrow();
}

// ---- the chain of layer two

void CanonicalBridge::on(Context& ctx, const BlockSealed&) { scan(ctx.now()); }

void CanonicalBridge::on(Context& ctx, const Layer2Reorg& reorg) {
  // A later message, or none yet, may already have shown the new chain: scan() finds out.
  forget_above(std::min(reorg.kept, scanned_), ctx.now());
  scan(ctx.now());
}

void CanonicalBridge::scan(Time now) {
  // What was read of a chain that has gone back since is told by Layer2Reorg, which is on its way.
  const bool gone =
      scanned_ > chain_->head() || chain_->block(scanned_).incarnation != scanned_incarnation_;
  if (gone) return;
  while (scanned_ < chain_->head()) {
    const Layer2Block& next = chain_->block(BlockId{scanned_.value + 1});
    read_block(next, now);
    scanned_ = next.number;
    scanned_incarnation_ = next.incarnation;
  }
}

void CanonicalBridge::read_block(const Layer2Block& block, Time now) {
  Money credited;
  for (std::uint64_t i = block.first; i < block.first + block.count; ++i) {
    const ChainTransaction& entry = chain_->transaction(i);
    if (entry.status != TxStatus::Executed) continue;
    const Transaction& tx = entry.transaction;
    if (tx.kind == TxKind::Deposit) credited += Money{tx.amount};
    if (tx.kind != TxKind::Withdraw) continue;
    MEZZ_ASSERT(tx.amount > 0);
    withdrawals_.push_back({.rules = layer2::Withdrawal(block.number.value),
                            .account = tx.account,
                            .game = {},
                            .amount = Money{tx.amount},
                            .block = block.number,
                            .initiated = block.sealed});
    totals_.initiated += Money{tx.amount};
    record(now, WithdrawalId{withdrawals_.size() - 1});
  }
  if (credited == Money::zero()) return;
  totals_.credited += credited;
  credits_.push_back({.block = block.number, .amount = credited});
}

void CanonicalBridge::forget_above(BlockId kept, Time now) {
  MEZZ_ASSERT(kept <= scanned_);
  while (!credits_.empty() && credits_.back().block > kept) {
    totals_.credited -= credits_.back().amount;
    credits_.pop_back();
  }
  for (std::uint64_t i = withdrawals_.size(); i-- > 0;) {
    BridgeWithdrawal& subject = withdrawals_[i];
    if (subject.stage == WithdrawalStage::Void) continue;
    if (subject.block <= kept) break;  // ascending blocks, but for void ones
    totals_.initiated -= subject.amount;
    if (subject.stage == WithdrawalStage::Paid) totals_.lost += subject.amount;
    subject.stage = WithdrawalStage::Void;
    record(now, WithdrawalId{i});
  }
  scanned_ = kept;
  if (kept <= chain_->head()) scanned_incarnation_ = chain_->block(kept).incarnation;
  check_escrow();
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
  if (subject.stage != WithdrawalStage::Proven) return WithdrawalCheck::NotProven;
  return subject.rules.check(rules(), proof_->view(subject.game), portal(), now);
}

Time CanonicalBridge::payable_at(WithdrawalId id) const {
  const BridgeWithdrawal& subject = withdrawal(id);
  if (subject.stage != WithdrawalStage::Proven) return Time::never();
  return subject.rules.payable_at(rules(), proof_->view(subject.game));
}

void CanonicalBridge::check_escrow() const {
  MEZZ_ASSERT(totals_.escrow >= Money::zero());
  MEZZ_ASSERT(totals_.escrow == totals_.locked - totals_.paid);
  MEZZ_ASSERT(totals_.lost >= Money::zero() && totals_.lost <= totals_.paid);
}

bool CanonicalBridge::check_conservation(const ExchangeTotals& layer2) const {
  check_escrow();
  if (scanned_ != chain_->head()) return false;
  if (scanned_incarnation_ != chain_->head_block().incarnation) return false;
  // Both layers tell the same story of what came in and went out.
  MEZZ_ASSERT(layer2.deposited - genesis_deposited_ == totals_.credited);
  MEZZ_ASSERT(layer2.withdrawn == totals_.initiated);
  MEZZ_ASSERT(layer2.residual == Money::zero());
  const Money owed_to_layer2 =
      layer2.deposited - layer2.withdrawn + (genesis_ - genesis_deposited_);
  const Money in_flight = totals_.in_flight(genesis_);
  if (in_flight < Money::zero()) return false;
  MEZZ_ASSERT(totals_.escrow + totals_.lost == owed_to_layer2 + in_flight + totals_.unpaid());
  return true;
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
