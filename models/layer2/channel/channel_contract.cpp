#include "models/layer2/channel/channel_contract.h"

#include <algorithm>

#include "sim/check/assert.h"
#include "sim/engine/context.h"

namespace mezz {

using channel::Machine;
using channel::Mode;
using channel::Verdict;

static_assert(Flat<OnChainChannel> && Flat<ChannelWithdrawal> && Flat<ChannelCall>);
static_assert(Flat<ChannelCounts>);

ChannelContract::ChannelContract(const Site& site, const ChannelContractParams& params,
                                 const ChannelContractWiring& wiring)
    : EntityOf(site, params),
      exchange_(wiring.exchange),
      chain_(wiring.chain),
      inbox_(wiring.inbox) {
  MEZZ_ASSERT(exchange_ != nullptr && chain_ != nullptr);
  MEZZ_ASSERT(params.challenge_duration > Duration::zero());
  if (site.recording == nullptr) return;
  delay_probe_.bind(*site.recording, path());
  table_.declare(*site.recording, "channels", "Life of the ledger channels on layer one");
  disputes_.declare(*site.recording, "channel_disputes", "Challenges and how they ended");
}

void ChannelContract::lock_genesis(const ExchangeTotals& totals) {
  MEZZ_ASSERT(rows_.empty());
  escrow_.lock_genesis(totals);
  for (std::uint32_t i = 0; i < exchange_->accounts(); ++i) {
    OnChainChannel fresh;
    fresh.claim = {.quote = exchange_->quote(AccountId{i}),
                   .position = exchange_->position(AccountId{i}),
                   .price = exchange_->oracle()};
    fresh.capacity = channel::outcome(contract(), fresh.claim);
    if (!params().fund_on_chain) {
      const Verdict funded = fresh.machine.fund();
      MEZZ_ASSERT(funded == Verdict::Accepted);
    }
    rows_.push_back(fresh);
    capacity_ += fresh.capacity;
    if (funding(AccountId{i}) == channel::Funding::Virtual) virtual_capacity_ += fresh.capacity;
  }
}

std::uint64_t ChannelContract::write(const ChannelCall& call) {
  MEZZ_ASSERT(call.account.value < rows_.size());
  calls_.push_back(call);
  return calls_.size() - 1;
}

OnChainChannel& ChannelContract::row(AccountId account) {
  MEZZ_ASSERT(account.value < rows_.size());
  return rows_[account.value];
}

const OnChainChannel& ChannelContract::channel(AccountId account) const {
  MEZZ_ASSERT(account.value < rows_.size());
  return rows_[account.value];
}

const ChannelWithdrawal& ChannelContract::withdrawal(std::uint64_t number) const {
  MEZZ_ASSERT(number < withdrawals_.size());
  return withdrawals_[number];
}

const ChannelCall& ChannelContract::call(std::uint64_t number) const {
  MEZZ_ASSERT(number < calls_.size());
  return calls_[number];
}

channel::Funding ChannelContract::funding(AccountId account) const {
  return channel::chosen(params().virtual_share, account.value, channel::Purpose::Virtual)
             ? channel::Funding::Virtual
             : channel::Funding::Direct;
}

// ---- calls on layer one

void ChannelContract::on(Context& ctx, const L1Execute& call) {
  MEZZ_ASSERT(book_ != nullptr);
  scan();
  Change change{.tag = call.tag,
                .block = call.block,
                .height = call.height,
                .kind = static_cast<std::uint64_t>(call.kind),
                .delays = delays_.size(),
                .counts = counts_};
  change.accepted = execute(call, change, ctx.now()) ? 1 : 0;
  if (change.accepted != 0 && row(change.account).machine.stored == Mode::Defunded &&
      change.before.machine.stored != Mode::Defunded) {
    row(change.account).closed_height = call.height;
  }
  if (change.accepted == 0) {
    escrow_.refuse();
  } else if (call.kind == L1CallKind::Deposit) {
    ctx.send(inbox_, call);
  } else {
    refile(change.account);
    tell(ctx, change.account);
  }
  undo_.add(change);
  escrow_.check();
}

bool ChannelContract::execute(const L1Execute& call, Change& change, Time now) {
  switch (call.kind) {
    case L1CallKind::OpenChannel:
      return open(call.a, call.b, change, now);
    case L1CallKind::Deposit:
      return deposit(call, change, now);
    case L1CallKind::ReleaseFunds: {
      if (call.a >= rows_.size()) return false;
      change.account = AccountId{static_cast<std::uint32_t>(call.a)};
      change.before = row(change.account);
      return release(change.account, change, now);
    }
    default:
      break;
  }
  if (call.a >= calls_.size()) return false;
  const ChannelCall data = calls_[call.a];
  change.account = data.account;
  change.before = row(data.account);
  switch (call.kind) {
    case L1CallKind::ChallengeChannel:
    case L1CallKind::ForcedTransaction:
      return data.move == ChannelMove::Challenge && challenge(data, now);
    case L1CallKind::AnswerChannel:
      return answer(data, now);
    case L1CallKind::CloseChannel:
      return close(data, change, now);
    default:
      return false;
  }
}

bool ChannelContract::open(std::uint64_t first, std::uint64_t count, Change& change, Time now) {
  if (count == 0 || count > 100 || first >= rows_.size() || count > rows_.size() - first) {
    return false;
  }
  for (std::uint64_t i = first; i < first + count; ++i) {
    if (rows_[i].machine.mode(now) != Mode::Proposed) return false;
  }
  change.account = AccountId{static_cast<std::uint32_t>(first)};
  change.before = rows_[first];
  change.opened = static_cast<std::uint32_t>(count);
  for (std::uint64_t i = first; i < first + count; ++i) {
    const Verdict funded = rows_[i].machine.fund();
    MEZZ_ASSERT(funded == Verdict::Accepted);
    record(now, AccountId{static_cast<std::uint32_t>(i)}, ChannelEvent::Opened, rows_[i].capacity,
           Money::zero());
  }
  counts_.opened += count;
  counts_.gas += static_cast<std::uint64_t>(channel::funding_gas(count).units);
  return true;
}

bool ChannelContract::deposit(const L1Execute& call, Change& change, Time now) {
  if (call.a >= rows_.size()) return false;
  change.account = AccountId{static_cast<std::uint32_t>(call.a)};
  OnChainChannel& subject = row(change.account);
  change.before = subject;
  // What would be paid into a closed channel would be the hub's.
  if (subject.machine.mode(now) >= Mode::Finalised) return false;
  const Money amount{static_cast<std::int64_t>(call.b)};
  if (amount <= Money::zero()) return false;
  set_capacity(change.account, subject.capacity + amount, now);
  record(now, change.account, ChannelEvent::Deposited, amount, Money::zero());
  return true;
}

bool ChannelContract::challenge(const ChannelCall& call, Time now) {
  OnChainChannel& subject = row(call.account);
  const bool again = subject.machine.mode(now) == Mode::Challenge;
  if (subject.machine.challenge(call.turn, now, params().challenge_duration) != Verdict::Accepted) {
    return false;
  }
  subject.claim = call.holding;
  subject.block = call.block;
  subject.opened = now;
  subject.challenger = call.side;
  subject.reason = call.reason;
  ++counts_.challenges;
  counts_.rearmed += again ? 1 : 0;
  counts_.gas += static_cast<std::uint64_t>(channel::challenge_gas(funding(call.account)).units);
  const bool stale = call.turn < book_->latest(call.account).turn;
  counts_.stale_attempts += stale && call.side == ChannelSide::Account ? 1 : 0;
  record(now, call.account, ChannelEvent::Challenged, Money::zero(), Money::zero());
  return true;
}

bool ChannelContract::answer(const ChannelCall& call, Time now) {
  OnChainChannel& subject = row(call.account);
  const bool disputed = subject.machine.mode(now) == Mode::Challenge;
  const bool against_account = disputed && subject.challenger == ChannelSide::Account;
  const bool response = call.move == ChannelMove::Respond;
  if (!response && call.move != ChannelMove::Checkpoint) return false;
  const Verdict verdict = response ? subject.machine.respond(call.turn, now)
                                   : subject.machine.checkpoint(call.turn, now);
  if (verdict != Verdict::Accepted) return false;
  (response ? counts_.responses : counts_.checkpoints) += 1;
  counts_.gas += static_cast<std::uint64_t>(
      (response ? channel::gas::kRespond : channel::gas::kCheckpoint).units);
  subject.claim = call.holding;
  if (!response) subject.block = call.block;  // a response moves on from the state on record
  const bool revoked = against_account && !response && call.side == ChannelSide::Hub;
  if (!revoked || params().stale_penalty == StalePenalty::LatestWins) {
    record(now, call.account, ChannelEvent::Cleared, Money::zero(), Money::zero());
    return true;
  }
  // Who closes with a revoked state forfeits everything, in the same transaction.
  const Verdict ended = subject.machine.conclude(call.turn, now);
  MEZZ_ASSERT(ended == Verdict::Accepted);
  const Verdict defunded = subject.machine.transfer(now);
  MEZZ_ASSERT(defunded == Verdict::Accepted);
  subject.claim = {.quote = Money::zero(), .position = {}, .price = call.holding.price};
  subject.forfeited = 1;
  ++counts_.forfeited;
  set_capacity(call.account, Money::zero(), now);
  supersede_unsigned(call.account);
  record(now, call.account, ChannelEvent::Forfeited, Money::zero(), Money::zero());
  return true;
}

bool ChannelContract::close(const ChannelCall& call, Change& change, Time now) {
  if (paused_.on()) return false;
  if (call.move == ChannelMove::Withdraw) return pay_withdrawal(call, change, now);
  if (call.move != ChannelMove::Conclude) return false;
  OnChainChannel& subject = row(call.account);
  const Money payout = channel::outcome(contract(), call.holding);
  if (!escrow_.can_pay(payout)) return false;
  if (subject.machine.conclude(call.turn, now) != Verdict::Accepted) return false;
  const Verdict defunded = subject.machine.transfer(now);
  MEZZ_ASSERT(defunded == Verdict::Accepted);
  subject.claim = call.holding;
  subject.block = call.block;
  subject.opened = now;
  subject.challenger = call.side;
  subject.reason = call.reason;
  ++counts_.concluded;
  counts_.gas += static_cast<std::uint64_t>(channel::gas::kCooperativeExit.units);
  pay_out(call.account, payout, payout, change, now);
  record(now, call.account, ChannelEvent::Concluded, payout, Money::zero());
  return true;
}

bool ChannelContract::pay_withdrawal(const ChannelCall& call, Change& change, Time now) {
  if (call.withdrawal >= withdrawals_.size()) return false;
  ChannelWithdrawal& subject = withdrawals_[call.withdrawal];
  if (subject.stage != ChannelWithdrawalStage::Open || subject.account != call.account)
    return false;
  if (call.block < subject.block || !escrow_.can_pay(subject.amount)) return false;
  subject.stage = ChannelWithdrawalStage::Paid;
  change.withdrawal = call.withdrawal;
  change.paid = subject.amount;
  escrow_.pay(subject.amount);
  delays_.push_back(now - subject.initiated);
  delay_probe_.record(now, delays_.back());
  ++counts_.withdrawals_paid;
  counts_.gas += static_cast<std::uint64_t>(channel::gas::kCooperativeExit.units);
  set_capacity(call.account, std::max(Money::zero(), row(call.account).capacity - subject.amount),
               now);
  record(now, call.account, ChannelEvent::Withdrawn, subject.amount, Money::zero());
  return true;
}

bool ChannelContract::release(AccountId account, Change& change, Time now) {
  OnChainChannel& subject = row(account);
  if (paused_.on()) return false;
  const Money payout = channel::outcome(contract(), subject.claim);
  if (!escrow_.can_pay(payout)) return false;
  if (subject.machine.transfer(now) != Verdict::Accepted) return false;
  ++counts_.released;
  counts_.unilateral_closes += subject.challenger == ChannelSide::Account ? 1 : 0;
  counts_.gas += static_cast<std::uint64_t>(channel::gas::kTransfer.units);
  const ChannelBook::Signed& latest = book_->latest(account);
  const bool stale = subject.machine.turn_record < latest.turn;
  const Money due = channel::outcome(contract(), latest.holding);
  pay_out(account, payout, stale ? due : payout, change, now);
  counts_.stale_won += change.stolen > Money::zero() ? 1 : 0;
  record(now, account, ChannelEvent::Released, payout, change.stolen);
  return true;
}

void ChannelContract::pay_out(AccountId account, Money paid, Money latest, Change& change,
                              Time now) {
  MEZZ_ASSERT(paid >= Money::zero() && latest >= Money::zero());
  change.stolen = std::max(Money::zero(), paid - latest);
  change.escaped = paid - change.stolen;
  escrow_.escape(change.escaped);
  escrow_.steal(change.stolen);
  const Time since = row(account).opened;
  MEZZ_ASSERT(since.happened() && since <= now);
  delays_.push_back(now - since);
  delay_probe_.record(now, delays_.back());
  set_capacity(account, Money::zero(), now);
  supersede_unsigned(account);
}

// The channel has ended. Withdrawals in blocks after the state on record stay payable if the
// account signed them: such an allocation stands beside the channel.
void ChannelContract::supersede_unsigned(AccountId account) {
  const BlockId signed_to = std::max(row(account).block, book_->latest(account).block);
  for (ChannelWithdrawal& subject : withdrawals_) {
    if (subject.account != account || subject.block <= signed_to) continue;
    if (subject.stage != ChannelWithdrawalStage::Open) continue;
    subject.stage = ChannelWithdrawalStage::Superseded;
    escrow_.supersede(subject.amount);
  }
}

void ChannelContract::reopen_superseded(AccountId account) {
  for (ChannelWithdrawal& subject : withdrawals_) {
    if (subject.account != account) continue;
    if (subject.stage != ChannelWithdrawalStage::Superseded) continue;
    subject.stage = ChannelWithdrawalStage::Open;
    escrow_.unsupersede(subject.amount);
  }
}

Money ChannelContract::withdrawn(AccountId account, BlockId after, BlockId upto) const {
  Money sum;
  // In the order of blocks; only the newest are asked for.
  for (auto w = withdrawals_.rbegin(); w != withdrawals_.rend() && w->block > after; ++w) {
    if (w->account == account && w->block <= upto) sum += w->amount;
  }
  return sum;
}

Money ChannelContract::superseded(AccountId account) const {
  Money sum;
  for (const ChannelWithdrawal& subject : withdrawals_) {
    const bool counts = subject.stage == ChannelWithdrawalStage::Superseded;
    if (counts && subject.account == account) sum += subject.amount;
  }
  return sum;
}

void ChannelContract::on(Context& ctx, const L1Undo& call) {
  const Change change = undo_.take(call);
  if (change.accepted == 0) {
    escrow_.unrefuse();
    return;
  }
  if (change.withdrawal != UINT64_MAX) {
    MEZZ_ASSERT(withdrawals_[change.withdrawal].stage == ChannelWithdrawalStage::Paid);
    withdrawals_[change.withdrawal].stage = ChannelWithdrawalStage::Open;
    escrow_.unpay(change.paid);
  }
  escrow_.unescape(change.escaped);
  escrow_.unsteal(change.stolen);
  delays_.resize(change.delays);
  counts_ = change.counts;
  set_capacity(change.account, change.before.capacity, ctx.now());
  const bool ended = row(change.account).machine.stored == Mode::Defunded;
  row(change.account) = change.before;
  if (ended && change.before.machine.stored != Mode::Defunded) reopen_superseded(change.account);
  for (std::uint32_t i = 0; i < change.opened; ++i) {
    rows_[change.account.value + i].machine = Machine{};
  }
  record(ctx.now(), change.account, ChannelEvent::Undone, Money::zero(), Money::zero());
  if (call.kind == L1CallKind::Deposit) {
    ctx.send(inbox_, call);
  } else {
    refile(change.account);
    tell(ctx, change.account);
  }
  escrow_.check();
}

// ---- news of both layers

void ChannelContract::on(Context& ctx, const L1Head&) { accrue(ctx.now()); }

void ChannelContract::on(Context&, const L1Finalised& finalised) {
  undo_.finalised(finalised.height);
}

void ChannelContract::on(Context&, const DepositLocked& deposit) { escrow_.lock(deposit.amount); }
void ChannelContract::on(Context&, const DepositUndone& deposit) { escrow_.unlock(deposit.amount); }

void ChannelContract::on(Context&, const BlockSealed&) { scan(); }

// The hub builds on final blocks of layer one only and keeps its word: nothing is dropped that
// somebody may have signed.
void ChannelContract::on(Context&, const Layer2Reorg& reorg) {
  MEZZ_ASSERT(reorg.kept >= chain_->fixed());
  MEZZ_ASSERT(withdrawals_.empty() || withdrawals_.back().block <= reorg.kept);
  escrow_.forget_above(reorg.kept, *chain_);
}

void ChannelContract::on(Context&, const Shock& shock) {
  if (shock.kind == ShockKind::BridgePaused) paused_.apply(shock);
}

void ChannelContract::scan() {
  escrow_.scan(*chain_, [this](const Layer2Block& block, const Transaction& tx) {
    withdrawals_.push_back({.account = tx.account,
                            .amount = Money{tx.amount},
                            .block = block.number,
                            .initiated = block.sealed});
    // The hub had not heard yet that the channel was over.
    if (row(tx.account).machine.stored == Mode::Defunded) supersede_unsigned(tx.account);
  });
}

void ChannelContract::tell(Context& ctx, AccountId account) const {
  for (const Ref<ChannelWatcher>& watcher : watchers_) ctx.send(watcher, ChannelChanged{account});
}

void ChannelContract::refile(AccountId account) {
  if (row(account).machine.stored == Mode::Challenge) {
    challenged_.insert(account.value);
  } else {
    challenged_.erase(account.value);
  }
}

// ---- capital

Money ChannelContract::locked_capital() const {
  return scale(capacity_, params().hub_capital, Round::Up) +
         channel::intermediary_lock(virtual_capacity_);
}

void ChannelContract::accrue(Time now) {
  MEZZ_ASSERT(now >= capital_since_);
  capital_seconds_ += locked_capital().usd() * (now - capital_since_).seconds();
  capital_since_ = now;
}

void ChannelContract::set_capacity(AccountId account, Money capacity, Time now) {
  MEZZ_ASSERT(capacity >= Money::zero());
  accrue(now);
  OnChainChannel& subject = row(account);
  const Money change = capacity - subject.capacity;
  subject.capacity = capacity;
  capacity_ += change;
  if (funding(account) == channel::Funding::Virtual) virtual_capacity_ += change;
  MEZZ_ASSERT(capacity_ >= virtual_capacity_ && virtual_capacity_ >= Money::zero());
}

// ---- telling

void ChannelContract::record(Time now, AccountId account, ChannelEvent event, Money amount,
                             Money stolen) {
  const OnChainChannel& subject = row(account);
  table_.append({.time = now,
                 .account = account,
                 .event = event,
                 .mode = subject.machine.mode(now),
                 .turn = subject.machine.turn_record,
                 .amount = amount,
                 .capacity = subject.capacity});
  if (event < ChannelEvent::Challenged || !subject.opened.happened()) return;
  disputes_.append({.time = now,
                    .account = account,
                    .event = event,
                    .challenger = subject.challenger,
                    .reason = subject.reason,
                    .turn = subject.machine.turn_record,
                    .newest_turn = book_->latest(account).turn,
                    .opened = subject.opened,
                    .finalises = subject.machine.finalises_at,
                    .outcome = channel::outcome(contract(), subject.claim),
                    .stolen = stolen});
}

WithdrawalSummary ChannelContract::withdrawal_summary() const {
  const auto superseded = static_cast<std::uint64_t>(std::count_if(
      withdrawals_.begin(), withdrawals_.end(),
      [](const ChannelWithdrawal& w) { return w.stage == ChannelWithdrawalStage::Superseded; }));
  return {.count = withdrawals_.size() - superseded + counts_.released + counts_.concluded,
          .dropped = superseded,
          .paid = delays_};
}

bool ChannelContract::check_conservation(const ExchangeTotals& layer2) const {
  return escrow_.balances(*chain_, layer2);
}

void ChannelContract::report(MetricList& out) const {
  out.count("channel.channels", rows_.size());
  const auto channels = static_cast<double>(std::max<std::uint64_t>(rows_.size(), 1));
  out.add("channel.l1_calls_per_channel", static_cast<double>(counts_.calls()) / channels, "1");
  out.count("channel.gas", counts_.gas);
  out.count("channel.disputes", counts_.challenges);
  out.count("channel.checkpoints", counts_.checkpoints);
  out.count("channel.responses", counts_.responses);
  out.count("channel.concluded", counts_.concluded);
  out.count("channel.released", counts_.released);
  out.count("channel.unilateral_closes", counts_.unilateral_closes);
  out.count("channel.stale_attempts", counts_.stale_attempts);
  out.count("channel.stale_won", counts_.stale_won);
  out.count("channel.forfeited", counts_.forfeited);
  out.money("channel.locked_capital", locked_capital());
  out.add("channel.capital_time", capital_days(), "USD d");
  out.add("channel.capital_cost", capital_days() / 365.0 * params().capital_rate.value(), "USD");
}

void ChannelContract::check() const {
  Money sum;
  Money virtual_sum;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const OnChainChannel& subject = rows_[i];
    MEZZ_ASSERT(subject.capacity >= Money::zero());
    MEZZ_ASSERT(challenged_.contains(i) == (subject.machine.stored == Mode::Challenge));
    MEZZ_ASSERT(subject.machine.stored != Mode::Defunded || subject.capacity == Money::zero());
    sum += subject.capacity;
    const AccountId account{static_cast<std::uint32_t>(i)};
    if (funding(account) == channel::Funding::Virtual) virtual_sum += subject.capacity;
  }
  MEZZ_ASSERT(sum == capacity_ && virtual_sum == virtual_capacity_);
  escrow_.check();
}

}  // namespace mezz
