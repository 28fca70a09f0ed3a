// What the exit game reads of layer two, when blocks settle, and what it tells at the end.
#include <algorithm>

#include "models/layer2/plasma/exit_game.h"
#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

const PlasmaExit& ExitGame::exit(std::uint64_t number) const {
  MEZZ_ASSERT(number < exits_.size());
  return exits_[number];
}

std::uint64_t ExitGame::exit_of(ExitClaim claim) const {
  const auto at = [&](const std::vector<std::uint64_t>& slots) {
    return claim.number < slots.size() ? slots[claim.number] : kNoExit;
  };
  switch (claim.kind) {
    case ExitKind::Withdrawal:
      return claim.number < withdrawals_.size() ? withdrawals_[claim.number].exit : kNoExit;
    case ExitKind::Deposit:
      return claim.number < deposits_.size() ? deposits_[claim.number].exit : kNoExit;
    case ExitKind::Account:
    case ExitKind::InFlight:
      return at(account_exit_);
    case ExitKind::Spent:
      return at(spent_exit_);
    case ExitKind::Invented:
      return at(invented_exit_);
  }
  return kNoExit;  // no such kind
}

Money ExitGame::account_value(AccountId account) const {
  return outputs_.value(outputs_.output(account), node_->exchange().params().contract);
}

// ---- deposits and the chain of layer two

void ExitGame::on(Context&, const DepositLocked& deposit) {
  escrow_.lock(deposit.amount);
  deposits_.push_back(
      {.account = deposit.account, .amount = deposit.amount, .height = deposit.height});
}

void ExitGame::on(Context&, const DepositUndone& deposit) {
  escrow_.unlock(deposit.amount);
  for (std::size_t i = deposits_.size(); i-- > 0;) {
    PlasmaDeposit& entry = deposits_[i];
    if (entry.undone != 0 || entry.account != deposit.account || entry.amount != deposit.amount ||
        entry.height != deposit.height) {
      continue;
    }
    entry.undone = 1;
    return;
  }
  const bool found = false;  // an undone deposit must have been locked
  MEZZ_ASSERT(found);
}

void ExitGame::on(Context&, const BlockSealed&) { scan(); }

void ExitGame::on(Context& ctx, const Layer2Reorg& reorg) {
  // A later message, or none yet, may already have shown the new chain: scan() finds out.
  forget_above(std::min(reorg.kept, escrow_.scanned()), ctx.now());
  scan();
}

void ExitGame::scan() {
  escrow_.scan(*chain_, [&](const Layer2Block& block, const Transaction& tx) {
    withdrawals_.push_back({.account = tx.account,
                            .amount = Money{tx.amount},
                            .block = block.number,
                            .initiated = block.sealed});
  });
}

void ExitGame::forget_above(BlockId kept, Time now) {
  for (std::size_t i = withdrawals_.size(); i-- > 0;) {
    PlasmaWithdrawal& subject = withdrawals_[i];
    if (subject.gone != 0) continue;
    if (subject.block <= kept) break;  // ascending blocks, but for those that are gone
    subject.gone = 1;
    Money paid;
    if (subject.exit != kNoExit) {
      paid = exits_[subject.exit].paid;
      drop_exit(subject.exit, now);
    }
    if (paid > Money::zero()) escrow_.void_withdrawal(paid, true);
    if (subject.amount > paid) escrow_.void_withdrawal(subject.amount - paid, false);
  }
  escrow_.forget_above(kept, *chain_);
  // Roots of blocks that are gone; what is final on layer one stands there for ever.
  while (outputs_.newest().last > kept && outputs_.newest().number > ordered_) {
    outputs_.undo_last();
  }
}

void ExitGame::drop_exit(std::uint64_t number, Time now) {
  PlasmaExit& exit = exits_[number];
  MEZZ_ASSERT(exit.kind == ExitKind::Withdrawal);
  if (exit.stage == ExitStage::Started) {
    queue_.erase(number);
    sums_.bonds_locked -= bonds_of(exit);  // returned
  }
  ++sums_.voided;
  exit.stage = ExitStage::Void;
  record(now, number);
}

