#include "models/layer2/bridge/quorum_bridge.h"

#include <algorithm>
#include <vector>

#include "models/layer2/bridge/key_compromise.h"
#include "sim/check/assert.h"
#include "sim/check/error.h"
#include "sim/engine/context.h"

namespace mezz {

void QuorumBridgeParams::check() const {
  if (threshold > keys) {
    throw ScenarioError("quorum_bridge.threshold",
                        "must not exceed quorum_bridge.keys: nothing could ever be signed");
  }
  if (largest_operator > keys) {
    throw ScenarioError("quorum_bridge.largest_operator", "must not exceed quorum_bridge.keys");
  }
  if (daily_limit < Money::zero()) {
    throw ScenarioError("quorum_bridge.daily_limit", "must not be negative");
  }
  mezz::check(sign_delay, "quorum_bridge.sign_delay");
}

Money room_today(Money daily_limit, Money spent, Money escrow) {
  MEZZ_ASSERT(spent >= Money::zero() && escrow >= Money::zero());
  if (daily_limit == Money::zero()) return escrow;
  return std::min(escrow, std::max(Money::zero(), daily_limit - spent));
}

double theft_probability(const QuorumBridgeParams& p) {
  const double one = p.key_compromise_per_year;
  const std::int64_t others = p.keys - p.largest_operator;
  const std::int64_t missing = std::max<std::int64_t>(0, p.threshold - p.largest_operator);
  const auto of_others = [&](std::int64_t m) {
    return m > others ? 0.0 : keys::beta_binomial(m, others, one, p.key_correlation);
  };
  if (p.largest_operator <= 1) {
    return keys::beta_binomial(p.threshold, p.keys, one, p.key_correlation);
  }
  return one * of_others(missing) + (1.0 - one) * of_others(p.threshold);
}

QuorumBridge::QuorumBridge(const Site& site, const QuorumBridgeParams& p, const Layer2Chain& chain)
    : EntityOf(site, p), chain_(&chain) {
  p.check();
  if (site.recording == nullptr) return;
  delay_.bind(*site.recording, path());
  rows_.declare(*site.recording, "withdrawals", "Withdrawals through the quorum bridge");
}

// ---- calls on layer one

void QuorumBridge::turn_day(Time now) {
  const auto number = static_cast<std::uint64_t>((now - Time::zero()).ns / Duration{1_d}.ns);
  MEZZ_ASSERT(number >= today_.number);
  if (number > today_.number) today_ = {.number = number, .spent = Money::zero()};
}

bool QuorumBridge::ready(WithdrawalId id) const {
  const QuorumWithdrawal& subject = withdrawal(id);
  if (subject.stage != WithdrawalStage::Initiated || subject.block > chain_->head()) return false;
  const Rung needed =
      params().release == ReleaseRule::Checkpoint ? Rung::Asserted : Rung::OrderFinal;
  return chain_->block(subject.block).ladder[needed].happened();
}

bool QuorumBridge::pay(QuorumWithdrawal& subject, Time now) {
  if (!escrow_.can_pay(subject.amount)) return false;
  const bool within =
      subject.amount <= room_today(params().daily_limit, today_.spent, escrow_.totals().escrow);
  // One that is larger than any day's limit gets a day of its own.
  const bool alone = subject.amount > params().daily_limit && today_.spent == Money::zero();
  if (!within && !alone) return false;
  today_.spent += subject.amount;
  const FinalityLadder& ladder = chain_->block(subject.block).ladder;
  subject.stage = WithdrawalStage::Paid;
  subject.provable = ladder[Rung::OrderFinal];
  subject.withdrawable = params().release == ReleaseRule::Checkpoint ? ladder[Rung::Asserted]
                                                                     : ladder[Rung::OrderFinal];
  subject.paid = now;
  MEZZ_ASSERT(subject.withdrawable.happened() && subject.withdrawable <= now);
  escrow_.pay(subject.amount);
  delay_.record(now, now - subject.initiated);
  return true;
}

void QuorumBridge::on(Context& ctx, const L1Execute& call) {
  scan(ctx.now());
  Change change{.tag = call.tag, .block = call.block, .height = call.height, .day_before = today_};
  turn_day(ctx.now());
  const bool is_signed = call.kind == L1CallKind::ReleaseFunds &&
                         call.b >= static_cast<std::uint64_t>(params().threshold) &&
                         !paused(ctx.now());
  bool accepted = false;
  if (is_signed && call.a == kEverything) {
    change.stolen = room_today(params().daily_limit, today_.spent, escrow_.totals().escrow);
    today_.spent += change.stolen;
    escrow_.steal(change.stolen);
    accepted = change.stolen > Money::zero();
  } else if (is_signed && call.a < withdrawals_.size() && ready({call.a})) {
    change.before = withdrawals_[call.a];
    accepted = pay(withdrawals_[call.a], ctx.now());
    if (accepted) {
      change.withdrawal = {call.a};
      record(ctx.now(), change.withdrawal);
    }
  }
  if (!accepted) escrow_.refuse();
  undo_.add(change);
  escrow_.check();
}

void QuorumBridge::on(Context& ctx, const L1Undo& call) {
  const Change change = undo_.take(call);
  // The clock does not run backwards: what was spent on a day that is over is forgotten.
  if (change.day_before.number == today_.number) {
    today_ = change.day_before;
  } else {
    today_.spent = Money::zero();
  }
  if (change.stolen > Money::zero()) {
    escrow_.unsteal(change.stolen);
    return;
  }
  if (!change.withdrawal.exists()) {
    escrow_.unrefuse();
    return;
  }
  MEZZ_ASSERT(withdrawals_[change.withdrawal.value].paid_at().happened());
  take_back(withdrawals_[change.withdrawal.value], change.before, escrow_);
  record(ctx.now(), change.withdrawal);
  escrow_.check();
}

void QuorumBridge::on(Context&, const L1Finalised& finalised) { undo_.finalised(finalised.height); }

void QuorumBridge::on(Context&, const DepositLocked& deposit) { escrow_.lock(deposit.amount); }

void QuorumBridge::on(Context&, const DepositUndone& deposit) { escrow_.unlock(deposit.amount); }

void QuorumBridge::on(Context&, const PauseBridge& pause) {
  paused_until_ = std::max(paused_until_, pause.until);
}

void QuorumBridge::on(Context&, const Shock& shock) {
  if (shock.kind != ShockKind::BridgePaused) return;
  paused_.apply(shock);
  MEZZ_ASSERT(paused_.active >= 0);
}

// ---- the chain of layer two

void QuorumBridge::on(Context& ctx, const BlockSealed&) { scan(ctx.now()); }

void QuorumBridge::on(Context& ctx, const Layer2Reorg& reorg) {
  // A later message, or none yet, may already have shown the new chain: scan() finds out.
  forget_above(std::min(reorg.kept, escrow_.scanned()), ctx.now());
  scan(ctx.now());
}

void QuorumBridge::scan(Time now) {
  escrow_.scan(*chain_, [&](const Layer2Block& block, const Transaction& tx) {
    withdrawals_.push_back({.account = tx.account,
                            .amount = Money{tx.amount},
                            .block = block.number,
                            .initiated = block.sealed});
    record(now, WithdrawalId{withdrawals_.size() - 1});
  });
}

void QuorumBridge::forget_above(BlockId kept, Time now) {
  void_above(withdrawals_, kept, escrow_, [&](WithdrawalId id) { record(now, id); });
  escrow_.forget_above(kept, *chain_);
}

// ---- looking

const QuorumWithdrawal& QuorumBridge::withdrawal(WithdrawalId id) const {
  MEZZ_ASSERT(id.value < withdrawals_.size());
  return withdrawals_[id.value];
}

WithdrawalSummary QuorumBridge::withdrawal_summary() const { return summary_of(withdrawals_); }

void QuorumBridge::record(Time now, WithdrawalId id) {
  if (!rows_.enabled()) return;
  const QuorumWithdrawal& subject = withdrawal(id);
  rows_.append({.time = now,
                .withdrawal = id,
                .account = subject.account,
                .stage = subject.stage,
                .initiated = subject.initiated,
                .block = subject.block,
                .amount = subject.amount,
                .provable = subject.provable,
                .proven = Time::never(),
                .withdrawable = subject.withdrawable,
                .paid = subject.paid,
                .reproved = 0});
}

void QuorumBridge::report(MetricList& out) const {
  out.money("bridge.stolen", escrow_.totals().stolen);
  out.add("bridge.theft_probability_per_year", theft_probability(params()), "1");
}

}  // namespace mezz
