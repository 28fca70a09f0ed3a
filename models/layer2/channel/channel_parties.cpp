#include "models/layer2/channel/channel_parties.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"
#include "sim/random/distribution.h"

namespace mezz {

using channel::Holding;
using channel::Mode;
using channel::Purpose;

static_assert(Flat<ChannelPartiesCounts>);

ChannelParties::ChannelParties(const Site& site, const ChannelPartiesParams& params,
                               const ChannelPartiesWiring& wiring)
    : EntityOf(site, params),
      exchange_(wiring.exchange),
      contract_(wiring.contract),
      hub_(wiring.hub),
      address_{.l1 = wiring.l1, .contract = wiring.contract_ref, .sender = self()},
      think_(site.stream("think")),
      spread_(site.stream("stale_spread")) {
  MEZZ_ASSERT(exchange_ != nullptr && contract_ != nullptr);
  MEZZ_ASSERT(hub_.exists() && wiring.l1.exists());
}

void ChannelParties::on(Context&, const Start&) {
  MEZZ_ASSERT(rows_.empty());
  price_ = exchange_->oracle();
  for (std::uint32_t i = 0; i < exchange_->accounts(); ++i) {
    const AccountId account{i};
    const State funded{.holding = {.quote = exchange_->quote(account),
                                   .position = exchange_->position(account),
                                   .price = price_}};
    rows_.push_back({.held = funded, .best = funded});
  }
}

Money ChannelParties::worth(const Holding& holding) const {
  return channel::outcome(contract_->contract(), holding);
}

// ---- signing

bool ChannelParties::refuses(AccountId account, const Holding& next, BlockId block) const {
  const Ratio share = refusing_.on() ? std::max(refusing_.magnitude, params().refusing_share)
                                     : params().refusing_share;
  if (!channel::chosen(share, account.value, Purpose::Refuses)) return false;
  const State& held = rows_[account.value].held;
  const Money before = worth(held.holding);
  // What it takes out itself is no loss.
  const Money withdrawn = contract_->withdrawn(account, held.block, block);
  const Money loss = before - withdrawn - worth(next);
  return loss > scale(before, params().refused_loss, Round::Down);
}

void ChannelParties::on(Context& ctx, const ChannelUpdate& update) {
  MEZZ_ASSERT(update.account.value < rows_.size());
  const Duration thinking = draw(params().think_time, think_);
  if (thinking > Duration::zero()) {
    after(ctx, thinking, Sign{update});
  } else {
    on(ctx, Sign{update});
  }
}

void ChannelParties::on(Context& ctx, const Sign& sign) {
  const ChannelUpdate& update = sign.update;
  Row& row = rows_[update.account.value];
  if (row.disputing != 0) return;
  if (update.turn > row.held.turn) {
    if (refuses(update.account, update.holding, update.block)) {
      ++counts_.refused;
      return;
    }
    row.held = {.turn = update.turn, .holding = update.holding, .block = update.block};
    if (worth(row.held.holding) >= worth(row.best.holding)) row.best = row.held;
    ++counts_.signatures;
  }
  // Also when it has signed already: the hub asks because it has not got it.
  ctx.send(hub_, ChannelSignature{.account = update.account, .turn = row.held.turn});
}

void ChannelParties::on(Context& ctx, const ChannelFinal& final_state) {
  Row& row = rows_[final_state.account.value];
  if (row.leaving == 0 || row.disputing != 0) return;
  row.leaving = 0;
  row.disputing = 1;
  row.claimed = final_state.turn;
  // It signs this one by using it: withdrawals of the last blocks are in it, and are paid.
  row.held = {.turn = final_state.turn, .holding = final_state.holding, .block = final_state.block};
  ++counts_.concluded;
  const std::uint64_t number = contract_->write({.account = final_state.account,
                                                 .move = ChannelMove::Conclude,
                                                 .reason = ChannelReason::Leave,
                                                 .turn = final_state.turn,
                                                 .holding = final_state.holding,
                                                 .block = final_state.block});
  submit(ctx, L1CallKind::CloseChannel, number, 0, channel::gas::kCooperativeExit);
}

// ---- layer one

void ChannelParties::submit(Context& ctx, L1CallKind kind, std::uint64_t a, std::uint64_t b,
                            Gas gas) {
  outbox_.submit(ctx, address_, params().fees, {.kind = kind, .a = a, .b = b, .gas = gas});
}

std::uint64_t ChannelParties::write_challenge(AccountId account, const State& state,
                                              ChannelReason reason) {
  rows_[account.value].disputing = 1;
  rows_[account.value].claimed = state.turn;
  ++counts_.challenges;
  return contract_->write({.account = account,
                           .side = ChannelSide::Account,
                           .move = ChannelMove::Challenge,
                           .reason = reason,
                           .turn = state.turn,
                           .holding = state.holding,
                           .block = state.block});
}

// The latest state and, as the next move, the price of now.
void ChannelParties::challenge(Context& ctx, AccountId account, ChannelReason reason) {
  State moved = rows_[account.value].held;
  ++moved.turn;
  moved.holding.price = price_;
  submit(ctx, L1CallKind::ChallengeChannel, write_challenge(account, moved, reason), 0,
         channel::challenge_gas(contract_->funding(account)));
}

std::uint64_t ChannelParties::write_forced(const Transaction& transaction) {
  MEZZ_ASSERT(transaction.account.value < rows_.size());
  State moved = rows_[transaction.account.value].held;
  ++moved.turn;
  moved.holding.price = price_;
  return write_challenge(transaction.account, moved, ChannelReason::Leave);
}

void ChannelParties::cheat(Context& ctx, AccountId account) {
  Row& row = rows_[account.value];
  const bool open = contract_->channel(account).machine.mode(ctx.now()) == Mode::Open;
  if (!open || row.disputing != 0 || row.best.turn >= row.held.turn) return;
  if (worth(row.best.holding) - worth(row.held.holding) < params().stale_gain_min) return;
  ++counts_.stale;
  submit(ctx, L1CallKind::ChallengeChannel,
         write_challenge(account, row.best, ChannelReason::Stale), 0,
         channel::challenge_gas(contract_->funding(account)));
}

void ChannelParties::answer(Context& ctx, AccountId account) {
  const OnChainChannel& seen = contract_->channel(account);
  if (seen.machine.mode(ctx.now()) != Mode::Challenge) return;
  const Row& row = rows_[account.value];
  const bool newer = row.held.turn > seen.machine.turn_record;
  ChannelCall call{.account = account,
                   .side = ChannelSide::Account,
                   .move = newer ? ChannelMove::Checkpoint : ChannelMove::Respond,
                   .turn = newer ? row.held.turn : seen.machine.turn_record + 1,
                   .holding = newer ? row.held.holding : seen.claim,
                   .block = row.held.block};
  ++counts_.answers;
  submit(ctx, L1CallKind::AnswerChannel, contract_->write(call), 0,
         newer ? channel::gas::kCheckpoint : channel::gas::kRespond);
}

void ChannelParties::on(Context& ctx, const ChannelChanged& changed) {
  refresh(ctx, changed.account);
}

void ChannelParties::refresh(Context& ctx, AccountId account) {
  const OnChainChannel& seen = contract_->channel(account);
  Row& row = rows_[account.value];
  switch (seen.machine.stored) {
    case Mode::Open:
      if (seen.machine.turn_record > row.held.turn) {
        row.held.turn = seen.machine.turn_record;
        row.held.holding = seen.claim;
      }
      // Only a later turn on record ends what is under way.
      if (seen.machine.turn_record > row.claimed) row.disputing = 0;
      break;
    case Mode::Challenge:
      if (seen.challenger == ChannelSide::Account) {
        row.disputing = 1;
      } else if (row.disputing == 0 && !refuses(account, seen.claim, seen.block)) {
        answer(ctx, account);
      }
      break;
    default:
      break;
  }
}

void ChannelParties::on(Context& ctx, const L1Included& included) {
  const L1Outbox::Call call = outbox_.included(included).call;
  if (call.kind == L1CallKind::ReleaseFunds) return;
  look_after(ctx, contract_->call(call.a));
}

// The contract may have refused: paused, or another call came first.
void ChannelParties::look_after(Context& ctx, const ChannelCall& call) {
  const Mode mode = contract_->channel(call.account).machine.stored;
  Row& row = rows_[call.account.value];
  if (call.move == ChannelMove::Withdraw) {
    if (contract_->withdrawal(call.withdrawal).stage == ChannelWithdrawalStage::Open)
      unpaid_.insert(call.withdrawal);
  } else if (call.move == ChannelMove::Conclude && mode == Mode::Open && row.disputing != 0) {
    challenge(ctx, call.account, ChannelReason::Leave);
  } else if (call.move == ChannelMove::Challenge && mode == Mode::Open) {
    refresh(ctx, call.account);
  }
}

void ChannelParties::on(Context&, const L1Reverted& reverted) { outbox_.reverted(reverted); }
void ChannelParties::on(Context&, const L1Finalised& finalised) {
  outbox_.finalised(finalised.height);
}

void ChannelParties::on(Context& ctx, const MarketUpdate& update) {
  heard_ = ctx.now();
  price_ = update.oracle;
  if (silent_ == 0) return;
  silent_ = 0;
  std::erase_if(exits_, [](const Exit& exit) {
    return exit.reason == static_cast<std::uint64_t>(ChannelReason::Silence);
  });
}

void ChannelParties::on(Context& ctx, const L1Head&) {
  if (silent_ == 0 && ctx.now() - heard_ >= params().hub_patience) {
    silent_ = 1;
    queue_exits(params().exit_share, Purpose::Silence, ChannelReason::Silence);
  }
  std::int64_t left = params().calls_per_block;
  release_finished(ctx, left);
  collect_withdrawals(ctx, left);
  for (; left > 0 && !stale_due_.empty() && stale_due_.begin()->first <= ctx.now(); --left) {
    const AccountId account{static_cast<std::uint32_t>(stale_due_.begin()->second)};
    stale_due_.erase(stale_due_.begin());
    cheat(ctx, account);
  }
  while (left > 0 && !leave_due_.empty() && leave_due_.front().first <= ctx.now()) {
    const AccountId account{static_cast<std::uint32_t>(leave_due_.front().second)};
    leave_due_.pop_front();
    Row& row = rows_[account.value];
    if (row.leaving == 0 || row.disputing != 0) continue;
    row.leaving = 0;
    challenge(ctx, account, ChannelReason::Leave);
    --left;
  }
  for (; left > 0 && !exits_.empty(); --left) {
    const Exit exit = exits_.front();
    exits_.pop_front();
    take_exit(ctx, exit);
  }
}

void ChannelParties::take_exit(Context& ctx, const Exit& exit) {
  const AccountId account{static_cast<std::uint32_t>(exit.account)};
  Row& row = rows_[exit.account];
  if (row.disputing != 0 || row.leaving != 0) return;
  if (contract_->channel(account).machine.mode(ctx.now()) != Mode::Open) return;
  if (exit.reason == static_cast<std::uint64_t>(ChannelReason::Silence)) {
    challenge(ctx, account, ChannelReason::Silence);
    return;
  }
  row.leaving = 1;
  leave_due_.push_back({ctx.now() + params().leave_timeout, exit.account});
  ctx.send(hub_, ChannelLeave{account});
}

void ChannelParties::release_finished(Context& ctx, std::int64_t& left) {
  for (const std::uint64_t id : contract_->challenged()) {
    if (left == 0) return;
    const OnChainChannel& seen = contract_->channel(AccountId{static_cast<std::uint32_t>(id)});
    if (seen.challenger != ChannelSide::Account) continue;
    if (seen.machine.mode(ctx.now()) != Mode::Finalised) continue;
    if (outbox_.waits(L1CallKind::ReleaseFunds, id, seen.machine.turn_record)) continue;
    submit(ctx, L1CallKind::ReleaseFunds, id, seen.machine.turn_record, channel::gas::kTransfer);
    --left;
  }
}

// Withdrawals whose block the account has signed; each by a call of its own.
void ChannelParties::collect_withdrawals(Context& ctx, std::int64_t& left) {
  for (; withdrawals_known_ < contract_->withdrawals(); ++withdrawals_known_) {
    unpaid_.insert(withdrawals_known_);
  }
  if (contract_->paused()) return;
  auto next = unpaid_.begin();
  while (next != unpaid_.end() && left > 0) {
    const ChannelWithdrawal& subject = contract_->withdrawal(*next);
    const State& held = rows_[subject.account.value].held;
    if (held.block < subject.block) {
      ++next;
      continue;
    }
    const std::uint64_t number = contract_->write({.account = subject.account,
                                                   .move = ChannelMove::Withdraw,
                                                   .turn = held.turn,
                                                   .holding = held.holding,
                                                   .block = held.block,
                                                   .withdrawal = *next});
    submit(ctx, L1CallKind::CloseChannel, number, *next, channel::gas::kCooperativeExit);
    next = unpaid_.erase(next);
    --left;
  }
}

// ---- shocks

void ChannelParties::queue_exits(Ratio share, Purpose purpose, ChannelReason reason) {
  for (std::uint64_t i = 0; i < rows_.size(); ++i) {
    if (!channel::chosen(share, i, purpose)) continue;
    exits_.push_back({.account = i, .reason = static_cast<std::uint64_t>(reason)});
  }
}

void ChannelParties::plan_stale(Time now, Ratio share) {
  for (std::uint64_t i = 0; i < rows_.size(); ++i) {
    if (!channel::chosen(share, i, Purpose::Stale)) continue;
    Time at = now;
    if (params().stale_spread > Duration::zero()) {
      const auto range = static_cast<std::uint64_t>(params().stale_spread.ns);
      at += Duration{static_cast<std::int64_t>(spread_.below(range))};
    }
    stale_due_.insert({at, i});
  }
}

void ChannelParties::on(Context& ctx, const Shock& shock) {
  const bool begins = shock.edge == ShockEdge::Begins;
  switch (shock.kind) {
    case ShockKind::SigningRefused:
      refusing_.apply(shock);
      if (refusing_.on()) break;
      for (const std::uint64_t id : contract_->challenged()) {
        const AccountId account{static_cast<std::uint32_t>(id)};
        const OnChainChannel& seen = contract_->channel(account);
        if (seen.challenger == ChannelSide::Hub && !refuses(account, seen.claim, seen.block)) {
          answer(ctx, account);
        }
      }
      break;
    case ShockKind::StaleClose:
      if (begins) plan_stale(ctx.now(), shock.magnitude);
      break;
    case ShockKind::MassExit:
      if (begins) queue_exits(shock.magnitude, Purpose::Leaves, ChannelReason::Leave);
      break;
    default:
      break;  // meant for another part
  }
}

void ChannelParties::report(MetricList& out) const {
  out.count("channel.signing_refused", counts_.refused);
  out.count("channel.party_challenges", counts_.challenges);
  out.count("channel.party_answers", counts_.answers);
}

}  // namespace mezz