void ExitGame::on(Context& ctx, const L1Head&) {
  queue_probe_.record(ctx.now(), queue_.size());
  settle(ctx.now());
}

void ExitGame::settle(Time now) {
  const Duration wait = plasma::settling_time(params().variant, params().min_exit_period);
  while (settled_ < ordered_) {
    const plasma::PlasmaBlock& block = outputs_.block(settled_ + 1);
    if (block.time + wait > now || block.last > chain_->head()) return;
    MEZZ_ASSERT(block.height <= finalised_);
    chain_->reach(Rung::Settled, block.first, block.last, now);
    chain_->fix(std::min(block.last, chain_->reached(Rung::Settled)));
    ++settled_;
  }
}

void ExitGame::on(Context&, const Shock& shock) {
  if (shock.kind != ShockKind::BridgePaused) return;
  paused_.apply(shock);
  MEZZ_ASSERT(paused_.active >= 0);
}

// ---- the end of the run

WithdrawalSummary ExitGame::withdrawal_summary() const {
  WithdrawalSummary out;
  for (const PlasmaWithdrawal& w : withdrawals_) {
    if (w.gone != 0) {
      ++out.dropped;
      continue;
    }
    if (w.exit == kNoExit) continue;
    const PlasmaExit& exit = exits_[w.exit];
    if (exit.paid > Money::zero()) out.paid.push_back(exit.processed - w.initiated);
  }
  out.count = withdrawals_.size() - out.dropped;
  return out;
}

void ExitGame::report(MetricList& out) const {
  out.count("exits.started", sums_.started);
  out.count("exits.in_flight", sums_.in_flight);
  out.count("exits.processed", sums_.processed);
  out.count("exits.challenged", sums_.challenged);
  out.count("exits.queue.max", sums_.queue_max);
  out.count("exits.queue.end", queue_.size());
  out.money("exits.unpaid", sums_.unpaid);
  out.add("exits.bonds_lost", sums_.bonds_lost.ether(), "ETH");
  out.add("exits.bounties", sums_.bounties.ether(), "ETH");
  std::vector<Duration> delays;
  for (const PlasmaExit& exit : exits_) {
    if (exit.stage == ExitStage::Processed) delays.push_back(exit.processed - exit.started);
  }
  out.delays("exits.delay", std::move(delays));
  out.count("plasma.roots", outputs_.blocks() - 1);
  out.count("plasma.halted", halted() ? 1 : 0);
  if (params().variant == PlasmaVariant::Cash) {
    out.add("plasma.history",
            static_cast<double>(plasma::history_bytes(outputs_.blocks() - 1, outputs_.accounts())),
            "B");
  }
}

void ExitGame::check() const {
  Wei locked;
  std::uint64_t open = 0;
  for (std::uint64_t i = 0; i < exits_.size(); ++i) {
    const PlasmaExit& exit = exits_[i];
    MEZZ_ASSERT(queue_.holds(i) == (exit.stage == ExitStage::Started));
    if (exit.stage != ExitStage::Started) continue;
    ++open;
    locked += bonds_of(exit);
  }
  MEZZ_ASSERT(open == queue_.size());
  MEZZ_ASSERT(locked == sums_.bonds_locked);
  escrow_.check();
}

void ExitGame::record(Time now, std::uint64_t number) {
  if (!rows_.enabled()) return;
  const PlasmaExit& subject = exit(number);
  rows_.append({.time = now,
                .exit = number,
                .kind = subject.kind,
                .stage = subject.stage,
                .account = subject.account,
                .block = subject.priority.block,
                .amount = subject.amount,
                .paid = subject.paid,
                .started = subject.started,
                .exitable = subject.priority.exitable});
}

}  // namespace mezz
