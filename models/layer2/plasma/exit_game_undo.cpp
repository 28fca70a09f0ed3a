// Layer one takes calls back: last call first, so each change finds the state it left.
#include <algorithm>

#include "models/layer2/plasma/exit_game.h"
#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

void ExitGame::on(Context& ctx, const L1Undo& call) {
  const Change change = undo_.take(call);
  switch (change.step) {
    case Step::Refused:
      escrow_.unrefuse();
      break;
    case Step::Root:
      undo_root(change);
      break;
    case Step::Started:
      undo_start(change);
      break;
    case Step::Piggybacked:
      exits_[change.subject].in_flight = change.in_flight;
      sums_.bonds_locked -= params().bonds.piggyback;
      --sums_.piggybacked;
      break;
    case Step::Challenged:
      undo_challenge(change, ctx.now());
      break;
    case Step::Processed:
      undo_processed(change, ctx.now());
      break;
  }
  escrow_.check();
}

void ExitGame::undo_root(const Change& change) {
  unserved_since_ = change.unserved_before;
  invalid_since_ = change.invalid_before;
  // Blocks that layer two has dropped meanwhile took their rungs with them.
  const auto clear = [this](Rung rung, BlockId first, BlockId last) {
    last = std::min(last, chain_->head());
    if (first <= last) chain_->clear(rung, first, last);
  };
  clear(Rung::Asserted, change.asserted_first, change.asserted_last);
  clear(Rung::Published, change.published_first, change.published_last);
  const bool served = change.published_first <= change.published_last;
  if (served && outputs_.newest().commit == change.subject) outputs_.undo_last();
}

void ExitGame::undo_start(const Change& change) {
  MEZZ_ASSERT(change.subject + 1 == exits_.size());
  const PlasmaExit exit = exits_.back();
  MEZZ_ASSERT(exit.stage == ExitStage::Started || exit.stage == ExitStage::Void);
  if (queue_.holds(change.subject)) queue_.erase(change.subject);
  list_challengeable(change.subject, false);
  slot_of(exit) = kNoExit;
  if (exit.stage == ExitStage::Started) sums_.bonds_locked -= bonds_of(exit);
  if (exit.stage == ExitStage::Void) --sums_.voided;
  --sums_.started;
  if (exit.kind == ExitKind::InFlight) --sums_.in_flight;
  exits_.pop_back();
}

void ExitGame::undo_challenge(const Change& change, Time now) {
  PlasmaExit& exit = exits_[change.subject];
  MEZZ_ASSERT(exit.stage == ExitStage::Challenged);
  exit.stage = ExitStage::Started;
  queue_.push(exit.priority);
  list_challengeable(change.subject, true);
  const Wei bond = bonds_of(exit);
  sums_.bonds_lost -= bond;
  sums_.bonds_locked += bond;
  --sums_.challenged;
  MEZZ_ASSERT(sums_.bonds_lost >= Wei::zero());
  record(now, change.subject);
}

void ExitGame::undo_processed(const Change& change, Time now) {
  MEZZ_ASSERT(change.subject > 0 && done_.size() >= change.subject);
  for (std::uint64_t i = 0; i < change.subject; ++i) {
    const std::uint64_t number = done_.back();
    done_.pop_back();
    PlasmaExit& exit = exits_[number];
    const bool is_void = exit.stage == ExitStage::Void;
    const Money paid = exit.paid;
    take_back(exit);
    sums_.unpaid -= due(exit) - paid;
    --sums_.processed;
    sums_.bounties -= params().bonds.bounty;
    if (is_void) continue;
    sums_.bonds_locked += bonds_of(exit);
    queue_.push(exit.priority);
    if (can_be_challenged(exit)) list_challengeable(number, true);
    record(now, number);
  }
  MEZZ_ASSERT(sums_.bounties >= Wei::zero() && sums_.unpaid >= Money::zero());
}

void ExitGame::on(Context& ctx, const L1Finalised& finalised) {
  finalised_ = std::max(finalised_, finalised.height);
  std::uint64_t processed = 0;
  undo_.finalised(finalised_, [&](const Change& change) {
    if (change.step == Step::Processed) processed += change.subject;
  });
  MEZZ_ASSERT(processed <= done_.size());
  done_.erase(done_.begin(), done_.begin() + static_cast<std::ptrdiff_t>(processed));
  std::uint64_t number = ordered_;
  while (number + 1 < outputs_.blocks() && outputs_.block(number + 1).height <= finalised_) {
    const plasma::PlasmaBlock& block = outputs_.block(++number);
    const BlockId last = std::min(block.last, chain_->head());
    if (block.first <= last) chain_->reach(Rung::OrderFinal, block.first, last, ctx.now());
  }
  if (number == ordered_) return;
  ordered_ = number;
  outputs_.forget_undo(number);
}

}  // namespace mezz
